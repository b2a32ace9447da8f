//! Recording who pays for posts in one place.

use axum::response::Response;
use proto::{
    finance::{
        CreateStaffingFinancingRequest, StaffingFinancing,
        staffing_financing_service_client::StaffingFinancingServiceClient,
    },
    organisation::Municipality,
};
use tonic::Status;

use crate::web::{
    error_page::Trouble,
    form::{
        Fields, Posted,
        fields::Form,
        inputs::{Choice, Group, Input, Kind},
        page::{Back, form_page},
    },
    layout::Visit,
    reads::{self, id_of},
    rights,
    sign_in::see_other,
};

/// The form, empty.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(visit: Visit) -> Result<Response, Trouble> {
    let form = form(&visit).await?;
    Ok(page(&visit, form))
}

/// Records the row and shows the matrix; or shows the form again, with
/// everything that is wrong.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn save(visit: Visit, fields: Fields) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let mut form = form(&visit).await?;
    form.fill(&posted);
    let row = read(&mut form);
    let answer = create(&visit, &posted, row, form.is_faulty()).await;
    if form.kept(answer).is_some() {
        return Ok(see_other("/staffing", None));
    }
    Ok(page(&visit, form))
}

async fn create(
    visit: &Visit,
    posted: &Posted,
    row: StaffingFinancing,
    validate_only: bool,
) -> Result<(), Status> {
    let request = CreateStaffingFinancingRequest {
        parent: visit.federation(),
        staffing_financing_id: posted.new_id(&[id_of(&row.municipality), &row.title]),
        staffing_financing: Some(row),
        request_id: posted.get("request_id").to_owned(),
        validate_only,
    };
    let mut client = StaffingFinancingServiceClient::new(visit.state.finance.clone());
    client.create_staffing_financing(visit.request(request)?).await.map(|_| ())
}

fn read(form: &mut Form) -> StaffingFinancing {
    let field = |part: &str| format!("staffing_financing.{part}");
    StaffingFinancing {
        municipality: form.resource_if_given(
            "municipality",
            &field("municipality"),
            "municipalities",
        ),
        title: form.text("title", &field("title")),
        first_day: form.day("first_day", &field("first_day")),
        last_day: form.day("last_day", &field("last_day")),
        paid_by_municipality_fte_percent: form
            .posts("by_municipality", &field("paid_by_municipality_fte_percent")),
        paid_by_federation_fte_percent: form
            .posts("by_federation", &field("paid_by_federation_fte_percent")),
        ..StaffingFinancing::default()
    }
}

async fn form(visit: &Visit) -> Result<Form, Trouble> {
    Trouble::unless(visit, rights::records_decisions)?;
    let municipalities =
        reads::municipalities(visit).await.map_err(|status| Trouble::of(visit, &status))?;
    let language = visit.reader.language;
    let choice = |it: &Municipality| Choice::new(id_of(&it.name), it.display_name.clone());
    let none = Choice::new("", visit.t("staffing-no-municipality"));
    let places: Vec<Choice> =
        std::iter::once(none).chain(municipalities.iter().map(choice)).collect();
    let mut form = Form::new(visit, "/staffing/new", "staffing-record");
    form.groups.push(Group::plain(vec![
        Input::new(language, "municipality", "staffing-municipality", Kind::Choice(places)),
        Input::new(language, "title", "staffing-title", Kind::Text(200))
            .help(language, "staffing-title-help"),
    ]));
    let days = vec![
        Input::new(language, "first_day", "period-first-day", Kind::Day),
        Input::new(language, "last_day", "period-last-day", Kind::Day).optional(language),
    ];
    form.groups.push(Group::row(visit.t("requisition-period"), days));
    let posts = vec![
        Input::new(language, "by_municipality", "staffing-by-municipality", Kind::Decimal),
        Input::new(language, "by_federation", "staffing-by-federation", Kind::Decimal),
    ];
    let posts = Group::row(visit.t("staffing-posts"), posts);
    form.groups.push(posts.help(language, "staffing-posts-help"));
    Ok(form)
}

fn page(visit: &Visit, form: Form) -> Response {
    let back = Back::to("/staffing", visit.t("staffing-heading"));
    form_page(visit, visit.t("staffing-new-heading"), back, visit.t("staffing-new-intro"), form)
}
