//! Reads definitions from TOML and refuses a set that is not consistent, with
//! the value at fault.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::{Category, Cell, Definitions, Figure, Partition, TOTAL, Text};

/// The oldest age a list of age bands has to cover.
const OLDEST: u8 = 150;

/// Why definitions are not taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LoadError {
    /// The text is not TOML of the expected form.
    Form(String),
    /// A code is not lower-case letters, digits and underscores.
    CodeMalformed(String),
    /// A code has an empty text.
    TextMissing(String),
    /// A code is given twice to figures, to partitions, to code lists, or
    /// within one code list.
    CodeTwice(String),
    /// A category is called `total`.
    CategoryIsTotal {
        /// The list it stands in.
        code_list: String,
    },
    /// A code list has no codes.
    CodeListEmpty(String),
    /// No partition uses the code list.
    CodeListUnused(String),
    /// A partition's code list is not there.
    CodeListUnknown {
        /// The partition.
        partition: String,
        /// What it asks for.
        code_list: String,
    },
    /// The figure a partition sums to is not there.
    TotalUnknown {
        /// The partition.
        partition: String,
        /// What it asks for.
        total: String,
    },
    /// A figure that a subset names is not there.
    SubsetUnknown(String),
    /// A partition is reported under the name of a figure it does not sum to.
    ReportedAsOtherFigure {
        /// The partition.
        partition: String,
        /// The other figure.
        reported_as: String,
    },
    /// Two partitions would be reported in the same cell.
    CellTwice {
        /// The name both are reported under.
        figure: String,
        /// The category both have.
        category: String,
    },
    /// An age belongs to no band.
    AgeGap {
        /// The list of bands.
        code_list: String,
        /// The first age that is missed.
        age: u8,
    },
    /// An age belongs to two bands, or a band holds no age.
    AgeOverlap {
        /// The list of bands.
        code_list: String,
        /// The band at fault.
        code: String,
        /// The first age of it that the bands before have taken.
        age: u8,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: i32,
    figures: Vec<FigureEntry>,
    #[serde(default)]
    subsets: Vec<SubsetEntry>,
    partitions: Vec<PartitionEntry>,
    code_lists: Vec<CodeList>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FigureEntry {
    code: String,
    text_sv: String,
    text_en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SubsetEntry {
    figure: String,
    within: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PartitionEntry {
    code: String,
    total: String,
    reported_as: String,
    code_list: String,
    text_sv: String,
    text_en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CodeList {
    code: String,
    codes: Vec<CodeEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CodeEntry {
    code: String,
    text_sv: String,
    text_en: String,
    from_age: Option<u8>,
    to_age: Option<u8>,
}

/// Reads definitions.
///
/// # Errors
/// The first fault, with the value at fault.
pub fn load(text: &str) -> Result<Definitions, LoadError> {
    let file: File =
        toml::from_str(text).map_err(|error| LoadError::Form(error.message().to_owned()))?;
    check_codes(file.figures.iter().map(|figure| figure.code.as_str()))?;
    check_codes(file.partitions.iter().map(|partition| partition.code.as_str()))?;
    check_codes(file.code_lists.iter().map(|list| list.code.as_str()))?;
    let mut lists = BTreeMap::new();
    for list in &file.code_lists {
        if !file.partitions.iter().any(|partition| partition.code_list == list.code) {
            return Err(LoadError::CodeListUnused(list.code.clone()));
        }
        check_ages(list)?;
        lists.insert(list.code.as_str(), categories(list)?);
    }
    let mut figures = Vec::new();
    for figure in file.figures {
        let text = text_of(&figure.code, figure.text_sv, figure.text_en)?;
        figures.push(Figure { code: figure.code, text, partitions: Vec::new() });
    }
    let mut subsets = Vec::new();
    for SubsetEntry { figure, within } in file.subsets {
        for code in [&figure, &within] {
            if !figures.iter().any(|known| known.code == *code) {
                return Err(LoadError::SubsetUnknown(code.clone()));
            }
        }
        subsets.push((figure, within));
    }
    for entry in file.partitions {
        attach(&mut figures, entry, &lists)?;
    }
    check_cells(&figures)?;
    Ok(Definitions::new(file.version, figures, &subsets))
}

fn attach(
    figures: &mut [Figure],
    entry: PartitionEntry,
    lists: &BTreeMap<&str, Vec<Category>>,
) -> Result<(), LoadError> {
    let PartitionEntry { code, total, reported_as, code_list, text_sv, text_en } = entry;
    check_code(&reported_as)?;
    if reported_as != total && figures.iter().any(|figure| figure.code == reported_as) {
        return Err(LoadError::ReportedAsOtherFigure { partition: code, reported_as });
    }
    let Some(categories) = lists.get(code_list.as_str()).cloned() else {
        return Err(LoadError::CodeListUnknown { partition: code, code_list });
    };
    let Some(figure) = figures.iter_mut().find(|figure| figure.code == total) else {
        return Err(LoadError::TotalUnknown { partition: code, total });
    };
    let text = text_of(&code, text_sv, text_en)?;
    figure.partitions.push(Partition { code, reported_as, text, categories });
    Ok(())
}

fn check_codes<'a>(codes: impl Iterator<Item = &'a str>) -> Result<(), LoadError> {
    let mut seen = BTreeSet::new();
    for code in codes {
        check_code(code)?;
        if !seen.insert(code) {
            return Err(LoadError::CodeTwice(code.to_owned()));
        }
    }
    Ok(())
}

fn check_code(code: &str) -> Result<(), LoadError> {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    if code.is_empty() || !code.bytes().all(is_plain) {
        return Err(LoadError::CodeMalformed(code.to_owned()));
    }
    Ok(())
}

fn text_of(code: &str, sv: String, en: String) -> Result<Text, LoadError> {
    if sv.trim().is_empty() || en.trim().is_empty() {
        return Err(LoadError::TextMissing(code.to_owned()));
    }
    Ok(Text { sv, en })
}

fn categories(list: &CodeList) -> Result<Vec<Category>, LoadError> {
    if list.codes.is_empty() {
        return Err(LoadError::CodeListEmpty(list.code.clone()));
    }
    check_codes(list.codes.iter().map(|entry| entry.code.as_str()))?;
    if list.codes.iter().any(|entry| entry.code == TOTAL) {
        return Err(LoadError::CategoryIsTotal { code_list: list.code.clone() });
    }
    let category = |entry: &CodeEntry| {
        let text = text_of(&entry.code, entry.text_sv.clone(), entry.text_en.clone())?;
        Ok(Category { code: entry.code.clone(), text })
    };
    list.codes.iter().map(category).collect()
}

/// A list in which any code has an age must cover each age once, youngest first.
fn check_ages(list: &CodeList) -> Result<(), LoadError> {
    let has_ages = |entry: &CodeEntry| entry.from_age.is_some() || entry.to_age.is_some();
    if !list.codes.iter().any(has_ages) {
        return Ok(());
    }
    let code_list = list.code.clone();
    let mut next_age = 0;
    for entry in &list.codes {
        let from = entry.from_age.unwrap_or(0);
        let to = entry.to_age.unwrap_or(OLDEST).min(OLDEST);
        if from > next_age {
            return Err(LoadError::AgeGap { code_list, age: next_age });
        }
        if from < next_age || to < from {
            return Err(LoadError::AgeOverlap { code_list, code: entry.code.clone(), age: from });
        }
        next_age = to + 1;
    }
    if next_age <= OLDEST {
        return Err(LoadError::AgeGap { code_list, age: next_age });
    }
    Ok(())
}

fn check_cells(figures: &[Figure]) -> Result<(), LoadError> {
    let mut seen = BTreeSet::new();
    for Cell { figure, category } in figures.iter().flat_map(Figure::cells) {
        if !seen.insert((figure.clone(), category.clone())) {
            return Err(LoadError::CellTwice { figure, category });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
