//! For `cargo xtask bench organization`: what the Organization page asks for, as the server does it.
//!
//! `organization fill DATABASE SHAPE PEOPLE` fills an empty database; `organization measure`, with the
//! same, prints a line for each thing that is asked: its name, the median and the 99th percentile in
//! milliseconds.

mod open;

use std::error::Error;
use std::io::Write as _;
use std::time::Instant;

use operations::{Operations, groups, imports, sign_in, technicians};
use roster::authority::{Caller, Origin};
use roster::history::{Chunk, NewImport};
use roster::id::{AccountId, GroupId, ImportId};
use roster::import::{Existing, SubmittedRow, SubmittedValues};
use roster::many::{Change, Selection, Step};
use roster::page::Window;
use roster::secret::Secret;
use tokio::task::JoinHandle;

type Outcome<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

/// How often each thing is asked: about as often as the page can be opened while fifty people sign in.
/// The moves are heavier.
const TIMES: usize = 1000;
const MOVES: usize = 20;
/// Technicians that are moved at once.
const MOVED: usize = 1000;
const CHUNK: usize = 500;
const SIGN_INS: usize = 50;
/// How often fifty sign in.
const ROUNDS: usize = 3;

struct World {
    operations: Operations,
    caller: Caller,
    groups: Vec<GroupId>,
    people: usize,
    random: Random,
}

/// The same numbers each time.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(self.0 >> 33).unwrap_or(0) % limit.max(1)
    }
}

#[tokio::main]
async fn main() -> Outcome {
    // On one of the runtime's threads, where a server answers, and not beside them.
    tokio::spawn(run()).await?
}

async fn run() -> Outcome {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [act, database, shape, people] = arguments.as_slice() else {
        return Err("organization fill|measure DATABASE SHAPE PEOPLE".into());
    };
    let operations = open::open(database).await?;
    let caller = Caller::operator();
    let people: usize = people.parse()?;
    match act.as_str() {
        "fill" => {
            tree(&operations, &caller, shape, people / 10).await?;
            let groups = of_people(shape, people);
            fill(&operations, &caller, &groups, people).await
        }
        "measure" => {
            let groups = of_people(shape, people);
            let mut world = World { operations, caller, groups, people, random: Random(7) };
            world.measure().await
        }
        other => Err(format!("it can’t {other}").into()),
    }
}

/// The groups that hold people. They are numbered as they are made.
fn of_people(shape: &str, people: usize) -> Vec<GroupId> {
    let count = if shape == "one" { 1 } else { people / 10 };
    (1001..).take(count).map(GroupId).collect()
}

/// So many groups; the shape is the tree's.
async fn tree(operations: &Operations, caller: &Caller, shape: &str, count: usize) -> Outcome {
    let mut made: Vec<GroupId> = Vec::with_capacity(count);
    let square = count.isqrt().max(1);
    for number in 0..count {
        let parent = match shape {
            // Of the latter all people are in the first.
            "flat" | "one" => None,
            // The first of each row is the parent of the others.
            "square" if number % square == 0 => None,
            "square" => Some(number - number % square),
            // Chains of ten.
            "deep" if number % 10 == 0 => None,
            "deep" => Some(number - 1),
            other => return Err(format!("there is no shape {other}").into()),
        };
        let parent = parent.map_or(GroupId::ROOT, |at| made[at]);
        made.push(groups::create(operations, caller, parent, &format!("Group {number}")).await?);
    }
    Ok(())
}

async fn fill(
    operations: &Operations,
    caller: &Caller,
    groups: &[GroupId],
    people: usize,
) -> Outcome {
    let id = ImportId(uuid::Uuid::from_u128(1));
    let import = NewImport {
        id,
        file_name: "crowd.csv".to_owned(),
        file_sha256: String::new(),
        rows: u32::try_from(people)?,
        group: None,
        columns: Vec::new(),
        delimiter: ',',
        existing: Existing::Skip,
        all_or_nothing: false,
        plan: String::new(),
    };
    imports::begin(operations, caller, import).await?;
    let numbers: Vec<usize> = (0..people).collect();
    for (number, part) in numbers.chunks(CHUNK).enumerate() {
        let rows =
            part.iter().map(|&n| row(n, groups[n % groups.len()])).collect::<Outcome<_>>()?;
        let number = u32::try_from(number)?;
        imports::put_chunk(operations, caller, id, number, Chunk { rows }).await?;
    }
    imports::finish(operations, caller, id).await?;
    Ok(())
}

fn row(n: usize, group: GroupId) -> Outcome<SubmittedRow> {
    // Names come in no order.
    let key = n.wrapping_mul(7_368_787) % 9_999_991;
    let values = SubmittedValues {
        name: Some(format!("{} {key}", ["Ada", "Björn", "Chen", "Dana"][n % 4])),
        email: Some(format!("p{key}@example.com")),
        group: Some(group.to_string()),
        ..SubmittedValues::default()
    };
    let line = u32::try_from(n + 2)?;
    Ok(SubmittedRow { line, values, problems: Vec::new(), expected: None, left_out: false })
}

