//! What is counted from records: for a report's period, and for the one before. What is
//! published of the period before is what a reader compares with; where nothing of a team
//! is, and it reported nothing either, what tables tell that were given out since it ended:
//! nothing of a half-year is fixed by whoever reads a report on the next one.

use std::collections::{BTreeMap, BTreeSet};

use platform::Failure;
use proto::reporting as pb;
use tonic::metadata::MetadataMap;
use values::{
    Slug,
    name::{ReportingPeriodName, TeamName},
};

use super::outside::Outside;
use crate::{
    domain::{
        compiled::{Content as Shown, Records},
        definition::Cell,
        derived::{self, Crosswalk},
        figures::Value,
        half_year::HalfYear,
        protection::Place,
        quantity::Quantity,
        release::{Counts, Document, Stamp, newest_of_subjects, told_of_derived, told_of_team},
        report::{Content, Subject},
        reported_figures::ReportedFiguresName,
        reporting_period::ReportingPeriod,
    },
    rpc::{
        Shell,
        derived::{self as asked, Tables},
        release,
    },
    store,
};

/// What is counted from records.
#[derive(Clone, Default)]
pub(in crate::rpc) struct Derived {
    /// By team.
    pub(super) teams: BTreeMap<Slug, Records>,
    /// Of all of them together.
    pub(super) sums: BTreeMap<Cell, Shown>,
}

/// What teams whose figures are counted from records are compared with, where that is not
/// what they reported.
#[derive(Clone, Default)]
pub(in crate::rpc) struct Before {
    derived: Derived,
    origins: BTreeMap<Slug, Origin>,
}

/// Where figures of the period before are from.
#[derive(Clone)]
enum Origin {
    /// This release.
    Released(String),
    /// Counted from records, as this was true.
    Counted(Option<Stamp>),
}

impl Outside {
    /// The same with what is counted from records as these tables tell it.
    pub(in crate::rpc) fn counted(
        self,
        crosswalk: &Crosswalk,
        content: &Content,
        tables: &Tables,
    ) -> Self {
        let derived = match content.derived.is_empty() {
            true => Derived::default(),
            false => records(crosswalk, (content, &content.derived), tables),
        };
        let oldest = tables.sequences.first().copied().unwrap_or_default();
        let (participant, fetch_time) = (tables.stamp.clone(), tables.fetch_time);
        Self { derived, participant, oldest, fetch_time, ..self }
    }
}

impl Derived {
    /// The same by the subjects' resource names, of which one is all teams together.
    pub(in crate::rpc) fn told(
        &self,
        federation: &Slug,
        whole: &str,
    ) -> BTreeMap<Place, derived::Told> {
        let teams = self.teams.iter().filter_map(|(team, records)| match records {
            Records::Derived(cells) => {
                Some((TeamName::new(federation.clone(), team.clone()).to_string(), cells))
            }
            Records::Missing | Records::Reported(_) => None,
        });
        let all = teams.chain([(whole.to_owned(), &self.sums)]);
        let told = all.flat_map(|(subject, cells)| {
            cells.iter().map(move |(cell, shown)| {
                let value = match shown {
                    Shown::Known(value) => value.as_count(),
                    Shown::Hidden => None,
                };
                let place = Place { subject: subject.clone(), cell: cell.clone() };
                (place, derived::Told { value, commitment: Vec::new() })
            })
        });
        told.collect()
    }
}

impl Before {
    /// What a team is compared with; none for what it reported.
    pub(super) fn of_team(&self, team: &Slug) -> Option<&Records> {
        self.derived.teams.get(team)
    }

    /// Where nothing is told, by the ids of a report's subjects, of which one is all teams
    /// together: a change since then would tell it.
    pub(in crate::rpc) fn hidden(&self, whole: &str) -> BTreeSet<(String, Cell)> {
        let Derived { teams, sums } = &self.derived;
        let of_teams = teams.iter().filter_map(|(team, records)| match records {
            Records::Derived(cells) => Some((team.as_str(), cells)),
            Records::Missing | Records::Reported(_) => None,
        });
        let all = of_teams.chain([(whole, sums)]).flat_map(|(subject, cells)| {
            let hidden = cells.iter().filter(|(_, shown)| matches!(shown, Shown::Hidden));
            hidden.map(move |(cell, _)| (subject.to_owned(), cell.clone()))
        });
        all.collect()
    }

    /// What is told of all teams together.
    pub(super) fn sums(&self) -> &BTreeMap<Cell, Shown> {
        &self.derived.sums
    }

