//! A submitted form.

use std::collections::BTreeMap;

use super::fields::Field;

#[derive(Default)]
pub struct Form(BTreeMap<String, Vec<String>>);

impl Form {
    pub fn read(body: &[u8]) -> Self {
        let mut form = BTreeMap::<_, Vec<_>>::new();
        for (name, value) in form_urlencoded::parse(body) {
            form.entry(name.into_owned()).or_default().push(value.into_owned());
        }
        Self(form)
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(|values| values.first()).map(String::as_str)
    }

    /// The ticked values and the typed one, separated by spaces.
    pub fn all(&self, field: Field) -> Option<String> {
        self.0.get(field.name()).map(|values| values.join(" ").trim().to_owned())
    }
}
