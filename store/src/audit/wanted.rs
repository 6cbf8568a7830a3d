//! The statement that finds entries: only what is asked for is in it, so that each goes along its
//! index. What finds the entries about one account is in `person`.

use roster::audit::{Cursor, Filter, Subjects};
use roster::id::AccountId;

use super::person;
use crate::batch::{Type, Value};
use crate::connection::Kind;
use crate::sql::containing_either;

pub(super) const COLUMNS: &str = "id, at, actor_id, actor, address, agent, action, subject_kind, \
                                  subject_id, subject_name, was, became";

/// An account lies where its group lies. The kind is looked at first: only then the number is an
/// account's or a group's.
const WITHIN: &str = "CASE subject_kind \
     WHEN 'group' THEN subject_number IN (SELECT group_below FROM below) \
     WHEN 'account' THEN EXISTS ( \
         SELECT 1 FROM accounts WHERE accounts.id = audit.subject_number \
         AND accounts.group_id IN (SELECT group_below FROM below)) \
     ELSE FALSE END";

/// What the subject is called, where whoever is limited to areas may know it: the name of an import
/// is its file's.
const NAMED: &str = "CASE WHEN subject_kind IN ('account', 'group') THEN subject_key ELSE '' END";

/// A statement in the making.
pub(super) struct Wanted {
    kind: Kind,
    /// The condition for the groups that are somebody's areas; `None`: all entries may be seen.
    areas: Option<String>,
    /// The account that the entries are about, as the parameters of its number and its text.
    account: Option<[String; 2]>,
    conditions: Vec<String>,
    pub(super) values: Vec<Value>,
    limit: u32,
}

impl Wanted {
    pub(super) fn new(
        kind: Kind,
        subjects: Subjects<'_>,
        filter: &Filter,
        after: Option<Cursor>,
        limit: u32,
    ) -> Self {
        let mut wanted = Self {
            kind,
            areas: None,
            account: None,
            conditions: Vec::new(),
            values: Vec::new(),
            limit,
        };
        let mut searched: &[&str] = &["actor_key", "subject_key", "value_key"];
        if let Subjects::Within(areas) = subjects {
            let areas = wanted.value(kind.list(areas.iter().map(|area| area.0.into())).into());
            wanted.areas = Some(kind.among("id", Type::Number, &areas));
            // What may not be seen may not be guessed at either.
            searched = &["actor_key", NAMED];
        }
        match filter.account() {
            Some(id) => wanted.about(id),
            None => wanted.subject(filter),
        }
        if let Some(by) = filter.by {
            wanted.condition("actor_id = $", by.0.into());
        }
        if !filter.who.is_empty() {
            wanted.containing(&["actor_key"], &filter.who);
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

    fn about(&mut self, id: AccountId) {
        self.account = Some([self.value(id.0.into()), self.value(id.to_string().into())]);
    }

    fn subject(&mut self, filter: &Filter) {
        if !filter.kind.is_empty() {
            self.condition("subject_kind = $", filter.kind.as_str().into());
        }
        if !filter.subject.is_empty() {
            self.condition("subject_id = $", filter.subject.as_str().into());
        }
    }

    /// `$` stands for the value.
    pub(super) fn condition(&mut self, condition: &str, value: Value) {
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

    pub(super) fn sql(&self) -> String {
        let mut tables: Vec<String> = Vec::new();
        if let Some(areas) = &self.areas {
            tables.push(format!(
                "below (group_below) AS ( \
                     SELECT id FROM technician_groups WHERE {areas} \
                     UNION \
                     SELECT child.id FROM technician_groups child \
                     JOIN below ON child.parent_id = below.group_below)"
            ));
        }
        let newest = ["ORDER BY at DESC, id DESC LIMIT ", &self.limit.to_string()].concat();
        let entries = match &self.account {
            None => {
                let scope = self.areas.as_ref().map(|_| WITHIN.to_owned());
                format!("SELECT {COLUMNS} FROM audit {} {newest}", self.all_of(scope))
            }
            Some([number, text]) => {
                tables.push(person::by_imports(number));
                let within = self.areas.as_ref().map(|_| person::within(number));
                let all_of =
                    |own: String| self.all_of([Some(own), within.clone()].into_iter().flatten());
                let own = all_of(format!("subject_kind = 'account' AND subject_id = {text}"));
                let imports = all_of(person::of_imports(self.kind, number, text));
                let runs = all_of(person::of_runs(self.kind, number, text));
                // Each part ends at its limit, along its index; then there is little to sort.
                format!(
                    "SELECT {COLUMNS} FROM ( \
                         SELECT * FROM (SELECT {COLUMNS} FROM audit {own} {newest}) own \
                         UNION ALL \
                         SELECT * FROM ( \
                             SELECT DISTINCT {COLUMNS} FROM by_imports CROSS JOIN audit {imports} \
                             {newest}) through_imports \
                         UNION ALL \
                         SELECT * FROM (SELECT {COLUMNS} FROM audit {runs} {newest}) through_runs \
                     ) entries {newest}"
                )
            }
        };
        if tables.is_empty() {
            return entries;
        }
        format!("WITH RECURSIVE {} {entries}", tables.join(", "))
    }

    /// `WHERE` all these hold, and what was asked for.
    fn all_of(&self, more: impl IntoIterator<Item = String>) -> String {
        let all: Vec<String> = more.into_iter().chain(self.conditions.iter().cloned()).collect();
        if all.is_empty() { String::new() } else { format!("WHERE {}", all.join(" AND ")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{check, plan_of};
    use roster::id::Timestamp;

    #[tokio::test]
    async fn the_entries_about_one_account_are_found_along_indexes() {
        let never = ["SCAN audit", "SCAN import_rows", "SCAN accounts", "SCAN imports"];
        let areas = [roster::id::GroupId(7)];
        for subjects in [Subjects::All, Subjects::Within(&areas)] {
            let filter = Filter::of_account(AccountId(7));
            for after in [None, Some(Cursor { at: Timestamp(0), id: 7 })] {
                let sql = Wanted::new(Kind::Sqlite, subjects, &filter, after, 51).sql();
                for index in ["import_rows_updated", "audit_action (action=? AND at=?)"] {
                    check(&sql, index, &never).await;
                }
                // Its own entries, and those of each import.
                assert_eq!(plan_of(&sql).await.matches("INDEX audit_subject").count(), 2);
            }
        }
    }
}
