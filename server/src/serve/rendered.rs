//! Every page as the server writes it, over names that are made to get out of their place, and over
//! names that who looks must not read.

mod dropped;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use leptos_axum::generate_route_list;
use operations::set_up::SetUp;
use operations::{
    Operations, administrators, directory, groups, imports, own_account, sign_in, technicians,
};
use roster::account::Role;
use roster::authority::{Caller, Origin};
use roster::directory::protocol::{
    Batch, BeginRun, Commit, DirectoryIdentity, Enroll, GroupSeen, GroupStatus, Guid, Ignored,
    Mapping, Mappings, Mode, PeopleDigest, PersonSeen, Read, RunId,
};
use roster::fields::Draft;
use roster::history::{Chunk, NewImport};
use roster::id::{AccountId, GroupId, ImportId};
use roster::import::{Choices, Existing, Rules, check, read};
use roster::own::Again;
use roster::password::Strength;
use roster::secret::Secret;
use tempfile::TempDir;
use tower::ServiceExt;
use uuid::Uuid;

use super::{Site, layers};
use crate::configuration::Exposure;
use crate::routes;

const EMAIL: &str = "ada@northwind.example";
const PASSWORD: &str = "Kt4?wZuLp9-bridge";
const OTHER_PASSWORD: &str = "Rm7!xQvTn2-harbour";
const RUN: RunId = RunId(Uuid::from_u128(78));
const IMPORT: ImportId = ImportId(Uuid::from_u128(77));

/// Out of a title, an attribute, a script.
const HOSTILE: [&str; 3] =
    ["</title><x-mark>title", "\"'><x-mark>attribute", "</script><x-mark>script"];
/// No slash is in a group's name.
const HOSTILE_GROUP: &str = "\"'><x-mark>group";
const RAW: &str = "<x-mark";

struct World {
    operations: Operations,
    server: Router,
    /// The cookie's token of the holder.
    holder: String,
    group: GroupId,
    people: Vec<AccountId>,
    _folder: TempDir,
}

fn origin() -> Origin {
    Origin {
        address: "192.0.2.1".to_owned(),
        agent: HOSTILE[1].to_owned(),
        device: None,
        repeat: None,
    }
}

fn draft(name: &str, email: &str) -> Draft {
    Draft {
        name: name.to_owned(),
        nickname: name.to_owned(),
        email: email.to_owned(),
        password: Some(PASSWORD.to_owned()),
        sso_id: name.to_owned(),
        description: name.to_owned(),
        enabled: true,
        standard_license: true,
        mobile_license: false,
    }
}

async fn session(operations: &Operations, email: &str, password: &str) -> Secret {
    let anonymous = Caller::anonymous(origin());
    let signed_in = sign_in::sign_in(operations, &anonymous, email, &Secret::new(password)).await;
    signed_in.unwrap().token
}

async fn caller(operations: &Operations, token: &Secret) -> Caller {
    operations::session::authenticate(operations, token, origin()).await.unwrap().unwrap()
}

impl World {
    /// An organization of that name, with one group.
    async fn new(organization: &str, holder: &str, group: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let url = format!("sqlite:{}", folder.path().join("muster.db").display());
        let operations = Operations::open(&url, None).await.unwrap();
        let operator = Caller::operator();
        let wish = SetUp {
            code: None,
            organization: organization.to_owned(),
            name: holder.to_owned(),
            email: EMAIL.to_owned(),
            password: Secret::new(PASSWORD),
        };
        operations::set_up::set_up(&operations, &operator, wish).await.unwrap();
        let group = groups::create(&operations, &operator, GroupId::ROOT, group).await.unwrap();
        let site = Site::new(operations.clone(), Exposure::Loopback);
        let server = layers::around(routes::all(&site), &site);
        let holder = session(&operations, EMAIL, PASSWORD).await.reveal().to_owned();
        Self { operations, server, holder, group, people: Vec::new(), _folder: folder }
    }

