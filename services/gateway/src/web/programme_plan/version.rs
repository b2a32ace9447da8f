//! The form of a plan's first version and of its next ones.

use axum::{extract::Path, response::Response};
use proto::{
    common::Period,
    participant::Livelihood,
    reporting::{
        BudgetedParticipants, CreateProgrammePlanVersionRequest, DayOfYear, GoalLevel, PlanGoal,
        PlannedActivity, ProgrammePlanVersion, QuantitativeGoal, TargetGroup,
    },
};
use tonic::Status;

use super::{
    address, client,
    inputs::{self, Lines, Part},
    livelihood_code, read,
};
use crate::web::{
    account::Places,
    code,
    error_page::Trouble,
    form::{
        Fields, Posted,
        fields::Form,
        inputs::Choice,
        page::{Back, form_page},
    },
    layout::Visit,
    planning::PLANS,
    reads, rights,
    sign_in::see_other,
};

/// The form of a new plan.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show_new(visit: Visit) -> Result<Response, Trouble> {
    let first = First::read(&visit, None).await?;
    let form = first.form(&visit, Lines::of(&first.begins));
    Ok(first.page(&visit, form))
}

/// The form of a plan's next version, with what the latest says.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(visit: Visit, Path(plan): Path<String>) -> Result<Response, Trouble> {
    let first = First::read(&visit, Some(plan)).await?;
    let form = first.form(&visit, Lines::of(&first.begins));
    Ok(first.page(&visit, form))
}

/// Enters a new plan and shows it; or shows the form again.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn save_new(visit: Visit, fields: Fields) -> Result<Response, Trouble> {
    save_of(&visit, None, fields).await
}

/// Enters a plan's next version and shows it; or shows the form again.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn save(
    visit: Visit,
    Path(plan): Path<String>,
    fields: Fields,
) -> Result<Response, Trouble> {
    save_of(&visit, Some(plan), fields).await
}

async fn save_of(visit: &Visit, plan: Option<String>, fields: Fields) -> Result<Response, Trouble> {
    let posted = Posted::accept(visit, fields)?;
    let first = First::read(visit, plan).await?;
    let lines = Lines::posted(&posted);
    let mut form = first.form(visit, lines);
    form.fill(&posted);
    if let Some(part) = Lines::added(&posted) {
        form.focus(&format!("{}-{}-", part.code(), lines.count(part) - 1));
        return Ok(first.page(visit, form));
    }
    let version = first.version(&mut form, lines);
    let plan = first.plan.clone().unwrap_or_else(|| posted.new_id(&[&version.title]));
    let answer = create(visit, &posted, &plan, version, form.is_faulty()).await;
    if form.kept(answer).is_some() {
        return Ok(see_other(&address(&plan), None));
    }
    Ok(first.page(visit, form))
}

async fn create(
    visit: &Visit,
    posted: &Posted,
    plan: &str,
    version: ProgrammePlanVersion,
    validate_only: bool,
) -> Result<(), Status> {
    let request = CreateProgrammePlanVersionRequest {
        parent: reads::name(visit, "programmePlans", plan),
        version: Some(version),
        request_id: posted.get("request_id").to_owned(),
        validate_only,
    };
    client(visit).create_programme_plan_version(visit.request(request)?).await.map(|_| ())
}

/// What the form begins with.
struct First {
    /// The plan's id; none for a new one.
    plan: Option<String>,
    begins: ProgrammePlanVersion,
    teams: Vec<Choice>,
    federation: String,
}

impl First {
    async fn read(visit: &Visit, plan: Option<String>) -> Result<Self, Trouble> {
        Trouble::unless(visit, rights::plans)?;
        let begins = async {
            match &plan {
                Some(plan) => read(visit, plan, "").await.map(|(version, _)| version),
                None => Ok(ProgrammePlanVersion::default()),
            }
        };
        let (begins, places) = tokio::try_join!(begins, Places::read(visit))
            .map_err(|status| Trouble::of(visit, &status))?;
        Ok(Self { plan, begins, teams: places.teams(), federation: visit.federation() })
    }

    fn form(&self, visit: &Visit, lines: Lines) -> Form {
        let action = match &self.plan {
            Some(plan) => format!("{}/versions/new", address(plan)),
            None => format!("{PLANS}/plans/new"),
        };
        let mut form = Form::new(visit, action, "plan-save");
        inputs::add(visit, &mut form, &self.teams, &self.begins, lines);
        form
    }

