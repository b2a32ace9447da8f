//! Reads a template from TOML, in which a cell is written `participants.woman`,
//! a figure's total `participants`, and all its categories `participants.*`.

use std::collections::BTreeSet;

use serde::Deserialize;
use values::{Fault, Faults};

use super::relations::{
    self, BandList, ChangeEntry, FlowEntry, PlannedIntakeEntry, SameEntry, ShareEntry, WholeEntry,
};
use super::{About, Column, Kind, Relation, Section, Template};
use crate::domain::definition::{Category, Text};
use crate::domain::derived::{self, BandingEntry, TableEntry};

/// The longest source, in bytes.
pub const LARGEST_SOURCE: usize = 200_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: i32,
    code: String,
    #[serde(default)]
    title_sv: String,
    #[serde(default)]
    title_en: String,
    #[serde(default)]
    about: Vec<About>,
    #[serde(default)]
    due_days: u16,
    sections: Vec<SectionEntry>,
    #[serde(default)]
    columns: Vec<ColumnEntry>,
    #[serde(default)]
    bandings: Vec<BandingEntry>,
    #[serde(default)]
    tables: Vec<TableEntry>,
    #[serde(default)]
    wholes: Vec<WholeEntry>,
    #[serde(default)]
    shares: Vec<ShareEntry>,
    #[serde(default)]
    flows: Vec<FlowEntry>,
    #[serde(default)]
    band_lists: Vec<BandList>,
    #[serde(default)]
    planned_intakes: Vec<PlannedIntakeEntry>,
    #[serde(default)]
    same: Vec<SameEntry>,
    #[serde(default)]
    changes: Vec<ChangeEntry>,
    #[serde(default)]
    sums_of_teams: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SectionEntry {
    code: String,
    #[serde(default)]
    title_sv: String,
    #[serde(default)]
    title_en: String,
    #[serde(default)]
    per_subject: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ColumnEntry {
    code: String,
    #[serde(default)]
    text_sv: String,
    #[serde(default)]
    text_en: String,
    #[serde(default)]
    kind: Kind,
    #[serde(default)]
    categories: Vec<CategoryEntry>,
    #[serde(default)]
    open_categories: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CategoryEntry {
    code: String,
    #[serde(default)]
    text_sv: String,
    #[serde(default)]
    text_en: String,
}

/// Reads a template.
///
/// # Errors
/// `TEMPLATE_TOO_LARGE`, `TEMPLATE_UNREADABLE` with what cannot be read and where;
/// or every `TEMPLATE_CODE_MALFORMED`, `TEMPLATE_CELL_MALFORMED`, `TEMPLATE_CODE_TWICE`
/// and what is wrong with the form of its tables, each with its place.
pub fn load(text: &str) -> Result<Template, Faults> {
    if text.len() > LARGEST_SOURCE {
        let fault = Fault::new("", "TEMPLATE_TOO_LARGE");
        return Err(fault
            .with("size_bytes", text.len())
            .with("limit_bytes", LARGEST_SOURCE)
            .into());
    }
    let unreadable = |error: toml::de::Error| {
        let before = error.span().map_or("", |span| text.get(..span.start).unwrap_or(""));
        let line = before.matches('\n').count() + 1;
        Fault::new("", "TEMPLATE_UNREADABLE").with("line", line).with("message", error.message())
    };
    let file: File = toml::from_str(text).map_err(unreadable)?;
    let File {
        version,
        code,
        title_sv,
        title_en,
        about,
        due_days,
        sections,
        columns,
        bandings,
        tables,
        wholes,
        shares,
        flows,
        band_lists,
        planned_intakes,
        same,
        changes,
        sums_of_teams,
    } = file;
    let mut faults = Faults::new();
    faults.keep(check_code("code", &code));
    check_each(&mut faults, "sections", sections.iter().map(|section| &section.code));
    check_each(&mut faults, "columns", columns.iter().map(|column| &column.code));
    for (row, column) in columns.iter().enumerate() {
        let codes = column.categories.iter().map(|category| &category.code);
        check_each(&mut faults, &format!("columns[{row}].categories"), codes);
    }
    let counted = derived::read(&mut faults, version, bandings, tables);
    let shares = relations::shares(&mut faults, shares);
    let mut all: Vec<Relation> = relations::wholes(&mut faults, wholes);
    all.extend(shares.iter().cloned().map(Relation::Share));
    all.extend(relations::flows(&mut faults, flows));
    all.extend(relations::bands(&mut faults, band_lists, &shares));
    all.extend(relations::planned_intakes(&mut faults, planned_intakes));
    all.extend(relations::same(&mut faults, same));
    all.extend(relations::changes(&mut faults, changes));
    all.extend(relations::sums_of_teams(&mut faults, sums_of_teams));
    faults.into_result(|| {
        Some(Template {
            code,
            version,
            title: Text { sv: title_sv, en: title_en },
            about,
            due_days,
            sections: sections.into_iter().map(section).collect(),
            columns: columns.into_iter().map(column).collect(),
            counted,
            relations: all,
        })
    })
}

/// A code is 1 to 60 lower-case letters a–z, digits and low lines.
fn check_code(field: &str, code: &str) -> Result<(), Fault> {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    let is_code = (1..=60).contains(&code.len()) && code.bytes().all(is_plain);
    if is_code {
        Ok(())
    } else {
        Err(Fault::new(field, "TEMPLATE_CODE_MALFORMED").with("value", code))
    }
}

fn check_each<'a>(faults: &mut Faults, list: &str, codes: impl Iterator<Item = &'a String>) {
    let mut seen = BTreeSet::new();
    for (row, code) in codes.enumerate() {
        let field = format!("{list}[{row}].code");
        faults.keep(check_code(&field, code));
        if !seen.insert(code) {
            faults.push(Fault::new(field, "TEMPLATE_CODE_TWICE").with("value", code));
        }
    }
}

fn section(entry: SectionEntry) -> Section {
    let SectionEntry { code, title_sv, title_en, per_subject } = entry;
    Section { code, title: Text { sv: title_sv, en: title_en }, is_per_subject: per_subject }
}

fn column(entry: ColumnEntry) -> Column {
    let ColumnEntry { code, text_sv, text_en, kind, categories, open_categories } = entry;
    let category = |entry: CategoryEntry| {
        let CategoryEntry { code, text_sv, text_en } = entry;
        Category { code, text: Text { sv: text_sv, en: text_en } }
    };
    Column {
        figure: code,
        text: Text { sv: text_sv, en: text_en },
        kind,
        categories: categories.into_iter().map(category).collect(),
        has_open_categories: open_categories,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "version = 1\ncode = \"status_report\"\n[[sections]]\ncode = \"goals\"\n";

    fn told(text: &str) -> Vec<(String, &'static str)> {
        let faults = load(text).unwrap_err().into_vec();
        faults.into_iter().map(|fault| (fault.field, fault.reason)).collect()
    }

    #[test]
    fn a_template_that_is_not_whole_is_refused_with_every_fault_and_its_place() {
        assert_eq!(load(HEAD).map(|template| template.relations), Ok(Vec::new()));
        let faulty = format!(
            "{HEAD}[[sections]]\ncode = \"goals\"\n\
             [[columns]]\ncode = \"Å\"\ncategories = [{{ code = \"a\" }}, {{ code = \"a\" }}]\n\
             [[tables]]\nlayout = \"L\"\ntitle = \"x\"\ncut = \"colour\"\ncodes = \"X_\"\n\
             columns = [{{ measure = \"people\", total = \"x\" }}]\n\
             [[flows]]\nopening = \"a\"\ninflow = [\"b\", \"C\"]\noutflow = []\nclosing = \"\"\n"
        );
        let expected = [
            ("sections[1].code", "TEMPLATE_CODE_TWICE"),
            ("columns[0].code", "TEMPLATE_CODE_MALFORMED"),
            ("columns[0].categories[1].code", "TEMPLATE_CODE_TWICE"),
            ("tables[0].layout", "ID_MALFORMED"),
            ("tables[0].cut", "TEMPLATE_CUT_UNKNOWN"),
            ("tables[0].columns[0].measure", "TEMPLATE_MEASURE_UNKNOWN"),
            ("flows[0].inflow[1]", "TEMPLATE_CELL_MALFORMED"),
            ("flows[0].closing", "TEMPLATE_CELL_MALFORMED"),
        ];
        let expected = expected.map(|(field, reason)| (field.to_owned(), reason));
        assert_eq!(told(&faulty), expected);
    }

    #[test]
    fn a_text_that_is_no_template_is_told_with_its_line() {
        let faults = load(&format!("{HEAD}[[rules]]\n")).unwrap_err().into_vec();
        assert_eq!(faults[0].reason, "TEMPLATE_UNREADABLE");
        assert_eq!(faults[0].facts[0], ("line", "5".to_owned()));
        assert_eq!(told(&"#".repeat(LARGEST_SOURCE + 1)), [(String::new(), "TEMPLATE_TOO_LARGE")]);
    }
}
