//! Decisions on what the parties pay for a year. Who pays stands in a table of
//! its own.

use proto::finance::ContributionDecision;
use values::name::ContributionDecisionName;

use super::{Collection, Kind, contribution_shares};
use crate::import::{Section, fields::Fields};

/// Decisions on contributions, by id.
pub(in crate::import) const CONTRIBUTIONS: Collection =
    Collection { path: ContributionDecisionName::COLLECTION, noun: "CONTRIBUTION_DECISION" };

pub(in crate::import) const KIND: Kind = Kind {
    name: "contributions",
    section: Section::Finance,
    columns: &["contribution", "year", "total_kronor", "dnr", "decision_date", "deciding_body"],
    optional_columns: &["synthetic"],
    key: "contribution",
    defines: Some(CONTRIBUTIONS),
    needs: Some("contribution-shares"),
    read: |table, desk, requests| {
        requests.finance.contribution_decisions =
            desk.each(table, "contribution_decisions", decision);
    },
};

/// A decision without its shares, which stand in a table of their own.
fn decision(fields: &mut Fields<'_>) -> ContributionDecision {
    fields.whole("shares", &["contribution"]);
    fields.has_parts_in(&contribution_shares::KIND);
    ContributionDecision {
        name: fields.own_name(CONTRIBUTIONS),
        year: fields.year().unwrap_or_default(),
        total_ore: fields.amount_ore("total_kronor", "total_ore"),
        shares: Vec::new(),
        dnr: fields.text("dnr"),
        decision_date: fields.date("decision_date"),
        deciding_body: fields.text("deciding_body"),
        synthetic: fields.synthetic(),
        // What only Samordna itself tells.
        ..Default::default()
    }
}
