//! What was held of what a plan says: as the plan's page has it, and the form that records
//! it.

use axum::{extract::Path, response::Response};
use proto::reporting::{
    ActivityComparison, ActivityOutcome, CompareActivitiesRequest, CompareActivitiesResponse,
    HeldActivities, HeldActivity, RecordHeldActivitiesRequest,
    held_activities_service_client::HeldActivitiesServiceClient,
};
use tonic::Status;

use super::{
    code,
    error_page::Trouble,
    form::{
        Fields, Posted,
        fields::Form,
        inputs::{Group, Input, Kind, line_id},
        page::{Back, form_page},
    },
    half_year_report::period_name,
    layout::Visit,
    programme_plan::{self, address},
    reads,
    report::list::Around,
    requisition::StateView,
    rights,
    sign_in::see_other,
};

/// A half-year, what was planned for it and what was held.
pub(crate) struct HeldView {
    /// Its id, which is also its address: `2025h1`.
    pub(crate) id: String,
    /// What it is called.
    pub(crate) half_year: String,
    /// In the order of the plan.
    pub(crate) rows: Vec<RowView>,
}

/// An activity.
pub(crate) struct RowView {
    /// What it is, and in which area.
    pub(crate) title: String,
    /// How many times it is planned.
    pub(crate) planned: String,
    /// How many times it was held; empty when nobody has said.
    pub(crate) held: String,
    /// How the two stand to each other.
    pub(crate) outcome: StateView,
    /// What was said of it.
    pub(crate) comment: String,
}

impl HeldView {
    /// Makes a half-year ready to be shown.
    pub(crate) fn of(
        visit: &Visit,
        around: &Around,
        half_year: &str,
        activities: &[ActivityComparison],
    ) -> Self {
        Self {
            id: half_year.to_owned(),
            half_year: period_name(visit.reader.language, half_year),
            rows: activities.iter().map(|it| RowView::of(visit, around, it)).collect(),
        }
    }
}

impl RowView {
    fn of(visit: &Visit, around: &Around, activity: &ActivityComparison) -> Self {
        let color = match activity.outcome() {
            ActivityOutcome::Unspecified | ActivityOutcome::NotRecorded => "neutral",
            ActivityOutcome::Below => "warning",
            ActivityOutcome::AsPlanned => "success",
            ActivityOutcome::Above | ActivityOutcome::NotPlanned => "info",
        };
        Self {
            title: title(around, activity),
            planned: planned(visit, activity.least, activity.most),
            held: activity.held.map(|held| held.to_string()).unwrap_or_default(),
            outcome: StateView {
                text: code::called(visit, activity.outcome().as_str_name()),
                color,
            },
            comment: activity.comment.clone(),
        }
    }
}

fn title(around: &Around, activity: &ActivityComparison) -> String {
    let own = &activity.title;
    let title = if own.is_empty() { &activity.activity } else { own };
    match activity.area.as_str() {
        "" => title.clone(),
        area => format!("{title}, {}", around.subject(area)),
    }
}

fn planned(visit: &Visit, least: Option<i32>, most: Option<i32>) -> String {
    match (least, most) {
        (Some(least), Some(most)) if least == most => least.to_string(),
        (Some(least), Some(most)) => format!("{least}–{most}"),
        (Some(least), None) => visit.t1("plan-at-least", "count", &least.to_string()),
        (None, Some(most)) => visit.t1("plan-at-most", "count", &most.to_string()),
        (None, None) => String::new(),
    }
}

/// Sets what was held against a version of the plan; with an empty number, the latest.
///
/// # Errors
/// What reporting answered instead.
pub(crate) async fn compare(
    visit: &Visit,
    plan: &str,
    half_year: &str,
    version: &str,
) -> Result<CompareActivitiesResponse, Status> {
    let name = name(visit, plan, half_year);
    let request = CompareActivitiesRequest { name, version: version.to_owned() };
    let mut client = HeldActivitiesServiceClient::new(visit.state.reporting.clone());
    Ok(client.compare_activities(visit.request(request)?).await?.into_inner())
}

fn name(visit: &Visit, plan: &str, half_year: &str) -> String {
    format!("{}/heldActivities/{half_year}", reads::name(visit, "programmePlans", plan))
}

