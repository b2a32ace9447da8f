//! What a release is made of, from wherever it is kept.

use std::collections::BTreeSet;

use platform::Failure;
use proto::finance::{FundingAmounts, FundingRow, FundingTable};
use sea_orm::ConnectionTrait;
use values::{
    Slug,
    name::{ReportingPeriodName, TeamName},
};

use super::{document, past::Past};
use crate::{
    domain::{
        half_year::HalfYear,
        protection::{Openings, Place, Published, Stating, Tie, openings, ties},
        release::{self, Document, Funding, HiddenBefore, Source, Stamp, Told},
    },
    rpc::Shell,
    store,
};

/// Where reporting's journal was for a release.
pub(super) fn own_sequence(document: &Document) -> Result<i64, Failure> {
    let stamp = document.stamps.iter().find(|stamp| stamp.service == crate::NAME);
    let stamp = stamp.ok_or_else(|| anyhow::anyhow!("{} has no stamp", document.name))?;
    Ok(stamp.sequence)
}

/// Whom the sum of a release is of; empty when it is of one team alone.
pub(super) fn whole(document: &Document) -> String {
    let first = document.subjects.first().map(|subject| subject.name.clone()).unwrap_or_default();
    if TeamName::parse("", &first).is_ok() { String::new() } else { first }
}

/// The counts that a release hides of those that were reported or stated.
pub(super) fn hidden(document: &Document) -> BTreeSet<Place> {
    let figures = document.figures.iter();
    let hidden = figures.filter(|figure| {
        figure.source != Source::Derived
            && figure.source != Source::Mixed
            && figure.told == Told::Hidden
    });
    let place = |figure: &release::Figure| Place {
        subject: figure.subject.clone(),
        cell: figure.cell.clone(),
    };
    hidden.map(place).collect()
}

/// The counts from records that a release hides.
pub(super) fn derived_hidden(document: &Document) -> BTreeSet<Place> {
    let figures = document.figures.iter();
    let derived = figures.filter(|figure| figure.source == Source::Derived);
    places_hidden(&derived.cloned().collect::<Vec<_>>())
}

/// The same figures with those hidden that are.
pub(super) fn hiding(
    mut figures: Vec<release::Figure>,
    hidden: &BTreeSet<Place>,
) -> Vec<release::Figure> {
    for figure in &mut figures {
        let place = Place { subject: figure.subject.clone(), cell: figure.cell.clone() };
        if hidden.contains(&place) {
            figure.told = Told::Hidden;
        }
    }
    figures
}

/// All that was published of a period before.
#[derive(Default)]
pub(super) struct Before {
    /// What it tells.
    pub(super) earlier: release::Earlier,
    /// The ends of it that releases of the next period tell as beginnings, from records.
    pub(super) ends_counted: BTreeSet<Place>,
    documents: Vec<Document>,
}

impl Before {
    /// Refuses figures of a team from another source than a release has them from: each is
    /// protected beside its own kind, and not beside the other.
    pub(super) fn check_sources(
        &self,
        derived: &BTreeSet<String>,
        reported: &BTreeSet<&str>,
    ) -> Result<(), Failure> {
        for document in &self.documents {
            let is_other = |subject: &&release::Subject| match subject.source {
                Some(Source::Derived) => reported.contains(subject.name.as_str()),
                Some(Source::Reported) => derived.contains(&subject.name),
                Some(Source::Stated | Source::Mixed) | None => false,
            };
            let teams = document.subjects.iter();
            let mut teams = teams.filter(|subject| TeamName::parse("", &subject.name).is_ok());
            if let Some(team) = teams.find(is_other) {
                return Err(Failure::refused("TEAM_PUBLISHED_OTHERWISE")
                    .with("team", &team.display_name)
                    .with("release", &document.name));
            }
        }
        Ok(())
    }
}

