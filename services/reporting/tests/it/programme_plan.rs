//! Programme plans: that of Sörmland goes in as it is written, in two versions.

use platform::testing::on_both;
use proto::{
    Date,
    common::Period,
    reporting::{
        CreateProgrammePlanVersionRequest, DayOfYear, GetProgrammePlanRequest, GoalLevel,
        ListProgrammePlansRequest, PlanGoal, PlannedActivity, ProgrammePlanVersion,
        QuantitativeGoal, TargetGroup,
    },
};
use tonic::{Code, Request};
use values::Role;

use crate::world::{HOME, World, expected, faults, problem};

const SIKTA: &str = include_str!("data/sikta/plan.toml");
pub(crate) const PLAN: &str = "federations/vastmanland/programmePlans/sikta";

fn date(written: &toml::Value) -> Date {
    let text = written.to_string();
    let parts: Vec<i32> = text.split('-').map(|part| part.parse().unwrap()).collect();
    Date { year: parts[0], month: parts[1], day: parts[2] }
}

fn text(written: &toml::Value) -> String {
    written.as_str().unwrap().to_owned()
}

fn texts(written: &toml::Value) -> Vec<String> {
    written.as_array().unwrap().iter().map(text).collect()
}

fn number(written: &toml::Value) -> i32 {
    i32::try_from(written.as_integer().unwrap()).unwrap()
}

/// An id out of a title.
fn id(title: &str) -> String {
    let plain = |character: char| match character {
        'å' | 'ä' => 'a',
        'ö' => 'o',
        'a'..='z' | '0'..='9' => character,
        _ => ' ',
    };
    let plain: String = title.to_lowercase().chars().map(plain).collect();
    plain.split_whitespace().collect::<Vec<_>>().join("-")
}

fn goal(written: &toml::Value) -> PlanGoal {
    let level = match written["level"].as_str().unwrap() {
        "individual" => GoalLevel::Individual,
        "organisation" => GoalLevel::Organisation,
        _ => GoalLevel::Quantitative,
    };
    // "employment_service" is what the figures call job seeking.
    let quantitative = written.get("target_percent").map(|target| QuantitativeGoal {
        target_percent: number(target),
        numerator: text(&written["numerator"]),
        denominator: text(&written["denominator"]),
        numerator_cells: [
            "exits.strengthened_cooperation_af_fk",
            "exits.municipal_labour_market_unit",
            "exits.job_seeking",
            "exits.daily_activity",
            "exits.studies",
            "exits.work",
        ]
        .map(str::to_owned)
        .into(),
        denominator_cells: vec!["exits".to_owned()],
        destinations: texts(&written["destinations"]),
    });
    PlanGoal { level: level.into(), title: text(&written["title"]), quantitative }
}

fn activity(written: &toml::Value) -> PlannedActivity {
    let title = text(&written["title"]);
    PlannedActivity {
        id: id(&title),
        half_year: text(&written["half_year"]).to_lowercase(),
        least: written.get("planned_min").map(number),
        most: written.get("planned_max").map(number),
        is_per_area: title.ends_with("per länsdel"),
        title,
    }
}

