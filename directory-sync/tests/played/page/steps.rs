//! From the first step to the last, with what goes wrong on the way.

use std::fs;
use std::sync::Arc;
use std::time::Duration;

use directory_sync::arguments::Setup as Flags;
use directory_sync::browser::{End, Limits};
use directory_sync::configuration::{Kept, Setting};
use roster::directory::protocol::{DirectoryIdentity, Mode, RunResult};
use tokio::sync::Notify;

use super::visitor::{
    EMAIL, PASSWORD, Page, READER, Visitor, ca, directory, limits, muster_fields, stage,
};
use crate::directory::guid;
use crate::muster::{DONE, REFUSED, TOKEN};
use crate::stage::GROUP;

#[tokio::test]
async fn set_up_by_pressing_next() {
    let stage = stage().await;
    stage.muster.answer.lock().unwrap().result = RunResult::Preview;
    let page = Page::of(&stage, &Flags { no_install: true, ..Flags::default() }, limits()).await;
    let mut visitor = Visitor::to(&page).await;
    visitor.connects_to_muster(&stage).await;
    visitor.connects_to_the_directory(&stage).await;
    visitor.maps("group", &guid(GROUP).to_string(), "1002").await;
    assert!(visitor.shown.text.contains("Support/Tier 1"));
    visitor.send("/groups", &[("go", "next")]).await;
    assert_eq!(visitor.title(), "What can be read");
    assert!(visitor.shown.text.contains("can be read: 1 people"), "{}", visitor.shown.text);
    visitor.send("/check", &[("go", "next")]).await;
    assert_eq!(visitor.title(), "What the first run would do");
    assert!(visitor.shown.text.contains("would be created"), "{}", visitor.shown.text);
    visitor.send("/preview", &[("go", "next")]).await;
    visitor.send("/install", &[("go", "finish")]).await;
    assert_eq!(visitor.title(), "Set-up is finished");
    assert_eq!(page.end().await, End::Finished);

    let setting = Setting::read(stage.files()).unwrap();
    assert_eq!(setting.configuration.domain, "corp.example.com");
    assert_eq!(setting.token.reveal(), TOKEN);
    assert!(stage.files().ca().is_file());
    let mapped = stage.muster.mappings.lock().unwrap().clone();
    assert_eq!((mapped[0].ad_group_guid, mapped[0].technician_group_id.0), (guid(GROUP), 1002));
    let told = stage.muster.told.lock().unwrap();
    assert_eq!(told.enrolled.len(), 1);
    assert_eq!(told.begun.iter().map(|run| run.mode).collect::<Vec<_>>(), [Mode::Preview]);
    for heard in &visitor.heard {
        for secret in [TOKEN, PASSWORD, &format!("\"{READER}\"")] {
            assert!(!heard.contains(secret), "{secret} in {heard}");
        }
    }
}

