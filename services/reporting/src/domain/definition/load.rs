//! Reads definitions from TOML and refuses a set that is not consistent, with
//! every value at fault.

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
/// Every fault, with the value at fault; but for one that only follows from another.
pub fn load(text: &str) -> Result<Definitions, Vec<LoadError>> {
    let file: File =
        toml::from_str(text).map_err(|error| vec![LoadError::Form(error.message().to_owned())])?;
    let mut faults = Vec::new();
    check_codes(&mut faults, file.figures.iter().map(|figure| figure.code.as_str()));
    check_codes(&mut faults, file.partitions.iter().map(|partition| partition.code.as_str()));
    check_codes(&mut faults, file.code_lists.iter().map(|list| list.code.as_str()));
    let mut lists = BTreeMap::new();
    for list in &file.code_lists {
        if !file.partitions.iter().any(|partition| partition.code_list == list.code) {
            faults.push(LoadError::CodeListUnused(list.code.clone()));
        }
        faults.extend(check_ages(list).err());
        lists.insert(list.code.as_str(), categories(&mut faults, list));
    }
    let mut figures = Vec::new();
    for figure in file.figures {
        let text = text_of(&mut faults, &figure.code, figure.text_sv, figure.text_en);
        figures.push(Figure { code: figure.code, text, partitions: Vec::new() });
    }
    let mut subsets = Vec::new();
    for SubsetEntry { figure, within } in file.subsets {
        for code in [&figure, &within] {
            if !figures.iter().any(|known| known.code == *code) {
                faults.push(LoadError::SubsetUnknown(code.clone()));
            }
        }
        subsets.push((figure, within));
    }
    for entry in file.partitions {
        let refused = attach(&mut faults, &mut figures, entry, &lists).err();
        faults.extend(refused);
    }
    // A code that is given twice makes a cell twice as well.
    if faults.is_empty() {
        check_cells(&mut faults, &figures);
    }
    if faults.is_empty() {
        Ok(Definitions::new(file.version, figures, &subsets))
    } else {
        Err(faults)
    }
}

fn attach(
    faults: &mut Vec<LoadError>,
    figures: &mut [Figure],
    entry: PartitionEntry,
    lists: &BTreeMap<&str, Vec<Category>>,
) -> Result<(), LoadError> {
    let PartitionEntry { code, total, reported_as, code_list, text_sv, text_en } = entry;
    check_code(faults, &reported_as);
    let text = text_of(faults, &code, text_sv, text_en);
    if reported_as != total && figures.iter().any(|figure| figure.code == reported_as) {
        return Err(LoadError::ReportedAsOtherFigure { partition: code, reported_as });
    }
    let Some(categories) = lists.get(code_list.as_str()).cloned() else {
        return Err(LoadError::CodeListUnknown { partition: code, code_list });
    };
    let Some(figure) = figures.iter_mut().find(|figure| figure.code == total) else {
        return Err(LoadError::TotalUnknown { partition: code, total });
    };
    figure.partitions.push(Partition { code, reported_as, text, categories });
    Ok(())
}

fn check_codes<'a>(faults: &mut Vec<LoadError>, codes: impl Iterator<Item = &'a str>) {
    let mut seen = BTreeSet::new();
    for code in codes {
        check_code(faults, code);
        if !seen.insert(code) {
            faults.push(LoadError::CodeTwice(code.to_owned()));
        }
    }
}

fn check_code(faults: &mut Vec<LoadError>, code: &str) {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    if code.is_empty() || !code.bytes().all(is_plain) {
        faults.push(LoadError::CodeMalformed(code.to_owned()));
    }
}

fn text_of(faults: &mut Vec<LoadError>, code: &str, sv: String, en: String) -> Text {
    if sv.trim().is_empty() || en.trim().is_empty() {
        faults.push(LoadError::TextMissing(code.to_owned()));
    }
    Text { sv, en }
}

fn categories(faults: &mut Vec<LoadError>, list: &CodeList) -> Vec<Category> {
    if list.codes.is_empty() {
        faults.push(LoadError::CodeListEmpty(list.code.clone()));
    }
    check_codes(faults, list.codes.iter().map(|entry| entry.code.as_str()));
    if list.codes.iter().any(|entry| entry.code == TOTAL) {
        faults.push(LoadError::CategoryIsTotal { code_list: list.code.clone() });
    }
    let category = |entry: &CodeEntry| {
        let text = text_of(faults, &entry.code, entry.text_sv.clone(), entry.text_en.clone());
        Category { code: entry.code.clone(), text }
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

fn check_cells(faults: &mut Vec<LoadError>, figures: &[Figure]) {
    let mut seen = BTreeSet::new();
    for Cell { figure, category } in figures.iter().flat_map(Figure::cells) {
        if !seen.insert((figure.clone(), category.clone())) {
            faults.push(LoadError::CellTwice { figure, category });
        }
    }
}

#[cfg(test)]
mod tests;