impl World {
    async fn measure(&mut self) -> Outcome {
        // First: what was moved is tidied up by PostgreSQL at a time of its own.
        self.beside_sign_ins().await?;
        let mut times = Vec::new();
        for _ in 0..TIMES {
            times.push(self.expand().await?);
        }
        report("expand", &mut times)?;
        for _ in 0..TIMES {
            times.push(self.search().await?);
        }
        report("search", &mut times)?;
        for _ in 0..TIMES {
            times.push(self.page().await?);
        }
        report("page", &mut times)?;
        for _ in 0..TIMES {
            times.push(self.permissions().await?);
        }
        report("permissions", &mut times)?;
        for _ in 0..MOVES {
            times.push(self.move_many().await?);
        }
        report("move", &mut times)
    }

    fn group(&mut self) -> GroupId {
        let at = self.random.below(self.groups.len());
        self.groups[at]
    }

    fn person(&mut self) -> AccountId {
        person(self.random.below(self.people))
    }

    /// The tree's beginning, and a group beside it.
    async fn open_page(&mut self) -> Outcome<f64> {
        let group = self.group();
        let (operations, caller, window) = (&self.operations, &self.caller, Window::default());
        let start = now();
        let tops = groups::tops(operations, caller).await?;
        for top in tops {
            groups::below(operations, caller, top.id, window).await?;
        }
        groups::see(operations, caller, group).await?;
        technicians::list(operations, caller, group, "", window).await?;
        Ok(since(start))
    }

    /// The group with the most below it.
    async fn expand(&mut self) -> Outcome<f64> {
        let (operations, caller) = (&self.operations, &self.caller);
        let below = groups::below(operations, caller, GroupId::ROOT, Window::default()).await?;
        let offset = self.random.below(usize::try_from(below.total)?) as u64;
        let start = now();
        let window = Window { offset, ..Window::default() };
        groups::below(operations, caller, GroupId::ROOT, window).await?;
        technicians::list(operations, caller, GroupId::ROOT, "", Window::default()).await?;
        Ok(since(start))
    }

    /// As one types: from one letter to a whole email, and what nobody has.
    async fn search(&mut self) -> Outcome<f64> {
        let key = self.random.below(9_999_991);
        let whole = format!("p{key}@example.com");
        let texts = ["b", "björn", "chen 7", &whole[..3], &whole[..5], &whole, "nobody at all"];
        let text = texts[self.random.below(texts.len())];
        let start = now();
        technicians::search(&self.operations, &self.caller, text).await?;
        groups::search(&self.operations, &self.caller, text).await?;
        Ok(since(start))
    }

    async fn page(&mut self) -> Outcome<f64> {
        let group = self.group();
        let in_group = self.people / self.groups.len();
        let offset = self.random.below(in_group) as u64;
        let window = Window { offset, ..Window::default() };
        let start = now();
        technicians::list(&self.operations, &self.caller, group, "", window).await?;
        Ok(since(start))
    }

    async fn permissions(&mut self) -> Outcome<f64> {
        let person = self.person();
        let start = now();
        technicians::permissions(&self.operations, &self.caller, person).await?;
        Ok(since(start))
    }

    async fn move_many(&mut self) -> Outcome<f64> {
        let first = self.random.below(self.people.saturating_sub(MOVED));
        let ids = (first..first + MOVED.min(self.people)).map(person).collect();
        let step = Step { who: Selection::Ids(ids), change: Change::MoveTo(self.group()) };
        let start = now();
        technicians::change_many(&self.operations, &self.caller, &step).await?;
        Ok(since(start))
    }

    /// The page, opened at rest and while fifty people sign in at once, by turns: what else the machine
    /// does meanwhile, it does to both.
    async fn beside_sign_ins(&mut self) -> Outcome {
        let (mut rest, mut beside) = (Vec::new(), Vec::new());
        for round in 0..ROUNDS {
            for _ in 0..TIMES {
                rest.push(self.open_page().await?);
            }
            let sign_ins = self.sign_ins(round * SIGN_INS);
            while sign_ins.iter().any(|one| !one.is_finished()) {
                beside.push(self.open_page().await?);
            }
        }
        report("open", &mut rest)?;
        report("open-beside-sign-ins", &mut beside)
    }

    /// By people who didn't try before.
    fn sign_ins(&self, first: usize) -> Vec<JoinHandle<()>> {
        (first..first + SIGN_INS)
            .map(|n| {
                let operations = self.operations.clone();
                tokio::spawn(async move {
                    let address = format!("192.0.2.{n}");
                    let caller = Caller::anonymous(Origin { address, ..Origin::default() });
                    let (email, password) =
                        (format!("nobody{n}@example.com"), Secret::new("Wrong-1234"));
                    // That it is refused takes as long as that it is not.
                    drop(sign_in::sign_in(&operations, &caller, &email, &password).await);
                })
            })
            .collect()
    }
}

/// Nobody else is there: ids are the numbers of the rows.
fn person(row: usize) -> AccountId {
    AccountId(i64::try_from(row).unwrap_or_default() + 1)
}

#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn now() -> Instant {
    Instant::now()
}

fn since(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1000.0
}

/// Prints what the times come to, and empties them.
fn report(name: &str, times: &mut Vec<f64>) -> Outcome {
    times.sort_by(f64::total_cmp);
    let at = |hundredths: usize| {
        times.get((times.len().saturating_sub(1)) * hundredths / 100).copied().unwrap_or_default()
    };
    writeln!(std::io::stdout(), "{name} {:.3} {:.3}", at(50), at(99))?;
    times.clear();
    Ok(())
}
