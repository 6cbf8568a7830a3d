//! Who is next to hash. Places are few and lines are bounded: sign-ins go first, one account and one
//! network address at a time, and in turn. Nothing about passwords.

use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use roster::authority::{Caller, Origin, Who};
use roster::sign_in::networks;
use tokio::sync::oneshot;

/// The most that wait in each line for one place: fifty people who come at nine sharp wait one or two
/// seconds, and nobody waits longer.
const WAITING_PER_PLACE: usize = 64;
/// The most of them from one network address: an office behind it may be large.
const WAITING_PER_ADDRESS: usize = 32;
/// The most of one account, which has a few windows open at most.
const WAITING_PER_ACCOUNT: usize = 4;

/// The lines, in their order: none moves while somebody in one before it could.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    /// Sign-ins from browsers that signed in to the account before.
    Known,
    SignIn,
    /// What people who are signed in do: own passwords, those of others.
    SignedIn,
    Import,
}

/// For whom something is hashed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    line: Line,
    /// Of each of them one hash is computed at a time; the first one's waiting are bounded.
    names: Vec<String>,
    waiting: usize,
}

impl Share {
    /// Somebody who signs in; `known` is whether their browser did so before.
    pub fn sign_in(origin: &Origin, email_key: &str, known: bool) -> Self {
        let account = format!("email:{email_key}");
        if known {
            let (names, waiting) = (vec![account], WAITING_PER_ACCOUNT);
            return Self { line: Line::Known, names, waiting };
        }
        Self {
            line: Line::SignIn,
            names: vec![network(origin), account],
            waiting: WAITING_PER_ADDRESS,
        }
    }

    /// Any other caller: signed in, on the command line, or setting Muster up.
    pub fn of(caller: &Caller) -> Self {
        let name = match &caller.who {
            Who::Person(actor) => format!("account:{}", actor.account.0),
            Who::Anonymous | Who::Directory(_) | Who::Operator => network(&caller.origin),
        };
        Self { line: Line::SignedIn, names: vec![name], waiting: WAITING_PER_ACCOUNT }
    }

    /// The rows of imports, which take what the others leave.
    pub fn import() -> Self {
        Self { line: Line::Import, names: Vec::new(), waiting: usize::MAX }
    }
}

fn network(origin: &Origin) -> String {
    let nearest = networks(&origin.address).into_iter().next();
    format!("address:{}", nearest.map(|(_, network)| network).unwrap_or_default())
}

/// Too many are waiting: the request can be sent again later.
#[derive(Debug, PartialEq, Eq)]
pub struct Full;

#[derive(Clone)]
pub struct Queue(Arc<Mutex<State>>);

struct State {
    free: usize,
    /// The most that each line holds.
    bound: usize,
    /// For whom something is hashed now.
    busy: HashSet<String>,
    lines: [VecDeque<Waiting>; 4],
    /// The round of the last turn, line by line.
    rounds: [u64; 4],
    /// The last turn was the first line's.
    first_had_it: bool,
}

struct Waiting {
    share: Share,
    /// A line is in the order of rounds: in each, everybody has one turn.
    round: u64,
    turn: oneshot::Sender<Turn>,
}

/// One's turn, until it is dropped.
pub struct Turn {
    names: Vec<String>,
    /// `None`: nobody was there to take it.
    queue: Option<Queue>,
}

impl Queue {
    pub fn new(places: usize) -> Self {
        let state = State {
            free: places,
            bound: places * WAITING_PER_PLACE,
            busy: HashSet::new(),
            lines: [const { VecDeque::new() }; 4],
            rounds: [0; 4],
            first_had_it: false,
        };
        Self(Arc::new(Mutex::new(state)))
    }

    /// The turn, now or once those before have had theirs.
    pub fn join(&self, share: Share) -> Result<oneshot::Receiver<Turn>, Full> {
        let (turn, received) = oneshot::channel();
        let mut state = self.state();
        if !state.admits(&share) {
            return Err(Full);
        }
        state.line_up(share, turn);
        self.give(&mut state);
        Ok(received)
    }

    #[cfg(test)]
    pub fn free(&self) -> usize {
        self.state().free
    }

