//! The canonical form of a document: keys in order, no spaces, whole numbers and texts.

use std::collections::BTreeMap;

use serde_json::Value;

/// The canonical bytes of a value; none for one that has no canonical form.
pub(crate) fn written(value: &Value) -> Option<String> {
    Some(match value {
        Value::Number(number) => number.as_i64()?.to_string(),
        Value::String(text) => quoted(text),
        Value::Array(items) => {
            let items: Option<Vec<String>> = items.iter().map(written).collect();
            format!("[{}]", items?.join(","))
        }
        Value::Object(fields) => {
            let sorted: BTreeMap<&String, &Value> = fields.iter().collect();
            let field = |(key, value): (&String, &Value)| {
                Some(format!("{}:{}", quoted(key), written(value)?))
            };
            let fields: Option<Vec<String>> =
                sorted.into_iter().map(|(key, value)| field((key, value))).collect();
            format!("{{{}}}", fields?.join(","))
        }
        Value::Null | Value::Bool(_) => return None,
    })
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            '\u{8}' => quoted.push_str("\\b"),
            '\t' => quoted.push_str("\\t"),
            '\n' => quoted.push_str("\\n"),
            '\u{c}' => quoted.push_str("\\f"),
            '\r' => quoted.push_str("\\r"),
            control if control < ' ' => {
                quoted.push_str(&format!("\\u{:04x}", u32::from(control)));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keys_are_in_order_and_only_what_is_exact_is_written() {
        let value = json!({ "b": [1, "å\"\u{1}\n"], "a": {} });
        assert_eq!(written(&value).unwrap(), "{\"a\":{},\"b\":[1,\"å\\\"\\u0001\\n\"]}");
        for none in [json!(0.5), json!([null]), json!({ "a": true })] {
            assert_eq!(written(&none), None, "{none}");
        }
    }
}
