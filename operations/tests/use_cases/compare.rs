//! The dry run: what an import would do, and that the import then does just that.

use operations::export::Format;
use operations::{Error, export, imports};
use roster::authority::Caller;
use roster::fault::Fault;
use roster::fields::Field;
use roster::import::{COMPARE_ROWS, CompareRow, Comparison, Existing, Outcome, Verdict};
use roster::problem::Code;

use crate::bring::{chunk, id};
use crate::world::World;

const FILE: &str = "Name,Email,Single Sign-On ID,Enabled,Description,Technician Group ID\n\
    New One,new@example.com,,,,{inside}\n\
    Somebody,some@example.com,,,,{inside}\n\
    Somebody Else,other@example.com,so.else,no,Berlin,{outside}\n\
    Ada,ada@example.com,,,,{inside}\n\
    Nowhere,nowhere@example.com,,,,77777\n\
    Root,root@example.com,,,,1\n\
    Taken,taken@example.com,tess.sso,,,{inside}\n";

async fn world() -> (World, String) {
    let world = World::new().await;
    let first = "Name,Email,Single Sign-On ID\nSomebody,some@example.com,\n\
                 Somebody,other@example.com,\nOwner,owner@example.com,tess.sso\n";
    world.update(90, first, Some(world.inside)).await;
    let file = FILE.replace("{inside}", &world.inside.to_string());
    let file = file.replace("{outside}", &world.outside.to_string());
    (world, file)
}

fn code(verdict: &Verdict) -> Option<Code> {
    match verdict {
        Verdict::Conflict(problem) => Some(problem.code),
        _ => None,
    }
}

#[tokio::test]
async fn each_row_has_its_verdict() {
    let (world, file) = world().await;
    let compared = world.compare(&file, Existing::Update, None).await;
    let verdicts = &compared.verdicts;
    assert_eq!(verdicts[0], Verdict::Create);
    assert_eq!(verdicts[1], Verdict::Unchanged);
    let Verdict::Update(update) = &verdicts[2] else { panic!("{:?}", verdicts[2]) };
    let other = world.find("other@example.com").await.unwrap();
    assert_eq!((update.account, update.version), (other.id, other.version));
    let before: Vec<_> =
        update.differences.iter().map(|it| (it.field, it.before.as_str())).collect();
    assert_eq!(
        before,
        [
            (Field::Name, "Somebody"),
            (Field::SsoId, ""),
            (Field::Description, ""),
            (Field::Enabled, "yes"),
            (Field::Group, "Inside"),
        ]
    );
    assert_eq!(code(&verdicts[3]), Some(Code::EmailInUse), "the holder is never touched");
    assert_eq!(code(&verdicts[4]), Some(Code::GroupUnknown));
    assert_eq!(code(&verdicts[5]), Some(Code::GroupNotAllowed));
    assert_eq!(code(&verdicts[6]), Some(Code::SsoIdInUse));

    let skipped = world.compare(&file, Existing::Skip, None).await.verdicts;
    assert_eq!(skipped[1..3], [Verdict::Skip, Verdict::Skip]);
    assert_eq!(code(&skipped[3]), Some(Code::EmailInUse));
    assert_eq!((compared.standard_seats_free, compared.mobile_seats_free), (None, None));
    world.seats_left(2).await;
    let compared = world.compare(&file, Existing::Update, None).await;
    assert_eq!(compared.standard_seats_free, Some(2));
}

#[tokio::test]
async fn what_was_foreseen_is_what_happens() {
    let (world, file) = world().await;
    for existing in [Existing::Skip, Existing::Update] {
        let verdicts = world.compare(&file, existing, None).await.verdicts;
        let chunk = chunk(&file, false);
        let number = 10 + existing as u128;
        let new = crate::bring::new_import(number, chunk.rows.len(), None);
        let new = roster::history::NewImport { existing, ..new };
        let results = world.bring(new, chunk).await;
        for (verdict, row) in verdicts.iter().zip(&results.rows) {
            let expected = match verdict {
                Verdict::Create => Outcome::Created,
                Verdict::Update(_) => Outcome::Updated,
                Verdict::Unchanged => Outcome::Unchanged,
                Verdict::Skip => Outcome::Skipped,
                Verdict::Conflict(problem)
                    if existing == Existing::Skip && problem.code == Code::EmailInUse =>
                {
                    Outcome::Skipped
                }
                Verdict::Conflict(_) => Outcome::Failed,
            };
            assert_eq!(row.outcome, expected, "{existing:?} {}: {:?}", row.email, row.problems);
            let said = row.problems.iter().find(|problem| problem.is_error()).map(|it| it.code);
            if matches!(verdict, Verdict::Conflict(_)) {
                assert_eq!(said, code(verdict), "{existing:?} {}", row.email);
            }
        }
    }
}

#[tokio::test]
async fn too_many_rows_are_refused() {
    let world = World::new().await;
    let rows = vec![CompareRow::default(); COMPARE_ROWS + 1];
    let wish = Comparison { existing: Existing::Skip, group: None, rows };
    let refused = imports::compare(&world.operations, &world.master, wish).await.unwrap_err();
    assert!(matches!(refused, Error::Fault(Fault::Refused { .. })));
    assert!(refused.to_string().contains("5000 rows"), "{refused}");
}

/// What another server exported names groups by its own numbers, and by their paths.
#[tokio::test]
async fn a_number_that_is_another_groups_here_is_refused() {
    let world = World::new().await;
    let file = "Name,Email,Technician Group ID,Technician Group Path\n\
        A,a@example.com,{inside},INSIDE\n\
        B,b@example.com,{inside},Elsewhere/Tier 1\n\
        C,c@example.com,{inside},\n"
        .replace("{inside}", &world.inside.to_string());
    let compared = world.compare(&file, Existing::Skip, None).await;
    let codes: Vec<_> = compared.verdicts.iter().map(code).collect();
    assert_eq!(codes, [None, Some(Code::GroupOtherPath), None]);
    // A group that is chosen holds, whatever the file says.
    let chosen = world.compare(&file, Existing::Skip, Some(world.outside)).await;
    assert!(chosen.verdicts.iter().all(|verdict| *verdict == Verdict::Create));

    let result = world.update(5, &file, None).await;
    let outcomes: Vec<_> = result.rows.iter().map(|row| row.outcome).collect();
    assert_eq!(outcomes, [Outcome::Created, Outcome::Failed, Outcome::Created]);
    assert_eq!(result.rows[1].problems.last().unwrap().code, Code::GroupOtherPath);
    let (operations, operator) = (&world.operations, Caller::operator());
    // As it was sent it fails again; by hand it gets another group.
    let tried = imports::retry_failed(operations, &world.master, id(5), 0).await;
    assert!(tried.is_ok());
    assert!(world.find("b@example.com").await.is_none());

    let exported = export::export(operations, &operator, None, Format::Csv).await.unwrap();
    let again = String::from_utf8(exported.bytes).unwrap();
    assert!(again.contains(",Technician Group Path\r\n"), "{again}");
    let same = world.compare(&again, Existing::Update, None).await;
    assert!(same.verdicts.iter().all(|verdict| *verdict == Verdict::Unchanged), "{same:?}");
}
