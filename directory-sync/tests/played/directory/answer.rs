//! One search, as a Windows controller answers it: at most 1,000 entries at once, 1,500 values of an
//! attribute, referrals to other parts of the forest in between.

use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::Ordering;

use ldap3::asn1::StructureTag;
use roster::directory::protocol::Guid;
use uuid::Uuid;

use super::ber::{
    application, bytes, context, encoded, enumerated, integer, octets, parts, sequence, set, text,
};
use super::objects::{DOMAIN, Object, State};
use super::{Fault, Shared};

const MAX_PAGE: usize = 1_000;
const MAX_RANGE: usize = 1_500;

const SUCCESS: u8 = 0;
const OPERATIONS_ERROR: u8 = 1;
const SIZE_LIMIT: u8 = 4;
const REFERRAL: u8 = 10;
const NO_SUCH_OBJECT: u8 = 32;
const NOT_PERMITTED: u8 = 50;
const BUSY: u8 = 51;

/// What the controls of a search ask for.
pub struct Wanted {
    /// Where the page begins, and its size.
    pub page: Option<(usize, usize)>,
    pub deleted: bool,
    pub recycled: bool,
}

impl Wanted {
    fn sees(&self, object: &Object) -> bool {
        match object.state {
            State::There => true,
            State::Hidden => false,
            State::Deleted => self.deleted || self.recycled,
            State::Recycled => self.recycled,
        }
    }
}

/// The messages; `None` at the end: the connection is gone.
pub fn search(shared: &Shared, request: &StructureTag, wanted: &Wanted) -> Vec<Option<Reply>> {
    let number = shared.searches.fetch_add(1, Ordering::SeqCst) + 1;
    if let Some(change) = shared.changes.lock().unwrap().remove(&number) {
        change(&mut shared.objects.write().unwrap());
    }
    let page = wanted.page;
    let fault = shared.faults.lock().unwrap().get(&number).copied();
    let fields = parts(request);
    let (base, filter) = (text(&fields[0]), &fields[6]);
    let attributes: Vec<String> = parts(&fields[7]).iter().map(text).collect();
    let refused = match fault {
        Some(Fault::Busy) => Some(BUSY),
        Some(Fault::Referral) => Some(REFERRAL),
        Some(Fault::NoSuchObject) => Some(NO_SUCH_OBJECT),
        Some(Fault::Refused) => Some(NOT_PERMITTED),
        _ => None,
    };
    if let Some(code) = refused {
        return vec![Some(Reply::done(code))];
    }
    if fault == Some(Fault::EmptyPage) && page.is_some() {
        return vec![Some(Reply::page("0"))];
    }
    let found = found(shared, &base, filter, wanted);
    let Some(found) = found else { return vec![Some(Reply::done(NO_SUCH_OBJECT))] };
    let (from, size) = page.unwrap_or((0, MAX_PAGE));
    let size = size.min(MAX_PAGE);
    shared.largest_page.fetch_max(size.min(found.len()), Ordering::SeqCst);
    let mut replies: Vec<Option<Reply>> = found
        .iter()
        .skip(from)
        .take(size)
        .map(|object| Some(Reply::entry(object, &attributes, fault == Some(Fault::Torn))))
        .collect();
    if base == DOMAIN {
        // Other naming contexts of the forest: whoever follows them leaves the controller.
        replies.push(Some(Reply::reference(
            "ldap://ForestDnsZones.corp.example.com/DC=ForestDnsZones",
        )));
    }
    let more = found.len() > from + size;
    match fault {
        Some(Fault::Dies) => {
            replies.truncate(1);
            replies.push(None);
        }
        Some(Fault::ErrorAfterEntries) => {
            replies.truncate(1);
            replies.push(Some(Reply::done(OPERATIONS_ERROR)));
        }
        Some(Fault::SizeLimit) => replies.push(Some(Reply::done(SIZE_LIMIT))),
        _ if page.is_none() && more => replies.push(Some(Reply::done(SIZE_LIMIT))),
        _ if page.is_none() => replies.push(Some(Reply::done(SUCCESS))),
        _ => {
            let cookie = if more { (from + size).to_string() } else { String::new() };
            replies.push(Some(Reply::page(&cookie)));
        }
    }
    replies
}

