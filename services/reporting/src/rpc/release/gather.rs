//! What a release is made of, from wherever it is kept.

use std::collections::{BTreeMap, BTreeSet};

use platform::{Failure, journalled::decoded};
use proto::finance::{FundingAmounts, FundingRow, FundingTable};
use sea_orm::ConnectionTrait;
use values::name::ReportingPeriodName;

use super::document;
use crate::{
    domain::{
        protection::{Counted, Place, Published, Tie},
        release::{self, Document, Funding, Recorded, Source, Stamp, Told},
        reported_figures::ReportedFiguresName,
    },
    rpc::convert,
    store::{self, release::Known},
};

/// What each team reported, by its resource name, and where the journal has it.
pub(super) type Reported = BTreeMap<String, (Recorded, Counted)>;

/// What teams had reported as known at a sequence.
pub(super) async fn reported(
    connection: &impl ConnectionTrait,
    period: &ReportingPeriodName,
    sequence: i64,
) -> Result<Reported, Failure> {
    let mut reported = Reported::new();
    for Known { recorded, payload } in
        store::release::figures_known_at(connection, period, sequence).await?
    {
        let figures = convert::recorded_figures(decoded(&payload)?)?;
        let name = ReportedFiguresName::parse("name", &recorded.name)?;
        let counts = figures.counts.iter().map(|(cell, count)| (cell.clone(), i64::from(count)));
        reported.insert(name.team_name().to_string(), (recorded, counts.collect()));
    }
    Ok(reported)
}

/// What teams had reported of a release: those whose figures in it are reported ones.
pub(super) async fn reported_of(
    connection: &impl ConnectionTrait,
    document: &Document,
) -> Result<Reported, Failure> {
    let stamp = document.stamps.iter().find(|stamp| stamp.service == crate::NAME);
    let stamp = stamp.ok_or_else(|| anyhow::anyhow!("{} has no stamp", document.name))?;
    let mut known = reported(connection, &document.reporting_period, stamp.sequence).await?;
    let subjects = document.subjects.iter();
    let teams: BTreeSet<&String> = subjects
        .filter(|subject| subject.source == Some(Source::Reported))
        .map(|subject| &subject.name)
        .collect();
    known.retain(|team, _| teams.contains(team));
    Ok(known)
}

/// The counts that a release hides of those that were reported.
pub(super) fn hidden(document: &Document) -> BTreeSet<Place> {
    let figures = document.figures.iter();
    let hidden =
        figures.filter(|figure| figure.source == Source::Reported && figure.told == Told::Hidden);
    let place = |figure: &release::Figure| Place {
        subject: figure.subject.clone(),
        cell: figure.cell.clone(),
    };
    hidden.map(place).collect()
}

/// All that was published of a period before, with the counts behind it.
pub(super) async fn published(
    connection: &impl ConnectionTrait,
    period: &ReportingPeriodName,
    ties: &[Tie],
) -> Result<Vec<Published>, Failure> {
    let mut published = Vec::new();
    let federation = &period.federation;
    for found in store::release::of_period(connection, federation, &period.id).await? {
        let document = document(&found)?;
        let counted = release::Counted {
            whole: format!("federations/{federation}"),
            reported: reported_of(connection, &document).await?,
            derived: BTreeMap::new(),
        };
        let version = found.row.sequence;
        let publication = counted.publication(version, period.id.as_str(), ties.to_vec());
        published.push(Published { publication, hidden: hidden(&document) });
    }
    Ok(published)
}

/// The rows of a funding table, and where finance's journal was.
pub(super) fn funding(table: FundingTable) -> (Vec<Funding>, Stamp) {
    let FundingTable { parent: _, year: _, period: _, rows, total, sequence, cut: _, head_hash } =
        table;
    let row = |row: FundingRow| {
        let FundingRow {
            recipient,
            display_name,
            team,
            amounts,
            warnings: _,
            area: _,
            party: _,
            cost_kind: _,
        } = row;
        amounts_of(recipient, display_name, team, amounts.unwrap_or_default())
    };
    let mut funding: Vec<Funding> = rows.into_iter().map(row).collect();
    let total = total.unwrap_or_default();
    funding.push(amounts_of(String::new(), String::new(), String::new(), total));
    (funding, Stamp { service: "finance".to_owned(), sequence, head_hash })
}

fn amounts_of(
    recipient: String,
    display_name: String,
    team: String,
    amounts: FundingAmounts,
) -> Funding {
    let FundingAmounts {
        granted_ore,
        requisitioned_ore,
        requisitioned_to_date_ore,
        share_percent,
        ..
    } = amounts;
    Funding {
        recipient,
        display_name,
        team,
        granted_ore,
        requisitioned_ore,
        requisitioned_to_date_ore,
        share_percent,
    }
}
