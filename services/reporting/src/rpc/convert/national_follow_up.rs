//! The sheet of the national follow-up.

use proto::reporting as pb;
use values::Ore;

use crate::domain::national_follow_up::{Actual, Initiative, Money, Planned};
use crate::domain::programme_plan::TargetGroup;
use crate::rpc::national_follow_up::Sheet;

/// The sheet as it is sent.
pub(in crate::rpc) fn render(sheet: Sheet) -> pb::GetNationalFollowUpResponse {
    let Sheet { asked, rows, releases, finance_sequence, reporting_sequence, smallest_shown } =
        sheet;
    pb::GetNationalFollowUpResponse {
        parent: format!("federations/{}", asked.federation),
        year: asked.year,
        rows: rows.into_iter().map(row).collect(),
        finance_sequence,
        reporting_sequence,
        smallest_shown_count: i32::try_from(smallest_shown).unwrap_or(i32::MAX),
        releases: releases.into_iter().collect(),
    }
}

fn row(initiative: Initiative) -> pb::InitiativeRow {
    let Initiative { money, plan, actual, missing } = initiative;
    let Money { recipients, display_name, team, budget, outcome } = money;
    let mut row = pb::InitiativeRow {
        recipients,
        display_name,
        team: team.map(|team| team.to_string()).unwrap_or_default(),
        budget_ore: Ore::get(budget),
        outcome_ore: Ore::get(outcome),
        actual: actual.map(self::actual),
        missing_half_years: missing.iter().map(ToString::to_string).collect(),
        ..Default::default()
    };
    if let Some(Planned { version, direction, target_group, budgeted }) = plan {
        row.plan_version = version.to_string();
        row.direction = direction;
        let TargetGroup { youngest, oldest, livelihoods, description } = target_group;
        let group = pb::TargetGroupOfInitiative { youngest, oldest, livelihoods, description };
        row.target_group = Some(group);
        row.budgeted_total = budgeted.as_ref().map(|budgeted| budgeted.total);
        row.budgeted_women = budgeted.as_ref().and_then(|budgeted| budgeted.women);
        row.budgeted_men = budgeted.as_ref().and_then(|budgeted| budgeted.men);
    }
    row
}

fn actual(actual: Actual) -> pb::ActualParticipants {
    let Actual { total, by_sex, is_protected, is_mixed } = actual;
    let by_sex = by_sex.into_iter().map(|(sex, count)| pb::SexCount { sex, count });
    pb::ActualParticipants { total, by_sex: by_sex.collect(), is_protected, is_mixed }
}
