//! What a version has to be.

use proptest::prelude::*;

use super::*;
use crate::domain::definition::{Definitions, load};

fn definitions() -> Definitions {
    load(include_str!("../../../definitions/figures.toml")).unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn team(id: &str) -> TeamName {
    TeamName::parse("", &format!("federations/f/teams/{id}")).unwrap()
}

pub(crate) fn plan() -> Plan {
    let share = GoalShare {
        target_percent: 40,
        numerator: "Avslut till arbete eller studier".to_owned(),
        denominator: "Alla avslut".to_owned(),
        numerator_cells: vec![Cell::new("exits", "work"), Cell::new("exits", "studies")],
        denominator_cells: vec![Cell::new("exits", "total")],
        destinations: vec!["work".to_owned(), "studies".to_owned()],
    };
    Plan {
        approved_by: "Styrgruppen".to_owned(),
        approval_date: day("2025-05-09"),
        title: "Sikta".to_owned(),
        direction: String::new(),
        method: String::new(),
        period: Period::new("period", day("2023-10-01"), day("2028-09-30")).unwrap(),
        teams: vec![team("norra")],
        target_group: TargetGroup {
            youngest: 18,
            oldest: 64,
            livelihoods: vec!["social_assistance".to_owned()],
            description: String::new(),
        },
        longest_stay_months: 12,
        intake_norm: 20,
        federation_share_percent: 75,
        federation_funding_per_year: Ore::new(900_000_000),
        report_due_days: vec![DayOfYear::new("", 7, 1).unwrap()],
        goals: vec![Goal { title: "Arbete".to_owned(), level: GoalLevel::Quantitative(share) }],
        activities: vec![Activity {
            id: values::Slug::parse("", "styrgrupp").unwrap(),
            half_year: HalfYear::new(2025, 1).unwrap(),
            title: "Styrgruppsmöten".to_owned(),
            least: Some(2),
            most: None,
            is_per_area: false,
        }],
        budgeted_participants: vec![BudgetedParticipants {
            year: 2025,
            team: team("norra"),
            total: 20,
            women: Some(11),
            men: Some(9),
        }],
    }
}

fn told(change: impl FnOnce(&mut Plan)) -> Vec<(String, &'static str)> {
    let mut changed = plan();
    change(&mut changed);
    let faults = changed.checked(&definitions()).err().map(Faults::into_vec).unwrap_or_default();
    faults.into_iter().map(|fault| (fault.field, fault.reason)).collect()
}

fn share(plan: &mut Plan) -> &mut GoalShare {
    match &mut plan.goals[0].level {
        GoalLevel::Quantitative(share) => share,
        GoalLevel::Individual | GoalLevel::Organisation => panic!("a share"),
    }
}

#[test]
fn a_plan_within_its_limits_is_taken_and_each_beyond_one_is_told_with_its_field() {
    const RANGE: &str = "NUMBER_OUT_OF_RANGE";
    type Change = fn(&mut Plan);
    let cases: [(Change, &[(&str, &str)]); 14] = [
        (|_| (), &[]),
        (|plan| plan.teams.push(team("norra")), &[("teams[1]", "ITEM_TWICE")]),
        (|plan| plan.target_group.oldest = 17, &[("target_group.oldest", RANGE)]),
        (
            |plan| plan.target_group.livelihoods = vec!["luck".to_owned()],
            &[("target_group.livelihoods[0]", "CODE_UNKNOWN")],
        ),
        (
            |plan| plan.target_group.livelihoods.clear(),
            &[("target_group.livelihoods", "ITEMS_MISSING")],
        ),
        (|plan| plan.intake_norm = 0, &[("intake_norm", RANGE)]),
        (|plan| plan.goals.clear(), &[("goals", "ITEMS_MISSING")]),
        (
            |plan| share(plan).numerator_cells[0] = Cell::new("exits", "luck"),
            &[("goals[0].quantitative.numerator_cells[0]", "FIGURE_UNKNOWN")],
        ),
        (
            |plan| share(plan).denominator_cells.clear(),
            &[("goals[0].quantitative.denominator_cells", "ITEMS_MISSING")],
        ),
        (
            |plan| share(plan).destinations.push("Arbete".to_owned()),
            &[("goals[0].quantitative.destinations[2]", "PLAN_CODE_MALFORMED")],
        ),
        (|plan| plan.activities[0].most = Some(1), &[("activities[0].most", RANGE)]),
        (
            |plan| plan.activities.push(plan.activities[0].clone()),
            &[("activities[1]", "ITEM_TWICE")],
        ),
        (
            |plan| plan.budgeted_participants[0].men = Some(10),
            &[("budgeted_participants[0].men", RANGE)],
        ),
        (
            |plan| plan.budgeted_participants[0].team = team("sodra"),
            &[("budgeted_participants[0].team", "TEAM_NOT_IN_PLAN")],
        ),
    ];
    for (change, expected) in cases {
        let expected: Vec<_> =
            expected.iter().map(|(field, reason)| ((*field).to_owned(), *reason)).collect();
        assert_eq!(told(change), expected);
    }
}

#[test]
fn a_version_is_entered_once_and_after_the_ones_before_it() {
    let number = |text| VersionNumber::parse("", text).unwrap();
    let (teams, none) = (BTreeSet::from([team("norra")]), BTreeSet::new());
    let latest = |text, date| Some(Latest { number: number(text), approval_date: day(date) });
    let facts =
        |latest, teams| CreateFacts { taken: false, latest, teams, today: day("2025-06-01") };
    let plan = plan();
    let decide = |facts: &CreateFacts<'_>| create(number("2.0"), &plan, facts);
    assert_eq!(decide(&facts(None, &teams)), Ok(()));
    assert_eq!(decide(&facts(latest("1.0", "2025-05-09"), &teams)), Ok(()));
    let taken = CreateFacts { taken: true, ..facts(latest("3.0", "2025-05-09"), &none) };
    assert_eq!(decide(&taken), Err(CreateRefusal::Taken));
    for later in [latest("2.1", "2024-01-01"), latest("1.0", "2025-05-10")] {
        let refusal = Err(CreateRefusal::NotNext(later.unwrap()));
        assert_eq!(decide(&facts(later, &none)), refusal);
    }
    let early = CreateFacts { today: day("2025-05-08"), ..facts(None, &none) };
    let Err(CreateRefusal::Faulty(faults)) = decide(&early) else { panic!("faulty") };
    let fields: Vec<_> = faults.into_vec().into_iter().map(|fault| fault.field).collect();
    assert_eq!(fields, ["teams[0]", "budgeted_participants[0].team", "approval_date"]);
}

proptest! {
    #[test]
    fn a_day_of_the_year_is_one_that_every_year_has(month in -1..15_i32, day in -1..33_i32) {
        let comes = |year| {
            let numbers = u32::try_from(month).ok().zip(u32::try_from(day).ok());
            numbers.is_some_and(|(month, day)| NaiveDate::from_ymd_opt(year, month, day).is_some())
        };
        let is_day = DayOfYear::new("day", month, day).is_ok();
        prop_assert_eq!(is_day, (2023..=2028).all(comes));
    }
}
