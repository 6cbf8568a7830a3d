//! How many connections to a PostgreSQL server there are.

use operations::PoolSizes;

use super::given::Given;
use crate::failure::Result;

const MOST: u32 = 500;

pub fn sizes(readers: Option<Given>, writers: Option<Given>) -> Result<PoolSizes> {
    let usual = PoolSizes::default();
    Ok(PoolSizes {
        readers: readers.map_or(Ok(usual.readers), |given| number(&given))?,
        writers: writers.map_or(Ok(usual.writers), |given| number(&given))?,
    })
}

fn number(given: &Given) -> Result<u32> {
    match given.text.parse() {
        Ok(number @ 1..=MOST) => Ok(number),
        _ => Err(given.refuse(format_args!(
            "“{}” is no number of connections. Give a whole number from 1 to {MOST}.",
            given.text
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Failure;

    #[test]
    fn each_kind_has_its_number() {
        let check = |readers: Option<&str>, writers: Option<&str>, expected| {
            let readers = readers.map(|text| Given::flag("database_readers", text));
            let writers = writers.map(|text| Given::flag("database_writers", text));
            let found = sizes(readers, writers).unwrap();
            assert_eq!((found.readers, found.writers), expected);
        };
        check(None, None, (10, 6));
        check(Some("3"), None, (3, 6));
        check(Some("500"), Some("1"), (500, 1));
    }

    #[test]
    fn what_is_no_such_number_is_refused_with_the_limit() {
        for text in ["0", "501", "-1", "many", ""] {
            let given = Given::flag("database_writers", text);
            let Err(Failure::Usage(message)) = sizes(None, Some(given)) else { panic!("{text}") };
            assert!(
                message.starts_with("--database-writers: ") && message.contains("from 1 to 500")
            );
        }
    }
}
