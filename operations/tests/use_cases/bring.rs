//! Imports for tests: a file's rows as the browser sends them, in one chunk.

use operations::{imports, technicians};
use roster::account::Account;
use roster::history::{Chunk, ChunkResult, ImportRecord, NewImport};
use roster::id::{GroupId, ImportId};
use roster::import::{
    Choices, CompareRow, Compared, Comparison, Existing, Outcome, RowResult, Rules, check, read,
};
use roster::page::Window;
use roster::password::Strength;
use roster::policy::Policies;
use roster::problem::Code;

use crate::world::{ORGANIZATION, World};

pub fn id(number: u128) -> ImportId {
    ImportId(uuid::Uuid::from_u128(number))
}

/// The rows of a file as the browser sends them.
pub fn chunk(file: &str, group_chosen: bool) -> Chunk {
    let sheet = read(file.as_bytes(), &Choices::default(), &mut |_| {}).unwrap();
    let rules = Rules {
        group_chosen,
        strength: Strength::Good,
        organization: ORGANIZATION.to_owned(),
        default_password_set: false,
    };
    let checked = check(&sheet, &rules, &mut |_| {});
    Chunk { rows: (0..sheet.row_count()).map(|row| sheet.submitted(row, &checked)).collect() }
}

pub fn new_import(number: u128, rows: usize, group: Option<GroupId>) -> NewImport {
    NewImport {
        id: id(number),
        file_name: "people.csv".to_owned(),
        file_sha256: "00".repeat(32),
        rows: u32::try_from(rows).unwrap(),
        group,
        columns: ["Name", "Email", "Password"].map(str::to_owned).to_vec(),
        delimiter: ',',
        existing: Existing::Skip,
        all_or_nothing: false,
        plan: String::new(),
    }
}

impl World {
    /// A whole import of one chunk, by the Master Administrator.
    pub async fn bring(&self, new: NewImport, chunk: Chunk) -> ChunkResult {
        let (operations, master, id) = (&self.operations, &self.master, new.id);
        imports::begin(operations, master, new).await.unwrap();
        let result = imports::put_chunk(operations, master, id, 0, chunk).await.unwrap();
        imports::finish(operations, master, id).await.unwrap();
        result
    }

    /// The same of a file that changes whoever is there.
    pub async fn update(&self, number: u128, file: &str, group: Option<GroupId>) -> ChunkResult {
        let chunk = chunk(file, group.is_some());
        let new = new_import(number, chunk.rows.len(), group);
        self.bring(NewImport { existing: Existing::Update, ..new }, chunk).await
    }

    pub async fn compare(
        &self,
        file: &str,
        existing: Existing,
        group: Option<GroupId>,
    ) -> Compared {
        let rows = chunk(file, group.is_some()).rows;
        let rows =
            rows.iter().map(|row| CompareRow::of(&row.values, group.is_some()).unwrap()).collect();
        let wish = Comparison { existing, group, rows };
        imports::compare(&self.operations, &self.master, wish).await.unwrap()
    }

    /// The account that has this email.
    pub async fn find(&self, email: &str) -> Option<Account> {
        let mut reader = self.store.read().await.unwrap();
        let found = reader.emails_in_use(&[email.to_owned()]).await.unwrap();
        let (id, _) = found.get(email)?;
        reader.account(*id).await.unwrap()
    }

    pub async fn record(&self, number: u128) -> ImportRecord {
        imports::see(&self.operations, &self.master, id(number)).await.unwrap()
    }

    pub async fn rows(&self, number: u128) -> Vec<RowResult> {
        let window = Window { offset: 0, limit: 500 };
        let page =
            imports::rows(&self.operations, &self.master, id(number), None, "", window).await;
        page.unwrap().items
    }

    /// How many technicians are in the group, as it is counted and as it is listed.
    pub async fn technicians_in(&self, group: GroupId) -> u64 {
        let window = Window { offset: 0, limit: 500 };
        let list = technicians::list(&self.operations, &self.holder, group, "", window).await;
        let list = list.unwrap();
        assert_eq!(list.total, list.items.len() as u64);
        list.total
    }

    pub async fn seats_used(&self) -> (u32, u32) {
        let settings = self.store.read().await.unwrap().settings().await.unwrap();
        (settings.standard.used, settings.mobile.used)
    }

    /// So many standard seats more than are used.
    pub async fn seats_left(&self, left: u32) {
        use operations::settings::{self, SettingsDraft};
        let now = settings::see(&self.operations, &self.holder).await.unwrap();
        let wish = SettingsDraft {
            organization: ORGANIZATION.to_owned(),
            strength: Strength::Good,
            standard_seats: Some(now.standard.used + left),
            mobile_seats: None,
            default_password: None,
            default_password_days: 14,
            policies: Policies::default(),
            two_step: roster::two_step::Required::Nobody,
        };
        settings::change(&self.operations, &self.holder, now.version, wish).await.unwrap();
    }
}

/// Each row's outcome, and the codes of its errors.
pub fn ends(rows: &[RowResult]) -> Vec<(Outcome, Vec<Code>)> {
    let errors = |row: &RowResult| {
        row.problems.iter().filter(|it| it.is_error()).map(|it| it.code).collect()
    };
    rows.iter().map(|row| (row.outcome, errors(row))).collect()
}
