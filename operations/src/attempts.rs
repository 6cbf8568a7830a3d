//! Where every guess of every secret is counted: passwords, codes, passkeys, tokens, the set-up code.
//! A guess counts as a failure before the secret is looked at, so that many at once can't pass
//! together; one that is right is taken back.

pub(crate) mod told;

use roster::audit::{Action, Entry, Subject};
use roster::authority::Origin;
use roster::fault::Fault;
use roster::id::{AccountId, Timestamp};
use roster::sign_in::{Counter, Failures, LockOut, networks};
use serde_json::{Value, json};
use store::{Credentials, Reader, Transaction};

use crate::{Result, subject};

/// A guess that is about to be made: under what it is counted.
#[derive(Clone, Debug)]
pub(crate) struct Attempt {
    /// The account that is guessed at, where there is one.
    account: Option<AccountId>,
    counters: Vec<(Counter, String)>,
    /// What a wrong guess is in the audit trail.
    failure: Action,
    from_known_device: bool,
}

impl Attempt {
    /// A password, or a code after it, at the sign-in to the account with this email, whether or not
    /// there is one. A browser that signed in to it before (`device`, by its token's hash) has a
    /// counter of its own: guesses from elsewhere don't lock it out.
    pub(crate) fn sign_in(
        email_key: &str,
        account: Option<AccountId>,
        device: Option<&str>,
        origin: &Origin,
    ) -> Self {
        match (account, device) {
            (Some(AccountId(id)), Some(hash)) => {
                let own = format!("device:{id}:{hash}");
                Self { from_known_device: true, ..Self::outside(account, Some(own), origin) }
            }
            _ => Self::outside(account, Some(format!("account:{email_key}")), origin),
        }
    }

    pub(crate) fn is_from_known_device(&self) -> bool {
        self.from_known_device
    }

    /// A passkey, alone or as the second step. It can't be guessed: it passes the account's lock, and
    /// nobody can lock it by wrong answers. The network address alone is counted.
    pub(crate) fn passkey(account: Option<AccountId>, origin: &Origin) -> Self {
        Self::outside(account, None, origin)
    }

    /// The present password, asked for within a session. Guesses from outside don't lock the person
    /// out of My Account.
    pub(crate) fn present_password(account: AccountId) -> Self {
        Self::within_session(account, "session")
    }

    /// A code, asked for within a session. It has a counter of its own, which the right password
    /// doesn't clear.
    pub(crate) fn present_code(account: AccountId) -> Self {
        Self::within_session(account, "session-code")
    }

    fn within_session(account: AccountId, secret: &str) -> Self {
        let own = (Counter::Account, format!("{secret}:{}", account.0));
        Self::new(Some(account), vec![own], Action::SecretRefused)
    }

    /// The token of a directory's service.
    pub(crate) fn directory_token(origin: &Origin) -> Self {
        let named = |(counter, network)| (counter, format!("directory:{network}"));
        let counters = networks(&origin.address).into_iter().map(named).collect();
        Self::new(None, counters, Action::TokenRefused)
    }

    /// The code with which Muster is set up.
    pub(crate) fn set_up(origin: &Origin) -> Self {
        Self { failure: Action::SecretRefused, ..Self::outside(None, None, origin) }
    }

    /// Counted for the account, if there is one, and for the address.
    fn outside(account: Option<AccountId>, own: Option<String>, origin: &Origin) -> Self {
        let own = own.map(|key| (Counter::Account, key));
        let named = |(counter, network)| (counter, format!("address:{network}"));
        let networks = networks(&origin.address).into_iter().map(named);
        let counters = own.into_iter().chain(networks).collect();
        Self::new(account, counters, Action::SignInFailed)
    }

    fn new(account: Option<AccountId>, counters: Vec<(Counter, String)>, failure: Action) -> Self {
        Self { account, counters, failure, from_known_device: false }
    }

    /// Refuses where the guess would have to wait. Nothing is counted: [`count`](Self::count)
    /// decides.
    pub(crate) async fn check(
        &self,
        reader: &mut Reader,
        lock_out: LockOut,
        now: Timestamp,
    ) -> Result<()> {
        let mut longest = 0;
        for (counter, key) in &self.counters {
            let failures = reader.failures(key).await?;
            longest = longest.max(failures.wait_seconds(*counter, lock_out, now));
        }
        wait(longest)
    }

