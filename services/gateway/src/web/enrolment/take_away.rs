//! Taking away what was noted of an enrolment by mistake: a milestone, a placement or
//! the answers to a survey.

use axum::{extract::Path, response::Response};
use proto::participant::{
    GetMilestoneRequest, GetPlacementRequest, GetSurveyAnswerRequest, RemoveMilestoneRequest,
    RemovePlacementRequest, RemoveSurveyAnswerRequest,
    milestone_service_client::MilestoneServiceClient,
    placement_service_client::PlacementServiceClient, survey_service_client::SurveyServiceClient,
};
use tonic::Status;

use crate::web::{
    code,
    error_page::Trouble,
    form::{
        Fields, Posted,
        fields::Form,
        inputs::{Group, Input, Kind},
        page::{Back, Fact, form_page_with_facts},
    },
    format,
    layout::Visit,
    reads, rights,
    sign_in::see_other,
};

/// What is taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Milestone,
    Placement,
    Answer,
}

impl What {
    const ALL: [What; 3] = [What::Milestone, What::Placement, What::Answer];

    /// Its part of the address.
    fn code(self) -> &'static str {
        match self {
            What::Milestone => "milestones",
            What::Placement => "placements",
            What::Answer => "answers",
        }
    }

    fn heading_id(self) -> &'static str {
        match self {
            What::Milestone => "take-away-milestone",
            What::Placement => "take-away-placement",
            What::Answer => "take-away-answer",
        }
    }
}

/// What stands, and its version.
struct Kept {
    etag: String,
    facts: Vec<Fact>,
}

/// The form.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(
    visit: Visit,
    Path((enrolment, what, id)): Path<(String, String, String)>,
) -> Result<Response, Trouble> {
    let (what, kept) = read_first(&visit, &what, &id).await?;
    let form = form(&visit, &enrolment, (what, &id), &kept);
    Ok(page(&visit, &enrolment, what, kept, form))
}

/// Takes it away and shows the enrolment; or shows the form again, with what is wrong.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn save(
    visit: Visit,
    Path((enrolment, what, id)): Path<(String, String, String)>,
    fields: Fields,
) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let (what, kept) = read_first(&visit, &what, &id).await?;
    let mut form = form(&visit, &enrolment, (what, &id), &kept);
    form.fill(&posted);
    let answer = remove(&visit, &posted, (what, &id), &mut form).await;
    if form.kept(answer).is_some() {
        return Ok(see_other(&format!("/enrolments/{enrolment}"), None));
    }
    Ok(page(&visit, &enrolment, what, kept, form))
}

async fn remove(
    visit: &Visit,
    posted: &Posted,
    (what, id): (What, &str),
    form: &mut Form,
) -> Result<(), Status> {
    let etag = posted.get("etag").to_owned();
    let request_id = posted.get("request_id").to_owned();
    let reason = form.needed("reason", "reason");
    let validate_only = form.is_faulty();
    let channel = visit.state.organisation.clone();
    match what {
        What::Milestone => {
            let name = reads::name(visit, "milestones", id);
            let asked = RemoveMilestoneRequest { name, etag, reason, request_id, validate_only };
            let mut client = MilestoneServiceClient::new(channel);
            client.remove_milestone(visit.request(asked)?).await.map(|_| ())
        }
        What::Placement => {
            let name = reads::name(visit, "placements", id);
            let asked = RemovePlacementRequest { name, etag, reason, request_id, validate_only };
            let mut client = PlacementServiceClient::new(channel);
            client.remove_placement(visit.request(asked)?).await.map(|_| ())
        }
        What::Answer => {
            let name = reads::name(visit, "surveyAnswers", id);
            let asked = RemoveSurveyAnswerRequest { name, etag, reason, request_id, validate_only };
            let mut client = SurveyServiceClient::new(channel);
            client.remove_survey_answer(visit.request(asked)?).await.map(|_| ())
        }
    }
}

async fn read_first(visit: &Visit, what: &str, id: &str) -> Result<(What, Kept), Trouble> {
    Trouble::unless(visit, rights::works_with_people)?;
    let what = What::ALL.into_iter().find(|known| known.code() == what);
    let what = what.ok_or_else(|| Trouble::no_such_page(visit))?;
    let kept = read(visit, what, id).await.map_err(|status| Trouble::of(visit, &status))?;
    Ok((what, kept))
}

async fn read(visit: &Visit, what: What, id: &str) -> Result<Kept, Status> {
    let channel = visit.state.organisation.clone();
    let (etag, code, day) = match what {
        What::Milestone => {
            let request = GetMilestoneRequest { name: reads::name(visit, "milestones", id) };
            let mut client = MilestoneServiceClient::new(channel);
            let answer = client.get_milestone(visit.request(request)?).await?;
            let found = answer.into_inner().milestone.unwrap_or_default();
            (found.etag.clone(), found.kind().as_str_name(), found.day)
        }
        What::Placement => {
            let request = GetPlacementRequest { name: reads::name(visit, "placements", id) };
            let mut client = PlacementServiceClient::new(channel);
            let answer = client.get_placement(visit.request(request)?).await?;
            let found = answer.into_inner().placement.unwrap_or_default();
            (found.etag.clone(), found.sector().as_str_name(), found.first_day)
        }
        What::Answer => {
            let request = GetSurveyAnswerRequest { name: reads::name(visit, "surveyAnswers", id) };
            let mut client = SurveyServiceClient::new(channel);
            let answer = client.get_survey_answer(visit.request(request)?).await?;
            let found = answer.into_inner().survey_answer.unwrap_or_default();
            (found.etag.clone(), found.occasion().as_str_name(), found.day)
        }
    };
    let facts = vec![
        Fact { name: visit.t(what.heading_id()), value: code::called(visit, code) },
        Fact::new(visit, "own-cost-day", format::date(day.as_ref())),
    ];
    Ok(Kept { etag, facts })
}

fn form(visit: &Visit, enrolment: &str, (what, id): (What, &str), kept: &Kept) -> Form {
    let language = visit.reader.language;
    let action = format!("/enrolments/{enrolment}/{}/{id}/remove", what.code());
    let mut form = Form::new(visit, action, "take-away");
    form.etag.clone_from(&kept.etag);
    let reason = Input::new(language, "reason", "role-reason", Kind::Lines(1000));
    form.groups.push(Group::plain(vec![reason.help(language, "take-away-reason-help")]));
    form
}

fn page(visit: &Visit, enrolment: &str, what: What, kept: Kept, form: Form) -> Response {
    let text = visit.t1("enrolment-heading", "id", enrolment);
    let back = Back::to(format!("/enrolments/{enrolment}"), text);
    let (title, intro) = (visit.t(what.heading_id()), visit.t("take-away-intro"));
    form_page_with_facts(visit, title, back, intro, kept.facts, form)
}
