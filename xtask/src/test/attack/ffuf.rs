//! Addresses that nobody linked to (ffuf, with dirb's lists): the common ones, and those that are known holes
//! of other products. What the server has beside its own list of addresses is a finding.

use std::{fs, path::Path, time::Duration};

use serde_json::Value;

use super::{
    Finding,
    target::Target,
    tools::{Tools, bounded},
};
use crate::Outcome;

pub fn attack(tools: &Tools, target: &Target) -> Outcome<Vec<Finding>> {
    let common = tools.word_lists.join("common.txt");
    let holes = target.folder.join("holes.txt");
    let mut lines = Vec::new();
    for file in fs::read_dir(tools.word_lists.join("vulns"))? {
        let text = fs::read(file?.path())?;
        let text = String::from_utf8_lossy(&text);
        let addresses = text.lines().filter(|line| can_be_asked(line));
        lines.extend(addresses.map(|line| line.trim_start_matches('/').to_owned()));
    }
    lines.sort();
    lines.dedup();
    fs::write(&holes, lines.join("\n"))?;
    let mut found = Vec::new();
    for (list, path, method) in [
        (&common, "/FUZZ", "GET"),
        (&holes, "/FUZZ", "GET"),
        (&common, "/api/FUZZ", "GET"),
        (&common, "/api/fn/FUZZ", "POST"),
    ] {
        found.extend(over(target, list, path, method)?);
    }
    Ok(found)
}

fn over(target: &Target, list: &Path, path: &str, method: &str) -> Outcome<Vec<Finding>> {
    let answers = target.folder.join("ffuf.json");
    let log = target.folder.join("ffuf");
    bounded(Path::new("ffuf"), Duration::from_secs(40), &log, |tool| {
        tool.args(["-s", "-t", "10", "-maxtime", "30", "-mc", "all", "-fc", "404", "-X", method]);
        tool.arg("-w").arg(list).arg("-u").arg(format!("{}{path}", target.origin));
        tool.args(["-H", &format!("Cookie: {}", target.cookie)]);
        tool.arg("-o").arg(&answers).args(["-of", "json"]);
    })?;
    let answers: Value = serde_json::from_str(&fs::read_to_string(&answers)?)?;
    let known = Target::addresses(method)?;
    let mut found = Vec::new();
    for answer in answers["results"].as_array().into_iter().flatten() {
        let word = answer["input"]["FUZZ"].as_str().unwrap_or_default();
        let address = path.replace("FUZZ", word.trim());
        let own = address.split(['?', '#']).next().unwrap_or_default();
        let status = answer["status"].as_u64().unwrap_or_default();
        if status >= 500 || !known.iter().any(|known| is_at(known, own)) {
            found.push(Finding { tool: "ffuf", what: format!("{method} {address}: {status}") });
        }
    }
    Ok(found)
}

/// Whether a request can hold it: any other is refused before an address is looked for.
fn can_be_asked(address: &str) -> bool {
    address.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>\"\\^`{}|".contains(&byte))
}

/// Whether an address of the list, with its `{…}`, is this one.
fn is_at(known: &str, address: &str) -> bool {
    let (known, address) = (known.split('/'), address.split('/'));
    known.clone().count() == address.clone().count()
        && known.zip(address).all(|(known, part)| known.starts_with('{') || known == part)
}