#[tokio::test]
async fn a_fault_is_shown_beside_its_field_which_has_the_focus() {
    let stage = stage().await;
    let server = format!("http://{}", stage.address);
    let page = Page::of(&stage, &Flags::default(), limits()).await;
    let mut visitor = Visitor::to(&page).await;
    let muster = async |visitor: &mut Visitor, fields: &[(&str, &str)], field: &str, said: &str| {
        let fields = [fields, &[("go", "next")]].concat();
        let shown = visitor.send("/muster", &fields).await;
        assert!(shown.fault(field).contains(said), "{field}: {}", shown.text);
        let (_, input) = shown.text.split_once(&format!("id=\"{field}\"")).unwrap();
        let input = input.split('>').next().unwrap();
        assert!(input.contains("autofocus") && input.contains("aria-invalid=\"true\""), "{input}");
        assert_eq!(shown.text.matches(" autofocus").count(), 1);
        assert_eq!(visitor.title(), "Error: Connect to Muster");
    };
    muster(&mut visitor, &[], "server", "Enter the address").await;
    let unsafe_one = [("server", "http://muster.example.com"), ("token", "wrong")];
    muster(&mut visitor, &unsafe_one, "server", "in the clear").await;
    muster(&mut visitor, &[("server", "http://127.0.0.1:1")], "server", "be reached").await;
    muster(&mut visitor, &[("server", &server)], "token", "refuses this service's token").await;
    let no_file = [("token", TOKEN), ("ca-file", "/nowhere.pem")];
    muster(&mut visitor, &no_file, "ca-file", "/nowhere.pem").await;
    muster(&mut visitor, &[("ca-file", "")], "email", "Enter the Master Account Holder").await;
    muster(&mut visitor, &[("email", EMAIL)], "password", "Enter").await;
    // A wrong password of the holder is known only once the directory is.
    visitor.send("/muster", &[("password", "wrong"), ("go", "next")]).await;
    let (controller, ca) = (stage.directory.address.to_string(), ca(&stage));
    let check = async |visitor: &mut Visitor, fields: &[(&str, &str)], field: &str, said: &str| {
        let mut all: Vec<_> = directory(&controller, &ca, READER).to_vec();
        all.retain(|(name, _)| fields.iter().all(|(other, _)| name != other));
        let shown = visitor.send("/directory", &[&all, fields].concat()).await;
        assert!(shown.fault(field).contains(said), "{field}: {}", shown.text);
    };
    check(&mut visitor, &[("domain", "")], "domain", "Enter the domain").await;
    check(&mut visitor, &[("bind-user", "")], "bind-user", "Enter the account").await;
    check(&mut visitor, &[("domain", "other.example.com")], "domain", "is a controller of").await;
    check(&mut visitor, &[("controller", "127.0.0.1:1")], "controller", "be reached").await;
    check(&mut visitor, &[("controller", "a/b")], "controller", "is not a controller").await;
    check(&mut visitor, &[("ca-file", "")], "controller", "certificate").await;
    check(&mut visitor, &[("base", "OU=Gone")], "base", "is not in the directory").await;
    check(&mut visitor, &[("bind-password", "bad")], "bind-password", "refuses the name").await;
    check(&mut visitor, &[], "password", "sentence").await;
    assert_eq!(visitor.title(), "Error: Connect to Muster");
    assert!(!visitor.shown.text.contains(REFUSED), "it is escaped");
    assert!(!stage.files().configuration.exists(), "nothing is kept");
    visitor.send("/muster", &[("password", PASSWORD), ("go", "next")]).await;
    visitor.connects_to_the_directory(&stage).await;
    let shown = visitor.send("/groups", &[("go", "next")]).await;
    assert!(shown.fault("search").contains("at least one"), "{}", shown.text);
}

#[tokio::test]
async fn going_back_and_forth_keeps_the_answers_and_shows_no_secret() {
    let stage = stage().await;
    let page = Page::of(&stage, &Flags::default(), limits()).await;
    let mut visitor = Visitor::to(&page).await;
    visitor.connects_to_muster(&stage).await;
    // Not even right yet.
    let typed = [
        ("domain", "half"),
        ("controller", "dc1 dc2:636"),
        ("start-tls", "on"),
        ("bind-user", "CORP\\\"reader\""),
        ("bind-password", "hidden-reader"),
        ("go", "back"),
    ];
    visitor.send("/directory", &typed).await;
    assert_eq!(visitor.title(), "Connect to Muster");
    assert_eq!(visitor.shown.value("email"), EMAIL);
    for secret in ["token", "password"] {
        assert_eq!(visitor.shown.value(secret), "", "{secret}");
    }
    assert_eq!(visitor.shown.text.matches("Kept; type to change").count(), 2);
    // Empty secrets stay as they are.
    let fields = [("token", ""), ("password", ""), ("go", "next")];
    visitor.send("/muster", &fields).await;
    assert_eq!(visitor.title(), "Connect to the directory");
    let shown = &visitor.shown;
    assert_eq!(shown.value("domain"), "half");
    assert_eq!(shown.value("controller"), "dc1 dc2:636");
    assert_eq!(shown.value("bind-user"), "CORP\\&quot;reader&quot;");
    assert_eq!(shown.value("bind-password"), "");
    assert!(shown.text.contains("value=\"on\" checked"));
    assert!(visitor.heard.iter().all(|heard| !heard.contains("hidden-")));
    // The browser's own way back is one, too; the way forward is by Next alone.
    visitor.connects_to_the_directory(&stage).await;
    assert!(
        visitor
            .see("/muster")
            .await
            .text
            .contains("A directory is enrolled with this token already")
    );
    assert_eq!(visitor.get("/preview").await.location(), "/muster");
    assert_eq!(visitor.post("/install", &[("go", "install")]).await.location(), "/muster");
    visitor.see("/groups").await;
}