    fn version(&self, form: &mut Form, lines: Lines) -> ProgrammePlanVersion {
        let mut teams = Vec::new();
        for team in &self.teams {
            let field = format!("version.teams[{}]", teams.len());
            if form.text(&format!("team-{}", team.code), &field) == code::YES {
                teams.push(format!("{}/teams/{}", self.federation, team.code));
            }
        }
        ProgrammePlanVersion {
            name: String::new(),
            number: form.text("number", "version.number"),
            approved_by: form.text("approved_by", "version.approved_by"),
            approval_date: form.day("approval_date", "version.approval_date"),
            title: form.text("title", "version.title"),
            direction: form.text("direction", "version.direction"),
            method: form.text("method", "version.method"),
            period: Some(Period {
                first_day: form.day("first_day", "version.period.first_day"),
                last_day: form.day("last_day", "version.period.last_day"),
            }),
            teams,
            target_group: Some(target_group(form)),
            longest_stay_months: form.small("longest_stay", "version.longest_stay_months"),
            intake_norm: form.small("intake_norm", "version.intake_norm"),
            federation_share_percent: form.small("share", "version.federation_share_percent"),
            federation_funding_ore_per_year: form
                .ore("funding", "version.federation_funding_ore_per_year"),
            report_due_days: due_days(form),
            goals: goals(form, lines.count(Part::Goal)),
            activities: activities(form, lines.count(Part::Activity)),
            budgeted_participants: budgeted(form, lines.count(Part::Budget)),
        }
    }

    fn page(&self, visit: &Visit, form: Form) -> Response {
        let (back, title) = match &self.plan {
            Some(plan) => (
                Back::to(address(plan), self.begins.title.clone()),
                visit.t1("plan-next-heading", "plan", &self.begins.title),
            ),
            None => (Back::to(PLANS, visit.t("plans-heading")), visit.t("plan-new")),
        };
        form_page(visit, title, back, visit.t("plan-new-intro"), form)
    }
}

fn target_group(form: &mut Form) -> TargetGroup {
    const FIELD: &str = "version.target_group";
    let mut livelihoods = Vec::new();
    for livelihood in code::all::<Livelihood>() {
        let field = format!("{FIELD}.livelihoods[{}]", livelihoods.len());
        if form.text(livelihood.as_str_name(), &field) == code::YES {
            livelihoods.push(livelihood_code(livelihood));
        }
    }
    TargetGroup {
        youngest: form.small("youngest", &format!("{FIELD}.youngest")),
        oldest: form.small("oldest", &format!("{FIELD}.oldest")),
        livelihoods,
        description: form.text("description", &format!("{FIELD}.description")),
    }
}

/// The days of a year, as they are typed: `07-31, 01-31`.
fn due_days(form: &mut Form) -> Vec<DayOfYear> {
    let typed = form.text("due_days", "version.report_due_days");
    let mut days = Vec::new();
    for word in words(&typed) {
        let parts = word.split_once('-');
        let parts = parts.and_then(|(month, day)| Some((month.parse().ok()?, day.parse().ok()?)));
        match parts {
            Some((month, day)) => days.push(DayOfYear { month, day }),
            None => form.wrong("due_days", "DAY_OF_YEAR_INVALID", &word),
        }
    }
    days
}

fn goals(form: &mut Form, lines: usize) -> Vec<PlanGoal> {
    const OF_SHARE: [&str; 6] = [
        "target",
        "numerator",
        "denominator",
        "numerator_cells",
        "denominator_cells",
        "destinations",
    ];
    let mut goals = Vec::new();
    for line in 0..lines {
        let id = |field: &str| Part::Goal.id(line, field);
        let is_share = !form.is_blank(&OF_SHARE.map(id));
        if !is_share && form.is_blank(&["level", "title"].map(id)) {
            continue;
        }
        let field = format!("version.goals[{}]", goals.len());
        form.note_source(&id("title"), &field);
        let levels = code::all::<GoalLevel>();
        let level =
            form.chosen(&id("level"), &format!("{field}.level"), &levels, |it| it.as_str_name());
        let title = form.text(&id("title"), &format!("{field}.title"));
        let share = format!("{field}.quantitative");
        form.note_source(&id("target"), &share);
        let quantitative = is_share.then(|| QuantitativeGoal {
            target_percent: form.small(&id("target"), &format!("{share}.target_percent")),
            numerator: form.text(&id("numerator"), &format!("{share}.numerator")),
            denominator: form.text(&id("denominator"), &format!("{share}.denominator")),
            numerator_cells: words(
                &form.text(&id("numerator_cells"), &format!("{share}.numerator_cells")),
            ),
            denominator_cells: words(
                &form.text(&id("denominator_cells"), &format!("{share}.denominator_cells")),
            ),
            destinations: words(&form.text(&id("destinations"), &format!("{share}.destinations"))),
        });
        goals.push(PlanGoal { level: level.unwrap_or_default().into(), title, quantitative });
    }
    if goals.is_empty() {
        form.note_source(&Part::Goal.id(0, "title"), "version.goals");
    }
    goals
}

