//! The trail page by page, the newest first, and entry by entry along its chain.

use roster::audit::chain::{Content, FoundBy};
use roster::audit::{Action, Cursor, Filter, Line, Subject, Subjects, Through, part};
use roster::id::{AccountId, Timestamp};
use roster::text;
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;

use super::wanted::{COLUMNS, Wanted};
use crate::batch::bind;
use crate::connection::Reader;
use crate::error::Error;
use crate::sql::Columns;

const COUNT: &str = "SELECT COUNT(*) AS entries FROM audit \
                     WHERE subject_kind = $1 AND subject_id = $2 AND at >= $3 AND action = $4";

/// An entry of the chain, and the hash that it carries.
#[derive(Clone, Debug)]
pub struct Link {
    pub content: Content,
    pub found_by: FoundBy,
    pub hash: Option<String>,
}

impl Reader {
    /// So many entries, the newest first; `after` is the last one of the part before. Of an entry
    /// about many people, where one account is asked for, what it says of that account.
    pub async fn audit(
        &mut self,
        subjects: Subjects<'_>,
        filter: &Filter,
        after: Option<Cursor>,
        limit: u32,
    ) -> Result<Vec<Line>, Error> {
        let wanted = Wanted::new(self.kind, subjects, filter, after, limit);
        self.lines(wanted, filter.account()).await
    }

    /// One entry; `None`: there is no such one, or not among these subjects.
    pub async fn audit_entry(
        &mut self,
        subjects: Subjects<'_>,
        id: i64,
    ) -> Result<Option<Line>, Error> {
        self.entry(subjects, &Filter::default(), id).await
    }

    /// What one entry says of this account; `None`: nothing, or the account is not among these
    /// subjects.
    pub async fn audit_entry_of(
        &mut self,
        subjects: Subjects<'_>,
        account: AccountId,
        id: i64,
    ) -> Result<Option<Line>, Error> {
        self.entry(subjects, &Filter::of_account(account), id).await
    }

    async fn entry(
        &mut self,
        subjects: Subjects<'_>,
        filter: &Filter,
        id: i64,
    ) -> Result<Option<Line>, Error> {
        let mut wanted = Wanted::new(self.kind, subjects, filter, None, 1);
        wanted.condition("id = $", id.into());
        Ok(self.lines(wanted, filter.account()).await?.pop())
    }

    async fn lines(
        &mut self,
        wanted: Wanted,
        account: Option<AccountId>,
    ) -> Result<Vec<Line>, Error> {
        let query = sqlx::query(AssertSqlSafe(wanted.sql()));
        let query = wanted.values.into_iter().fold(query, bind);
        let rows = query.fetch_all(self.connection()).await?;
        let mut lines = rows.iter().map(line).collect::<Result<Vec<_>, _>>()?;
        lines.dedup_by_key(|line| line.id);
        self.find_runs(&mut lines).await?;
        match account {
            Some(account) => self.parts(lines, account).await,
            None => Ok(lines),
        }
    }

    /// What these entries say of the account.
    async fn parts(&mut self, lines: Vec<Line>, account: AccountId) -> Result<Vec<Line>, Error> {
        if lines.iter().all(|line| line.subject_kind == "account") {
            return Ok(lines);
        }
        // An entry about many has nobody's name.
        let found = self.account(account).await?;
        let name = found.map_or_else(|| account.to_string(), |account| account.name);
        let own = |line: Line| match line.subject_kind.as_str() {
            "account" => Some(line),
            _ => part(line, account, &name),
        };
        Ok(lines.into_iter().filter_map(own).collect())
    }

    /// How often this was done to this subject since this moment.
    pub async fn audit_count(
        &mut self,
        action: Action,
        subject: &Subject,
        since: Timestamp,
    ) -> Result<u64, Error> {
        let row = sqlx::query(COUNT)
            .bind(subject.kind)
            .bind(&subject.id)
            .bind(since.0)
            .bind(action.as_str())
            .fetch_one(self.connection())
            .await?;
        row.count("entries")
    }

