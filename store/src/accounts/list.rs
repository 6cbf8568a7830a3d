//! Lists of accounts, page by page.

use roster::account::{Account, TechnicianLine};
use roster::id::{AccountId, GroupId, Timestamp};
use roster::listing::{Filter, Key, Listing, Order, State};
use roster::page::{Page, Window};
use roster::sign_in::Locking;
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;

use super::read::{account, account_columns, password};
use super::{PASSWORD_DUE, PASSWORD_ENDS_AT};
use crate::batch::Type;
use crate::connection::Reader;
use crate::error::Error;
use crate::sql::{Columns, containing, from_the_end, limit, offset, unaccented};

/// The page first, along an index: the columns of the rows before it aren't read. `counted`: the order in
/// which they are passed over.
fn page(listing: &Listing, counted: Order) -> String {
    let conditions = conditions(&listing.filter);
    let [order, counted] = [listing.order, counted].map(order);
    format!(
        "SELECT id, role, name, nickname, email, enabled, standard_license, mobile_license, \
                {PASSWORD_DUE} AS password_due, password_state, \
                {PASSWORD_ENDS_AT} AS password_ends_at, source, last_sign_in_at \
         FROM accounts WHERE id IN ( \
             SELECT id FROM accounts WHERE {conditions} ORDER BY {counted} LIMIT $2 OFFSET $3) \
         ORDER BY {order}"
    )
}

/// `$1` is the group. What the filter needs is last: the text's pattern, then the two numbers of
/// [`Locking`].
fn conditions(filter: &Filter) -> String {
    let (text, next) = match filter.text.trim() {
        "" => ("", 4),
        _ => (r" AND search LIKE $4 ESCAPE '\'", 5),
    };
    let state = match filter.state {
        None => String::new(),
        Some(State::Enabled) => " AND enabled".to_owned(),
        Some(State::Disabled) => " AND NOT enabled".to_owned(),
        Some(State::PasswordDue) => format!(" AND enabled AND {PASSWORD_DUE}"),
        Some(State::Locked) => format!(
            " AND enabled AND id IN ( \
                 SELECT account_id FROM sign_in_failures \
                 WHERE account_id IS NOT NULL AND failures >= ${next} AND last_at > ${})",
            next + 1
        ),
    };
    ["group_id = $1", text, &state].concat()
}

/// Which technicians of a group, at which moment.
struct Wanted<'a> {
    group: GroupId,
    filter: &'a Filter,
    /// For [`State::Locked`] alone.
    locking: Option<Locking>,
}

fn reversed(order: Order) -> Order {
    Order { descending: !order.descending, ..order }
}

/// Each along an index that begins with the group.
fn order(order: Order) -> &'static str {
    match (order.key, order.descending) {
        (Key::Name, false) => "name_key, id",
        (Key::Name, true) => "name_key DESC, id DESC",
        (Key::Email, false) => "email_key",
        (Key::Email, true) => "email_key DESC",
        (Key::LastSignIn, false) => "COALESCE(last_sign_in_at, 0), id",
        (Key::LastSignIn, true) => "COALESCE(last_sign_in_at, 0) DESC, id DESC",
    }
}

impl Reader {
    /// The technicians of this group itself; `locked` is the caller's.
    pub async fn technicians(
        &mut self,
        group: GroupId,
        listing: impl Into<Listing>,
        now: Timestamp,
        window: Window,
    ) -> Result<Page<TechnicianLine>, Error> {
        let listing: Listing = listing.into();
        let wanted = self.wanted(group, &listing.filter, now).await?;
        if window.offset == 0 {
            let items = self.page_of(&wanted, &listing, listing.order, window).await?;
            // A first page that isn't full says how many there are.
            let total = match items.len() {
                all if all < window.limit as usize => all as u64,
                _ => self.total(&wanted).await?,
            };
            return Ok(Page { items, total, offset: 0 });
        }
        let total = self.total(&wanted).await?;
        let (counted, near) = match from_the_end(window, total) {
            None => (listing.order, window),
            Some(near) => (reversed(listing.order), near),
        };
        let items = self.page_of(&wanted, &listing, counted, near).await?;
        Ok(Page { items, total, offset: window.offset })
    }