fn activities(form: &mut Form, lines: usize) -> Vec<PlannedActivity> {
    const OF_LINE: [&str; 5] = ["half_year", "title", "least", "most", "id"];
    let mut activities = Vec::new();
    for line in 0..lines {
        let id = |field: &str| Part::Activity.id(line, field);
        if form.is_blank(&OF_LINE.map(id)) {
            continue;
        }
        let field = format!("version.activities[{}]", activities.len());
        form.note_source(&id("title"), &field);
        let title = form.text(&id("title"), &format!("{field}.title"));
        let typed = form.text(&id("id"), &format!("{field}.id"));
        activities.push(PlannedActivity {
            id: if typed.is_empty() { plain_id(&title) } else { typed },
            half_year: form.text(&id("half_year"), &format!("{field}.half_year")).to_lowercase(),
            title,
            least: small_if_given(form, &id("least"), &format!("{field}.least")),
            most: small_if_given(form, &id("most"), &format!("{field}.most")),
            is_per_area: form.typed(&id("per_area")) == code::YES,
        });
    }
    activities
}

fn budgeted(form: &mut Form, lines: usize) -> Vec<BudgetedParticipants> {
    const OF_LINE: [&str; 5] = ["year", "team", "total", "women", "men"];
    let mut budgeted = Vec::new();
    for line in 0..lines {
        let id = |field: &str| Part::Budget.id(line, field);
        if form.is_blank(&OF_LINE.map(id)) {
            continue;
        }
        let field = format!("version.budgeted_participants[{}]", budgeted.len());
        form.note_source(&id("total"), &field);
        budgeted.push(BudgetedParticipants {
            year: form.small(&id("year"), &format!("{field}.year")),
            team: form.resource(&id("team"), &format!("{field}.team"), "teams"),
            total: form.whole(&id("total"), &format!("{field}.total")),
            women: whole_if_given(form, &id("women"), &format!("{field}.women")),
            men: whole_if_given(form, &id("men"), &format!("{field}.men")),
        });
    }
    budgeted
}

fn small_if_given(form: &mut Form, id: &str, field: &str) -> Option<i32> {
    let is_given = !form.typed(id).trim().is_empty();
    is_given.then(|| form.small(id, field))
}

fn whole_if_given(form: &mut Form, id: &str, field: &str) -> Option<i64> {
    let is_given = !form.typed(id).trim().is_empty();
    is_given.then(|| form.whole(id, field))
}

/// What is typed between spaces and commas.
fn words(typed: &str) -> Vec<String> {
    let words = typed.split([' ', ',']).filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

/// An id out of a title: the same for the same title.
fn plain_id(title: &str) -> String {
    let plain = |character: char| match character {
        'å' | 'ä' => 'a',
        'ö' => 'o',
        'a'..='z' | '0'..='9' => character,
        _ => '-',
    };
    let plain: String = title.to_lowercase().chars().map(plain).take(63).collect();
    plain.split('-').filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_activity_is_named_by_its_title_unless_it_has_an_id() {
        assert_eq!(plain_id("Personalkonferens"), "personalkonferens");
        assert_eq!(plain_id("Möte, per länsdel"), "mote-per-lansdel");
        assert_eq!(plain_id("–"), "");
    }

    #[test]
    fn codes_stand_between_spaces_and_commas() {
        assert_eq!(words("exits.work, exits.studies  x"), ["exits.work", "exits.studies", "x"]);
        assert!(words(" ").is_empty());
    }
}
