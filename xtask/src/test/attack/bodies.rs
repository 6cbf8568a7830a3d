//! Bodies that the server functions read, made of their source: each argument by its type. So one that is
//! written tomorrow is attacked tomorrow.

use std::{fmt::Write as _, fs, path::PathBuf};

use serde_json::{Map, Value, json};

use crate::{Outcome, place, test::rooms};

/// Types within types, at most.
const DEPTH: usize = 6;
const ENDPOINT: &str = "endpoint = \"";

#[derive(Debug, PartialEq)]
enum Shape {
    Fields(Vec<(String, String)>),
    /// One type in another's clothes.
    Inner(String),
    /// The first of its ways, as serde writes it; what it holds.
    Way {
        name: String,
        tag: Option<String>,
        holds: Box<Shape>,
    },
    Nothing,
}

struct Source {
    file: PathBuf,
    text: String,
}

pub struct Bodies {
    sources: Vec<Source>,
}

impl Bodies {
    pub fn read() -> Outcome<Self> {
        let mut sources = Vec::new();
        for room in ["app", "roster"] {
            for file in rooms::sources(&place::root().join(room).join("src"))? {
                let text = fs::read_to_string(&file)?;
                let code = text.lines().map(|line| line.split("//").next().unwrap_or_default());
                let text = code.collect::<Vec<_>>().join("\n");
                sources.push(Source { file, text });
            }
        }
        Ok(Self { sources })
    }

    /// The content type and the body for the function at this address.
    pub fn of(&self, endpoint: &str) -> Option<(&'static str, String)> {
        let name = format!("{ENDPOINT}{endpoint}\"");
        let source = self.sources.iter().find(|source| source.text.contains(&name))?;
        let (_, rest) = source.text.split_once(&name)?;
        let (how, rest) = rest.split_once(")]")?;
        let (_, rest) = rest.split_once("fn ")?;
        let arguments = fields(within(&rest[rest.find('(')?..])?);
        let body = self.object(&arguments, source, 0);
        if how.contains("Json") {
            return Some(("application/json", body.to_string()));
        }
        let mut form = String::new();
        encode(&mut form, "", &body);
        Some(("application/x-www-form-urlencoded", form))
    }

    fn object(&self, fields: &[(String, String)], at: &Source, depth: usize) -> Value {
        let fields = fields.iter().map(|(name, kind)| {
            let value = match kind.as_str() {
                "String" if name.contains("email") => json!("t1@example.com"),
                kind => self.sample(kind, at, depth),
            };
            (name.clone(), value)
        });
        Value::Object(fields.collect::<Map<_, _>>())
    }

    fn sample(&self, kind: &str, at: &Source, depth: usize) -> Value {
        let kind = kind.trim_start_matches('&').trim();
        if depth > DEPTH {
            return Value::Null;
        }
        if let Some((outer, inner)) = kind.split_once('<') {
            let inner = inner.trim_end().trim_end_matches(',').strip_suffix('>').unwrap_or(inner);
            return match outer {
                "Vec" => json!([self.sample(inner, at, depth + 1)]),
                "Option" | "Box" | "Arc" => self.sample(inner, at, depth + 1),
                _ => json!({}),
            };
        }
        match kind.rsplit("::").next().unwrap_or(kind) {
            "bool" => json!(true),
            "Uuid" => json!("0198c0de-0000-7000-8000-000000000002"),
            "i64" | "u64" | "i32" | "u32" | "u16" | "u8" | "usize" | "i16" => json!(2),
            "String" | "str" | "Secret" => json!("2"),
            name => self
                .shape(name, at)
                .map_or(json!("2"), |(shape, at)| self.value(&shape, at, depth + 1)),
        }
    }

    fn value(&self, shape: &Shape, at: &Source, depth: usize) -> Value {
        match shape {
            Shape::Fields(fields) => self.object(fields, at, depth),
            Shape::Inner(kind) => self.sample(kind, at, depth),
            Shape::Way { name, tag: None, holds } if **holds == Shape::Nothing => json!(name),
            Shape::Way { name, tag: None, holds } => json!({ name: self.value(holds, at, depth) }),
            Shape::Way { name, tag: Some(tag), holds } => {
                let mut value = self.value(holds, at, depth);
                if !value.is_object() {
                    value = json!({});
                }
                value[tag] = json!(name);
                value
            }
            Shape::Nothing => Value::Null,
        }
    }

    /// A type of this name: of the same file, or else of any.
    fn shape<'a>(&'a self, name: &str, at: &'a Source) -> Option<(Shape, &'a Source)> {
        let others = self.sources.iter().filter(|source| source.file != at.file);
        std::iter::once(at)
            .chain(others)
            .find_map(|source| Some((defined(&source.text, name)?, source)))
    }
}

/// The type of this name in a file's text.
fn defined(text: &str, name: &str) -> Option<Shape> {
    for (word, is_enum) in [("struct", false), ("enum", true)] {
        for (at, found) in text.match_indices(&format!("{word} {name}")) {
            let rest = &text[at + found.len()..];
            let rest = rest.trim_start();
            let first = rest.chars().next()?;
            if !matches!(first, '{' | '(') {
                continue;
            }
            let inside = within(rest)?;
            if !is_enum {
                return Some(if first == '{' {
                    Shape::Fields(fields(inside))
                } else {
                    inner(inside)
                });
            }
            let before = &text[..at];
            let attributes = &before[before.rfind(['}', ';']).map_or(0, |end| end + 1)..];
            return first_way(attributes, inside);
        }
    }
    None
}