/// All that was published of a period before, with the counts behind it, and of the periods
/// that those go on to: a publication that says how many there were when its period began
/// tells of the end of the one before.
pub(super) async fn published(
    shell: &Shell,
    connection: &impl ConnectionTrait,
    (federation, half): (&Slug, HalfYear),
    goes_on: bool,
) -> Result<Before, Failure> {
    let of = async |half| of_half_year(shell, connection, federation, half).await;
    let Before { mut earlier, ends_counted: _, documents } = of(half).await?;
    earlier.hidden = hidden_before(connection, (federation, half)).await?;
    let is_going_on =
        |found: &[Published]| found.iter().any(|published| published.publication.goes_on());
    let mut before = half.before().filter(|_| goes_on || is_going_on(&earlier.publications));
    let (mut after, mut ends_counted) = (half.after(), None);
    while let Some(half) = before {
        let found = of(half).await?.earlier;
        before = half.before().filter(|_| is_going_on(&found.publications));
        earlier.publications.extend(found.publications);
        earlier.stating.extend(found.stating);
    }
    while let Some(half) = after {
        let found = of(half).await?;
        after = half.after().filter(|_| is_going_on(&found.earlier.publications));
        earlier.publications.extend(found.earlier.publications);
        earlier.stating.extend(found.earlier.stating);
        ends_counted.get_or_insert(found.ends_counted);
    }
    Ok(Before { earlier, ends_counted: ends_counted.unwrap_or_default(), documents })
}

async fn of_half_year(
    shell: &Shell,
    connection: &impl ConnectionTrait,
    federation: &Slug,
    half: HalfYear,
) -> Result<Before, Failure> {
    let mut before = Before::default();
    let released = store::release::of_period(connection, federation, &half.id()).await?;
    let released = released.iter().map(|found| Ok((found.row.sequence, document(found)?)));
    let released = released.collect::<Result<Vec<(i64, Document)>, Failure>>()?;
    let Some((newest, _)) = released.last() else { return Ok(before) };
    let period = ReportingPeriodName::new(federation.clone(), half.id());
    let reports = released.iter().map(|(_, document)| document.report.as_str());
    let mut past = Past::read(connection, &period, reports, *newest).await?;
    for (version, document) in released {
        let report = (document.report.as_str(), own_sequence(&document)?);
        let stated = past.stated(shell, connection, report).await?;
        let known = (ties(&shell.definitions, &stated.relations), openings(&stated.relations));
        let counted = release::Counted {
            reported: past.reported_of(&document)?,
            stated: stated.counted,
            ..counted_of(&document)
        };
        let covered = covered(&document);
        let publication = counted.publication((version, half), &covered, known.clone());
        let ends = release::ends_counted(&document, &publication.openings);
        before.ends_counted.extend(ends);
        before.earlier.publications.push(Published { publication, hidden: hidden(&document) });
        before.earlier.stating.push(stating(&document, (half, known.0, known.1)));
        before.documents.push(document);
    }
    Ok(before)
}

/// The teams of a release, with figures or without.
fn covered(document: &Document) -> BTreeSet<String> {
    let teams = document.subjects.iter().map(|subject| subject.name.clone());
    teams.filter(|name| TeamName::parse("", name).is_ok()).collect()
}

/// What a release states of teams, with what of them stands beside it.
fn stating(document: &Document, known: (HalfYear, Vec<Tie>, Openings)) -> Stating {
    let of = (&*whole(document), &covered(document));
    release::stating(&document.name, of, &document.figures, known)
}

/// What releases of the period before hide.
async fn hidden_before(
    connection: &impl ConnectionTrait,
    (federation, half): (&Slug, HalfYear),
) -> Result<HiddenBefore, Failure> {
    let mut before = HiddenBefore::default();
    let Some(half) = half.before() else { return Ok(before) };
    for found in store::release::of_period(connection, federation, &half.id()).await? {
        let mut figures = document(&found)?.figures;
        before.all.extend(places_hidden(&figures));
        figures.retain(|figure| figure.source == Source::Derived);
        before.derived.extend(places_hidden(&figures));
    }
    Ok(before)
}

/// Where nothing is told.
pub(super) fn places_hidden(figures: &[release::Figure]) -> BTreeSet<Place> {
    let hidden = figures.iter().filter(|figure| figure.told == Told::Hidden);
    let place = |figure: &release::Figure| Place {
        subject: figure.subject.clone(),
        cell: figure.cell.clone(),
    };
    hidden.map(place).collect()
}

/// Whom a release counts, and which of its sums it shows; without the counts.
pub(super) fn counted_of(document: &Document) -> release::Counted {
    let whole = whole(document);
    let of_whole = |figure: &&release::Figure| {
        figure.subject == whole && figure.source == Source::Reported && !whole.is_empty()
    };
    let sums = document.figures.iter().filter(of_whole).map(|figure| figure.cell.clone());
    let teams = document.subjects.iter();
    let teams = teams.filter(|subject| TeamName::parse("", &subject.name).is_ok()).count();
    release::Counted { sums: sums.collect(), whole, teams, ..release::Counted::default() }
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
