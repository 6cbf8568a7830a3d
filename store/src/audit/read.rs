//! The trail page by page, the newest first, and entry by entry along its chain.

use roster::audit::chain::{Content, FoundBy};
use roster::audit::{Action, Cursor, Filter, Line, Subject, Subjects};
use roster::id::{AccountId, Timestamp};
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;

use crate::batch::{Type, Value, bind};
use crate::connection::{Kind, Reader};
use crate::error::Error;
use crate::sql::{Columns, containing_either};

const COLUMNS: &str = "id, at, actor_id, actor, address, agent, action, subject_kind, subject_id, \
                       subject_name, was, became";

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
    /// So many entries, the newest first; `after` is the last one of the part before.
    pub async fn audit(
        &mut self,
        subjects: Subjects<'_>,
        filter: &Filter,
        after: Option<Cursor>,
        limit: u32,
    ) -> Result<Vec<Line>, Error> {
        let wanted = Wanted::new(self.kind, subjects, filter, after, limit);
        let query = sqlx::query(AssertSqlSafe(wanted.sql()));
        let query = wanted.values.into_iter().fold(query, bind);
        query.fetch_all(self.connection()).await?.iter().map(line).collect()
    }

    /// One entry; `None`: there is no such one, or not among these subjects.
    pub async fn audit_entry(
        &mut self,
        subjects: Subjects<'_>,
        id: i64,
    ) -> Result<Option<Line>, Error> {
        let mut wanted = Wanted::new(self.kind, subjects, &Filter::default(), None, 1);
        wanted.condition("id = $", id.into());
        let query = sqlx::query(AssertSqlSafe(wanted.sql()));
        let query = wanted.values.into_iter().fold(query, bind);
        query.fetch_optional(self.connection()).await?.as_ref().map(line).transpose()
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

/// A statement in the making: only what is asked for is in it, so that each goes along its index.
struct Wanted {
    scope: &'static str,
    within: Option<String>,
    conditions: Vec<String>,
    values: Vec<Value>,
    limit: u32,
}

/// An account lies where its group lies. The kind is looked at first: only then the number is an
/// account's or a group's.
const WITHIN: &str = "CASE subject_kind \
     WHEN 'group' THEN subject_number IN (SELECT group_below FROM below) \
     WHEN 'account' THEN EXISTS ( \
         SELECT 1 FROM accounts WHERE accounts.id = audit.subject_number \
         AND accounts.group_id IN (SELECT group_below FROM below)) \
     ELSE FALSE END";

impl Wanted {
    fn new(
        kind: Kind,
        subjects: Subjects<'_>,
        filter: &Filter,
        after: Option<Cursor>,
        limit: u32,
    ) -> Self {
        let mut wanted =
            Self { scope: "", within: None, conditions: Vec::new(), values: Vec::new(), limit };
        let mut searched: &[&str] = &["actor_key", "subject_key", "value_key"];
        if let Subjects::Within(areas) = subjects {
            let areas = kind.list(areas.iter().map(|area| area.0.into()));
            wanted.values.push(areas.into());
            wanted.within = Some(kind.among("id", Type::Number, "$1"));
            wanted.scope = WITHIN;
            // What may not be seen may not be guessed at either.
            searched = &["actor_key", "subject_key"];
        }
        if let Some(by) = filter.by {
            wanted.condition("actor_id = $", by.0.into());
        }
        if !filter.who.is_empty() {
            wanted.containing(&["actor_key"], &filter.who);
        }
        if !filter.kind.is_empty() {
            wanted.condition("subject_kind = $", filter.kind.as_str().into());
        }
        if !filter.subject.is_empty() {
            wanted.condition("subject_id = $", filter.subject.as_str().into());
        }
        if !filter.action.is_empty() {
            wanted.condition("action = $", filter.action.as_str().into());
        }
        if let Some(from) = filter.from {
            wanted.condition("at >= $", from.0.into());
        }
        if let Some(to) = filter.to {
            wanted.condition("at < $", to.0.into());
        }
        if !filter.text.is_empty() {
            wanted.containing(searched, &filter.text);
        }
        if let Some(Cursor { at, id }) = after {
            let at = wanted.value(at.0.into());
            let id = wanted.value(id.into());
            wanted.conditions.push(format!("(at, id) < ({at}, {id})"));
        }
        wanted
    }

    /// `$` stands for the value.
    fn condition(&mut self, condition: &str, value: Value) {
        let parameter = self.value(value);
        self.conditions.push(condition.replace('$', &parameter));
    }

    /// One of the columns has the text in it.
    fn containing(&mut self, columns: &[&str], text: &str) {
        let mut ways = Vec::new();
        for pattern in containing_either(text) {
            let pattern = self.value(pattern.into());
            ways.extend(
                columns.iter().map(|column| format!(r"{column} LIKE {pattern} ESCAPE '\'")),
            );
        }
        self.conditions.push(format!("({})", ways.join(" OR ")));
    }

    fn value(&mut self, value: Value) -> String {
        self.values.push(value);
        format!("${}", self.values.len())
    }

    fn sql(&self) -> String {
        let below = match &self.within {
            Some(areas) => format!(
                "WITH RECURSIVE below (group_below) AS ( \
                     SELECT id FROM technician_groups WHERE {areas} \
                     UNION \
                     SELECT child.id FROM technician_groups child \
                     JOIN below ON child.parent_id = below.group_below) "
            ),
            None => String::new(),
        };
        let scope = (!self.scope.is_empty()).then_some(self.scope);
        let conditions: Vec<&str> =
            self.conditions.iter().map(String::as_str).chain(scope).collect();
        let wanted = if conditions.is_empty() {
            String::new()
        } else {
            format!("WHERE {}", conditions.join(" AND "))
        };
        format!(
            "{below}SELECT {COLUMNS} FROM audit {wanted} ORDER BY at DESC, id DESC LIMIT {}",
            self.limit
        )
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

fn line(row: &AnyRow) -> Result<Line, Error> {
    Ok(Line {
        id: row.number("id")?,
        at: row.moment("at")?,
        actor_id: row.maybe_number("actor_id")?.map(AccountId),
        actor: row.text("actor")?,
        address: row.text("address")?,
        agent: row.text("agent")?,
        action: row.text("action")?,
        subject_kind: row.text("subject_kind")?,
        subject_id: row.text("subject_id")?,
        subject_name: row.text("subject_name")?,
        before: row.json("was")?,
        after: row.json("became")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
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
        plan(all, Filter::of_account(AccountId(7)), after, "audit_subject").await;
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