fn first_way(attributes: &str, inside: &str) -> Option<Shape> {
    let first = parts(inside).into_iter().next()?;
    let end = first.find(['{', '(', ' ', '=']).unwrap_or(first.len());
    let (name, rest) = first.split_at(end);
    let rest = rest.trim_start();
    let name = if attributes.contains("snake_case") { snake(name) } else { name.to_owned() };
    let tag = attributes.split_once("tag = \"").and_then(|(_, rest)| rest.split_once('"'));
    let tag = tag.map(|(tag, _)| tag.to_owned());
    let holds = match rest.chars().next() {
        Some('{') => Shape::Fields(fields(within(rest)?)),
        Some('(') => inner(within(rest)?),
        _ => Shape::Nothing,
    };
    Some(Shape::Way { name, tag, holds: Box::new(holds) })
}

fn inner(inside: &str) -> Shape {
    let kind = parts(inside).into_iter().next().unwrap_or_default();
    Shape::Inner(kind.trim_start_matches("pub(crate) ").trim_start_matches("pub ").to_owned())
}

/// Names and types.
fn fields(inside: &str) -> Vec<(String, String)> {
    let named = parts(inside).into_iter().filter_map(|part| {
        let (name, kind) = part.split_once(':')?;
        let name = name.split_whitespace().last()?;
        Some((name.to_owned(), kind.trim().to_owned()))
    });
    named.collect()
}

/// What stands between the bracket with which the text begins and the one that closes it.
fn within(text: &str) -> Option<&str> {
    let mut open = 0;
    for (at, c) in text.char_indices() {
        match c {
            '(' | '{' | '[' => open += 1,
            ')' | '}' | ']' => open -= 1,
            _ => {}
        }
        if open == 0 {
            return text.get(1..at);
        }
    }
    None
}

/// What stands between commas that are in no bracket, without attributes.
fn parts(text: &str) -> Vec<&str> {
    let (mut found, mut begin, mut open) = (Vec::new(), 0, 0);
    for (at, c) in text.char_indices() {
        match c {
            '(' | '{' | '[' | '<' => open += 1,
            ')' | '}' | ']' | '>' => open -= 1,
            ',' if open == 0 => {
                found.push(&text[begin..at]);
                begin = at + 1;
            }
            _ => {}
        }
    }
    found.push(&text[begin..]);
    found.into_iter().map(without_attributes).filter(|part| !part.is_empty()).collect()
}

fn without_attributes(part: &str) -> &str {
    let part = part.trim();
    match part.strip_prefix('#').and_then(|rest| Some(&rest[within(rest)?.len() + 2..])) {
        Some(rest) => without_attributes(rest),
        None => part,
    }
}

fn snake(name: &str) -> String {
    let mut snake = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.extend(c.to_lowercase());
    }
    snake
}

/// As forms send it: `form[name]=…`.
fn encode(form: &mut String, key: &str, value: &Value) {
    let below =
        |name: &str| if key.is_empty() { name.to_owned() } else { format!("{key}[{name}]") };
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                encode(form, &below(name), value);
            }
        }
        Value::Array(items) => {
            for (number, value) in items.iter().enumerate() {
                encode(form, &below(&number.to_string()), value);
            }
        }
        Value::Null => {}
        value => {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let between = if form.is_empty() { "" } else { "&" };
            // Writing to a String can't fail.
            let _ = write!(form, "{between}{key}={}", text.replace('@', "%40"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_follow_the_source() {
        let text = "#[derive(Debug)]\n#[serde(rename_all = \"snake_case\", tag = \"kind\")]\n\
                    pub enum Wish { OfGroup { id: GroupId }, None }\n\
                    struct Draft { #[serde(default)] pub name: String, email: String, \
                    wish: Option<Wish>, list: Vec<u64> }\npub struct GroupId(pub i64);\n\
                    #[server(prefix = \"/api/fn\", endpoint = \"make\", input = Json)]\n\
                    pub async fn make(draft: Draft, id: GroupId) -> Result<(), E> {}\n\
                    #[server(prefix = \"/api/fn\", endpoint = \"send\")]\n\
                    pub async fn send(draft: Draft) -> Result<(), E> {}";
        let source = Source { file: PathBuf::from("x.rs"), text: text.to_owned() };
        let bodies = Bodies { sources: vec![source] };
        let (kind, body) = bodies.of("make").unwrap_or_default();
        let wish = json!({ "kind": "of_group", "id": 2 });
        let draft = json!({ "name": "2", "email": "t1@example.com", "wish": wish, "list": [2] });
        let body: Value = serde_json::from_str(&body).unwrap_or_default();
        assert_eq!((kind, body), ("application/json", json!({ "draft": draft, "id": 2 })));
        let (_, form) = bodies.of("send").unwrap_or_default();
        assert!(form.contains("draft[email]=t1%40example.com"), "{form}");
        assert!(form.contains("draft[wish][id]=2") && form.contains("draft[list][0]=2"), "{form}");
        assert!(bodies.of("other").is_none());
    }

    /// A new function whose body can't be made is seen here.
    #[test]
    fn every_server_function_has_a_body() -> Outcome {
        let bodies = Bodies::read()?;
        let posts = super::super::target::Target::addresses("POST")?;
        let names: Vec<_> = posts.iter().filter_map(|path| path.strip_prefix("/api/fn/")).collect();
        assert!(names.len() > 50);
        for name in names {
            assert!(bodies.of(name).is_some(), "{name}");
        }
        Ok(())
    }
}
