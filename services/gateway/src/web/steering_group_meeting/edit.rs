//! The form of a meeting: planning one, and writing down what was held and decided.

use std::collections::BTreeSet;

use axum::{extract::Path, response::Response};
use proto::reporting::{
    CreateSteeringGroupMeetingRequest, ListProgrammePlansRequest, ReportState, SteeringDecision,
    SteeringGroup, SteeringGroupMeeting, UpdateSteeringGroupMeetingRequest,
    programme_plan_service_client::ProgrammePlanServiceClient, steering_decision::About,
};
use tonic::Status;

use super::{client, grant_words, of_group, plan_words};
use crate::web::{
    code,
    error_page::Trouble,
    form::{
        Fields, Posted,
        fields::Form,
        inputs::{Choice, Group, Input, Kind, line_id},
        page::{Back, form_page},
    },
    format,
    layout::Visit,
    reads::{self, id_of},
    report::list::reports,
    rights,
    sign_in::see_other,
    steering_group::{self, address},
};

/// What there is to choose from at most of each kind.
const CHOICES: i32 = 100;
/// Decisions that a meeting may have.
const MOST_LINES: usize = 100;
const FIRST_LINES: usize = 1;
const OF_LINE: [&str; 3] = ["number", "text", "about"];

/// What a decision is about, as the form posts it: the kind before the value.
const PLAN: &str = "plan ";
const REPORT: &str = "report ";
const GRANT: &str = "grant ";

/// The form of a new meeting.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(visit: Visit, Path(group): Path<String>) -> Result<Response, Trouble> {
    let first = First::read(&visit, &group, None).await?;
    let form = first.form(&visit, FIRST_LINES);
    Ok(first.page(&visit, form))
}

/// Enters it and shows the group; or shows the form again.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn save(
    visit: Visit,
    Path(group): Path<String>,
    fields: Fields,
) -> Result<Response, Trouble> {
    let first = First::read(&visit, &group, None).await?;
    first.save(&visit, fields).await
}

/// The form of a meeting that is there.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show_change(
    visit: Visit,
    Path((group, meeting)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let first = First::read(&visit, &group, Some(&meeting)).await?;
    let form = first.form(&visit, first.kept.decisions.len() + 1);
    Ok(first.page(&visit, form))
}

