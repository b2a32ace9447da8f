//! Plans, what was held of them, and local goals in the browser: what is shown, to whom,
//! and what each form sends.

use http::StatusCode;
use platform::Failure;
use proto::{
    Date,
    reporting::{
        CompareActivitiesRequest, CreateLocalGoalRequest, CreateProgrammePlanVersionRequest,
        GoalLevel, GoalOutcome, ListLocalGoalsRequest, RecordHeldActivitiesRequest,
        UpdateLocalGoalRequest,
    },
};
use values::{Fault, Faults};

use super::{browser::World, vastmanland::name};

const CREATE: &str = "/samordna.reporting.v1.ProgrammePlanService/CreateProgrammePlanVersion";
const COMPARE: &str = "/samordna.reporting.v1.HeldActivitiesService/CompareActivities";
const RECORD: &str = "/samordna.reporting.v1.HeldActivitiesService/RecordHeldActivities";
const GOALS: &str = "/samordna.reporting.v1.LocalGoalService/ListLocalGoals";
const CREATE_GOAL: &str = "/samordna.reporting.v1.LocalGoalService/CreateLocalGoal";
const UPDATE_GOAL: &str = "/samordna.reporting.v1.LocalGoalService/UpdateLocalGoal";

const PLAN: &str = "/planning/plans/sikta";
const NEXT: &str = "/planning/plans/sikta/versions/new";
const HELD: &str = "/planning/plans/sikta/held/2025h1";

#[tokio::test]
async fn a_plan_shows_its_goals_what_was_held_against_it_and_its_versions() {
    let world = World::new().await;
    let mut browser = world.signed_in("leila").await;
    let list = browser.get("/planning").await;
    assert!(list.text().contains("Sikta mot arbetslivet 2.0 Centrala styrgruppen 2024-12-05"));
    assert!(list.html.contains("rel=\"next\" href=\"/planning?page_token=sikta\""));
    let page = browser.get("/planning/plans/sikta/versions/2-0").await;
    let text = page.text();
    for shown in [
        "Samordningsteam Sala",
        "försörjningsstöd",
        "07-31",
        "Fler i arbete kvantitativt 60 % avslut till arbete eller studier / alla avslut",
        "exits.work + exits.studies / exits",
        "Personalkonferens 1–2 0 färre än planerat Inställd.",
        "Möte, Norra 1–2 inte antecknat",
        "Samordningsteam Sala 2025 40 22",
        "Version 1.0",
    ] {
        assert!(text.contains(shown), "{shown} in {text}");
    }
    let asked: Vec<CompareActivitiesRequest> = world.services.asked(COMPARE);
    let held = format!("{}/heldActivities/2025h1", name("programmePlans", "sikta"));
    assert_eq!((asked[0].name.as_str(), asked[0].version.as_str()), (held.as_str(), "2.0"));
    assert!(!page.html.contains("/versions/new") && !page.html.contains("/held/"));
    let office = world.signed_in("maria").await.get(PLAN).await;
    assert!(office.html.contains(NEXT) && office.html.contains(HELD));
}

#[tokio::test]
async fn only_those_who_plan_get_the_forms_and_only_readers_of_plans_the_pages() {
    let world = World::new().await;
    for (who, path, status) in [
        ("olle", "/planning", StatusCode::OK),
        ("olle", "/planning/plans/new", StatusCode::FORBIDDEN),
        ("leila", NEXT, StatusCode::FORBIDDEN),
        ("leila", HELD, StatusCode::FORBIDDEN),
        ("olle", "/planning/local-goals/new", StatusCode::FORBIDDEN),
        ("sofia", "/planning", StatusCode::FORBIDDEN),
        ("anna", PLAN, StatusCode::FORBIDDEN),
        ("sofia", "/planning/local-goals", StatusCode::FORBIDDEN),
    ] {
        assert_eq!(world.signed_in(who).await.get(path).await.status, status, "{who} {path}");
    }
    let menu = world.signed_in("sofia").await.get("/reports").await;
    assert!(!menu.html.contains("href=\"/planning\""));
}

