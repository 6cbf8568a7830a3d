//! A file that the browser saves, and never shows.

use std::fmt::Write;

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

pub fn file(name: &str, content_type: &'static str, content: impl Into<Body>) -> Response {
    let disposition =
        HeaderValue::try_from(disposition(name)).unwrap_or(HeaderValue::from_static("attachment"));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(content_type)),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    (headers, content.into()).into_response()
}

/// RFC 6266: the name in ASCII, and as it is.
fn disposition(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| match c {
            '"' | '\\' | '/' | '%' => '_',
            ' '..='~' => c,
            _ => '_',
        })
        .collect();
    let exact = name.bytes().fold(String::new(), |mut exact, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            exact.push(char::from(byte));
        } else {
            let _never_fails = write!(exact, "%{byte:02X}");
        }
        exact
    });
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{exact}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_any_script_are_kept() {
        let check = |name, expected: &str| assert_eq!(disposition(name), expected);
        check("a.csv", "attachment; filename=\"a.csv\"; filename*=UTF-8''a.csv");
        check(
            "名 \"1\".csv",
            "attachment; filename=\"_ _1_.csv\"; filename*=UTF-8''%E5%90%8D%20%221%22.csv",
        );
        check("a\r\nb", "attachment; filename=\"a__b\"; filename*=UTF-8''a%0D%0Ab");
    }
}
