//! What a release of a report would hide if it was published as things stand: whoever writes
//! is told before. The release decides it anew, beside all that was published by then.

use std::{collections::BTreeSet, sync::Arc};

use disclosure::Threshold;
use platform::{Failure, journal};
use values::name::{ReportName, TeamName};

use super::{gather, past::Past};
use crate::{
    domain::{
        definition::{Cell, Definitions},
        half_year::HalfYear,
        protection::{Place, hidden_shares, openings},
        release::{Counted, Earlier, Figure, Meaning, compiled, protected},
        report::{Content, Subject},
        template::Relation,
    },
    rpc::{Shell, convert::report::subject_name, report::outside::Outside},
};

/// The figures that it would hide, by the ids of the report's subjects; none where it could
/// not be published at all, for which it has reasons of its own. Which are hidden depends on
/// all of them, so nothing is foreseen until every team has figures: what was would be taken
/// back by the next team that reports.
pub(in crate::rpc) async fn would_hide(
    shell: &Shell,
    (name, content): (&ReportName, &Content),
    outside: &Outside,
) -> Result<BTreeSet<(String, Cell)>, Failure> {
    let Ok(period) = HalfYear::parse("reporting_period", content.period.id.as_str()) else {
        return Ok(BTreeSet::new());
    };
    let is_derived = |team: &TeamName| content.derived.contains(&team.id);
    let teams = || outside.teams.iter().map(|team| &team.name);
    // Counts from records alone come protected as they are.
    if content.stated.is_empty() && teams().all(is_derived) {
        return Ok(BTreeSet::new());
    }
    let federation = &name.federation;
    let picture = shell.journal.database().snapshot().await?;
    let sequence = journal::head(&picture, federation).await?.sequence;
    let report = name.to_string();
    let mut past = Past::read(&picture, &content.period, [report.as_str()], sequence).await?;
    let stated = past.stated(shell, &picture, (report.as_str(), sequence)).await?;
    let mut reported = past.reported(sequence)?;
    let reporting: BTreeSet<String> =
        teams().filter(|team| !is_derived(team)).map(TeamName::to_string).collect();
    reported.retain(|team, _| reporting.contains(team));
    let has_figures =
        |team: &String| reported.contains_key(team) || stated.counted.contains_key(team);
    let is_empty = reported.is_empty() && stated.counted.is_empty();
    if is_empty || !reporting.iter().all(has_figures) {
        picture.rollback().await?;
        return Ok(BTreeSet::new());
    }
    let goes_on = !openings(&stated.relations).is_empty();
    let before = gather::published(shell, &picture, (federation, period), goes_on).await?;
    picture.rollback().await?;
    let whole = match content.subject {
        Subject::Federation | Subject::Area(_) => content.subject.name(federation),
        Subject::Team(_) => String::new(),
    };
    let counted = Counted {
        derived: outside.derived.told(federation, &whole),
        whole,
        teams: outside.teams.len(),
        reported,
        stated: stated.counted,
        sums: BTreeSet::new(),
    };
    let foreseen = Foreseen {
        definitions: Arc::clone(&shell.definitions),
        counted,
        teams: teams().map(TeamName::to_string).collect(),
        period,
        stated: (stated.relations, stated.others),
        earlier: before.earlier,
        limit: (outside.threshold, sequence + 1),
    };
    let hidden = tokio::task::spawn_blocking(move || foreseen.hidden());
    let hidden = hidden.await.map_err(anyhow::Error::from)?;
    let ids = [content.subject.id()].into_iter();
    let ids: Vec<&str> = match content.subject {
        Subject::Federation => ids.chain(teams().map(|team| team.id.as_str())).collect(),
        Subject::Area(_) | Subject::Team(_) => ids.collect(),
    };
    let id_of = |subject: &str| {
        let mut ids = ids.iter().copied();
        ids.find(|id| subject_name(federation, &content.subject, id) == subject)
    };
    let hidden = hidden.into_iter();
    Ok(hidden.filter_map(|it| Some((id_of(&it.subject)?.to_owned(), it.cell))).collect())
}

/// What a release would be made of.
struct Foreseen {
    definitions: Arc<Definitions>,
    counted: Counted,
    teams: BTreeSet<String>,
    period: HalfYear,
    /// What the template says of figures, and what is stated that counts no people.
    stated: (Vec<Relation>, Vec<Figure>),
    earlier: Earlier,
    limit: (Threshold, i64),
}

impl Foreseen {
    fn hidden(self) -> BTreeSet<Place> {
        let Self { definitions, counted, teams, period, stated, earlier, limit } = self;
        let (relations, others) = stated;
        let counted = counted.summed(&definitions);
        let meaning =
            Meaning { definitions: &definitions, relations: &relations, period, teams: &teams };
        let Ok(made) = protected(counted, meaning, &earlier, limit) else {
            return BTreeSet::new();
        };
        let hidden = &made.hidden | &hidden_shares(&relations, &made.hidden);
        // What it is committed to does not matter here.
        let mut figures = compiled(&definitions, &made.counted, &hidden, &[0; 32]);
        figures.extend(gather::hiding(others, &hidden));
        gather::places_hidden(&figures)
    }
}
