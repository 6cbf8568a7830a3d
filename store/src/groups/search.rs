//! Groups found as somebody types.

use roster::group::{GroupPath, PATH_SEPARATOR};
use roster::id::GroupId;
use sqlx::AssertSqlSafe;

use crate::batch::Type;
use crate::connection::{Kind, Reader};
use crate::error::Error;
use crate::sql::{Columns, behind, unaccented};

/// Groups of a name above which what follows is looked for.
const ABOVE: u32 = 1_000;

/// Names that have a text in them are found by the text's parts where they are fewer than these. Where
/// they are more, the names that are read one after the other soon bring enough of them.
const MANY: u32 = 200;
/// Characters of the longest parts.
const PART: usize = 3;

/// Where groups are looked for.
#[derive(Clone, Copy)]
enum Area<'a> {
    Everywhere,
    /// In these, and below them.
    Within(&'a [GroupId]),
    /// Below these.
    Below(&'a [GroupId]),
}

/// How a group matches, the best first.
#[derive(Clone, Copy)]
enum Match {
    /// The ID or the name is the text.
    Exact,
    Begins,
    Anywhere,
}

impl Match {
    const ALL: [Self; 3] = [Self::Exact, Self::Begins, Self::Anywhere];

    /// Each goes along an index and stops when it has found enough. `$1` is the text's key, `$2`
    /// what is behind all that begin with it, `$3` the most that are wanted, `$4` the text as an ID.
    fn statement(self, kind: Kind) -> String {
        let condition = match self {
            Self::Exact => {
                "id = $4 OR sort_key = $1 ORDER BY CASE WHEN id = $4 THEN 0 ELSE 1 END, id"
            }
            Self::Begins => "sort_key >= $1 AND sort_key < $2 ORDER BY sort_key, id",
            Self::Anywhere => &format!("{} > 0 ORDER BY sort_key, id", position(kind)),
        };
        format!("SELECT id FROM technician_groups WHERE {condition} LIMIT $3")
    }
}

/// All ways of a match at once, among the groups of an area: they must be gathered anyway. The area
/// is `$2`, the rest as in [`Match::statement`].
fn within(kind: Kind, column: &str) -> String {
    let (tops, position) = (kind.among(column, Type::Number, "$2"), position(kind));
    format!(
        "WITH RECURSIVE area (id, sort_key) AS ( \
             SELECT id, sort_key FROM technician_groups WHERE {tops} \
             UNION \
             SELECT child.id, child.sort_key \
             FROM area JOIN technician_groups child ON child.parent_id = area.id) \
         SELECT id FROM area WHERE id = $4 OR {position} > 0 \
         ORDER BY CASE WHEN id = $4 THEN 0 WHEN sort_key = $1 THEN 1 \
                       WHEN {position} = 1 THEN 2 ELSE 3 END, \
                  sort_key, id \
         LIMIT $3"
    )
}

/// Where in the name the text begins, from 1; 0: nowhere.
fn position(kind: Kind) -> &'static str {
    match kind {
        Kind::Sqlite => "instr(sort_key, $1)",
        Kind::Postgres => "strpos(sort_key, $1)",
    }
}

/// Those that have all parts of the text, and the text. `$1` is the text's key, `$2` the same as a
/// phrase, `$3` the most that are wanted.
fn by_parts(kind: Kind) -> String {
    match kind {
        Kind::Sqlite => "SELECT id FROM technician_groups \
             WHERE id IN (SELECT rowid FROM technician_group_parts \
                          WHERE technician_group_parts MATCH $2 LIMIT $3) \
             ORDER BY sort_key, id"
            .to_owned(),
        Kind::Postgres => format!(
            "SELECT id FROM ( \
                 SELECT id, sort_key FROM technician_groups \
                 WHERE id IN (SELECT group_id FROM technician_group_parts \
                              WHERE parts @> muster_parts($1, least({PART}, length($1)))) \
                   AND strpos(sort_key, $1) > 0 \
                 LIMIT $3) few \
             ORDER BY sort_key, id"
        ),
    }
}