/// The plan as it is written, in its version of a number.
pub(crate) fn sikta(version: &str) -> ProgrammePlanVersion {
    let plan: toml::Value = toml::from_str(SIKTA).unwrap();
    let versions = plan["version"].as_array().unwrap();
    let decided = versions.iter().find(|one| one["number"].as_str() == Some(version)).unwrap();
    let due_day = |written: &toml::Value| {
        let text = text(written);
        let (month, day) = text.split_once('-').unwrap();
        DayOfYear { month: month.parse().unwrap(), day: day.parse().unwrap() }
    };
    let ages = plan["target_age_years"].as_array().unwrap();
    ProgrammePlanVersion {
        name: format!("{PLAN}/versions/{}", version.replace('.', "-")),
        number: version.to_owned(),
        approved_by: text(&decided["approved_by"]),
        approval_date: Some(date(&decided["approved_date"])),
        title: text(&plan["name"]),
        direction: String::new(),
        method: text(&plan["method"]),
        period: Some(Period {
            first_day: Some(date(&plan["start_date"])),
            last_day: Some(date(&plan["end_date"])),
        }),
        teams: Vec::new(),
        target_group: Some(TargetGroup {
            youngest: number(&ages[0]),
            oldest: number(&ages[1]),
            livelihoods: texts(&plan["target_livelihoods"]),
            description: String::new(),
        }),
        longest_stay_months: number(&plan["normal_length_months_max"]),
        intake_norm: number(&plan["intake_norm_per_full_time_coach_per_year"]),
        federation_share_percent: number(&plan["share_of_federation_funds_percent"]),
        federation_funding_ore_per_year: 100
            * plan["federation_funding_sek_per_year"].as_integer().unwrap(),
        report_due_days: plan["status_report_due"]
            .as_array()
            .unwrap()
            .iter()
            .map(due_day)
            .collect(),
        goals: plan["goal"].as_array().unwrap().iter().map(goal).collect(),
        activities: plan["activity"].as_array().unwrap().iter().map(activity).collect(),
        budgeted_participants: Vec::new(),
    }
}

pub(crate) fn create(version: ProgrammePlanVersion) -> CreateProgrammePlanVersionRequest {
    CreateProgrammePlanVersionRequest {
        parent: PLAN.to_owned(),
        request_id: format!("plan-{}", version.number),
        version: Some(version),
        validate_only: false,
    }
}

/// Enters a version, by the office.
pub(crate) async fn enter(world: &World, version: ProgrammePlanVersion) -> ProgrammePlanVersion {
    let request = world.office(create(version));
    let answer = world.plans().create_programme_plan_version(request).await.unwrap();
    answer.into_inner().version.unwrap()
}

#[tokio::test]
async fn the_plan_of_sormland_goes_in_exactly_and_is_read_by_those_who_steer() {
    on_both(|database| async {
        let world = World::new(database).await;
        for number in ["1.0", "2.0"] {
            assert_eq!(enter(&world, sikta(number)).await, sikta(number));
        }
        let get = |name: &str| {
            let message = GetProgrammePlanRequest { name: name.to_owned() };
            world.by(Role::SteeringGroupMember, "area/norra", message)
        };
        let read = async |request: Request<GetProgrammePlanRequest>| {
            world.plans().get_programme_plan(request).await.unwrap().into_inner()
        };
        let latest = read(get(PLAN)).await;
        assert_eq!(latest.version, Some(sikta("2.0")));
        assert_eq!(latest.numbers, ["1.0", "2.0"]);
        let first = read(get(&format!("{PLAN}/versions/1-0"))).await;
        assert_eq!(first.version, Some(sikta("1.0")));
        for missing in [format!("{PLAN}/versions/3-0"), format!("{HOME}/programmePlans/annan")] {
            let answer = world.plans().get_programme_plan(get(&missing)).await;
            assert_eq!(problem(answer).0, Code::NotFound);
        }
        let foreign = GetProgrammePlanRequest { name: PLAN.to_owned() };
        let answer = world.plans().get_programme_plan(world.stranger(foreign)).await;
        assert_eq!(problem(answer).0, Code::NotFound);
    })
    .await;
}

#[tokio::test]
async fn a_version_never_changes_and_the_next_one_comes_after_it() {
    on_both(|database| async {
        let world = World::new(database).await;
        let first = enter(&world, sikta("2.0")).await;
        assert_eq!(enter(&world, sikta("2.0")).await, first, "a repeated request");
        assert_eq!(world.sequence().await, 1);
        let refused = async |version: ProgrammePlanVersion| {
            let request_id = "again".to_owned();
            let message = CreateProgrammePlanVersionRequest { request_id, ..create(version) };
            problem(world.plans().create_programme_plan_version(world.office(message)).await)
        };
        assert_eq!(refused(sikta("2.0")).await.0, Code::AlreadyExists);
        let earlier = refused(sikta("1.0")).await;
        assert_eq!(earlier, (Code::FailedPrecondition, "PLAN_VERSION_NOT_NEXT".to_owned()));
        assert_eq!(world.sequence().await, 1);
    })
    .await;
}

