//! What the RPCs that count people's way have in common: whose people are counted, on
//! which days, as known when; and what of it leaves the parties that own them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, NaiveTime};
use disclosure::Threshold;
use platform::{Failure, Principal, clock::day_in_sweden, convert::period_from_proto};
use proto::common;
use sea_orm::ConnectionTrait;
use values::{Fault, Faults, Period, Slug, name::TeamName};

use super::{Shared, convert, parent, permissions};
use crate::{
    domain::settled::{Shown, is_half_year, rounded, settled_on, shown},
    store::{
        self,
        counted::{OfTeam, Scope},
        known::Known,
    },
};

/// The most teams that can be named.
const MOST_TEAMS: usize = 100;

/// What is asked to be counted, read.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) federation: Slug,
    pub(super) period: Period,
    pub(super) whose: Whose,
}

/// Whose people are counted.
#[derive(Debug, Clone)]
pub(super) enum Whose {
    /// Those that the caller may see, as known at a sequence; 0 for now.
    Own { within: BTreeSet<(Slug, Slug)>, as_known_at: i64 },
    /// Everybody's, of one team or all, as far as it may leave the parties.
    All { team: Option<Slug> },
}

/// The fields that every request has.
pub(super) struct Sent<'a> {
    pub(super) parent: &'a str,
    pub(super) period: Option<common::Period>,
    pub(super) teams: &'a [String],
    pub(super) as_known_at: i64,
}

/// Reads them. Who sees people counts those; everybody else what is settled.
pub(super) fn parse(
    faults: &mut Faults,
    principal: &Principal,
    sent: Sent<'_>,
) -> Result<Option<Asked>, Failure> {
    let Sent { parent, period, teams: sent_teams, as_known_at } = sent;
    let federation = self::parent(faults, principal, parent)?;
    let period = faults.keep_nested("", period_from_proto("period", period));
    let teams = teams(faults, &federation, sent_teams);
    let reach = permissions::reach(principal);
    let whose = if reach.people.is_empty() {
        if let Some(period) = period.filter(|period| !is_half_year(*period)) {
            let fault = Fault::new("period", "PERIOD_NOT_HALF_YEAR");
            let fault = fault.with("first_day", period.first_day());
            faults.push(fault.with("last_day", period.last_day()));
        }
        if teams.len() > 1 {
            faults.push(Fault::new("teams", "TEAMS_NOT_ONE").with("count", teams.len()));
        }
        if as_known_at != 0 {
            faults.push(Fault::new("as_known_at", "SEQUENCE_NOT_CHOSEN"));
        }
        Whose::All { team: teams.into_iter().next() }
    } else {
        if as_known_at < 0 {
            let fault = Fault::new("as_known_at", "SEQUENCE_NEGATIVE");
            faults.push(fault.with("value", as_known_at));
        }
        let is_asked = |team: &Slug| teams.is_empty() || teams.contains(team);
        let within = reach.people.into_iter().filter(|(_, team)| is_asked(team)).collect();
        Whose::Own { within, as_known_at }
    };
    Ok(period.map(|period| Asked { federation, period, whose }))
}

fn teams(faults: &mut Faults, federation: &Slug, sent: &[String]) -> BTreeSet<Slug> {
    if sent.len() > MOST_TEAMS {
        let fault = Fault::new("teams", "TEAMS_TOO_MANY").with("count", sent.len());
        faults.push(fault.with("limit", MOST_TEAMS));
        return BTreeSet::new();
    }
    let mut teams = BTreeSet::new();
    for (row, team) in sent.iter().enumerate() {
        let field = format!("teams[{row}]");
        let parsed = TeamName::parse(&field, team);
        let team = convert::within(federation, &field, parsed, |name| &name.federation);
        teams.extend(faults.keep(team).map(|team| team.id));
    }
    teams
}

/// A moment of the journal, and its day.
#[derive(Debug, Clone)]
pub(super) struct Moment {
    pub(super) sequence: i64,
    pub(super) head_hash: Vec<u8>,
    pub(super) day: NaiveDate,
}

impl Moment {
    /// What is counted as known at it.
    pub(super) fn scope(&self, federation: &Slug, within: Option<BTreeSet<(Slug, Slug)>>) -> Scope {
        Scope { federation: federation.clone(), within, sequence: self.sequence }
    }
}