/// The form, with what is recorded.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(
    visit: Visit,
    Path((plan, half_year)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let first = First::read(&visit, plan, half_year).await?;
    let form = first.form(&visit);
    Ok(first.page(&visit, form))
}

/// Records it and shows the plan; or shows the form again, with what is wrong.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn save(
    visit: Visit,
    Path((plan, half_year)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let first = First::read(&visit, plan, half_year).await?;
    let mut form = first.form(&visit);
    form.fill(&posted);
    let answer = first.record(&visit, &posted, &mut form).await;
    if form.kept(answer).is_some() {
        let plan = address(&first.plan);
        return Ok(see_other(&format!("{plan}#held-{}", first.half_year), None));
    }
    Ok(first.page(&visit, form))
}

/// What the form is about.
struct First {
    plan: String,
    half_year: String,
    plan_title: String,
    compared: CompareActivitiesResponse,
    around: Around,
}

impl First {
    async fn read(visit: &Visit, plan: String, half_year: String) -> Result<Self, Trouble> {
        Trouble::unless(visit, rights::plans)?;
        let ((version, _), compared, around) = tokio::try_join!(
            programme_plan::read(visit, &plan, ""),
            compare(visit, &plan, &half_year, ""),
            Around::read(visit, &[]),
        )
        .map_err(|status| Trouble::of(visit, &status))?;
        if compared.activities.is_empty() {
            return Err(Trouble::no_such_page(visit));
        }
        Ok(Self { plan, half_year, plan_title: version.title, compared, around })
    }

    fn form(&self, visit: &Visit) -> Form {
        let language = visit.reader.language;
        let action = format!("{}/held/{}", address(&self.plan), self.half_year);
        let mut form = Form::new(visit, action, "held-save");
        form.etag.clone_from(&self.compared.etag);
        for (line, activity) in self.compared.activities.iter().enumerate() {
            let held = activity.held.map(|held| held.to_string()).unwrap_or_default();
            let planned = planned(visit, activity.least, activity.most);
            let times = Input::new(language, line_id(line, "held"), "held-times", Kind::Whole);
            let kind = Kind::Text(1000);
            let comment = Input::new(language, line_id(line, "comment"), "held-comment", kind);
            let comment = comment.optional(language).value(&activity.comment);
            let mut legend = title(&self.around, activity);
            if !planned.is_empty() {
                let planned = visit.t1("held-planned", "planned", &planned);
                legend = format!("{legend} ({planned})");
            }
            form.groups.push(Group::line(legend, vec![times.value(held), comment]));
        }
        form
    }

    async fn record(&self, visit: &Visit, posted: &Posted, form: &mut Form) -> Result<(), Status> {
        let mut activities = Vec::new();
        for (line, compared) in self.compared.activities.iter().enumerate() {
            let (held, comment) = (line_id(line, "held"), line_id(line, "comment"));
            if form.is_blank(&[held.clone(), comment.clone()]) {
                continue;
            }
            let field = format!("held_activities.activities[{}]", activities.len());
            if form.typed(&held).trim().is_empty() {
                form.wrong(&held, "FIELD_MISSING", "");
            }
            activities.push(HeldActivity {
                activity: compared.activity.clone(),
                area: compared.area.clone(),
                held: form.small(&held, &format!("{field}.held")),
                comment: form.text(&comment, &format!("{field}.comment")),
            });
            form.note_source(&held, &field);
        }
        let request = RecordHeldActivitiesRequest {
            held_activities: Some(HeldActivities {
                name: name(visit, &self.plan, &self.half_year),
                activities,
                etag: String::new(),
            }),
            etag: posted.get("etag").to_owned(),
            request_id: posted.get("request_id").to_owned(),
            validate_only: form.is_faulty(),
        };
        let mut client = HeldActivitiesServiceClient::new(visit.state.reporting.clone());
        client.record_held_activities(visit.request(request)?).await.map(|_| ())
    }

    fn page(&self, visit: &Visit, form: Form) -> Response {
        let back = Back::to(address(&self.plan), self.plan_title.clone());
        let half_year = period_name(visit.reader.language, &self.half_year);
        let title = visit.t1("held-heading", "half_year", &half_year);
        form_page(visit, title, back, visit.t("held-intro"), form)
    }
}