    async fn get(&self, token: Option<&str>, path: &str) -> (StatusCode, String) {
        let mut request = Request::builder().uri(path).header(header::ACCEPT, "text/html");
        if let Some(token) = token {
            request = request.header(header::COOKIE, ["muster=", token].concat());
        }
        let request = request.body(Body::empty()).unwrap();
        let response = self.server.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, String::from_utf8_lossy(&bytes).into_owned())
    }

    /// The newest audit entry's number.
    async fn entries(&self) -> i64 {
        let expected = operations::audit::Expected::default();
        let operator = Caller::operator();
        let verified = operations::audit::verify(&self.operations, &operator, expected).await;
        verified.unwrap().head.last
    }

    /// Every page, each with everything that it can be about.
    async fn pages(&self) -> Vec<String> {
        let entries = self.entries().await;
        let mut found = Vec::new();
        for page in generate_route_list(app::App) {
            let path = page.path();
            let Some((before, _)) = path.split_once("{id}") else {
                found.push(path.to_owned());
                continue;
            };
            let ids: Vec<String> = match before {
                "/organization/groups/" => vec![self.group.to_string()],
                "/organization/technicians/" => {
                    self.people.iter().map(ToString::to_string).collect()
                }
                "/audit/" => (1..=entries).map(|id| id.to_string()).collect(),
                "/account/imports/" => vec![IMPORT.to_string()],
                "/settings/directory/runs/" => vec![RUN.to_string()],
                other => panic!("no id is known for {other}"),
            };
            found.extend(ids.into_iter().map(|id| path.replace("{id}", &id)));
        }
        found
    }

    async fn import(&self, file: &str, name: &str) {
        let operator = Caller::operator();
        let sheet = read(file.as_bytes(), &Choices::default(), &mut |_| {}).unwrap();
        let rules = Rules {
            group_chosen: true,
            strength: Strength::Good,
            organization: String::new(),
            default_password_set: false,
        };
        let checked = check(&sheet, &rules, &mut |_| {});
        let rows: Vec<_> =
            (0..sheet.row_count()).map(|row| sheet.submitted(row, &checked)).collect();
        let new = NewImport {
            id: IMPORT,
            file_name: name.to_owned(),
            file_sha256: "00".repeat(32),
            rows: u32::try_from(rows.len()).unwrap(),
            group: Some(self.group),
            columns: vec!["Name".to_owned(), "Email".to_owned(), "Password".to_owned()],
            delimiter: ',',
            existing: Existing::Skip,
            all_or_nothing: false,
            plan: String::new(),
        };
        imports::begin(&self.operations, &operator, new).await.unwrap();
        let chunk = Chunk { rows };
        imports::put_chunk(&self.operations, &operator, IMPORT, 0, chunk).await.unwrap();
        imports::finish(&self.operations, &operator, IMPORT).await.unwrap();
    }

    /// A run that waits, and problems.
    async fn synchronize(&self, names: &[&str]) {
        let operations = &self.operations;
        let holder = caller(operations, &Secret::new(&self.holder)).await;
        let token = directory::create_token(operations, &holder).await.unwrap();
        let service = || async { directory::authenticate(operations, &token, origin()).await };
        let guid = |n: usize| Guid(Uuid::from_u128(n as u128));
        let identity = DirectoryIdentity {
            domain: "corp.example.com".to_owned(),
            domain_guid: guid(500),
            domain_sid: "S-1-5-21-1-2-3".to_owned(),
        };
        let wish = Enroll {
            email: EMAIL.to_owned(),
            password: Secret::new(PASSWORD),
            code: Secret::default(),
            directory: identity,
        };
        let new = service().await.unwrap().unwrap();
        directory::enroll(operations, &new, &wish).await.unwrap();
        let service = service().await.unwrap().unwrap();
        let mapping = Mapping {
            ad_group_guid: guid(900),
            ad_group_name: names[0].to_owned(),
            technician_group_id: self.group,
        };
        let wish = Mappings { mappings: vec![mapping] };
        directory::put_mappings(operations, &service, wish).await.unwrap();
        let run = BeginRun {
            run_id: RUN,
            mode: Mode::Apply,
            agent: names[0].to_owned(),
            controller: names[0].to_owned(),
        };
        directory::begin_run(operations, &service, &run).await.unwrap();
        let person = |n: usize, name: &str, email: String| PersonSeen {
            guid: guid(n),
            name: name.to_owned(),
            email,
            enabled: true,
            reason: None,
            group_guids: vec![guid(900)],
            read: Read::Ok,
        };
        let well = names.iter().enumerate();
        let well = well.map(|(n, name)| person(n + 1, name, format!("d{n}@corp.example")));
        let bad = names.iter().enumerate();
        let bad = bad.map(|(n, name)| person(n + 100, name, (*name).to_owned()));
        let people: Vec<_> = well.chain(bad).collect();
        let mut digest = PeopleDigest::new();
        for person in &people {
            digest.add(person);
        }
        let count = people.len() as u64;
        directory::put_batch(operations, &service, RUN, 0, &Batch { people }).await.unwrap();
        let group = GroupSeen {
            guid: guid(900),
            status: GroupStatus::Complete,
            members: count,
            ignored: Ignored::default(),
        };
        let commit = Commit {
            batches: 1,
            people: count,
            digest: digest.finish(),
            groups: vec![group],
            absent: Vec::new(),
        };
        directory::commit(operations, &service, RUN, commit).await.unwrap();
    }
}

fn escaped(text: &str) -> String {
    let byte = |text: String, byte| text + &format!("%{byte:02X}");
    text.bytes().fold(String::new(), byte)
}

