//! The first account: the Master Account Holder, made once, by whoever can read the server's
//! console or run commands on it.

use roster::account::{PasswordState, Role, Source};
use roster::audit::{Action, Entry};
use roster::authority::{Act, Caller, Who};
use roster::fault::{Fault, FieldProblem};
use roster::fields::{Draft, Field, check_draft};
use roster::id::{AccountId, Timestamp};
use roster::password::Strength;
use roster::secret::Secret;
use serde_json::Value;
use store::{DefaultPasswordEdit, NewAccount, SettingsEdit};

use crate::attempts::Attempt;
use crate::hashing::Share;
use crate::{Operations, Result, entropy, permit, subject};

/// So long a code holds after the start that printed it.
const CODE_HOURS: i64 = 24;

/// What the first visit fills in.
#[derive(Clone, Debug)]
pub struct SetUp {
    /// The code that the server printed; `None` from the command line, which needs none.
    pub code: Option<Secret>,
    pub organization: String,
    pub name: String,
    pub email: String,
    pub password: Secret,
}

/// There is a Master Account Holder.
pub async fn is_set_up(operations: &Operations, _: &Caller) -> Result<bool> {
    Ok(operations.store.read().await?.has_holder().await?)
}

/// A new one-time code, of which only the digest is kept, and until when it holds; `None` where nothing
/// is to be set up.
pub async fn new_code(operations: &Operations, caller: &Caller) -> Result<Option<Secret>> {
    permit(caller, &Act::Operate)?;
    if is_set_up(operations, caller).await? {
        return Ok(None);
    }
    let code = entropy::code()?;
    let mut tx = operations.store.write().await?;
    let permit = tx.permit(caller, &Act::Operate).await?;
    let kept = kept(&entropy::digest(&code), operations.now().plus_seconds(CODE_HOURS * 60 * 60));
    tx.set_set_up_code_hash(&permit, Some(&kept)).await?;
    tx.commit_bookkeeping().await?;
    Ok(Some(code))
}

/// Creates the Master Account Holder.
pub async fn set_up(operations: &Operations, caller: &Caller, wish: SetUp) -> Result<AccountId> {
    permit(caller, &Act::SetUp)?;
    if is_set_up(operations, caller).await? {
        return Err(already().into());
    }
    if caller.who != Who::Operator {
        check_code(operations, caller, wish.code.as_ref()).await?;
    }

    let organization = wish.organization.trim().to_owned();
    let mut problems = organization_problems(&organization);
    let draft = Draft {
        name: wish.name,
        nickname: String::new(),
        email: wish.email,
        password: Some(wish.password.reveal().to_owned()),
        sso_id: String::new(),
        description: String::new(),
        enabled: true,
        standard_license: false,
        mobile_license: false,
    };
    if wish.password.is_empty() {
        problems.push(FieldProblem::new(Field::Password.key(), "Choose a password."));
    }
    let person = match check_draft(&draft, Strength::default(), &organization) {
        Ok(person) if problems.is_empty() => person,
        Ok(_) => return Err(Fault::Invalid { problems }.into()),
        Err(more) => {
            problems.extend(more.into_iter().map(FieldProblem::from));
            return Err(Fault::Invalid { problems }.into());
        }
    };

    let hash = operations.hashing.hash(&Share::of(caller), wish.password).await?;
    let now = operations.now();
    let after = subject::person_fields(&person);
    let name = person.name.clone();
    let account = NewAccount {
        role: Role::Holder,
        group: None,
        person,
        password: PasswordState::Own,
        hash: Some(hash),
        source: Source::Setup,
        created_at: now,
        import: None,
    };
    let mut tx = operations.store.write().await?;
    let permit = tx.permit(caller, &Act::SetUp).await?;
    let Ok(id) = tx.create_account(&permit, &account).await? else {
        return Err(already().into());
    };
    tx.set_set_up_code_hash(&permit, None).await?;
    let settings = tx.settings().await?;
    let edit = SettingsEdit {
        organization,
        strength: settings.strength,
        standard_seats: settings.standard.total,
        mobile_seats: settings.mobile.total,
        default_password_days: settings.default_password_days,
        default_password: DefaultPasswordEdit::Keep,
        policies: settings.policies,
        two_step: settings.two_step,
    };
    if tx.change_settings(&permit, settings.version, &edit).await?.is_err() {
        return Err(already().into());
    }
    let entry = Entry {
        action: Action::SetUp,
        subject: subject::account(id, &name),
        before: Value::Null,
        after,
    };
    tx.commit(caller, now, &[entry]).await?;
    Ok(id)
}

fn already() -> Fault {
    Fault::conflict("Muster is set up already. Sign in instead.")
}

/// Wrong codes are counted for the address they come from.
async fn check_code(operations: &Operations, caller: &Caller, code: Option<&Secret>) -> Result<()> {
    let now = operations.now();
    let mut tx = operations.store.write().await?;
    let lock_out = tx.settings().await?.policies.lock_out;
    let counted = Attempt::set_up(&caller.origin).count(&mut tx, lock_out, now).await?;
    let expected = tx.set_up_code_hash().await?;
    let given = code.map(|code| Secret::new(code.reveal().trim().to_uppercase()));
    if let (Some(given), Some(expected)) = (given, expected)
        && holds(&given, &expected, now)
    {
        counted.right(&mut tx).await?;
        tx.commit_bookkeeping().await?;
        return Ok(());
    }
    tx.commit(caller, now, &counted.wrong(None)).await?;
    Err(Fault::refused(format!(
        "This is not the set-up code. The server prints it when it starts; it holds for \
         {CODE_HOURS} hours, and after a restart only the newest holds."
    ))
    .into())
}

/// A code as it is kept: its digest, and when it ends.
fn kept(digest: &str, ends_at: Timestamp) -> String {
    format!("{digest} {}", ends_at.0)
}

fn holds(code: &Secret, kept: &str, now: Timestamp) -> bool {
    kept.split_once(' ').is_some_and(|(digest, ends_at)| {
        digest == entropy::digest(code) && ends_at.parse().is_ok_and(|ends_at: i64| now.0 < ends_at)
    })
}

/// What is wrong with the organization's name.
pub(crate) fn organization_problems(organization: &str) -> Vec<FieldProblem> {
    let message = match organization.chars().count() {
        0 => "The organization needs a name.",
        1..=128 => return Vec::new(),
        _ => "The organization’s name is longer than 128 characters.",
    };
    vec![FieldProblem::new("organization", message)]
}