#[tokio::test]
async fn the_next_version_begins_with_the_latest_and_sends_what_is_typed() {
    let world = World::new().await;
    let mut browser = world.signed_in("maria").await;
    let form = browser.get(NEXT).await;
    assert!(form.html.contains("name=\"title\" maxlength=\"200\" value=\"Sikta mot arbetslivet\""));
    assert!(form.html.contains("id=\"number\" name=\"number\" maxlength=\"7\" value=\"\""));
    let more = browser.submit(&form, NEXT, &[("step", "add_goal")]).await;
    assert!(more.html.contains("id=\"goal-3-title\"") && more.html.contains("autofocus"));
    assert!(!more.html.contains("id=\"activity-2-title\""));
    let fields = [
        ("title", "Sikta"),
        ("number", "2.1"),
        ("approved_by", "Styrgruppen"),
        ("approval_date", "2025-06-01"),
        ("first_day", "2025-07-01"),
        ("last_day", "2026-06-30"),
        ("team-sala", "yes"),
        ("youngest", "18"),
        ("oldest", "64"),
        ("LIVELIHOOD_SICKNESS_BENEFIT", "yes"),
        ("longest_stay", "12"),
        ("intake_norm", "18"),
        ("share", "40 %"),
        ("funding", "5 000 000"),
        ("due_days", "01-31, 07-31"),
        ("goal-0-level", "GOAL_LEVEL_QUANTITATIVE"),
        ("goal-0-title", "Fler i arbete"),
        ("goal-0-target", "60"),
        ("goal-0-numerator_cells", "exits.work, exits.studies"),
        ("activity-0-half_year", "2025H2"),
        ("activity-0-title", "Möte per länsdel"),
        ("activity-0-most", "3"),
        ("activity-0-per_area", "yes"),
        ("budget-0-year", "2026"),
        ("budget-0-team", "sala"),
        ("budget-0-total", "40"),
        ("step", "save"),
    ];
    let done = browser.submit(&form, NEXT, &fields).await;
    assert_eq!(done.location, PLAN, "{}", done.text());
    let asked: Vec<CreateProgrammePlanVersionRequest> = world.services.asked(CREATE);
    let [sent] = asked.as_slice() else { panic!("{asked:?}") };
    assert_eq!(sent.parent, name("programmePlans", "sikta"));
    let version = sent.version.clone().unwrap();
    assert_eq!((version.number.as_str(), version.federation_share_percent), ("2.1", 40));
    assert_eq!(version.federation_funding_ore_per_year, 500_000_000);
    assert_eq!(version.teams, [name("teams", "sala")]);
    assert_eq!(version.target_group.unwrap().livelihoods, ["sickness_benefit"]);
    assert_eq!((version.report_due_days[1].month, version.report_due_days[1].day), (7, 31));
    let [goal] = version.goals.as_slice() else { panic!("{:?}", version.goals) };
    assert_eq!(goal.level(), GoalLevel::Quantitative);
    let share = goal.quantitative.clone().unwrap();
    assert_eq!((share.target_percent, share.numerator_cells.len()), (60, 2));
    let activity = &version.activities[0];
    assert_eq!((activity.id.as_str(), activity.half_year.as_str()), ("mote-per-lansdel", "2025h2"));
    assert_eq!((activity.least, activity.most, activity.is_per_area), (None, Some(3), true));
    assert_eq!(
        (version.budgeted_participants[0].total, version.approval_date),
        (40, Some(Date { year: 2025, month: 6, day: 1 }))
    );
}

#[tokio::test]
async fn what_is_wrong_with_a_version_stands_at_its_input() {
    let world = World::new().await;
    let mut browser = world.signed_in("maria").await;
    let form = browser.get("/planning/plans/new").await;
    let mut faults = Faults::new();
    faults.push(Fault::new("version.goals", "ITEMS_MISSING").with("least", 1));
    faults.push(Fault::new("version.target_group.livelihoods", "ITEMS_MISSING").with("least", 1));
    world.services.refuse(CREATE, Failure::Invalid(faults));
    let fields = [("funding", "1 EUR"), ("due_days", "juli"), ("step", "save")];
    let page = browser.submit(&form, "/planning/plans/new", &fields).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    for id in ["funding", "due_days", "goal-0-title", "LIVELIHOOD_SOCIAL_ASSISTANCE"] {
        assert!(page.html.contains(&format!("id=\"{id}-error\"")), "{id} in {}", page.text());
    }
    let asked: Vec<CreateProgrammePlanVersionRequest> = world.services.asked(CREATE);
    assert!(asked[0].validate_only, "nothing is entered while something cannot be read");
}