#[tokio::test]
async fn a_code_is_asked_if_the_server_needs_one() {
    let stage = stage().await;
    let waits_for = (EMAIL.to_owned(), PASSWORD.to_owned(), "123456".to_owned());
    *stage.muster.waits_for.lock().unwrap() = Some(waits_for);
    let page = Page::of(&stage, &Flags::default(), limits()).await;
    let mut visitor = Visitor::to(&page).await;
    visitor.connects_to_muster(&stage).await;
    let (controller, ca) = (stage.directory.address.to_string(), ca(&stage));
    visitor.send("/directory", &directory(&controller, &ca, READER)).await;
    assert_eq!(visitor.title(), "Two-step verification");
    assert!(visitor.shown.text.contains("own &lt;b&gt;sentence"));
    let shown = visitor.send("/code", &[("code", ""), ("go", "next")]).await;
    assert_eq!(shown.fault("code"), "Enter a code.");
    let shown = visitor.send("/code", &[("code", "000000"), ("go", "next")]).await;
    assert!(shown.fault("code").contains("sentence"), "{}", shown.text);
    assert!(!shown.text.contains("Kept"), "a code works once");
    visitor.send("/code", &[("code", "123456"), ("go", "next")]).await;
    assert_eq!(visitor.title(), "Map AD groups to Technician Groups");
    assert!(visitor.heard.iter().all(|heard| !heard.contains("123456")));
}

#[tokio::test]
async fn names_from_outside_are_escaped() {
    let mut objects = crate::directory::Objects::default();
    objects.person(1);
    objects.group(GROUP, [1]);
    objects.set(GROUP, "name", "</td><script>alert(1)</script>\"'&");
    let stage = crate::stage::Stage::with(objects).await;
    stage.set(READER);
    let page = Page::of(&stage, &Flags::default(), limits()).await;
    let mut visitor = Visitor::to(&page).await;
    visitor.send("/muster", &[("go", "next")]).await;
    visitor.connects_to_the_directory(&stage).await;
    let hostile = "\"><script>alert(2)</script>";
    visitor.send("/groups", &[("search", hostile), ("go", "search")]).await;
    visitor.send("/groups", &[("search", "script"), ("go", "search")]).await;
    assert!(visitor.shown.text.contains("&lt;script&gt;alert(1)"), "{}", visitor.shown.text);
    visitor.send("/groups", &[("choose", &guid(GROUP).to_string())]).await;
    assert!(visitor.shown.text.contains("&lt;img src=x"), "{}", visitor.shown.text);
    visitor.send("/groups", &[("take", "1003")]).await;
    visitor.send("/groups", &[("go", "next")]).await;
    visitor.send("/check", &[("go", "next")]).await;
    for heard in visitor.heard {
        assert!(!heard.contains("<script>alert") && !heard.contains("<img"), "{heard}");
    }
}