/// What pages read from their address, each with the text.
fn query(text: &str) -> String {
    let keys = [
        "q", "from", "to", "who", "action", "kind", "by", "id", "next", "after", "act", "dialog",
        "outcome", "passkey", "tab", "__err", "__path",
    ];
    let text = escaped(text);
    let parameters: Vec<String> = keys.iter().map(|key| format!("{key}={text}")).collect();
    ["?", &parameters.join("&")].concat()
}

#[tokio::test]
async fn no_name_gets_out_of_its_place() {
    let mut world = World::new(HOSTILE[2], HOSTILE[0], HOSTILE_GROUP).await;
    let operator = Caller::operator();
    let below = groups::create(&world.operations, &operator, world.group, HOSTILE_GROUP).await;
    below.unwrap();
    for (n, name) in HOSTILE.iter().enumerate() {
        let new = draft(name, &format!("t{n}@northwind.example"));
        let id = technicians::create(&world.operations, &operator, world.group, new).await;
        world.people.push(id.unwrap().id);
    }
    let file: String = HOSTILE
        .iter()
        .map(|name| name.replace('"', "\"\""))
        .flat_map(|name| {
            [
                format!("\"{name}\",i{}@x.example,{PASSWORD}\n", name.len()),
                format!("\"{name}\",\"{name}\",\n"),
            ]
        })
        .collect();
    world.import(&["Name,Email,Password\n", &file].concat(), HOSTILE[0]).await;
    world.synchronize(&HOSTILE).await;

    let mut named = 0;
    for page in world.pages().await {
        for path in [page.clone(), [&page, query(HOSTILE[0]).as_str()].concat()] {
            let (status, text) = world.get(Some(&world.holder), &path).await;
            assert!(status.is_success() || status.is_redirection(), "{path}: {status}");
            let raw = text.find(RAW).map(|at| &text[at.saturating_sub(60)..at + 20]);
            assert_eq!(raw, None, "{path}");
            named += usize::from(text.contains("x-mark"));
        }
    }
    assert!(named > 20, "the names are on {named} pages");
    for page in ["/sign-in", "/sign-in/code", "/setup"] {
        for text in HOSTILE {
            let (_, text) = world.get(None, &[page, &query(text)].concat()).await;
            assert!(!text.contains(RAW), "{page}");
        }
    }
    let title = ["/organization/technicians/", &world.people[0].to_string()].concat();
    let (_, text) = world.get(Some(&world.holder), &title).await;
    assert!(text.contains("<title>&lt;/title&gt;&lt;x-mark&gt;title · Muster</title>"), "{text}");
}

/// Stands in every name that an Administrator of the group in it must not read.
const SECRET: &str = "Secret";

#[tokio::test]
async fn an_administrator_reads_no_name_from_above_or_beside_their_area() {
    let mut world = World::new("Northwind", "Ada", "Secret HQ").await;
    let operations = world.operations.clone();
    let operator = Caller::operator();
    let create = |below, name: &'static str| groups::create(&operations, &operator, below, name);
    let (above, team) = (world.group, create(world.group, "Team A").await.unwrap());
    let beside = create(above, "Secret beside").await.unwrap();
    let sub = create(team, "Sub").await.unwrap();
    // A stay elsewhere is in the trail, too.
    groups::move_below(&operations, &operator, sub, beside).await.unwrap();
    groups::move_below(&operations, &operator, sub, team).await.unwrap();
    let tess = draft("Tess", "tess@northwind.example");
    let tess = technicians::create(&operations, &operator, sub, tess).await.unwrap();
    let new = draft("Alan", "alan@northwind.example");
    let alan = administrators::create(&operations, &operator, Role::Administrator, new).await;
    administrators::assign(&operations, &operator, team, alan.unwrap().id).await.unwrap();
    let token = session(&operations, "alan@northwind.example", PASSWORD).await;
    let (old, new) = (Again::password(PASSWORD), Secret::new(OTHER_PASSWORD));
    let alan = caller(&operations, &token).await;
    own_account::change_password(&operations, &alan, &old, &new).await.unwrap();
    let token = session(&operations, "alan@northwind.example", OTHER_PASSWORD).await;
    (world.group, world.people) = (sub, vec![tess.id]);

    let mut paths = world.pages().await;
    paths.extend(["/api/audit.csv", "/api/audit.json"].map(str::to_owned));
    for group in [above, beside, team] {
        paths.push(format!("/organization/groups/{group}"));
    }
    let mut told = String::new();
    for path in &paths {
        let (_, text) = world.get(Some(token.reveal()), path).await;
        let told_here = text.find(SECRET).map(|at| &text[at.saturating_sub(60)..at + 20]);
        assert_eq!(told_here, None, "{path}");
        told.push_str(&text);
    }
    assert!(told.contains("Team A / Sub"), "the way from their area on is told");
}