/// `None`: there is no such base.
fn found(
    shared: &Shared,
    base: &str,
    filter: &StructureTag,
    wanted: &Wanted,
) -> Option<Vec<Object>> {
    let all = &shared.objects.read().unwrap().0;
    if base.is_empty() {
        return Some(vec![root(shared)]);
    }
    if let Some(guid) = base.strip_prefix("<GUID=").and_then(|rest| rest.strip_suffix('>')) {
        let object = all.get(&guid.parse().ok()?).filter(|it| wanted.sees(it))?;
        return Some(Vec::from_iter(matches(object, filter).then(|| object.clone())));
    }
    if base != DOMAIN {
        let object = all.values().find(|it| it.dn == base && wanted.sees(it))?;
        return Some(vec![object.clone()]);
    }
    if filter.id == 7 {
        return Some(vec![domain(shared)]);
    }
    let seen = |object: &&Object| wanted.sees(object);
    if let Some(guids) = guids(filter) {
        let named = guids.iter().filter_map(|guid| all.get(guid));
        return Some(named.filter(seen).cloned().collect());
    }
    let matching = all.values().filter(seen).filter(|object| matches(object, filter));
    Some(matching.cloned().collect())
}

/// Whom a filter names, where that is all it does: a controller doesn't look at everybody for that either.
fn guids(filter: &StructureTag) -> Option<BTreeSet<Guid>> {
    let any = filter.id == 1;
    let named = |part| match parts(part) {
        [name, value] if text(name) == "objectGUID" => {
            Some(Guid(Uuid::from_bytes_le(bytes(value).try_into().ok()?)))
        }
        _ => None,
    };
    any.then(|| parts(filter).iter().map(named).collect())?
}

fn matches(object: &Object, filter: &StructureTag) -> bool {
    verdict(object, filter) == Some(true)
}

/// `None`: neither true nor false, since it is about what may not be read (RFC 4511, 4.5.1.7).
fn verdict(object: &Object, filter: &StructureTag) -> Option<bool> {
    let verdicts = || parts(filter).iter().map(|part| verdict(object, part));
    let may_read = |name: &str| (!object.forbidden.contains(name)).then_some(());
    match filter.id {
        0 if verdicts().any(|it| it == Some(false)) => Some(false),
        0 => verdicts().collect::<Option<Vec<_>>>().map(|_| true),
        1 if verdicts().any(|it| it == Some(true)) => Some(true),
        1 => verdicts().collect::<Option<Vec<_>>>().map(|_| false),
        2 => verdicts().next()?.map(|it| !it),
        3 => {
            let [name, value] = parts(filter) else { return None };
            let (name, value) = (text(name), bytes(value));
            may_read(&name)?;
            let values = object.values.get(name.as_str());
            // A name may be asked for by its GUID alone.
            let by_guid = value.starts_with(b"<GUID=");
            let equals = |it: &Vec<u8>| it == value || (by_guid && it.starts_with(value));
            Some(values.is_some_and(|all| all.iter().any(equals)))
        }
        4 => {
            let [name, value] = parts(filter) else { return None };
            let name = text(name);
            may_read(&name)?;
            let values = object.values.get(name.as_str());
            Some(values.is_some_and(|all| all.iter().any(|it| has(it, parts(value)))))
        }
        7 => {
            may_read(&text(filter))?;
            Some(object.values.get(text(filter).as_str()).is_some_and(|all| !all.is_empty()))
        }
        _ => None,
    }
}

/// Each part somewhere: whether it is the first or the last isn't looked at.
fn has(value: &[u8], wanted: &[StructureTag]) -> bool {
    let value = String::from_utf8_lossy(value).to_lowercase();
    wanted.iter().all(|part| value.contains(&text(part).to_lowercase()))
}

