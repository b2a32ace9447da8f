//! Who pays by a decision on contributions, party by party.

use proto::finance::{ContributionDecision, ContributionShare};

use super::{
    Kind,
    contributions::{self, CONTRIBUTIONS},
    parties::PARTIES,
};
use crate::import::{Section, fields::Fields, halves::Halves};

pub(in crate::import) const KIND: Kind = Kind {
    name: "contribution-shares",
    section: Section::Finance,
    columns: &["contribution", "party", "weight"],
    optional_columns: &[],
    key: "contribution",
    defines: None,
    needs: Some("contributions"),
    read: |table, desk, requests| {
        SHARES.join(table, desk, &mut requests.finance.contribution_decisions);
    },
};

const SHARES: Halves<ContributionDecision, ContributionShare> = Halves {
    whole: &contributions::KIND,
    collection: CONTRIBUTIONS,
    list: "contribution_decisions",
    field: "shares",
    blamed: &["party"],
    name: |decision| &decision.name,
    parts: |decision| &mut decision.shares,
    read: share,
};

fn share(fields: &mut Fields<'_>) -> ContributionShare {
    ContributionShare {
        party: fields.reference("party", "party", PARTIES),
        weight: fields.optional_whole_number("weight"),
        // What only Samordna itself tells.
        ..Default::default()
    }
}
