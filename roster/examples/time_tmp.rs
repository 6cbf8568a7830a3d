use roster::import::*;
use std::time::Instant;
fn main() {
    let n: usize = std::env::args().nth(1).and_then(|s| s.parse().ok()).unwrap_or(100_000);
    for pw in [false, true] {
    let mut t = String::from("Name,Nickname,Email,Password,Single Sign-On ID,Description,Enabled,Standard License,Mobile License,Technician Group ID\r\n");
    for i in 0..n {
        let name = ["Anna Muster","山本 良平","Zoë Šmíd","Bob Builder"][i%4];
        let d = ["","\"Second shift, \"\"on call\"\"\"","plain words about a person"][i%3];
        let p = if pw {"Vq7!mReXb2"} else {""};
        t.push_str(&format!("{name},Nick {i},person.number{i}@support.example.test,{p},sso-294-{i:06},{d},true,true,false,\r\n"));
    }
    let bytes = t.into_bytes();
    for _ in 0..3 {
        let a = Instant::now();
        let (text,_) = decode(&bytes, None).unwrap(); 
        let d = a.elapsed(); drop(text);
        let a = Instant::now();
        let sheet = read(&bytes, &Choices::default(), &mut |_| ()).unwrap();
        let r = a.elapsed();
        let rules = Rules { group_chosen: true, default_password_set: true, organization: "Northwind Support".into(), ..Rules::default() };
        let a = Instant::now();
        let c = check(&sheet, &rules, &mut |_| ());
        println!("{} MB decode {d:?} read {r:?} check {:?} {:?}", bytes.len()/1_000_000, a.elapsed(), c.counts());
    }}
}