    /// Gives the free places to those whose turn it is.
    fn give(&self, state: &mut State) {
        while state.free > 0
            && let Some(Waiting { share, turn, .. }) = state.next()
        {
            let given = Turn { names: share.names.clone(), queue: Some(self.clone()) };
            match turn.send(given) {
                Ok(()) => {
                    state.free -= 1;
                    state.busy.extend(share.names);
                }
                // They went away. Dropped as it is, it would wait for the lock that is held here.
                Err(mut refused) => refused.queue = None,
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn admits(&mut self, share: &Share) -> bool {
        let Some(line) = self.lines.get_mut(share.line as usize) else { return false };
        let room =
            |line: &VecDeque<Waiting>| line.len() < self.bound && same(line, share) < share.waiting;
        // Those who went away are counted only as long as nobody needs their place.
        room(line) || {
            line.retain(|waiting| !waiting.turn.is_closed());
            room(line)
        }
    }

    /// An account or address with many in the line has one of them in each round: others don't wait
    /// behind all of them.
    fn line_up(&mut self, share: Share, turn: oneshot::Sender<Turn>) {
        let at = share.line as usize;
        let (Some(line), Some(round)) = (self.lines.get_mut(at), self.rounds.get(at)) else {
            return;
        };
        let hashing = share.names.first().is_some_and(|name| self.busy.contains(name));
        let before = same(line, &share) + usize::from(hashing);
        let round = round.saturating_add(u64::try_from(before).unwrap_or(u64::MAX));
        let place = line.partition_point(|waiting| waiting.round <= round);
        line.insert(place, Waiting { share, round, turn });
    }

    /// The first request, in the order of the lines, of an account and address for which nothing is hashed
    /// now. The first line has every second turn at most: right passwords are not counted, so a known
    /// browser could take all turns.
    fn next(&mut self) -> Option<Waiting> {
        let order = if self.first_had_it { [1, 2, 3, 0] } else { [0, 1, 2, 3] };
        order.into_iter().find_map(|at| self.next_of(at))
    }

    fn next_of(&mut self, at: usize) -> Option<Waiting> {
        let Self { busy, lines, rounds, first_had_it, .. } = self;
        let (line, round) = (lines.get_mut(at)?, rounds.get_mut(at)?);
        let may = |it: &Waiting| it.share.names.iter().all(|name| !busy.contains(name));
        let next = line.iter().position(may).and_then(|at| line.remove(at))?;
        *round = next.round.max(*round);
        *first_had_it = at == 0;
        Some(next)
    }
}

/// How many of the same name wait, where there is a name.
fn same(line: &VecDeque<Waiting>, share: &Share) -> usize {
    let Some(name) = share.names.first() else { return 0 };
    line.iter().filter(|it| it.share.names.first() == Some(name)).count()
}

impl Drop for Turn {
    fn drop(&mut self) {
        let Some(queue) = self.queue.take() else { return };
        let mut state = queue.state();
        state.free += 1;
        for name in &self.names {
            state.busy.remove(name);
        }
        queue.give(&mut state);
    }
}

#[cfg(test)]
mod tests {
    use roster::account::Role;
    use roster::authority::{Actor, Caller, Origin, Who};
    use roster::id::{AccountId, SessionId};

    use super::*;

    fn stranger(address: &str, email: &str) -> Share {
        let origin = Origin { address: address.to_owned(), ..Origin::default() };
        Share::sign_in(&origin, email, false)
    }

    fn person(id: i64) -> Share {
        let who = Who::Person(Actor {
            account: AccountId(id),
            name: String::new(),
            role: Role::Technician,
            areas: Vec::new(),
            session: SessionId(id),
            must_change_password: false,
            two_step_due: false,
        });
        Share::of(&Caller { who, origin: Origin::default() })
    }

    type Ticket = oneshot::Receiver<Turn>;

    fn turn(ticket: &mut Ticket) -> Option<Turn> {
        ticket.try_recv().ok()
    }

    #[test]
    fn a_crowd_of_one_session_is_refused_and_delays_a_sign_in_by_no_hash() {
        let queue = Queue::new(1);
        let mut crowd: Vec<_> = (0..500).map(|_| queue.join(person(7))).collect();
        let mut admitted: Vec<Ticket> = crowd.drain(..).filter_map(Result::ok).collect();
        assert_eq!(admitted.len(), 1 + WAITING_PER_ACCOUNT);
        let now = turn(&mut admitted[0]).unwrap();
        let mut other = queue.join(stranger("192.0.2.1", "ada@example.com")).unwrap();
        let mut colleague = queue.join(person(8)).unwrap();
        drop(now);
        let next = turn(&mut other).unwrap();
        drop(next);
        assert!(turn(&mut admitted[1]).is_none() && turn(&mut colleague).is_some(), "in turn");
    }

    #[test]
    fn one_network_has_one_place_and_others_do_not_stand_behind_all_of_it() {
        let queue = Queue::new(2);
        let crowd = (0..500).map(|n| {
            queue.join(stranger(&format!("2001:db8::{n:x}"), &format!("{n}@example.com")))
        });
        let mut admitted: Vec<Ticket> = crowd.filter_map(Result::ok).collect();
        assert_eq!(admitted.len(), 1 + WAITING_PER_ADDRESS);
        assert_eq!(queue.free(), 1, "of two places it has one");
        let crowds = turn(&mut admitted[0]).unwrap();
        let mut others: Vec<Ticket> = (1..=3)
            .map(|n| queue.join(stranger(&format!("192.0.2.{n}"), &format!("o{n}"))).unwrap())
            .collect();
        let first = turn(&mut others[0]).unwrap();
        drop(crowds);
        let second = turn(&mut others[1]).unwrap();
        drop(first);
        let third = turn(&mut others[2]).unwrap();
        assert!(turn(&mut admitted[1]).is_none());
        drop((second, third));
        assert!(turn(&mut admitted[1]).is_some());
    }

    #[test]
    fn one_account_is_guessed_at_one_by_one_from_wherever() {
        let queue = Queue::new(4);
        let mut guesses: Vec<Ticket> = (0..4)
            .map(|n| queue.join(stranger(&format!("192.0.2.{n}"), "ada@example.com")).unwrap())
            .collect();
        let turns: Vec<Option<Turn>> = guesses.iter_mut().map(turn).collect();
        assert_eq!(turns.iter().filter(|it| it.is_some()).count(), 1);
        drop(turns);
        assert!(turn(&mut guesses[1]).is_some());
    }

    #[test]
    fn a_known_browser_goes_before_strangers_and_imports_go_last() {
        let queue = Queue::new(1);
        let mut import = queue.join(Share::import()).unwrap();
        let mut now = turn(&mut import);
        let mut tickets = [
            queue.join(Share::import()).unwrap(),
            queue.join(person(7)).unwrap(),
            queue.join(stranger("192.0.2.1", "bob@example.com")).unwrap(),
            queue.join(Share::sign_in(&Origin::default(), "ada@example.com", true)).unwrap(),
        ];
        for place in (0..4).rev() {
            drop(now.take());
            now = turn(&mut tickets[place]);
            assert!(now.is_some(), "{place}");
        }
    }

    #[test]
    fn a_known_browser_that_signs_in_without_end_leaves_every_second_turn() {
        let queue = Queue::new(1);
        let known = || Share::sign_in(&Origin::default(), "ada@example.com", true);
        let mut first = queue.join(known()).unwrap();
        let mut now = turn(&mut first);
        let mut crowd: Vec<Ticket> = (0..3).map(|_| queue.join(known()).unwrap()).collect();
        let mut others = [
            queue.join(stranger("192.0.2.1", "bob@example.com")).unwrap(),
            queue.join(person(7)).unwrap(),
        ];
        for other in &mut others {
            drop(now.take());
            now = turn(other);
            assert!(now.is_some());
            drop(now.take());
            now = turn(&mut crowd.remove(0));
            assert!(now.is_some());
        }
    }

    #[test]
    fn each_line_is_bounded_and_who_went_away_leaves_their_place() {
        let queue = Queue::new(1);
        let join = |n: usize| {
            queue.join(stranger(&format!("192.0.{}.{}", n / 256, n % 256), &n.to_string()))
        };
        let mut first = join(0).unwrap();
        let now = turn(&mut first).unwrap();
        let mut waiting: Vec<Ticket> = (1..=WAITING_PER_PLACE).map(|n| join(n).unwrap()).collect();
        assert_eq!(join(1000).map(|_| ()), Err(Full));
        assert!(queue.join(person(7)).is_ok(), "the other lines have room");
        waiting.remove(0);
        let mut last = join(1000).unwrap();
        waiting.clear();
        drop(now);
        assert!(turn(&mut last).is_some(), "nothing is given to who is not there");
        assert_eq!(queue.free(), 1);
    }
}
