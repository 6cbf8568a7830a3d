//! A one-time code with which the Master Account Holder enrolls a directory, instead of an app's code. It is
//! made in the browser, where a passkey can be used, and typed where the service is set up.

use roster::audit::{Action, Entry};
use roster::authority::{Act, Caller};
use roster::directory::view::EnrollmentCode;
use roster::fault::Fault;
use roster::id::AccountId;
use roster::own::Again;
use roster::secret::Secret;
use roster::two_step::recovery_code;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{PendingKind, Transaction};

use crate::own_account::{Change, person, proven_again};
use crate::pending::{self, Awaits, Whose};
use crate::{Operations, Result, entropy, permit, subject, two_step};

/// A pending code stores only its owner.
#[derive(Serialize, Deserialize)]
struct Waits;

impl Awaits for Waits {
    const KIND: PendingKind = PendingKind::EnrollmentCode;
    const VERSION: u32 = 1;
    const SECONDS: i64 = 15 * 60;
    const MOST: u32 = 1;
}

/// Makes a code, shown only once. An earlier code stops working.
pub async fn create_enrollment_code(
    operations: &Operations,
    caller: &Caller,
    again: &Again,
) -> Result<EnrollmentCode> {
    permit(caller, &Act::EnrollDirectory)?;
    let actor = person(caller)?;
    let now = operations.now();
    let (mut tx, _) = proven_again(operations, caller, Change::Enrollment, again).await?;
    if !two_step::has_second_factor(&mut tx, actor.account).await? {
        // The proof was used up all the same.
        tx.commit_bookkeeping().await?;
        let why =
            "Your account has no two-step verification: “muster-sync setup” asks for no code.";
        return Err(Fault::refused(why).into());
    }
    let code = entropy::long_code()?;
    let whose = Whose::session(actor.account, actor.session);
    let ends_at = pending::keep_under(&mut tx, &compared(&code), whose, &Waits, now).await?;
    let entry = Entry {
        action: Action::EnrollmentCodeMade,
        subject: subject::account(actor.account, &actor.name),
        before: Value::Null,
        after: json!({ "endsAt": ends_at }),
    };
    tx.commit(caller, now, &[entry]).await?;
    Ok(EnrollmentCode { code, ends_at })
}

/// Whether this is the account's code. A right code is used up.
pub(super) async fn takes(
    tx: &mut Transaction,
    operations: &Operations,
    account: AccountId,
    typed: &Secret,
) -> Result<bool> {
    let now = operations.now();
    let found = pending::take_of_account::<Waits>(tx, &compared(typed), account, now).await?;
    Ok(found.is_some())
}

/// The code without the differences of typing, such as case and spaces.
fn compared(code: &Secret) -> Secret {
    Secret::new(recovery_code(code.reveal()))
}