#[tokio::test]
async fn every_bad_field_of_a_plan_is_told_at_once() {
    on_both(|database| async {
        let world = World::new(database).await;
        let told = async |change: fn(&mut ProgrammePlanVersion)| {
            let mut version = sikta("2.0");
            change(&mut version);
            let request = world.office(create(version));
            faults(world.plans().create_programme_plan_version(request).await)
        };
        let malformed = told(|plan| {
            plan.number = "2".to_owned();
            plan.period = None;
            plan.goals[0].level = 0;
            plan.goals[6].quantitative = None;
            plan.report_due_days[0].month = 13;
            plan.activities[0].half_year = "2025".to_owned();
        });
        let reasons = [
            ("version.number", "PLAN_NUMBER_MALFORMED"),
            ("version.period", "PERIOD_MISSING"),
            ("version.report_due_days[0]", "DAY_OF_YEAR_INVALID"),
            ("version.goals[0].level", "ENUM_UNSPECIFIED"),
            ("version.goals[6].quantitative", "GOAL_SHARE_MISSING"),
            ("version.activities[0].half_year", "HALF_YEAR_MALFORMED"),
        ];
        assert_eq!(malformed.await, expected(&reasons));
        let beyond = told(|plan| {
            plan.name = format!("{PLAN}/versions/1-0");
            plan.intake_norm = 0;
            plan.federation_share_percent = 101;
        });
        let reasons = [
            ("version.intake_norm", "NUMBER_OUT_OF_RANGE"),
            ("version.federation_share_percent", "NUMBER_OUT_OF_RANGE"),
        ];
        assert_eq!(beyond.await, expected(&reasons));
        let named = told(|plan| plan.name = format!("{PLAN}/versions/1-0"));
        assert_eq!(named.await, expected(&[("version.name", "NAME_WRONG")]));
        let unknown = told(|plan| plan.teams = vec![format!("{HOME}/teams/ingen")]);
        assert_eq!(unknown.await, expected(&[("version.teams[0]", "TEAM_UNKNOWN")]));
        assert_eq!(world.sequence().await, 0);
    })
    .await;
}

#[tokio::test]
async fn plans_are_listed_by_their_latest_version_and_one_plan_by_its_versions() {
    on_both(|database| async {
        let world = World::new(database).await;
        for number in ["1.0", "2.0"] {
            enter(&world, sikta(number)).await;
        }
        let mut other = create(ProgrammePlanVersion { name: String::new(), ..sikta("1.0") });
        other.parent = format!("{HOME}/programmePlans/annan");
        other.request_id = "other".to_owned();
        let request = world.by(Role::ProgrammeLead, "federation", other);
        world.plans().create_programme_plan_version(request).await.unwrap();
        let listed = async |plan: &str| {
            let (mut names, mut page_token) = (Vec::new(), String::new());
            loop {
                let (parent, plan) = (HOME.to_owned(), plan.to_owned());
                let list = ListProgrammePlansRequest { parent, plan, page_size: 1, page_token };
                let request = world.by(Role::Auditor, "federation", list);
                let page = world.plans().list_programme_plans(request).await.unwrap().into_inner();
                names.extend(page.versions.into_iter().map(|version| version.name));
                page_token = page.next_page_token;
                if page_token.is_empty() {
                    return names;
                }
            }
        };
        let name = |plan, version| format!("{HOME}/programmePlans/{plan}/versions/{version}");
        assert_eq!(listed("").await, [name("annan", "1-0"), name("sikta", "2-0")]);
        assert_eq!(listed(PLAN).await, [name("sikta", "1-0"), name("sikta", "2-0")]);
    })
    .await;
}