    /// Counts the guess as a failure; refuses it where it has to wait. The transaction must be
    /// committed before the answer tells anything of the secret.
    pub(crate) async fn count(
        self,
        tx: &mut Transaction,
        lock_out: LockOut,
        now: Timestamp,
    ) -> Result<Counted> {
        let mut longest = 0;
        let mut counters = Vec::with_capacity(self.counters.len());
        // Always in this order: two guesses never wait for each other.
        for (counter, key) in self.counters {
            let before = tx.lock_failures(&key).await?;
            longest = longest.max(before.wait_seconds(counter, lock_out, now));
            let after = before.and_one_more(lock_out, now);
            counters.push(Kept { counter, key, before, after });
        }
        wait(longest)?;
        for it in &counters {
            let account = self.account.filter(|_| it.counter == Counter::Account);
            tx.count_failure(&it.key, account, it.after).await?;
        }
        Ok(Counted { account: self.account, counters, failure: self.failure, lock_out, now })
    }
}

fn wait(seconds: i64) -> Result<()> {
    if seconds > 0 { Err(Fault::Wait { seconds }.into()) } else { Ok(()) }
}

/// A guess that was counted as a failure. What it was has to be said.
#[derive(Debug)]
#[must_use = "a guess is right, no guess at all, or wrong"]
pub(crate) struct Counted {
    account: Option<AccountId>,
    counters: Vec<Kept>,
    failure: Action,
    lock_out: LockOut,
    now: Timestamp,
}

#[derive(Debug)]
struct Kept {
    counter: Counter,
    key: String,
    before: Failures,
    after: Failures,
}

impl Counted {
    /// The secret is right: what the account failed before in this way is forgotten. The address
    /// keeps its earlier failures.
    pub(crate) async fn right(self, tx: &mut Transaction) -> Result<()> {
        for it in self.counters {
            match it.counter {
                Counter::Account => tx.clear_failures(&it.key).await?,
                Counter::Address | Counter::Network => it.take_back(tx, None).await?,
            }
        }
        Ok(())
    }

    /// The secret is right, but another has to follow: this was no failure, and earlier ones are
    /// not forgiven yet.
    pub(crate) async fn take_back(self, tx: &mut Transaction) -> Result<()> {
        for it in self.counters {
            let account = self.account.filter(|_| it.counter == Counter::Account);
            it.take_back(tx, account).await?;
        }
        Ok(())
    }

    /// The secret is wrong: what is written down of it. What was typed is not: it may be a password
    /// in the wrong field.
    pub(crate) fn wrong(&self, found: Option<&Credentials>) -> Vec<Entry> {
        let mut entries = self.locks(found);
        entries.insert(0, entry(self.failure, whose(found), Value::Null));
        entries
    }

    /// The locks that begin with this failure.
    pub(crate) fn locks(&self, found: Option<&Credentials>) -> Vec<Entry> {
        let begun = self.counters.iter().filter(|it| it.after.lock_out(it.counter, self.lock_out));
        begun
            .map(|it| {
                let subject = match it.counter {
                    Counter::Account => whose(found),
                    Counter::Address | Counter::Network => whose(None),
                };
                let mut after = json!({
                    "failures": it.after.count,
                    "endsAt": self.now.plus_seconds(self.lock_out.seconds()),
                });
                if let Some((_, network)) = it.key.split_once(':')
                    && it.counter != Counter::Account
                {
                    after["network"] = json!(network);
                }
                entry(Action::SignInLocked, subject, after)
            })
            .collect()
    }
}

impl Kept {
    async fn take_back(self, tx: &mut Transaction, account: Option<AccountId>) -> Result<()> {
        let now = tx.lock_failures(&self.key).await?;
        let kept = now.without(self.before, self.after);
        if kept.count == 0 {
            tx.clear_failures(&self.key).await?;
        } else {
            tx.count_failure(&self.key, account, kept).await?;
        }
        Ok(())
    }
}

fn whose(found: Option<&Credentials>) -> Subject {
    let unknown = || Subject { kind: "account", id: String::new(), name: "unknown".to_owned() };
    found.map_or_else(unknown, |found| subject::account(found.id, &found.name))
}

fn entry(action: Action, subject: Subject, after: Value) -> Entry {
    Entry { action, subject, before: Value::Null, after }
}
