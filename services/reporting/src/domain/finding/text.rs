//! What the checks are called and what resolves a finding: one text for page,
//! file and print. They are data with a version.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Check;
use crate::domain::definition::Text;

/// The texts of every check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckTexts {
    version: i32,
    texts: BTreeMap<Check, CheckText>,
}

/// The texts of one check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckText {
    /// What it is called.
    pub name: Text,
    /// What it looks at.
    pub explanation: Text,
    /// What resolves a finding of it.
    pub resolution: Text,
}

/// Why texts are not taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LoadError {
    /// The text is not TOML of the expected form.
    Form(String),
    /// There is no such check.
    CheckUnknown(String),
    /// A check is given twice.
    CheckTwice(String),
    /// A check has no text, or an empty one.
    TextMissing(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: i32,
    checks: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    code: String,
    name_sv: String,
    name_en: String,
    explanation_sv: String,
    explanation_en: String,
    resolution_sv: String,
    resolution_en: String,
}

impl CheckTexts {
    /// Reads the texts.
    ///
    /// # Errors
    /// The first fault, with the value at fault.
    pub fn load(text: &str) -> Result<Self, LoadError> {
        let file: File =
            toml::from_str(text).map_err(|error| LoadError::Form(error.message().to_owned()))?;
        let mut texts = BTreeMap::new();
        for entry in file.checks {
            let known = Check::ALL.into_iter().find(|check| check.code() == entry.code);
            let check = known.ok_or_else(|| LoadError::CheckUnknown(entry.code.clone()))?;
            let code = entry.code.clone();
            if texts.insert(check, text_of(entry)?).is_some() {
                return Err(LoadError::CheckTwice(code));
            }
        }
        let missing = Check::ALL.into_iter().find(|check| !texts.contains_key(check));
        match missing {
            Some(check) => Err(LoadError::TextMissing(check.code().to_owned())),
            None => Ok(Self { version: file.version, texts }),
        }
    }

    /// Their version.
    #[must_use]
    pub fn version(&self) -> i32 {
        self.version
    }

    /// The texts of a check.
    ///
    /// # Panics
    /// Never: loading makes sure that every check has texts.
    #[must_use]
    pub fn of(&self, check: Check) -> &CheckText {
        self.texts.get(&check).expect("every check has texts")
    }
}

fn text_of(entry: Entry) -> Result<CheckText, LoadError> {
    let Entry {
        code,
        name_sv,
        name_en,
        explanation_sv,
        explanation_en,
        resolution_sv,
        resolution_en,
    } = entry;
    let text = |sv: String, en: String| {
        let is_missing = sv.trim().is_empty() || en.trim().is_empty();
        if is_missing { Err(LoadError::TextMissing(code.clone())) } else { Ok(Text { sv, en }) }
    };
    Ok(CheckText {
        name: text(name_sv, name_en)?,
        explanation: text(explanation_sv, explanation_en)?,
        resolution: text(resolution_sv, resolution_en)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHECKS: &str = include_str!("../../../definitions/checks.toml");

    #[test]
    fn every_check_has_its_texts_in_both_languages() {
        let texts = CheckTexts::load(CHECKS).unwrap();
        for check in Check::ALL {
            let CheckText { name, explanation, resolution } = texts.of(check);
            for text in [name, explanation, resolution] {
                assert_ne!(text.sv, text.en, "{check:?}");
            }
        }
    }

    #[test]
    fn a_file_that_lacks_a_check_or_has_another_is_refused() {
        let fault = |from: &str, to: &str| CheckTexts::load(&CHECKS.replace(from, to)).unwrap_err();
        let flow = "code = \"flow\"";
        assert_eq!(fault(flow, "code = \"luck\""), LoadError::CheckUnknown("luck".to_owned()));
        let twice = LoadError::CheckTwice("goals".to_owned());
        assert_eq!(fault(flow, "code = \"goals\""), twice);
        let name = "name_sv = \"Hänvisning\"";
        let missing = LoadError::TextMissing("reference".to_owned());
        assert_eq!(fault(name, "name_sv = \" \""), missing);
        assert!(matches!(fault("version = 3", ""), LoadError::Form(_)));
    }
}
