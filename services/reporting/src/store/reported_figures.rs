//! Tables `reported_figures` and `reported_count`. Reads take two statements:
//! give them one picture of the database.

use std::collections::BTreeMap;

use chrono::DateTime;
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, DbErr, EntityTrait as _, IntoActiveModel as _,
    QueryFilter as _,
    sea_query::{ExprTrait as _, SimpleExpr},
};
use values::{Slug, name::ReportingPeriodName};

use super::entity::{reported_count, reported_figures};
use super::{insert_all, slug};
use crate::domain::{
    definition::Cell,
    reported_figures::{Counts, ReportedFigures, ReportedFiguresName},
};

/// Figures named in one condition: well below the depth either database allows.
const NAMES_AT_ONCE: usize = 200;

/// Reported figures by name.
pub(crate) type Figures = BTreeMap<ReportedFiguresName, ReportedFigures>;

/// What one team reported for one period.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    name: &ReportedFiguresName,
) -> Result<Option<ReportedFigures>, DbErr> {
    let mut found = load(connection, Selection::One(name)).await?;
    Ok(found.remove(name))
}

/// True when the team has reported for the period.
pub(crate) async fn exists(
    connection: &impl ConnectionTrait,
    name: &ReportedFiguresName,
) -> Result<bool, DbErr> {
    let ReportedFiguresName { federation, period, team } = name;
    let key = (federation.to_string(), period.to_string(), team.to_string());
    Ok(reported_figures::Entity::find_by_id(key).one(connection).await?.is_some())
}

/// What all teams reported for one period.
pub(crate) async fn of_period(
    connection: &impl ConnectionTrait,
    period: &ReportingPeriodName,
) -> Result<Figures, DbErr> {
    load(connection, Selection::Periods(&period.federation, std::slice::from_ref(&period.id))).await
}

/// What all teams reported for some periods.
pub(crate) async fn of_periods(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    periods: &[Slug],
) -> Result<Figures, DbErr> {
    load(connection, Selection::Periods(federation, periods)).await
}

/// What all teams reported for all periods.
pub(crate) async fn all(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Figures, DbErr> {
    load(connection, Selection::All(federation)).await
}

/// Adds figures of teams that have none for the period.
pub(crate) async fn insert(
    connection: &impl ConnectionTrait,
    added: &Figures,
) -> Result<(), DbErr> {
    let heads = added.iter().map(|(name, figures)| head(name, figures).into_active_model());
    insert_all(connection, heads.collect()).await?;
    let counts = added.iter().flat_map(|(name, figures)| counts(name, figures));
    insert_all(connection, counts.map(|row| row.into_active_model()).collect()).await
}

/// Takes figures away, so that others can take their place; their counts go
/// with them.
pub(crate) async fn remove<'a>(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    names: impl Iterator<Item = &'a ReportedFiguresName>,
) -> Result<(), DbErr> {
    let names: Vec<_> = names.collect();
    for chunk in names.chunks(NAMES_AT_ONCE) {
        let is_one = |condition: Condition, name: &&ReportedFiguresName| {
            let period = reported_figures::Column::PeriodId.eq(name.period.as_str());
            condition.add(period.and(reported_figures::Column::TeamId.eq(name.team.as_str())))
        };
        reported_figures::Entity::delete_many()
            .filter(reported_figures::Column::FederationId.eq(federation.as_str()))
            .filter(chunk.iter().fold(Condition::any(), is_one))
            .exec(connection)
            .await?;
    }
    Ok(())
}

enum Selection<'a> {
    One(&'a ReportedFiguresName),
    Periods(&'a Slug, &'a [Slug]),
    All(&'a Slug),
}

impl Selection<'_> {
    fn federation(&self) -> &Slug {
        match self {
            Selection::One(name) => &name.federation,
            Selection::Periods(federation, _) | Selection::All(federation) => federation,
        }
    }

    fn heads(&self) -> Condition {
        use reported_figures::Column;
        let all = Condition::all().add(Column::FederationId.eq(self.federation().as_str()));
        self.within(all, |periods| Column::PeriodId.is_in(periods), |team| Column::TeamId.eq(team))
    }

    fn counts(&self) -> Condition {
        use reported_count::Column;
        let all = Condition::all().add(Column::FederationId.eq(self.federation().as_str()));
        self.within(all, |periods| Column::PeriodId.is_in(periods), |team| Column::TeamId.eq(team))
    }

    fn within(
        &self,
        all: Condition,
        in_periods: impl Fn(Vec<&str>) -> SimpleExpr,
        of_team: impl Fn(&str) -> SimpleExpr,
    ) -> Condition {
        match self {
            Selection::All(_) => all,
            Selection::Periods(_, periods) => {
                all.add(in_periods(periods.iter().map(Slug::as_str).collect()))
            }
            Selection::One(name) => {
                all.add(in_periods(vec![name.period.as_str()])).add(of_team(name.team.as_str()))
            }
        }
    }
}

async fn load(
    connection: &impl ConnectionTrait,
    selection: Selection<'_>,
) -> Result<Figures, DbErr> {
    let heads = reported_figures::Entity::find().filter(selection.heads()).all(connection).await?;
    let rows = reported_count::Entity::find().filter(selection.counts()).all(connection).await?;
    let mut counts = BTreeMap::<(String, String), BTreeMap<Cell, u32>>::new();
    for row in rows {
        let reported_count::Model { federation_id: _, period_id, team_id, figure, category, count } =
            row;
        let count = u32::try_from(count)
            .map_err(|_| DbErr::Type(format!("reported_count.count {count} is no count")))?;
        let cells = counts.entry((period_id, team_id)).or_default();
        cells.insert(Cell { figure, category }, count);
    }
    let value = |head| value(selection.federation(), head, &mut counts);
    heads.into_iter().map(value).collect()
}

fn value(
    federation: &Slug,
    head: reported_figures::Model,
    counts: &mut BTreeMap<(String, String), BTreeMap<Cell, u32>>,
) -> Result<(ReportedFiguresName, ReportedFigures), DbErr> {
    let reported_figures::Model { federation_id: _, period_id, team_id, report_time_us, reporter } =
        head;
    let name = ReportedFiguresName {
        federation: federation.clone(),
        period: slug("period_id", &period_id)?,
        team: slug("team_id", &team_id)?,
    };
    let report_time = DateTime::from_timestamp_micros(report_time_us)
        .ok_or_else(|| DbErr::Type(format!("report_time_us {report_time_us} is no time")))?;
    let counts = Counts::recorded(counts.remove(&(period_id, team_id)).unwrap_or_default());
    Ok((name, ReportedFigures { counts, report_time, reporter }))
}

fn head(name: &ReportedFiguresName, figures: &ReportedFigures) -> reported_figures::Model {
    let ReportedFigures { counts: _, report_time, reporter } = figures;
    reported_figures::Model {
        federation_id: name.federation.to_string(),
        period_id: name.period.to_string(),
        team_id: name.team.to_string(),
        report_time_us: report_time.timestamp_micros(),
        reporter: reporter.clone(),
    }
}

fn counts<'a>(
    name: &'a ReportedFiguresName,
    figures: &'a ReportedFigures,
) -> impl Iterator<Item = reported_count::Model> {
    figures.counts.iter().map(|(cell, count)| reported_count::Model {
        federation_id: name.federation.to_string(),
        period_id: name.period.to_string(),
        team_id: name.team.to_string(),
        figure: cell.figure.clone(),
        category: cell.category.clone(),
        count: i64::from(count),
    })
}
