//! Whom the teams are for: the criteria of all teams in their versions, and a new one.

use askama::Template;
use axum::response::Response;
use proto::participant::{
    CreateCriteriaRequest, Criteria, ListCriteriaRequest, Livelihood,
    criteria_service_client::CriteriaServiceClient,
};
use tonic::Status;

use super::{
    account::Places,
    code,
    error_page::Trouble,
    form::{
        Fields, Posted,
        fields::Form,
        inputs::{Choice, Group, Input, Kind},
        page::{Back, form_page},
    },
    format,
    layout::{Layout, Visit, page},
    reads::{self, id_of},
    rights,
    sign_in::see_other,
};

const LIST: &str = "/criteria";
/// The largest page: there are few versions.
const PAGE_SIZE: i32 = 500;

#[derive(Template)]
#[template(path = "criteria.html")]
struct CriteriaPage {
    layout: Layout,
    rows: Vec<RowView>,
    may_write: bool,
}

/// One version, ready to be shown.
pub(crate) struct RowView {
    /// The team it is for.
    pub team: String,
    /// From which day referrals are held against it.
    pub first_day: String,
    /// From which age to which.
    pub ages: String,
    /// The livelihoods of which one is needed.
    pub livelihoods: String,
    /// True when the person has to be ready.
    pub needs_readiness: bool,
    /// Who decided, and when.
    pub decision: String,
}

/// The criteria of a team, or with an empty name of all, the newest first.
///
/// # Errors
/// What the service answered instead.
pub(crate) async fn of_team(visit: &Visit, team: String) -> Result<Vec<Criteria>, Status> {
    let request = ListCriteriaRequest {
        parent: visit.federation(),
        team,
        page_size: PAGE_SIZE,
        page_token: String::new(),
    };
    let mut client = CriteriaServiceClient::new(visit.state.organisation.clone());
    Ok(client.list_criteria(visit.request(request)?).await?.into_inner().criteria)
}

impl RowView {
    /// Makes a version ready to be shown.
    #[must_use]
    pub(crate) fn of(visit: &Visit, places: &Places, criteria: &Criteria) -> Self {
        let age = |age: i32| if age == 0 { String::new() } else { age.to_string() };
        let (youngest, oldest) = (age(criteria.youngest), age(criteria.oldest));
        let called = |it: Livelihood| code::called(visit, it.as_str_name());
        let livelihoods: Vec<String> = criteria.livelihoods().map(called).collect();
        Self {
            team: match criteria.team.as_str() {
                "" => visit.t("criteria-every-team"),
                team => places.called(team),
            },
            first_day: format::date(criteria.first_day.as_ref()),
            ages: if youngest.is_empty() && oldest.is_empty() {
                visit.t("filter-all")
            } else {
                format!("{youngest}–{oldest}")
            },
            livelihoods: match livelihoods.is_empty() {
                true => visit.t("filter-all"),
                false => livelihoods.join(", "),
            },
            needs_readiness: criteria.needs_readiness,
            decision: criteria.decision.clone(),
        }
    }
}

/// The criteria of all teams.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn list(visit: Visit) -> Result<Response, Trouble> {
    let (places, criteria) = tokio::try_join!(Places::read(&visit), of_team(&visit, String::new()))
        .map_err(|status| Trouble::of(&visit, &status))?;
    Ok(page(&CriteriaPage {
        layout: Layout::of(&visit, visit.t("criteria-list-heading")),
        rows: criteria.iter().map(|it| RowView::of(&visit, &places, it)).collect(),
        may_write: rights::writes_criteria(&visit.session.principal),
    }))
}

/// The form of a new version.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(visit: Visit) -> Result<Response, Trouble> {
    let form = form(&visit).await?;
    Ok(form_of(&visit, form))
}

/// Enters it and shows the list; or shows the form again, with what is wrong.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn save(visit: Visit, fields: Fields) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let mut form = form(&visit).await?;
    form.fill(&posted);
    let answer = create(&visit, &posted, &mut form).await;
    if form.kept(answer).is_some() {
        return Ok(see_other(LIST, None));
    }
    Ok(form_of(&visit, form))
}

async fn create(visit: &Visit, posted: &Posted, form: &mut Form) -> Result<(), Status> {
    let mut livelihoods = Vec::new();
    for livelihood in code::all::<Livelihood>() {
        let field = format!("criteria.livelihoods[{}]", livelihoods.len());
        if form.text(livelihood.as_str_name(), &field) == code::YES {
            livelihoods.push(livelihood.into());
        }
    }
    let criteria = Criteria {
        team: form.resource_if_given("team", "criteria.team", "teams"),
        first_day: form.day("first_day", "criteria.first_day"),
        youngest: form.small("youngest", "criteria.youngest"),
        oldest: form.small("oldest", "criteria.oldest"),
        livelihoods,
        needs_readiness: form.text("ready", "criteria.needs_readiness") == code::YES,
        decision: form.text("decision", "criteria.decision"),
        ..Criteria::default()
    };
    let first_day = format::date(criteria.first_day.as_ref());
    let request = CreateCriteriaRequest {
        parent: visit.federation(),
        criteria_id: posted.new_id(&[id_of(&criteria.team), &first_day]),
        criteria: Some(criteria),
        request_id: posted.get("request_id").to_owned(),
        validate_only: form.is_faulty(),
    };
    let mut client = CriteriaServiceClient::new(visit.state.organisation.clone());
    client.create_criteria(visit.request(request)?).await.map(|_| ())
}

async fn form(visit: &Visit) -> Result<Form, Trouble> {
    Trouble::unless(visit, rights::writes_criteria)?;
    let teams = reads::teams(visit).await.map_err(|status| Trouble::of(visit, &status))?;
    let language = visit.reader.language;
    let input = |id: &str, label: &str, kind| Input::new(language, id, label, kind);
    let every = Choice::new("", visit.t("criteria-every-team"));
    let teams = teams.into_iter().map(|it| Choice::new(id_of(&it.name), it.display_name));
    let teams = std::iter::once(every).chain(teams).collect();
    let mut form = Form::new(visit, "/criteria/new", "criteria-save");
    form.groups.push(Group::plain(vec![
        input("team", "role-team", Kind::Choice(teams)),
        input("first_day", "period-first-day", Kind::Day),
    ]));
    let ages = vec![
        input("youngest", "criteria-youngest", Kind::Whole),
        input("oldest", "criteria-oldest", Kind::Whole),
    ];
    let ages = Group::row(visit.t("criteria-ages"), ages);
    form.groups.push(ages.help(language, "criteria-age-help"));
    let livelihoods = code::all::<Livelihood>().into_iter().map(|livelihood| {
        let id = livelihood.as_str_name();
        Input::called(id, code::called(visit, id), Kind::Tick)
    });
    let livelihoods = Group::counts(visit.t("criteria-livelihoods"), livelihoods.collect());
    form.groups.push(livelihoods.help(language, "criteria-livelihoods-help"));
    form.groups.push(Group::plain(vec![
        input("ready", "criteria-readiness", Kind::Tick),
        input("decision", "places-decision", Kind::Text(200))
            .help(language, "criteria-decision-help"),
    ]));
    Ok(form)
}

fn form_of(visit: &Visit, form: Form) -> Response {
    let back = Back::to(LIST, visit.t("criteria-list-heading"));
    let (title, intro) = (visit.t("criteria-new-heading"), visit.t("criteria-new-intro"));
    form_page(visit, title, back, intro, form)
}
