//! What narrows a list: a choice for each, kept in the address and in the link
//! to the next page.

use std::fmt::Write as _;

use super::{form::inputs::Choice, layout::Visit};

/// One of what a list is narrowed by.
#[derive(Debug, Clone)]
pub(crate) struct Filter {
    /// Its name in the address.
    pub id: &'static str,
    /// What people read.
    pub label: String,
    /// What is chosen; empty for all.
    pub chosen: String,
    /// What there is to choose from, all first.
    pub choices: Vec<Choice>,
}

impl Filter {
    /// A filter; `label_id` is the id of what it is called.
    #[must_use]
    pub(crate) fn new(
        visit: &Visit,
        id: &'static str,
        label_id: &str,
        chosen: &str,
        mut choices: Vec<Choice>,
    ) -> Self {
        choices.insert(0, Choice::new("", visit.t("filter-all")));
        Self { id, label: visit.t(label_id), chosen: chosen.to_owned(), choices }
    }

    /// The same, where nothing chosen means something else than all.
    #[must_use]
    pub(crate) fn with_none(mut self, visit: &Visit, none_id: &str) -> Self {
        self.choices[0].text = visit.t(none_id);
        self
    }

    /// A filter that stays in the address and is not shown.
    #[must_use]
    pub(crate) fn hidden(id: &'static str, chosen: &str) -> Self {
        Self { id, label: String::new(), chosen: chosen.to_owned(), choices: Vec::new() }
    }

    /// A filter where one is always chosen.
    #[must_use]
    pub(crate) fn always(
        visit: &Visit,
        id: &'static str,
        label_id: &str,
        chosen: &str,
        choices: Vec<Choice>,
    ) -> Self {
        Self { id, label: visit.t(label_id), chosen: chosen.to_owned(), choices }
    }
}

/// The address of the next page with the same filters; none after the last.
#[must_use]
pub(crate) fn next_page(path: &str, filters: &[Filter], page_token: &str) -> Option<String> {
    (!page_token.is_empty()).then(|| with_page(address(path, filters), page_token))
}

/// An address with what is chosen.
#[must_use]
pub(crate) fn address(path: &str, filters: &[Filter]) -> String {
    let chosen: Vec<(&str, &str)> =
        filters.iter().map(|filter| (filter.id, filter.chosen.as_str())).collect();
    with_query(path, &chosen)
}

/// An address with a query; what is empty is left out.
#[must_use]
pub(crate) fn with_query(path: &str, query: &[(&str, &str)]) -> String {
    let mut address = path.to_owned();
    let given = query.iter().filter(|(_, value)| !value.is_empty());
    for (position, (name, value)) in given.enumerate() {
        let mark = if position == 0 { '?' } else { '&' };
        // Writing to a string cannot fail.
        let _ = write!(address, "{mark}{name}={}", encoded(value));
    }
    address
}

fn with_page(address: String, page_token: &str) -> String {
    let mark = if address.contains('?') { '&' } else { '?' };
    format!("{address}{mark}page_token={}", encoded(page_token))
}

fn encoded(value: &str) -> String {
    let mut encoded = String::new();
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_./".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_keeps_what_is_chosen_and_the_next_page_follows_it() {
        assert_eq!(
            with_query("/x", &[("a", ""), ("b", "1 & 2"), ("c", "å")]),
            "/x?b=1%20%26%202&c=%C3%A5"
        );
        assert_eq!(with_query("/x", &[("a", "")]), "/x");
        assert_eq!(next_page("/x", &[], ""), None);
        assert_eq!(next_page("/x", &[], "a b").as_deref(), Some("/x?page_token=a%20b"));
    }
}
