//! Canonical JSON: one text for one value, so that a hash of it names the value.
//!
//! What is written is a subset of RFC 8785: UTF-8, no spaces, keys in ascending order,
//! integers and texts only. Keys are ASCII, for which the order of bytes is that of
//! UTF-16 that the RFC asks for. An integer that not every reader keeps exactly, beyond
//! ±(2⁵³ − 1), is written as text.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The largest integer that a JSON number keeps in every reader.
const LARGEST: u64 = (1 << 53) - 1;

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Json {
    /// A whole number.
    Integer(i64),
    /// A text.
    Text(String),
    /// Values in order.
    List(Vec<Json>),
    /// Values by name.
    Object(BTreeMap<&'static str, Json>),
}

impl Json {
    /// A text.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    /// Values by name.
    ///
    /// # Panics
    /// When a name stands there twice, or is not ASCII.
    #[must_use]
    pub fn object(fields: impl IntoIterator<Item = (&'static str, Json)>) -> Self {
        let mut object = BTreeMap::new();
        for (key, value) in fields {
            assert!(key.is_ascii(), "{key} is not ASCII");
            assert!(object.insert(key, value).is_none(), "{key} stands there twice");
        }
        Self::Object(object)
    }

    /// A list of what is made of each.
    #[must_use]
    pub fn list<T>(items: &[T], json: impl Fn(&T) -> Json) -> Self {
        Self::List(items.iter().map(json).collect())
    }

    /// Its one text.
    #[must_use]
    pub fn written(&self) -> String {
        let mut text = String::new();
        self.write(&mut text);
        text
    }

    fn write(&self, out: &mut String) {
        match self {
            Self::Integer(number) if number.unsigned_abs() <= LARGEST => {
                write!(out, "{number}").expect("a text takes all that is written");
            }
            Self::Integer(number) => write_text(out, &number.to_string()),
            Self::Text(text) => write_text(out, text),
            Self::List(items) => {
                for (place, item) in items.iter().enumerate() {
                    out.push(if place == 0 { '[' } else { ',' });
                    item.write(out);
                }
                out.push_str(if items.is_empty() { "[]" } else { "]" });
            }
            Self::Object(fields) => {
                for (place, (key, value)) in fields.iter().enumerate() {
                    out.push(if place == 0 { '{' } else { ',' });
                    write_text(out, key);
                    out.push(':');
                    value.write(out);
                }
                out.push_str(if fields.is_empty() { "{}" } else { "}" });
            }
        }
    }

    /// Where another value differs, by its path: `figures[3].count`.
    #[must_use]
    pub fn differences(&self, other: &Self) -> Vec<String> {
        let mut found = Vec::new();
        compare(self, other, "", &mut found);
        found
    }
}

fn write_text(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            control if control < ' ' => {
                write!(out, "\\u{:04x}", u32::from(control)).expect("a text takes all");
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

fn compare(one: &Json, other: &Json, path: &str, found: &mut Vec<String>) {
    match (one, other) {
        (Json::List(ones), Json::List(others)) if ones.len() == others.len() => {
            for (place, (one, other)) in ones.iter().zip(others).enumerate() {
                compare(one, other, &format!("{path}[{place}]"), found);
            }
        }
        (Json::Object(ones), Json::Object(others)) => {
            let within = |key: &str| match path {
                "" => key.to_owned(),
                path => format!("{path}.{key}"),
            };
            for (key, one) in ones {
                match others.get(key) {
                    Some(other) => compare(one, other, &within(key), found),
                    None => found.push(within(key)),
                }
            }
            found.extend(
                others.keys().filter(|key| !ones.contains_key(*key)).map(|key| within(key)),
            );
        }
        (one, other) if one == other => {}
        _ => found.push(path.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{Strategy, any, prop_oneof, proptest};

    use super::*;

    const KEYS: [&str; 4] = ["a", "B", "a-b", "aa"];

    fn json() -> impl Strategy<Value = Json> {
        let leaf = prop_oneof![any::<i64>().prop_map(Json::Integer), ".*".prop_map(Json::Text)];
        leaf.prop_recursive(3, 24, 4, |inner| {
            let list = proptest::collection::vec(inner.clone(), 0..4);
            let object =
                proptest::collection::btree_map(proptest::sample::select(&KEYS[..]), inner, 0..4);
            prop_oneof![list.prop_map(Json::List), object.prop_map(Json::Object)]
        })
    }

    fn read(json: &Json) -> serde_json::Value {
        match json {
            Json::Integer(number) if number.unsigned_abs() <= LARGEST => (*number).into(),
            Json::Integer(number) => number.to_string().into(),
            Json::Text(text) => text.clone().into(),
            Json::List(items) => items.iter().map(read).collect(),
            Json::Object(fields) => {
                fields.iter().map(|(key, value)| ((*key).to_owned(), read(value))).collect()
            }
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back_by_others(value in json()) {
            let written = value.written();
            let parsed: serde_json::Value = serde_json::from_str(&written).unwrap();
            assert_eq!(parsed, read(&value));
            // The other writer sorts its keys, too, and writes no spaces.
            assert_eq!(serde_json::to_string(&parsed).unwrap(), written);
        }

        #[test]
        fn a_value_differs_from_itself_nowhere_and_from_another_somewhere(
            one in json(),
            other in json(),
        ) {
            assert_eq!(one.differences(&one), [""; 0]);
            assert_eq!(one.differences(&other).is_empty(), one == other);
        }
    }

    #[test]
    fn keys_are_in_order_and_texts_escape_what_they_must() {
        let object = Json::object([
            ("b", Json::List(vec![Json::Integer(-1), Json::text("å\"\\\n\u{1}/")])),
            ("a", Json::Object(BTreeMap::new())),
            ("c", Json::Integer(9_007_199_254_740_992)),
        ]);
        let expected = "{\"a\":{},\"b\":[-1,\"å\\\"\\\\\\n\\u0001/\"],\"c\":\"9007199254740992\"}";
        assert_eq!(object.written(), expected);
        let other = Json::object([
            ("b", Json::List(vec![Json::Integer(-2), Json::text("")])),
            ("d", Json::Integer(1)),
        ]);
        assert_eq!(object.differences(&other), ["a", "b[0]", "b[1]", "c", "d"]);
    }
}
