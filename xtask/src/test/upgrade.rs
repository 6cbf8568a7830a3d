//! An upgrade while people work: the program of the release before, built from its source, and this one
//! serve the same database side by side, on `SQLite` and on `PostgreSQL`.

mod before;
mod server;

use std::{env, fs, path::Path};

use self::server::{Browser, Program};
use super::Context;
use crate::{
    Outcome,
    bench::native::{self, Kind},
    build, place,
    postgres::Cluster,
    say,
};

/// Imported through each server.
const ROWS: usize = 40;

pub fn tests(_: &mut Context) -> Outcome {
    let before = before::program()?;
    build::developed()?;
    let now = place::muster("debug")?;
    let cluster = Cluster::start()?;
    let folder = env::temp_dir().join(format!("muster-upgrade-{}", std::process::id()));
    for kind in Kind::ALL {
        let folder = folder.join(kind.name());
        fs::create_dir_all(&folder)?;
        let url = native::database(&folder, &cluster, kind, "upgraded")?;
        let program = |path: &Path| Program::new(path, &url, &folder);
        let (done, took) = say::timed(|| side_by_side(&program(&before), &program(&now)));
        done.map_err(|error| format!("on {}: {error}", kind.name()))?;
        say::result(&format!("  on {}: {}", kind.name(), say::seconds(took)));
    }
    Ok(fs::remove_dir_all(&folder)?)
}

/// The old server works before, while and after the new one brings the database forward; both see the same.
fn side_by_side(before: &Program, now: &Program) -> Outcome {
    before.set_up()?;
    let group = before.run(&["group", "add", "Support"])?.trim().to_owned();
    let old = before.serve("old")?;
    let early = old.sign_in()?;
    work(&early, &group, "early", 1)?;

    let new = now.serve("new")?;
    work(&early, &group, "session of before", 2)?;
    work(&old.sign_in()?, &group, "signed in at the old one", 3)?;
    work(&new.sign_in()?, &group, "signed in at the new one", 4)?;
    // The proxy sends one browser to either.
    work(&new.with(&early), &group, "sent to the new one", 5)?;
    work(&old.with(&new.sign_in()?), &group, "sent to the old one", 6)?;

    let people = now.run(&["export"])?.lines().count() - 1;
    let expected = 6 * (ROWS + 1);
    if people != expected {
        return Err(format!("{people} technicians instead of {expected}").into());
    }
    now.run(&["audit", "verify"])?;
    for server in [&old, &new] {
        server.is_alive()?;
        server.has_no_failures()?;
    }
    Ok(())
}

/// What people do: look, create, import.
fn work(browser: &Browser, group: &str, name: &str, number: usize) -> Outcome {
    let done = (|| {
        for page in
            ["/organization", "/account", "/settings", &format!("/organization/groups/{group}")]
        {
            browser.visit(page)?;
        }
        browser.create(group, number)?;
        browser.import(group, number, ROWS)
    })();
    done.map_err(|error| format!("{name}: {error}").into())
}
