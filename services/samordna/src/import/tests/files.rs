//! Folders of a few short files.

use crate::import::{
    RowFault,
    plan::{Answer, Plan},
    tables::Files,
};

use proto::common::ImportFault;

pub(super) fn folder(contents: &[(&str, &str)]) -> Files {
    let file = |(name, text): &(&str, &str)| ((*name).to_owned(), text.as_bytes().to_vec());
    Files::Folder(contents.iter().map(file).collect())
}

pub(super) fn plan(contents: &[(&str, &str)]) -> Plan {
    Plan::of(&folder(contents), "f")
}

pub(super) fn brief(fault: &RowFault) -> (&str, u64, &str, &str) {
    (&fault.file, fault.row, &fault.column, &fault.reason)
}

pub(super) fn assert_faults(contents: &[(&str, &str)], expected: &[(&str, u64, &str, &str)]) {
    let faults = plan(contents).faults(&[]);
    assert_eq!(faults.iter().map(brief).collect::<Vec<_>>(), expected);
}

pub(super) const PARTIES: &str = "party;display_name;organisation_number;kind;synthetic\n";
pub(super) const MUNICIPALITIES: &str = "scb_code;display_name;area\n";
pub(super) const TEAMS: &str = "team;display_name;municipalities\n";
pub(super) const GRANTS: &str =
    "grant;recipient;first_day;last_day;amount_kronor;dnr;decision_date;deciding_body\n";
pub(super) const REQUISITIONS: &str =
    "requisition;grant;party;first_day;last_day;payment_reference\n";
pub(super) const LINES: &str = "requisition;kind;description;fte_percent;amount_kronor\n";
pub(super) const FIGURES: &str = "team;period;figure;category;count\n";

pub(super) fn with(header: &str, rows: &str) -> String {
    format!("{header}{rows}")
}

/// What a service answers when it finds faults.
pub(super) fn answer(faults: Vec<ImportFault>) -> Answer {
    Answer { outcomes: vec![], faults }
}