    /// The entries after this one in the order of the chain.
    pub async fn audit_links(&mut self, after: i64, limit: u32) -> Result<Vec<Link>, Error> {
        let sql = format!(
            "SELECT {COLUMNS}, subject_number, actor_key, subject_key, value_key, hash \
             FROM audit WHERE id > $1 ORDER BY id LIMIT $2"
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(after)
            .bind(i64::from(limit))
            .fetch_all(self.connection())
            .await?;
        rows.iter().map(link).collect()
    }

    /// How many entries are from before the chain, which begins after this one.
    pub async fn audit_unchained(&mut self, begins_after: i64) -> Result<u64, Error> {
        let row = sqlx::query("SELECT COUNT(*) AS entries FROM audit WHERE id <= $1")
            .bind(begins_after)
            .fetch_one(self.connection())
            .await?;
        row.count("entries")
    }
}

fn link(row: &AnyRow) -> Result<Link, Error> {
    let found_by = FoundBy {
        subject_number: row.maybe_number("subject_number")?,
        actor_key: row.text("actor_key")?,
        subject_key: row.text("subject_key")?,
        value_key: row.text("value_key")?,
    };
    Ok(Link { content: content(row)?, found_by, hash: row.maybe_text("hash")? })
}

fn content(row: &AnyRow) -> Result<Content, Error> {
    Ok(Content {
        id: row.number("id")?,
        at: row.number("at")?,
        actor_id: row.maybe_number("actor_id")?,
        actor: row.text("actor")?,
        address: row.text("address")?,
        agent: row.text("agent")?,
        action: row.text("action")?,
        subject_kind: row.text("subject_kind")?,
        subject_id: row.text("subject_id")?,
        subject_name: row.text("subject_name")?,
        before: row.text("was")?,
        after: row.text("became")?,
    })
}

/// As people read it. What earlier versions let into names and values, overrides of the writing
/// direction, is in the entry and its hash alone.
fn line(row: &AnyRow) -> Result<Line, Error> {
    let seen = |name| Ok::<_, Error>(text::visible_lines(&row.text(name)?).into_owned());
    let value = |name| {
        serde_json::from_str(&seen(name)?)
            .map_err(|cause| Error::Corrupt(format!("{name} is no JSON: {cause}")))
    };
    let line = Line {
        id: row.number("id")?,
        at: row.moment("at")?,
        actor_id: row.maybe_number("actor_id")?.map(AccountId),
        actor: seen("actor")?,
        address: row.text("address")?,
        agent: row.text("agent")?,
        action: row.text("action")?,
        subject_kind: row.text("subject_kind")?,
        subject_id: row.text("subject_id")?,
        subject_name: seen("subject_name")?,
        before: value("was")?,
        after: value("became")?,
        through: None,
    };
    Ok(Line { through: Through::told(&line), ..line })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection::Kind;
    use crate::plan::check;
    use roster::id::GroupId;

    #[tokio::test]
    async fn every_page_is_read_along_an_index() {
        let plan = async |subjects, filter: Filter, after, index: &str| {
            let wanted = Wanted::new(Kind::Sqlite, subjects, &filter, after, 50);
            check(&wanted.sql(), index, &["SCAN accounts", "TEMP B-TREE"]).await;
        };
        let after = Some(Cursor { at: Timestamp(0), id: 7 });
        let all = Subjects::All;
        check(COUNT, "audit_action", &["SCAN audit"]).await;
        plan(all, Filter::default(), None, "audit_at").await;
        plan(all, Filter::default(), after, "audit_at").await;
        plan(all, Filter::of_group(GroupId(7)), after, "audit_subject").await;
        plan(all, Filter { by: Some(AccountId(7)), ..Filter::default() }, after, "audit_actor")
            .await;
        let action = Filter { action: "sign_in".to_owned(), ..Filter::default() };
        plan(all, action, after, "audit_action").await;
        let time = Filter { from: Some(Timestamp(0)), to: Some(Timestamp(9)), ..Filter::default() };
        plan(all, time, after, "audit_at").await;
        let text = Filter { who: "a".to_owned(), text: "a".to_owned(), ..Filter::default() };
        plan(all, text.clone(), None, "audit_at").await;
        plan(Subjects::Within(&[GroupId(2)]), text, after, "audit_at").await;
    }
}