#[tokio::test]
async fn a_repeated_set_up_needs_no_password_and_changes_no_mapping() {
    let stage = stage().await;
    *stage.muster.waits_for.lock().unwrap() = None;
    stage.set(READER);
    *stage.muster.mappings.lock().unwrap() = vec![roster::directory::protocol::Mapping {
        ad_group_guid: guid(GROUP),
        ad_group_name: "Support".into(),
        technician_group_id: roster::id::GroupId(1001),
    }];
    let page = Page::of(&stage, &Flags::default(), limits()).await;
    let mut visitor = Visitor::to(&page).await;
    assert_eq!(visitor.shown.value("server"), format!("http://{}", stage.address));
    visitor.send("/muster", &[("go", "next")]).await;
    assert_eq!(visitor.shown.value("domain"), "corp.example.com");
    visitor.send("/directory", &[("go", "next")]).await;
    assert!(visitor.shown.text.contains("#1001"), "{}", visitor.shown.text);
    visitor.send("/groups", &[("go", "next")]).await;
    assert_eq!(visitor.title(), "What can be read");
    let told = stage.muster.told.lock().unwrap();
    assert!(told.enrolled.is_empty());
    assert!(!told.requests.iter().any(|request| request == "PUT mappings"));
    assert_eq!(stage.files().read_secret(Kept::BindPassword).unwrap().reveal(), READER);
}

#[tokio::test]
async fn flags_fill_the_fields_in_advance() {
    let stage = stage().await;
    let file = |name: &str, text: &str| {
        let path = stage.directory.folder.path().join(name);
        fs::write(&path, text).unwrap();
        Some(path)
    };
    let flags = Flags {
        browser: true,
        server: Some(format!("http://{}", stage.address)),
        email: Some(EMAIL.into()),
        password_file: file("holder", PASSWORD),
        token_file: file("token", TOKEN),
        domain: Some("corp.example.com".into()),
        controller: vec![stage.directory.address.to_string()],
        ca_file: Some(ca(&stage).into()),
        bind_user: Some("reader".into()),
        bind_password_file: file("reader", READER),
        map: vec![format!("Group {GROUP}=Support/Tier 1")],
        ..Flags::default()
    };
    let page = Page::of(&stage, &flags, limits()).await;
    let mut visitor = Visitor::to(&page).await;
    for path in ["/muster", "/directory"] {
        visitor.send(path, &[("go", "next")]).await;
    }
    // The search is by the last part of the path alone.
    assert!(visitor.shown.text.contains("#1002"), "{}", visitor.shown.text);
    let wrong = Flags { token_file: Some("/nowhere".into()), ..Flags::default() };
    let offer = directory_sync::browser::Offer::make(stage.files(), &wrong, limits()).await;
    assert_eq!(offer.err().map(|failure| failure.code()), Some("config.secret"));
}

#[tokio::test]
async fn another_directory_than_the_enrolled_one_is_a_fault_of_the_domain() {
    let stage = stage().await;
    *stage.muster.waits_for.lock().unwrap() = None;
    *stage.muster.directory.lock().unwrap() = DirectoryIdentity {
        domain: "corp.example.com".into(),
        domain_guid: guid(1),
        domain_sid: "S-1-5-21-9-9-9".into(),
    };
    let page = Page::of(&stage, &Flags::default(), limits()).await;
    let mut visitor = Visitor::to(&page).await;
    let server = format!("http://{}", stage.address);
    visitor.send("/muster", &[("server", &server), ("token", TOKEN), ("go", "next")]).await;
    let (controller, ca) = (stage.directory.address.to_string(), ca(&stage));
    let shown = visitor.send("/directory", &directory(&controller, &ca, READER)).await;
    assert!(shown.fault("domain").contains("is not the one that was enrolled"), "{}", shown.text);
}

#[tokio::test]
async fn without_everything_a_run_needs_there_is_no_next() {
    let stage = stage().await;
    let page = Page::of(&stage, &Flags::default(), limits()).await;
    let mut visitor = Visitor::to(&page).await;
    visitor.connects_to_muster(&stage).await;
    visitor.connects_to_the_directory(&stage).await;
    visitor.maps("group", &guid(GROUP).to_string(), "1001").await;
    stage.muster.mappings.lock().unwrap().clear();
    stage.directory.says("isSynchronized", "FALSE");
    visitor.send("/groups", &[("go", "next")]).await;
    assert!(visitor.shown.text.contains("directory.not_synchronized"), "{}", visitor.shown.text);
    assert!(!visitor.shown.text.contains("value=\"next\""));
    visitor.send("/check", &[("go", "next")]).await;
    assert_eq!(visitor.title(), "Error: What can be read");
    stage.directory.says("isSynchronized", "TRUE");
    visitor.send("/check", &[("go", "again")]).await;
    assert!(visitor.shown.text.contains("value=\"next\""), "{}", visitor.shown.text);
    // A rejected preview is no way to the service.
    let rejected = roster::directory::protocol::Committed {
        result: RunResult::Rejected,
        message: Some("No.".into()),
        ..DONE
    };
    *stage.muster.answer.lock().unwrap() = rejected;
    visitor.send("/check", &[("go", "next")]).await;
    assert!(visitor.shown.text.contains("nothing was changed: No."), "{}", visitor.shown.text);
    visitor.send("/preview", &[("go", "next")]).await;
    assert_eq!(visitor.title(), "Error: What the first run would do");
    assert_eq!(visitor.post("/install", &[("go", "finish")]).await.location(), "/preview");
}