fn root(shared: &Shared) -> Object {
    let mut values = HashMap::from(
        [
            ("defaultNamingContext", DOMAIN),
            ("dnsHostName", "dc1.corp.example.com"),
            ("currentTime", "20261125120000.0Z"),
            ("isSynchronized", "TRUE"),
            ("supportedCapabilities", "1.2.840.113556.1.4.800"),
        ]
        .map(|(name, value)| (name, value.to_owned())),
    );
    values.extend(shared.says.lock().unwrap().clone());
    let values = values.into_iter().map(|(name, value)| (name, vec![value.into_bytes()]));
    Object::new(String::new(), values.collect())
}

pub const DOMAIN_GUID: u32 = 900_000;

fn domain(shared: &Shared) -> Object {
    let mut sid = vec![1, 4, 0, 0, 0, 0, 0, 5];
    for part in [21_u32, 1, 2, 3] {
        sid.extend(part.to_le_bytes());
    }
    let guid = super::guid(DOMAIN_GUID).0.to_bytes_le().to_vec();
    let values = [("objectGUID", vec![guid]), ("objectSid", vec![sid])];
    let mut domain = Object::new(DOMAIN.to_owned(), values.into_iter().collect());
    let vector = shared.vector.lock().unwrap().clone();
    if !vector.is_empty() {
        domain.values.insert("replUpToDateVector", vec![vector]);
    }
    domain
}

pub struct Reply {
    op: StructureTag,
    controls: Vec<StructureTag>,
}

impl Reply {
    pub fn done(code: u8) -> Self {
        Self::result(5, code, "")
    }

    pub fn result(op: u64, code: u8, message: &str) -> Self {
        let fields = vec![enumerated(code), octets(b""), octets(message.as_bytes())];
        Self { op: application(op, fields), controls: Vec::new() }
    }

    fn page(cookie: &str) -> Self {
        let value = encoded(sequence(vec![integer(0), octets(cookie.as_bytes())]));
        let control = sequence(vec![octets(b"1.2.840.113556.1.4.319"), octets(&value)]);
        Self { controls: vec![control], ..Self::done(SUCCESS) }
    }

    fn reference(url: &str) -> Self {
        Self { op: application(19, vec![octets(url.as_bytes())]), controls: Vec::new() }
    }

    fn entry(object: &Object, asked: &[String], torn: bool) -> Self {
        let attributes = asked.iter().filter_map(|asked| attribute(object, asked, torn)).collect();
        let fields = vec![octets(object.dn.as_bytes()), sequence(attributes)];
        Self { op: application(4, fields), controls: Vec::new() }
    }

    pub fn encoded(self, id: StructureTag) -> Vec<u8> {
        let mut message = vec![id, self.op];
        if !self.controls.is_empty() {
            message.push(context(0, self.controls));
        }
        encoded(sequence(message))
    }
}

fn attribute(object: &Object, asked: &str, torn: bool) -> Option<StructureTag> {
    let (name, range) = asked.split_once(";range=").unwrap_or((asked, "0-*"));
    let (own, all) = object.values.iter().find(|(own, _)| own.eq_ignore_ascii_case(name))?;
    if object.forbidden.contains(own) {
        return None;
    }
    let (low, high) = range.split_once('-')?;
    let low: usize = low.parse().ok()?;
    let high = high.parse().unwrap_or(usize::MAX - 1);
    let end = all.len().min(high + 1).min(low + MAX_RANGE);
    let values = all.get(low..end)?;
    let ranged = all.len() > MAX_RANGE || asked.contains(";range=");
    let named = match (ranged, end == all.len()) {
        (true, _) if torn && end > low => format!("{name};range={low}-{end}"),
        (true, true) => format!("{name};range={low}-*"),
        (true, false) => format!("{name};range={low}-{}", end - 1),
        (false, _) => name.to_owned(),
    };
    let values = values.iter().map(|value| octets(value)).collect();
    (!all.is_empty()).then(|| sequence(vec![octets(named.as_bytes()), set(values)]))
}