#[tokio::test]
async fn what_was_held_is_recorded_and_nothing_said_is_not_zero() {
    let world = World::new().await;
    let mut browser = world.signed_in("maria").await;
    let form = browser.get(HELD).await;
    assert!(form.html.contains("name=\"line-0-held\" inputmode=\"numeric\""));
    assert!(form.text().contains("Personalkonferens (planerat: 1–2)"));
    let fields = [("line-0-held", "2"), ("line-1-held", "")];
    let done = browser.submit(&form, HELD, &fields).await;
    assert_eq!(done.location, format!("{PLAN}#held-2025h1"));
    let asked: Vec<RecordHeldActivitiesRequest> = world.services.asked(RECORD);
    assert_eq!(asked[0].etag, "4");
    let sent = &asked[0].held_activities.as_ref().unwrap().activities;
    assert_eq!((sent.len(), sent[0].activity.as_str(), sent[0].held), (1, "personalkonferens", 2));
    let unclear = browser.submit(&form, HELD, &[("line-1-comment", "Flyttat.")]).await;
    assert!(unclear.html.contains("id=\"line-1-held-error\""), "{}", unclear.text());
}

#[tokio::test]
async fn a_local_goal_is_entered_followed_up_and_shown_with_how_it_went() {
    let world = World::new().await;
    let mut browser = world.signed_in("leila").await;
    let page = browser.get("/planning/local-goals?team=hallstahammar&year=2025").await;
    let text = page.text();
    assert!(text.contains("Januari–juni delvis 35 dagar i juni."), "{text}");
    assert!(page.html.contains("/planning/local-goals/g1/change"));
    assert!(!page.html.contains("/planning/local-goals/g2/change"), "another team's goal");
    let asked: Vec<ListLocalGoalsRequest> = world.services.asked(GOALS);
    assert_eq!(
        (asked[0].team.as_str(), asked[0].year),
        (name("teams", "hallstahammar").as_str(), 2025)
    );

    let form = browser.get("/planning/local-goals/new").await;
    assert!(!form.html.contains("value=\"sala\""));
    let fields = [
        ("team", "hallstahammar"),
        ("year", "2025"),
        ("title", "Kortare kö"),
        ("measured", "Dagar"),
        ("target", "30"),
    ];
    let done = browser.submit(&form, "/planning/local-goals/new", &fields).await;
    assert_eq!(done.location, "/planning/local-goals");
    let asked: Vec<CreateLocalGoalRequest> = world.services.asked(CREATE_GOAL);
    let sent = asked[0].local_goal.as_ref().unwrap();
    assert_eq!((sent.year, sent.follow_ups.len()), (2025, 0));

    let path = "/planning/local-goals/g1/change";
    let form = browser.get(path).await;
    let fields = [
        ("title", "Kortare kö"),
        ("half-2-outcome", "GOAL_OUTCOME_REACHED"),
        ("half-2-text", "28 dagar."),
    ];
    browser.submit(&form, path, &fields).await;
    let asked: Vec<UpdateLocalGoalRequest> = world.services.asked(UPDATE_GOAL);
    let sent = asked[0].local_goal.as_ref().unwrap();
    assert_eq!((asked[0].etag.as_str(), sent.year), ("2", 2025));
    let [follow_up] = sent.follow_ups.as_slice() else { panic!("{sent:?}") };
    assert_eq!((follow_up.half, follow_up.outcome()), (2, GoalOutcome::Reached));
    let half_said = browser.submit(&form, path, &[("half-1-text", "Bra.")]).await;
    assert!(half_said.html.contains("id=\"half-1-outcome-error\""));
}
