//! What is wrong with what somebody sent: facts, never prose. The gateway makes
//! the text from the reason, in the reader's language.

use std::fmt;

/// One fault: which field, for which reason, and the facts of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Path to the field: `grants[3].amount_ore`. Empty for the whole.
    pub field: String,
    /// Stable reason code: `AMOUNT_NOT_POSITIVE`.
    pub reason: &'static str,
    /// Named facts: the value as sent, the limit, what is left.
    pub facts: Vec<(&'static str, String)>,
}

impl Fault {
    /// A fault without further facts.
    #[must_use]
    pub fn new(field: impl Into<String>, reason: &'static str) -> Self {
        Self { field: field.into(), reason, facts: Vec::new() }
    }

    /// The same fault with one more fact.
    #[must_use]
    pub fn with(mut self, key: &'static str, value: impl fmt::Display) -> Self {
        self.facts.push((key, value.to_string()));
        self
    }
}

/// All faults of one message, collected so that the sender sees them at once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// No faults yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn push(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    /// Keeps a good value, or notes the fault of a bad one and goes on.
    pub fn keep<T>(&mut self, result: Result<T, Fault>) -> Option<T> {
        result.map_err(|fault| self.push(fault)).ok()
    }

    /// Takes over the faults of a part, with the part's path before each field.
    pub fn nest(&mut self, path: &str, inner: Faults) {
        for mut fault in inner.0 {
            fault.field = match (path.is_empty(), fault.field.is_empty()) {
                (true, _) => fault.field,
                (false, true) => path.to_owned(),
                (false, false) => format!("{path}.{}", fault.field),
            };
            self.0.push(fault);
        }
    }

    /// Keeps a good part, or notes its faults under `path`.
    pub fn keep_nested<T>(&mut self, path: &str, result: Result<T, Faults>) -> Option<T> {
        result.map_err(|inner| self.nest(path, inner)).ok()
    }

    /// True when nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The faults, in the order they were found.
    #[must_use]
    pub fn into_vec(self) -> Vec<Fault> {
        self.0
    }

    /// The faults, in the order they were found.
    #[must_use]
    pub fn as_slice(&self) -> &[Fault] {
        &self.0
    }

    /// `Ok` with the value that `make` builds when nothing is wrong. `make`
    /// answers `None` only when a part is missing, which a fault has told.
    ///
    /// # Errors
    /// All faults, when there is one.
    pub fn into_result<T>(self, make: impl FnOnce() -> Option<T>) -> Result<T, Faults> {
        if !self.is_empty() {
            return Err(self);
        }
        Ok(make().expect("a part is missing only when a fault was noted"))
    }
}

impl From<Fault> for Faults {
    fn from(fault: Fault) -> Self {
        Self(vec![fault])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_of_a_part_comes_before_its_fields() {
        let mut outer = Faults::new();
        outer.nest("grants[3]", Fault::new("amount_ore", "AMOUNT_NOT_POSITIVE").into());
        outer.nest("grants[4]", Fault::new("", "RECIPIENT_UNKNOWN").into());
        let fields: Vec<_> = outer.into_vec().into_iter().map(|fault| fault.field).collect();
        assert_eq!(fields, ["grants[3].amount_ore", "grants[4]"]);
    }
}