    /// Where it is from, and what others are compared with, as it is sent but for what the
    /// teams are called.
    pub(super) fn rendered(
        &self,
        federation: &Slug,
        reported: &[ReportedFiguresName],
    ) -> Vec<pb::FiguresBefore> {
        let one = |(team, origin): (&Slug, &Origin)| {
            let team = TeamName::new(federation.clone(), team.clone()).to_string();
            match origin {
                Origin::Released(release) => {
                    let release = release.clone();
                    pb::FiguresBefore { team, release, ..Default::default() }
                }
                Origin::Counted(stamp) => {
                    let stamp = stamp.as_ref();
                    let hash = stamp.map(|stamp| stamp.head_hash.clone());
                    pb::FiguresBefore {
                        team,
                        participant_sequence: stamp.map_or(0, |stamp| stamp.sequence),
                        participant_head_hash: hash.unwrap_or_default(),
                        ..Default::default()
                    }
                }
            }
        };
        let reported = reported.iter().map(|name| {
            let (team, reported_figures) = (name.team_name().to_string(), name.to_string());
            pb::FiguresBefore { team, reported_figures, ..Default::default() }
        });
        let mut all: Vec<_> = self.origins.iter().map(one).chain(reported).collect();
        all.sort_by(|left, right| left.team.cmp(&right.team));
        all
    }
}

/// Finds what the teams whose figures are counted from records are compared with.
pub(super) async fn before(
    shell: &Shell,
    caller: &MetadataMap,
    content: &Content,
    period: ReportingPeriod,
) -> Result<Before, Failure> {
    let half = HalfYear::parse("period", &period.id_before());
    let (Ok(half), false) = (half, content.derived.is_empty()) else {
        return Ok(Before::default());
    };
    let connection = &shell.journal.database().read;
    let federation = &content.period.federation;
    let name = ReportingPeriodName::new(federation.clone(), half.id());
    let documents = release::of_period(connection, &name).await?;
    let reported = store::reported_figures::of_period(connection, &name).await?;
    let mut before = released(&documents, content);
    let has_reported = |team: &&Slug| {
        let (federation, period) = (federation.clone(), name.id.clone());
        reported.contains_key(&ReportedFiguresName { federation, period, team: (*team).clone() })
    };
    let is_known = |team: &&Slug| before.origins.contains_key(*team) || has_reported(team);
    let left: BTreeSet<Slug> =
        content.derived.iter().filter(|team| !is_known(team)).cloned().collect();
    if left.is_empty() {
        return Ok(before);
    }
    let crosswalk = shell.crosswalk(connection, Some(&content.template)).await?;
    let transport = &shell.organisation;
    let counts = asked::Counts { transport, caller, federation, crosswalk: &crosswalk };
    let tables = counts.given_out(half.period(), None).await?;
    let Derived { teams, sums } = records(&crosswalk, (content, &left), &tables);
    for (team, records) in teams {
        // That nobody at all was there says that the team did not keep people here yet.
        if !records.counts_nobody() {
            before.origins.insert(team.clone(), Origin::Counted(tables.stamp.clone()));
            before.derived.teams.insert(team, records);
        }
    }
    if left == content.derived {
        before.derived.sums = sums;
    }
    Ok(before)
}

/// What releases of the period before tell.
fn released(documents: &[Document], content: &Content) -> Before {
    let federation = &content.period.federation;
    let team = |id: &Slug| TeamName::new(federation.clone(), id.clone()).to_string();
    let newest = newest_of_subjects(documents);
    let mut before = Before::default();
    let mut releases = BTreeMap::new();
    for id in &content.derived {
        let team = team(id);
        let Some(document) = newest.get(team.as_str()) else { continue };
        let told = told_of_team(document, &team);
        before.derived.teams.insert(id.clone(), Records::Derived(all_shown(told)));
        before.origins.insert(id.clone(), Origin::Released(document.name.clone()));
        releases.insert(document.name.as_str(), document);
    }
    // Several releases tell no sum.
    if let (Some((_, document)), 1) = (releases.first_key_value(), releases.len()) {
        let whole = content.subject.name(federation);
        let teams = content.derived.iter().map(team).collect();
        before.derived.sums = all_shown(told_of_derived(document, &whole, &teams));
    }
    before
}

fn all_shown(counts: Counts) -> BTreeMap<Cell, Shown> {
    counts.into_iter().map(|(cell, count)| (cell, shown(count))).collect()
}

/// What tables tell of the teams whose figures are counted from records.
fn records(
    crosswalk: &Crosswalk,
    (content, derived): (&Content, &BTreeSet<Slug>),
    tables: &Tables,
) -> Derived {
    let federation = &content.period.federation;
    let team = |id: &Slug| TeamName::new(federation.clone(), id.clone()).to_string();
    let teams = derived.iter().map(team).collect();
    // In a report on one team nothing is summed.
    let whole = match content.subject {
        Subject::Federation | Subject::Area(_) => content.subject.name(federation),
        Subject::Team(_) => String::new(),
    };
    let cells = derived::cells(crosswalk, &tables.answered, &teams, &whole);
    let of = |subject: &str| -> BTreeMap<Cell, Shown> {
        let own = cells.iter().filter(|(place, _)| place.subject == subject);
        own.map(|(place, told)| (place.cell.clone(), shown(told.value))).collect()
    };
    let ids = derived.iter();
    let teams = ids.map(|id| (id.clone(), Records::Derived(of(&team(id))))).collect();
    Derived { teams, sums: of(&whole) }
}

fn shown(count: Option<i64>) -> Shown {
    let count = count.and_then(|value| u32::try_from(value).ok());
    let number = |count| Shown::Known(Value::Number(Quantity::count(count)));
    count.map_or(Shown::Hidden, number)
}
