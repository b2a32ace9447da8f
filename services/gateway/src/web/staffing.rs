//! Who pays for how many full-time posts: the matrix of a day, its rows, and the
//! forms of a new row and of the end of one.

use askama::Template;
use axum::{extract::Query, response::Response};
use proto::finance::{
    ExportStaffingMatrixRequest, GetStaffingMatrixRequest, ListStaffingFinancingsRequest,
    StaffingAmounts, StaffingFinancing, StaffingMatrix, StaffingMatrixArea, StaffingMatrixRow,
    TableFormat, staffing_financing_service_client::StaffingFinancingServiceClient,
};
use tonic::Status;

pub(crate) mod create;
pub(crate) mod end;

use super::{
    download,
    error_page::Trouble,
    filter::{next_page, with_query},
    form::Posted,
    format,
    layout::{Layout, Visit, page},
    reads::{self, id_of},
    rights,
};

const PAGE_SIZE: i32 = 100;

#[derive(Template)]
#[template(path = "staffing.html")]
struct StaffingPage {
    layout: Layout,
    day: String,
    areas: Vec<AreaView>,
    outside: Vec<RowView>,
    total: AmountsView,
    sequence: String,
    downloads: Vec<(String, String)>,
    financings: Vec<FinancingView>,
    next_page: Option<String>,
    may_write: bool,
}

struct AreaView {
    /// False for the municipalities that belong to no area.
    is_area: bool,
    name: String,
    rows: Vec<RowView>,
    total: AmountsView,
}

struct RowView {
    name: String,
    amounts: AmountsView,
}

/// Full-time posts: `15,75`.
struct AmountsView {
    by_municipality: String,
    by_federation: String,
    both: String,
}

struct FinancingView {
    id: String,
    title: String,
    municipality: String,
    days: String,
    by_municipality: String,
    by_federation: String,
    goes_on: bool,
}

/// The matrix of the day asked for; without one, of today.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(
    visit: Visit,
    query: Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    let asked = Posted::asked(query);
    let day = format::parse_date(asked.get("day")).unwrap_or_else(|| visit.state.clock.today());
    let proto_day = platform::convert::date_to_proto(day);
    let (matrix, found, municipalities) = tokio::try_join!(
        matrix(&visit, proto_day),
        financings(&visit, asked.get("page_token")),
        reads::municipalities(&visit)
    )
    .map_err(|status| Trouble::of(&visit, &status))?;
    let (financings, next_page_token) = found;
    let StaffingMatrix { day: _, areas, total, outside_areas, sequence } = matrix;
    let municipality = |name: &str| {
        let known = municipalities.iter().find(|known| known.name == name);
        known.map_or_else(|| id_of(name).to_owned(), |known| known.display_name.clone())
    };
    let day = day.to_string();
    let link = |format: TableFormat| {
        let query = [("day", day.as_str()), ("format", download::format_code(format))];
        (
            with_query("/staffing/download", &query),
            visit.t1("download-as", "format", &visit.t(download::text_id(format))),
        )
    };
    Ok(page(&StaffingPage {
        layout: Layout::of(&visit, visit.t("staffing-heading")),
        areas: areas.iter().map(|area| AreaView::of(&visit, area)).collect(),
        outside: outside_areas.iter().map(RowView::of).collect(),
        total: AmountsView::of(total),
        sequence: format::whole(sequence),
        downloads: download::FORMATS.map(link).to_vec(),
        financings: financings.iter().map(|it| FinancingView::of(it, municipality)).collect(),
        next_page: next_page("/staffing", &[], &next_page_token),
        may_write: rights::records_decisions(&visit.session.principal),
        day,
    }))
}

/// The matrix as a file.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn download(
    visit: Visit,
    query: Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    let troubled = |status: Status| Trouble::of(&visit, &status);
    let asked = Posted::asked(query);
    let request = ExportStaffingMatrixRequest {
        parent: visit.federation(),
        day: format::parse_date(asked.get("day")).map(platform::convert::date_to_proto),
        format: download::format_of(asked.get("format")).into(),
    };
    let request = visit.request(request).map_err(troubled)?;
    let mut client = download::client(&visit);
    let answer = client.export_staffing_matrix(request).await.map_err(troubled)?;
    Ok(download::exported(answer.into_inner().file))
}

async fn matrix(visit: &Visit, day: proto::Date) -> Result<StaffingMatrix, Status> {
    let request = GetStaffingMatrixRequest { parent: visit.federation(), day: Some(day) };
    let mut client = StaffingFinancingServiceClient::new(visit.state.finance.clone());
    let answer = client.get_staffing_matrix(visit.request(request)?).await?;
    Ok(answer.into_inner().staffing_matrix.unwrap_or_default())
}

async fn financings(
    visit: &Visit,
    page_token: &str,
) -> Result<(Vec<StaffingFinancing>, String), Status> {
    let request = ListStaffingFinancingsRequest {
        parent: visit.federation(),
        page_size: PAGE_SIZE,
        page_token: page_token.to_owned(),
    };
    let mut client = StaffingFinancingServiceClient::new(visit.state.finance.clone());
    let found = client.list_staffing_financings(visit.request(request)?).await?.into_inner();
    Ok((found.staffing_financings, found.next_page_token))
}

impl AreaView {
    fn of(visit: &Visit, area: &StaffingMatrixArea) -> Self {
        let StaffingMatrixArea { area: _, display_name, rows, total } = area;
        let named = display_name.clone();
        Self {
            is_area: !named.is_empty(),
            name: if named.is_empty() { visit.t("staffing-no-area") } else { named },
            rows: rows.iter().map(RowView::of).collect(),
            total: AmountsView::of(*total),
        }
    }
}

impl RowView {
    fn of(row: &StaffingMatrixRow) -> Self {
        let StaffingMatrixRow { municipality: _, display_name, amounts } = row;
        Self { name: display_name.clone(), amounts: AmountsView::of(*amounts) }
    }
}

impl AmountsView {
    fn of(amounts: Option<StaffingAmounts>) -> Self {
        let StaffingAmounts {
            paid_by_municipality_fte_percent,
            paid_by_federation_fte_percent,
            fte_percent,
        } = amounts.unwrap_or_default();
        Self {
            by_municipality: format::posts(paid_by_municipality_fte_percent),
            by_federation: format::posts(paid_by_federation_fte_percent),
            both: format::posts(fte_percent),
        }
    }
}

impl FinancingView {
    fn of(row: &StaffingFinancing, municipality: impl Fn(&str) -> String) -> Self {
        let StaffingFinancing {
            name,
            municipality: place,
            title,
            first_day,
            last_day,
            paid_by_municipality_fte_percent,
            paid_by_federation_fte_percent,
            etag: _,
            synthetic: _,
        } = row;
        let (first, last) = (format::date(first_day.as_ref()), format::date(last_day.as_ref()));
        Self {
            id: id_of(name).to_owned(),
            title: title.clone(),
            municipality: if place.is_empty() { String::new() } else { municipality(place) },
            days: format!("{first}{}– {last}", format::NO_BREAK_SPACE),
            by_municipality: format::posts(*paid_by_municipality_fte_percent),
            by_federation: format::posts(*paid_by_federation_fte_percent),
            goes_on: last_day.is_none(),
        }
    }
}
