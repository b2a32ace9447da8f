//! The sheet of the national follow-up as a file has it.

use sheets::write::{Cell, Table};
use values::Ore;

use crate::domain::half_year::HalfYear;
use crate::domain::national_follow_up::{Actual, Initiative, Money, Planned};
use crate::domain::programme_plan::TargetGroup;

const HEADINGS: [&str; 14] = [
    "Insats",
    "Inriktning",
    "Målgrupp",
    "Budget (kr)",
    "Utfall (kr)",
    "Budgeterade deltagare",
    "därav kvinnor",
    "därav män",
    "Deltagare",
    "Kvinnor",
    "Män",
    "Icke-binära",
    "Kön ej angivet",
    "Anmärkning",
];

/// The name of the file, without its ending.
pub(crate) fn file_name(year: i32) -> String {
    format!("uppfoljning-finsam-{year}")
}

/// The headings and a row for each initiative.
pub(crate) fn table(year: i32, rows: Vec<Initiative>) -> Table {
    Table {
        title: format!("Uppföljning Finsam {year}"),
        headings: HEADINGS.map(str::to_owned).into(),
        rows: rows.into_iter().map(row).collect(),
    }
}

fn row(initiative: Initiative) -> Vec<Cell> {
    let Initiative { money, plan, actual, missing } = initiative;
    let Money { recipients: _, display_name, team, budget, outcome } = money;
    let remark = remark(team.is_some(), plan.as_ref(), (actual.as_ref(), &missing));
    let number = |count: Option<i64>| count.map_or(Cell::Empty, Cell::Number);
    let mut cells = vec![Cell::Text(display_name)];
    match &plan {
        Some(Planned { version: _, direction, target_group, budgeted: _ }) => {
            cells.extend([Cell::Text(direction.clone()), Cell::Text(group(target_group))]);
        }
        None => cells.extend([Cell::Empty, Cell::Empty]),
    }
    cells.extend([budget, outcome].map(|amount| Cell::Hundredths(Ore::get(amount))));
    let budgeted = plan.and_then(|plan| plan.budgeted);
    cells.extend([
        number(budgeted.as_ref().map(|budgeted| budgeted.total)),
        number(budgeted.as_ref().and_then(|budgeted| budgeted.women)),
        number(budgeted.as_ref().and_then(|budgeted| budgeted.men)),
    ]);
    let Actual { total, by_sex, is_protected: _, is_mixed: _ } = actual.unwrap_or_default();
    let of_sex = |code: &str| by_sex.iter().find(|(sex, _)| sex == code).map(|(_, count)| *count);
    cells.push(number(total));
    cells.extend(["woman", "man", "non_binary", "not_stated"].map(|code| number(of_sex(code))));
    cells.push(if remark.is_empty() { Cell::Empty } else { Cell::Text(remark) });
    cells
}

fn group(group: &TargetGroup) -> String {
    let TargetGroup { youngest, oldest, livelihoods, description } = group;
    let livelihoods: Vec<&str> = livelihoods.iter().map(|code| livelihood(code)).collect();
    let ages = format!("{youngest}–{oldest} år");
    let parts = [ages, livelihoods.join(", "), description.clone()];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("; ")
}

fn livelihood(code: &str) -> &str {
    match code {
        "social_assistance" => "försörjningsstöd",
        "sickness_benefit" => "sjukpenning",
        "sickness_compensation" => "sjukersättning",
        "activity_compensation" => "aktivitetsersättning",
        "unemployment_benefit" => "arbetslöshetsersättning",
        "activity_support" => "aktivitetsstöd",
        "study_support" => "studiestöd",
        "salary" => "lön",
        "other" => "annan försörjning",
        "none" => "ingen försörjning",
        "not_stated" => "försörjning ej angiven",
        other => other,
    }
}

/// Why cells of a row are empty.
fn remark(
    is_team: bool,
    plan: Option<&Planned>,
    (actual, missing): (Option<&Actual>, &[HalfYear]),
) -> String {
    if !is_team {
        return "Resurs utan egna deltagare".to_owned();
    }
    let mut remarks = Vec::new();
    match plan {
        None => remarks.push("Ingen insatsplan för året".to_owned()),
        Some(plan) if plan.budgeted.is_none() => {
            remarks.push("Insatsplanen anger inga budgeterade deltagare".to_owned());
        }
        Some(_) => {}
    }
    if !missing.is_empty() {
        let halves: Vec<String> = missing.iter().copied().map(called).collect();
        remarks.push(format!("Deltagare är inte publicerade för {}", halves.join(", ")));
    }
    if actual.is_some_and(|actual| actual.is_protected) {
        remarks.push("Antal som är så få att de kunde peka ut någon visas inte".to_owned());
    }
    if actual.is_some_and(|actual| actual.is_mixed) {
        let remark = "Deltagare är rapporterade för ena halvåret och räknade ur register för andra";
        remarks.push(remark.to_owned());
    }
    remarks.join("; ")
}

fn called(half_year: HalfYear) -> String {
    let half = if half_year.is_first() { "första" } else { "andra" };
    format!("{half} halvåret {}", half_year.year())
}
