//! Reads a template from TOML, in which a cell is written `participants.woman`,
//! a figure's total `participants`, and all its categories `participants.*`.

use serde::Deserialize;

use super::{Band, Cells, Change, Flow, PlannedIntake, Relation, Section, Share, Template, Whole};
use crate::domain::definition::Cell;
use crate::domain::narrative::parse_cell;

/// Why a template is not taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LoadError {
    /// The text is not TOML of the expected form.
    Form(String),
    /// A cell cannot be read.
    CellMalformed(String),
    /// A section is given twice.
    SectionTwice(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: i32,
    code: String,
    sections: Vec<SectionEntry>,
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
    per_subject: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WholeEntry {
    partition: String,
    whole: String,
    parts: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ShareEntry {
    stated: String,
    label: Option<String>,
    part: Vec<String>,
    base: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FlowEntry {
    opening: String,
    inflow: Vec<String>,
    outflow: Vec<String>,
    closing: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BandList {
    bands: Vec<BandEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BandEntry {
    label: String,
    cells: Vec<String>,
    #[serde(default)]
    nested: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlannedIntakeEntry {
    stated: String,
    positions: Vec<String>,
    norm: i64,
    start: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SameEntry {
    first: Vec<String>,
    second: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChangeEntry {
    figure: String,
    most_percent: i64,
    never_below: i64,
}

/// Reads a template.
///
/// # Errors
/// The first fault, with the value at fault.
pub fn load(text: &str) -> Result<Template, LoadError> {
    let file: File =
        toml::from_str(text).map_err(|error| LoadError::Form(error.message().to_owned()))?;
    let mut sections = Vec::<Section>::new();
    for SectionEntry { code, per_subject } in &file.sections {
        if sections.iter().any(|section| section.code == *code) {
            return Err(LoadError::SectionTwice(code.clone()));
        }
        sections.push(Section { code: code.clone(), is_per_subject: *per_subject });
    }
    let relations = relations(&file)?;
    Ok(Template { code: file.code, version: file.version, sections, relations })
}

fn relations(file: &File) -> Result<Vec<Relation>, LoadError> {
    let mut relations = Vec::new();
    for WholeEntry { partition, whole, parts } in &file.wholes {
        let (partition, whole, parts) = (partition.clone(), cell(whole)?, cells(parts)?);
        relations.push(Relation::Whole(Whole { partition, whole, parts }));
    }
    let mut shares = Vec::new();
    for ShareEntry { stated, label, part, base } in &file.shares {
        let (stated, label) = (cell(stated)?, label.clone());
        let (part, base) = (cells(part)?, cells(base)?);
        shares.push(Share { stated, label, part, base });
    }
    relations.extend(shares.iter().cloned().map(Relation::Share));
    for FlowEntry { opening, inflow, outflow, closing } in &file.flows {
        let (opening, closing) = (cell(opening)?, cell(closing)?);
        let (inflow, outflow) = (each(inflow)?, each(outflow)?);
        relations.push(Relation::Flow(Flow { opening, inflow, outflow, closing }));
    }
    for BandList { bands } in &file.band_lists {
        let band = |BandEntry { label, cells, nested }: &BandEntry| {
            Ok(Band { label: label.clone(), cells: each(cells)?, is_nested: *nested })
        };
        let bands = bands.iter().map(band).collect::<Result<_, _>>()?;
        relations.push(Relation::Bands { bands, shares: shares.clone() });
    }
    for PlannedIntakeEntry { stated, positions, norm, start } in &file.planned_intakes {
        let (stated, positions) = (cell(stated)?, cells(positions)?);
        let intake = PlannedIntake { stated, positions, norm: *norm, start: cell(start)? };
        relations.push(Relation::PlannedIntake(intake));
    }
    for SameEntry { first, second } in &file.same {
        relations.push(Relation::Same { first: cells(first)?, second: cells(second)? });
    }
    for ChangeEntry { figure, most_percent, never_below } in &file.changes {
        let (most_percent, never_below) = (*most_percent, *never_below);
        relations.push(Relation::Change(Change { cell: cell(figure)?, most_percent, never_below }));
    }
    for figure in &file.sums_of_teams {
        relations.push(Relation::SumOfTeams(cell(figure)?));
    }
    Ok(relations)
}

fn cell(text: &str) -> Result<Cell, LoadError> {
    parse_cell(text).ok_or_else(|| LoadError::CellMalformed(text.to_owned()))
}

fn each(texts: &[String]) -> Result<Vec<Cell>, LoadError> {
    texts.iter().map(|text| cell(text)).collect()
}

fn cells(texts: &[String]) -> Result<Vec<Cells>, LoadError> {
    let cells = |text: &String| match text.strip_suffix(".*") {
        Some(figure) => cell(figure).map(|cell| Cells::Categories(cell.figure)),
        None => cell(text).map(Cells::One),
    };
    texts.iter().map(cells).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "version = 1\ncode = \"status_report\"\n[[sections]]\ncode = \"goals\"\n";

    #[test]
    fn a_template_that_is_not_whole_is_refused_with_the_value_at_fault() {
        assert_eq!(load(HEAD).map(|template| template.relations), Ok(Vec::new()));
        let twice = format!("{HEAD}[[sections]]\ncode = \"goals\"\n");
        assert_eq!(load(&twice), Err(LoadError::SectionTwice("goals".to_owned())));
        let cell = format!("sums_of_teams = [\"A\"]\n{HEAD}");
        assert_eq!(load(&cell), Err(LoadError::CellMalformed("A".to_owned())));
        let unknown = format!("{HEAD}[[rules]]\n");
        assert!(matches!(load(&unknown), Err(LoadError::Form(_))));
    }
}