#[tokio::test]
async fn long_work_shows_that_it_goes_on_and_can_be_cancelled() {
    let stage = stage().await;
    stage.muster.answer.lock().unwrap().result = RunResult::Preview;
    let at_once = Limits { at_once: Duration::from_millis(200), wait: Duration::ZERO, ..limits() };
    let page = Page::of(&stage, &Flags::default(), at_once).await;
    let mut visitor = Visitor::to(&page).await;
    let until = async |visitor: &mut Visitor, path: &str| {
        while visitor.get("/working").await.location() != path {
            tokio::task::yield_now().await;
        }
        visitor.see(path).await;
    };
    let go_on = Arc::new(Notify::new());
    let hold = |part| *stage.muster.holds.lock().unwrap() = Some((part, Arc::clone(&go_on)));
    hold("hello");
    let server = format!("http://{}", stage.address);
    let fields = muster_fields(&server);
    visitor.send("/muster", &fields).await;
    assert!(visitor.shown.text.contains("Asking Muster…"), "{}", visitor.shown.text);
    assert_eq!(visitor.get("/working/over").await.status, 202);
    // Nothing else is begun meanwhile.
    assert_eq!(visitor.post("/muster", &fields).await.location(), "/working");
    assert_eq!(visitor.get("/muster").await.location(), "/working");
    visitor.post("/working", &[("go", "cancel")]).await;
    until(&mut visitor, "/muster").await;
    assert_eq!(visitor.get("/working/over").await.status, 204);
    assert_eq!(visitor.shown.value("server"), server);
    *stage.muster.holds.lock().unwrap() = None;
    visitor.post("/muster", &[("go", "next")]).await;
    until(&mut visitor, "/directory").await;
    let (controller, ca) = (stage.directory.address.to_string(), ca(&stage));
    visitor.post("/directory", &directory(&controller, &ca, READER)).await;
    until(&mut visitor, "/groups").await;
    for fields in [
        [("search", "group"), ("go", "search")],
        [("choose", &*guid(GROUP).to_string()), ("go", "")],
        [("take", "1001"), ("go", "")],
    ] {
        visitor.post("/groups", &fields).await;
        until(&mut visitor, "/groups").await;
    }
    visitor.post("/groups", &[("go", "next")]).await;
    until(&mut visitor, "/check").await;
    // A preview that is given up is told to the server.
    hold("commit");
    visitor.send("/check", &[("go", "next")]).await;
    assert!(visitor.shown.text.contains("for a preview…"), "{}", visitor.shown.text);
    visitor.post("/working", &[("go", "cancel")]).await;
    until(&mut visitor, "/check").await;
    {
        let told = stage.muster.told.lock().unwrap();
        let codes: Vec<_> = told.aborts.iter().map(|abort| abort.code.as_str()).collect();
        assert_eq!(codes, ["service.stopped"]);
    }
    // So is one that goes on when set-up ends.
    visitor.send("/check", &[("go", "next")]).await;
    assert_eq!(page.stop().await, End::Stopped);
    let told = stage.muster.told.lock().unwrap();
    assert_eq!(told.begun.len(), 2);
    for run in &told.begun {
        assert!(told.requests.contains(&format!("POST runs/{}/abort", run.run_id)));
    }
}
