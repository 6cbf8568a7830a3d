//! What is wrong with a JSON text, in words that say what would be right.

use crate::text::shown;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mistake {
    EndsEarly,
    CommaAtBeginning,
    /// Before this character.
    CommaTooMany(u8),
    /// In what this character closes.
    MissingComma(u8),
    MissingColon,
    KeyWithoutQuotes,
    NoValue,
    /// So many bytes that look like a number.
    Number(usize),
    LineBreakInText,
    ControlInText(u8),
    TextWithoutEnd,
    Escape,
    AfterTheEnd,
}

impl Mistake {
    /// `rest` is the text from the mistake on.
    pub fn sentence(self, rest: &str) -> String {
        let here = rest.chars().next().unwrap_or(' ');
        match self {
            Self::EndsEarly => {
                "the file ends before its last bracket. Perhaps it was cut off.".to_owned()
            }
            Self::CommaAtBeginning => "there is a comma before the first item.".to_owned(),
            Self::CommaTooMany(b',') => "there are two commas in a row.".to_owned(),
            Self::CommaTooMany(before) => {
                format!("there is a comma too many before {}", char::from(before))
            }
            Self::MissingComma(close) => match here {
                '"' | '{' | '[' => "there is a comma missing before this.".to_owned(),
                _ => format!(
                    "here belongs a comma or {}, not “{}”.",
                    char::from(close),
                    shown(&here.to_string())
                ),
            },
            Self::MissingColon => {
                format!("here belongs a colon after the key, not “{}”.", shown(&here.to_string()))
            }
            Self::KeyWithoutQuotes => match quotes(here) {
                Some(sentence) => sentence,
                None => "a key needs quotes: \"name\".".to_owned(),
            },
            Self::NoValue => no_value(rest, here),
            Self::Number(len) => format!(
                "“{}” is no number. If it is a text, put it in quotes.",
                shown(rest.get(..len).unwrap_or_default())
            ),
            Self::LineBreakInText => {
                "the text that begins here has no closing quote on its line. A line break inside a \
                 text is written \\n."
                    .to_owned()
            }
            Self::ControlInText(b'\t') => "a tab inside a text is written \\t.".to_owned(),
            Self::ControlInText(byte) => {
                format!("a control character inside a text is written \\u{byte:04x}.")
            }
            Self::TextWithoutEnd => {
                "the text that begins here has no closing quote. Perhaps the file was cut off."
                    .to_owned()
            }
            Self::Escape => "after \\ belongs one of \" \\ / b f n r t, or u and four digits; a \
                             backslash itself is written \\\\."
                .to_owned(),
            Self::AfterTheEnd => "the list has ended, but something follows.".to_owned(),
        }
    }
}

fn no_value(rest: &str, here: char) -> String {
    if let Some(sentence) = quotes(here) {
        return sentence;
    }
    let word: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    match word.as_str() {
        "True" | "TRUE" | "False" | "FALSE" => {
            format!("{word} is written {} in JSON.", word.to_lowercase())
        }
        "None" | "NULL" | "Null" | "undefined" | "NaN" | "nil" => {
            format!("{word} is written null in JSON.")
        }
        "" => match here {
            '/' | '#' => "JSON has no comments.".to_owned(),
            ',' => "there is a comma too many, or a value missing before it.".to_owned(),
            '}' | ']' => "there is a value missing.".to_owned(),
            _ => format!("“{}” begins no value.", shown(&here.to_string())),
        },
        _ => format!("“{}” is no value. A text needs quotes.", shown(&word)),
    }
}

fn quotes(here: char) -> Option<String> {
    match here {
        '\'' => Some("texts and keys stand in double quotes (\"), not in single ones.".to_owned()),
        '“' | '”' | '„' | '«' | '»' => Some(format!(
            "“{here}” is a typographic quote; texts and keys stand in straight ones (\")."
        )),
        _ => None,
    }
}