/// Changes it and shows the group; or shows the form again.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn change(
    visit: Visit,
    Path((group, meeting)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, Trouble> {
    let first = First::read(&visit, &group, Some(&meeting)).await?;
    first.save(&visit, fields).await
}

/// What the form begins with.
struct First {
    group: SteeringGroup,
    /// As it stands; without a name when it is new.
    kept: SteeringGroupMeeting,
    /// What a decision can be about.
    abouts: Vec<Choice>,
}

impl First {
    async fn read(visit: &Visit, group: &str, meeting: Option<&str>) -> Result<Self, Trouble> {
        Trouble::unless(visit, rights::plans)?;
        let kept = async {
            match meeting {
                Some(meeting) => find(visit, group, meeting).await,
                None => Ok(SteeringGroupMeeting::default()),
            }
        };
        let (group, kept, mut abouts) =
            tokio::try_join!(steering_group::read(visit, group), kept, abouts(visit))
                .map_err(|status| Trouble::of(visit, &status))?;
        for about in kept.decisions.iter().filter_map(|decision| decision.about.as_ref()) {
            let code = about_code(about);
            if !abouts.iter().any(|choice| choice.code == code) {
                abouts.push(Choice::new(code, about_words(visit, about)));
            }
        }
        Ok(Self { group, kept, abouts })
    }

    async fn save(&self, visit: &Visit, fields: Fields) -> Result<Response, Trouble> {
        let posted = Posted::accept(visit, fields)?;
        let mut form = self.form(visit, posted.lines(FIRST_LINES, MOST_LINES));
        form.fill(&posted);
        if posted.adds_line() {
            form.focus_last_line();
            return Ok(self.page(visit, form));
        }
        let meeting = content(&mut form);
        let answer = self.send(visit, &posted, meeting, form.is_faulty()).await;
        if form.kept(answer).is_some() {
            return Ok(see_other(&address(id_of(&self.group.name)), None));
        }
        Ok(self.page(visit, form))
    }

    async fn send(
        &self,
        visit: &Visit,
        posted: &Posted,
        meeting: SteeringGroupMeeting,
        validate_only: bool,
    ) -> Result<(), Status> {
        let request_id = posted.get("request_id").to_owned();
        if self.kept.name.is_empty() {
            let day = format::date(meeting.day.as_ref());
            let request = CreateSteeringGroupMeetingRequest {
                parent: self.group.name.clone(),
                meeting_id: posted.new_id(&[&day]),
                meeting: Some(meeting),
                request_id,
                validate_only,
            };
            let request = visit.request(request)?;
            return client(visit).create_steering_group_meeting(request).await.map(|_| ());
        }
        let request = UpdateSteeringGroupMeetingRequest {
            name: self.kept.name.clone(),
            etag: posted.get("etag").to_owned(),
            meeting: Some(meeting),
            request_id,
            validate_only,
        };
        let request = visit.request(request)?;
        client(visit).update_steering_group_meeting(request).await.map(|_| ())
    }

    fn form(&self, visit: &Visit, lines: usize) -> Form {
        let language = visit.reader.language;
        let meetings = format!("{}/meetings", address(id_of(&self.group.name)));
        let action = match self.kept.name.as_str() {
            "" => format!("{meetings}/new"),
            name => format!("{meetings}/{}/change", id_of(name)),
        };
        let input = |id: &str, label_id: &str, kind| Input::new(language, id, label_id, kind);
        let held = if self.kept.is_held { code::YES } else { "" };
        let lines = lines.clamp(FIRST_LINES, MOST_LINES);
        let mut form =
            Form::new(visit, action, "meeting-save").with_lines(lines, "meeting-add-decision");
        form.etag.clone_from(&self.kept.etag);
        form.groups.push(Group::plain(vec![
            input("day", "meeting-day", Kind::Day).value(format::date(self.kept.day.as_ref())),
            input("held", "meeting-is-held", Kind::Tick).value(held),
            input("dnr", "field-dnr", Kind::Text(100)).optional(language).value(&self.kept.dnr),
            input("minutes", "meeting-minutes", Kind::Text(500))
                .optional(language)
                .help(language, "meeting-minutes-help")
                .value(&self.kept.minutes_uri),
        ]));
        let heading = Group::heading(visit.t("meeting-decisions"));
        form.groups.push(heading.help(language, "meeting-decisions-help"));
        for line in 0..lines {
            form.groups.push(self.decision(visit, line));
        }
        form
    }

    fn decision(&self, visit: &Visit, line: usize) -> Group {
        let language = visit.reader.language;
        let kept = self.kept.decisions.get(line);
        let about = kept.and_then(|kept| kept.about.as_ref()).map(about_code);
        let number = kept.map(|kept| kept.number.to_string()).unwrap_or_default();
        let nothing = Choice::new("", visit.t("decision-about-nothing"));
        let abouts = std::iter::once(nothing).chain(self.abouts.iter().cloned()).collect();
        let input = |field: &str, label_id: &str, kind: Kind| {
            Input::new(language, line_id(line, field), label_id, kind)
        };
        Group::line(
            visit.t1("decision-line", "number", &(line + 1).to_string()),
            vec![
                input("number", "decision-number", Kind::Whole).value(number),
                input("text", "decision-text", Kind::Lines(4000))
                    .value(kept.map(|kept| kept.text.clone()).unwrap_or_default()),
                input("about", "decision-about", Kind::Choice(abouts))
                    .value(about.unwrap_or_default()),
            ],
        )
    }

    fn page(&self, visit: &Visit, form: Form) -> Response {
        let group = &self.group;
        let back = Back::to(address(id_of(&group.name)), group.display_name.clone());
        let is_new = self.kept.name.is_empty();
        let heading_id = if is_new { "meeting-new" } else { "meeting-change-heading" };
        form_page(visit, visit.t(heading_id), back, visit.t("meeting-intro"), form)
    }
}

fn content(form: &mut Form) -> SteeringGroupMeeting {
    let day = form.day("day", "meeting.day");
    let is_held = form.text("held", "meeting.is_held") == code::YES;
    let mut decisions = Vec::new();
    for line in 0..form.lines {
        let id = |field: &str| line_id(line, field);
        if form.is_blank(&OF_LINE.map(id)) {
            continue;
        }
        let field = format!("meeting.decisions[{}]", decisions.len());
        let chosen = form.typed(&id("about")).to_owned();
        for part in ["plan_version", "report", "grant_dnr"] {
            form.note_source(&id("about"), &format!("{field}.{part}"));
        }
        form.note_source(&id("text"), &field);
        decisions.push(SteeringDecision {
            number: form.small(&id("number"), &format!("{field}.number")),
            text: form.text(&id("text"), &format!("{field}.text")),
            about: about_of(&chosen),
        });
    }
    // There are too many only before the meeting is held.
    form.note_source("held", "meeting.decisions");
    SteeringGroupMeeting {
        day,
        is_held,
        dnr: form.text("dnr", "meeting.dnr"),
        minutes_uri: form.text("minutes", "meeting.minutes_uri"),
        decisions,
        ..SteeringGroupMeeting::default()
    }
}

/// What a choice of the form stands for.
fn about_of(code: &str) -> Option<About> {
    let of_kind = |kind: &str| code.strip_prefix(kind).map(str::to_owned);
    of_kind(PLAN)
        .map(About::PlanVersion)
        .or_else(|| of_kind(REPORT).map(About::Report))
        .or_else(|| of_kind(GRANT).map(About::GrantDnr))
}

fn about_code(about: &About) -> String {
    match about {
        About::PlanVersion(name) => format!("{PLAN}{name}"),
        About::Report(name) => format!("{REPORT}{name}"),
        About::GrantDnr(dnr) => format!("{GRANT}{dnr}"),
    }
}

fn about_words(visit: &Visit, about: &About) -> String {
    match about {
        About::PlanVersion(name) => plan_words(visit, name),
        About::Report(name) => format!("{} {}", visit.t("decision-about-report"), id_of(name)),
        About::GrantDnr(dnr) => grant_words(visit, dnr),
    }
}

/// What decisions can be about: the latest version of each plan, reports and grants.
async fn abouts(visit: &Visit) -> Result<Vec<Choice>, Status> {
    let request = ListProgrammePlansRequest {
        parent: visit.federation(),
        page_size: CHOICES,
        ..ListProgrammePlansRequest::default()
    };
    let mut plans = ProgrammePlanServiceClient::new(visit.state.reporting.clone());
    let plans = plans.list_programme_plans(visit.request(request)?).await?.into_inner();
    let (reports, grants) = tokio::try_join!(
        reports(visit, "", ReportState::Unspecified, CHOICES, ""),
        reads::grants(visit)
    )?;
    let plan = plans.versions.into_iter().map(|it| {
        let words = plan_words(visit, &it.name);
        Choice::new(format!("{PLAN}{}", it.name), format!("{}, {words}", it.title))
    });
    let report =
        reports.reports.into_iter().map(|it| Choice::new(format!("{REPORT}{}", it.name), it.title));
    let numbers = grants.iter().map(|it| it.dnr.as_str());
    let numbers: BTreeSet<&str> = numbers.filter(|dnr| !dnr.is_empty()).collect();
    let grant = numbers
        .into_iter()
        .map(|dnr| Choice::new(format!("{GRANT}{dnr}"), grant_words(visit, dnr)));
    Ok(plan.chain(report).chain(grant).collect())
}

/// A meeting among those of its group.
async fn find(visit: &Visit, group: &str, id: &str) -> Result<SteeringGroupMeeting, Status> {
    let mut page_token = String::new();
    loop {
        let page = of_group(visit, group, &page_token).await?;
        if let Some(found) = page.meetings.into_iter().find(|it| id_of(&it.name) == id) {
            return Ok(found);
        }
        if page.next_page_token.is_empty() {
            return Err(platform::Failure::not_found(id).into());
        }
        page_token = page.next_page_token;
    }
}