impl Reader {
    /// Groups whose name has this text in it, in any case and with any accents, or whose ID it is;
    /// the best first: the ID, the name itself, names that begin with it, others. “Europe / Tier 2”
    /// finds the groups that “Tier 2” finds below those that “Europe” finds. `within`: only in these
    /// groups and below them; `None`: everywhere.
    pub async fn search_groups(
        &mut self,
        text: &str,
        within: Option<&[GroupId]>,
        limit: u32,
    ) -> Result<Vec<GroupPath>, Error> {
        let mut names: Vec<&str> = text.split(PATH_SEPARATOR).map(str::trim).collect();
        let last = names.pop().unwrap_or_default();
        let mut above: Option<Vec<GroupId>> = None;
        // A path may begin with the separator.
        for name in names.into_iter().filter(|name| !name.is_empty()) {
            let area = area(above.as_deref(), within);
            above = Some(self.find_groups(name, area, ABOVE).await?);
        }
        let found = self.find_groups(last, area(above.as_deref(), within), limit).await?;
        let mut paths = self.group_paths(&found).await?;
        Ok(found.iter().filter_map(|id| paths.remove(id)).collect())
    }

    async fn find_groups(
        &mut self,
        name: &str,
        area: Area<'_>,
        limit: u32,
    ) -> Result<Vec<GroupId>, Error> {
        let (column, tops) = match area {
            Area::Everywhere => return self.find_groups_everywhere(name, limit).await,
            Area::Within(tops) => ("id", tops),
            Area::Below(tops) => ("parent_id", tops),
        };
        let tops = self.kind.list(tops.iter().map(|group| group.0.into()));
        self.groups_matching(within(self.kind, column), name, &tops, limit).await
    }

    async fn find_groups_everywhere(
        &mut self,
        name: &str,
        limit: u32,
    ) -> Result<Vec<GroupId>, Error> {
        let end = behind(&unaccented(name));
        let mut found = Vec::new();
        for how in Match::ALL {
            if found.len() >= limit as usize {
                break;
            }
            let few = match how {
                Match::Anywhere => self.few_groups_with(name).await?,
                Match::Exact | Match::Begins => None,
            };
            let matching = match few {
                Some(few) => few,
                None => self.groups_matching(how.statement(self.kind), name, &end, limit).await?,
            };
            for id in matching {
                if !found.contains(&id) {
                    found.push(id);
                }
            }
        }
        found.truncate(limit as usize);
        Ok(found)
    }

    /// Those with this text somewhere in their name; `None`: they are many, or it can't be told.
    async fn few_groups_with(&mut self, name: &str) -> Result<Option<Vec<GroupId>>, Error> {
        let key = unaccented(name);
        if self.kind == Kind::Sqlite && key.chars().count() < PART {
            return Ok(None);
        }
        let phrase = ["\"", &key.replace('"', "\"\""), "\""].concat();
        let found = self.groups_matching(by_parts(self.kind), name, &phrase, MANY).await?;
        Ok(Some(found).filter(|found| found.len() < MANY as usize))
    }

    async fn groups_matching(
        &mut self,
        sql: String,
        name: &str,
        second: &str,
        limit: u32,
    ) -> Result<Vec<GroupId>, Error> {
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(unaccented(name))
            .bind(second)
            .bind(i64::from(limit))
            // No group has the ID 0.
            .bind(name.parse().unwrap_or(0_i64))
            .fetch_all(self.connection())
            .await?;
        rows.iter().map(|row| Ok(GroupId(row.number("id")?))).collect()
    }
}

fn area<'a>(above: Option<&'a [GroupId]>, within: Option<&'a [GroupId]>) -> Area<'a> {
    match (above, within) {
        (Some(groups), _) => Area::Below(groups),
        (None, Some(groups)) => Area::Within(groups),
        (None, None) => Area::Everywhere,
    }
}

#[cfg(test)]
mod tests {
    use super::Match;
    use crate::connection::Kind;
    use crate::plan::check;

    #[tokio::test]
    async fn searches_go_along_their_index() {
        for how in Match::ALL {
            let statement = how.statement(Kind::Sqlite);
            check(&statement, "COVERING INDEX technician_groups_search", &[]).await;
        }
    }
}