    async fn wanted<'a>(
        &mut self,
        group: GroupId,
        filter: &'a Filter,
        now: Timestamp,
    ) -> Result<Wanted<'a>, Error> {
        let locking = match filter.state {
            Some(State::Locked) => Some(self.settings().await?.policies.lock_out.locking(now)),
            _ => None,
        };
        Ok(Wanted { group, filter, locking })
    }

    async fn page_of(
        &mut self,
        wanted: &Wanted<'_>,
        listing: &Listing,
        counted: Order,
        window: Window,
    ) -> Result<Vec<TechnicianLine>, Error> {
        let rows = self.matching(page(listing, counted), wanted, window).await?;
        rows.iter().map(line).collect()
    }

    async fn total(&mut self, wanted: &Wanted<'_>) -> Result<u64, Error> {
        if wanted.filter.is_empty() {
            return self.technicians_in(wanted.group).await;
        }
        // The same parameters, so that the text keeps its place.
        let sql = format!(
            "SELECT COUNT(*) AS total FROM accounts WHERE {} LIMIT $2 OFFSET $3",
            conditions(wanted.filter)
        );
        let one = Window { offset: 0, limit: 1 };
        let rows = self.matching(sql, wanted, one).await?;
        rows.first().map_or(Ok(0), |row| row.count("total"))
    }

    /// The ids of all of them, by name, and no more than `limit`.
    pub async fn technician_ids(
        &mut self,
        group: GroupId,
        filter: &Filter,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<AccountId>, Error> {
        let wanted = self.wanted(group, filter, now).await?;
        let sql = format!(
            "SELECT id FROM accounts WHERE {} ORDER BY name_key, id LIMIT $2 OFFSET $3",
            conditions(filter)
        );
        let rows = self.matching(sql, &wanted, Window { offset: 0, limit }).await?;
        rows.iter().map(|row| Ok(AccountId(row.number("id")?))).collect()
    }

    async fn matching(
        &mut self,
        sql: String,
        wanted: &Wanted<'_>,
        window: Window,
    ) -> Result<Vec<AnyRow>, Error> {
        let text = wanted.filter.text.trim();
        let mut query = sqlx::query(AssertSqlSafe(sql))
            .bind(wanted.group.0)
            .bind(limit(window))
            .bind(offset(window));
        // PostgreSQL takes no parameter that it wasn't told of.
        if !text.is_empty() {
            query = query.bind(containing(&unaccented(text)));
        }
        if let Some(Locking { failures, failed_after }) = wanted.locking {
            query = query.bind(i64::from(failures)).bind(failed_after.0);
        }
        Ok(query.fetch_all(self.connection()).await?)
    }

    /// These accounts, those that are there, by id.
    pub async fn accounts(&mut self, ids: &[AccountId]) -> Result<Vec<Account>, Error> {
        let sql = format!(
            concat!("SELECT ", account_columns!(), " FROM accounts WHERE {} ORDER BY id"),
            self.kind.among("id", Type::Number, "$1")
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(self.kind.list(ids.iter().map(|id| id.0.into())))
            .fetch_all(self.connection())
            .await?;
        rows.iter().map(account).collect()
    }

    /// Counted with every change: nothing is read through.
    async fn technicians_in(&mut self, group: GroupId) -> Result<u64, Error> {
        let row = sqlx::query("SELECT technicians FROM technician_groups WHERE id = $1")
            .bind(group.0)
            .fetch_optional(self.connection())
            .await?;
        row.map_or(Ok(0), |row| row.count("technicians"))
    }

    /// All accounts, or those in a group and all below it, by id; `after` is the last one of the
    /// part before.
    pub async fn accounts_for_export(
        &mut self,
        below: Option<GroupId>,
        after: Option<AccountId>,
        limit: u32,
    ) -> Result<Vec<Account>, Error> {
        let after = after.map_or(0, |id| id.0);
        let rows = match below {
            None => {
                sqlx::query(concat!(
                    "SELECT ",
                    account_columns!(),
                    " FROM accounts WHERE id > $1 ORDER BY id LIMIT $2"
                ))
                .bind(after)
                .bind(i64::from(limit))
                .fetch_all(self.connection())
                .await?
            }
            Some(group) => {
                sqlx::query(concat!(
                    "WITH RECURSIVE below (group_below) AS ( \
                         SELECT CAST($3 AS BIGINT) \
                         UNION ALL \
                         SELECT child.id FROM technician_groups child \
                         JOIN below ON child.parent_id = below.group_below) \
                     SELECT ",
                    account_columns!(),
                    " FROM accounts \
                     WHERE id > $1 AND group_id IN (SELECT group_below FROM below) \
                     ORDER BY id LIMIT $2"
                ))
                .bind(after)
                .bind(i64::from(limit))
                .bind(group.0)
                .fetch_all(self.connection())
                .await?
            }
        };
        rows.iter().map(account).collect()
    }
}

fn line(row: &AnyRow) -> Result<TechnicianLine, Error> {
    Ok(TechnicianLine {
        id: AccountId(row.number("id")?),
        role: row.word("role")?,
        name: row.text("name")?,
        nickname: row.text("nickname")?,
        email: row.text("email")?,
        enabled: row.flag("enabled")?,
        standard_license: row.flag("standard_license")?,
        mobile_license: row.flag("mobile_license")?,
        password_due: row.flag("password_due")?,
        password: password(row)?,
        password_ended: false,
        source: row.word("source")?,
        last_sign_in_at: row.maybe_moment("last_sign_in_at")?,
        locked: None,
    })
}

#[cfg(test)]
mod tests {
    use roster::listing::{Filter, Key, Listing, Order, State};

    use super::{page, reversed};
    use crate::plan::check;

    #[tokio::test]
    async fn a_page_is_read_along_the_index() {
        for (key, index) in [
            (Key::Name, "accounts_group"),
            (Key::Email, "accounts_group_email"),
            (Key::LastSignIn, "accounts_group_sign_in"),
        ] {
            for (descending, text, state) in [
                (false, "", None),
                (true, "", None),
                (false, "x", None),
                (false, "", Some(State::Locked)),
            ] {
                let filter = Filter { text: text.to_owned(), state };
                let order = Order { key, descending };
                let listing = Listing { filter, order };
                check(&page(&listing, order), index, &["SCAN accounts"]).await;
                check(&page(&listing, reversed(order)), index, &["SCAN accounts"]).await;
            }
        }
    }
}