/// The moment of a sequence that the journal has come to, or the present one.
pub(super) async fn moment(
    shared: &Shared,
    picture: &impl ConnectionTrait,
    federation: &Slug,
    as_known_at: i64,
) -> Result<Moment, Failure> {
    if as_known_at == 0 {
        let known = store::known::at(picture, federation, i64::MAX).await?;
        return Ok(Moment { day: shared.journal.clock().today(), ..beginning(known) });
    }
    let ahead = || Fault::new("as_known_at", "SEQUENCE_AHEAD").with("value", as_known_at);
    let known = store::known::at(picture, federation, as_known_at).await?;
    of(known.filter(|known| known.sequence == as_known_at).ok_or_else(ahead)?)
}

fn beginning(known: Option<Known>) -> Moment {
    let (sequence, head_hash) =
        known.map_or((0, Vec::new()), |known| (known.sequence, known.head_hash));
    Moment { sequence, head_hash, day: NaiveDate::MIN }
}

fn of(known: Known) -> Result<Moment, Failure> {
    let Known { sequence, head_hash, recorded_at_us } = known;
    let recorded_at = DateTime::from_timestamp_micros(recorded_at_us);
    let recorded_at = recorded_at.ok_or_else(|| anyhow::anyhow!("{sequence} has no time"))?;
    Ok(Moment { sequence, head_hash, day: day_in_sweden(recorded_at) })
}

/// The moment as of which counts that are complete after a day are told; none before it.
pub(super) async fn settled(
    shared: &Shared,
    picture: &impl ConnectionTrait,
    federation: &Slug,
    last_day: NaiveDate,
) -> Result<Option<Moment>, Failure> {
    let time = settled_on(last_day).and_time(NaiveTime::MIN).and_utc();
    if shared.journal.clock().now() < time {
        return Ok(None);
    }
    let known = store::known::before(picture, federation, time.timestamp_micros()).await?;
    Ok(Some(match known {
        Some(known) => of(known)?,
        None => beginning(None),
    }))
}

/// The same, refused before it.
pub(super) async fn settled_or_refused(
    shared: &Shared,
    picture: &impl ConnectionTrait,
    federation: &Slug,
    last_day: NaiveDate,
) -> Result<Moment, Failure> {
    let not_yet = || Failure::refused("COUNTS_NOT_SETTLED").with("from", settled_on(last_day));
    settled(shared, picture, federation, last_day).await?.ok_or_else(not_yet)
}

/// The counts that each team is told by.
pub(super) type ByTeam = BTreeMap<Slug, Vec<i64>>;

/// Adds counts to those of their teams, each in its place.
pub(super) fn by_team<T>(
    counted: &[OfTeam<T>],
    width: usize,
    place: impl Fn(&T) -> Vec<(usize, i64)>,
) -> ByTeam {
    let mut teams = ByTeam::new();
    for OfTeam { team, counted } in counted {
        let counts = teams.entry(team.clone()).or_insert_with(|| vec![0; width]);
        for (place, count) in place(counted) {
            counts[place] += count;
        }
    }
    teams
}

/// What of the counts is told.
#[derive(Debug, Clone, Copy)]
pub(super) enum Told<'a> {
    /// All of them.
    Exact,
    /// Those of a team, or of all teams together, as far as they may leave the parties of
    /// a federation with such a threshold.
    Protected { team: Option<&'a Slug>, threshold: Threshold },
}

impl<'a> Told<'a> {
    /// True when counts may be told. Where nobody is, there is nothing to tell of.
    pub(super) fn tells(self, teams: &ByTeam) -> bool {
        match self {
            Told::Exact => true,
            Told::Protected { team, threshold } => {
                let Shown { groups, is_total } = shown(threshold, teams);
                team.map_or(is_total, |team| !teams.contains_key(team) || groups.contains(team))
            }
        }
    }

    pub(super) fn is_exact(self) -> bool {
        matches!(self, Told::Exact)
    }

    /// A number as it is told.
    pub(super) fn number(self, number: i64) -> i64 {
        match self {
            Told::Exact => number,
            Told::Protected { team: _, threshold } => rounded(threshold, number),
        }
    }

    /// What is counted of those that are asked for.
    pub(super) fn of<T>(self, counted: &'a [OfTeam<T>]) -> impl Iterator<Item = &'a T> + Clone {
        let is_asked = move |of_team: &&OfTeam<T>| match self {
            Told::Exact | Told::Protected { team: None, threshold: _ } => true,
            Told::Protected { team: Some(team), threshold: _ } => of_team.team == *team,
        };
        counted.iter().filter(is_asked).map(|of_team| &of_team.counted)
    }
}
