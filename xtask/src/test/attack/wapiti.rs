//! The pages as somebody who is signed in finds them (wapiti): their forms and links are filled with what
//! breaks other programs. Modules that would speak to other machines are left out.

use std::{fs, time::Duration};

use serde_json::Value;

use super::{
    Finding,
    target::Target,
    tools::{Tools, bounded},
};
use crate::Outcome;

const MODULES: &str = "backup,cookieflags,crlf,csp,csrf,exec,file,htaccess,http_headers,ldap,methods,\
                       permanentxss,redirect,shellshock,sql,timesql,upload,xss";

/// Seconds: to find pages, for each module, and for all of it.
const SCAN: u64 = 40;
const MODULE: u64 = 8;
const LIMIT: Duration = Duration::from_mins(5);

/// What would end the session that attacks.
const LEFT_OUT: [&str; 5] =
    ["sign_out", "session_end", "sessions_end", "change_password", "technician_sessions_end"];

/// Where one begins; what else there is it finds.
const STARTS: [&str; 5] =
    ["/organization", "/settings", "/settings/administrators", "/account", "/audit"];

pub fn attack(tools: &Tools, target: &Target) -> Outcome<Vec<Finding>> {
    let report = target.folder.join("wapiti.json");
    let origin = &target.origin;
    bounded(&tools.wapiti, LIMIT, &target.folder.join("wapiti"), |tool| {
        tool.args(["--url", &format!("{origin}/organization"), "--scope", "domain"]);
        for start in STARTS {
            tool.args(["--start", &format!("{origin}{start}")]);
        }
        for name in LEFT_OUT {
            tool.args(["--exclude", &format!("{origin}/api/fn/{name}*")]);
        }
        tool.args(["--header", &format!("Cookie: {}", target.cookie)]);
        tool.args(["--module", MODULES, "--depth", "3", "--max-links-per-page", "30"]);
        tool.args(["--max-scan-time", &SCAN.to_string()]);
        tool.args(["--max-attack-time", &MODULE.to_string(), "--timeout", "5"]);
        // What is told to call back is told to call this machine, where nobody listens.
        tool.args(["--endpoint", "http://127.0.0.1:9/", "--flush-session", "--no-bugreport"]);
        tool.arg("--store-session").arg(target.folder.join("wapiti-session"));
        tool.args(["--format", "json", "--output"]).arg(&report);
    })?;
    let report = fs::read_to_string(&report).map_err(|_| "it wrote no report")?;
    let report: Value = serde_json::from_str(&report)?;
    let mut found = Vec::new();
    for kind in ["vulnerabilities", "anomalies"] {
        for (name, reports) in report[kind].as_object().into_iter().flatten() {
            for report in reports.as_array().into_iter().flatten() {
                let text = |key: &str| report[key].as_str().unwrap_or_default();
                let path = text("path").split('?').next().unwrap_or_default();
                let what = format!("{name}: {} {path} {}", text("method"), text("parameter"));
                found.push(Finding { tool: "wapiti", what: what.trim_end().to_owned() });
            }
        }
    }
    Ok(found)
}
