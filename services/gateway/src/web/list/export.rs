//! The team's cases as a file, without anything that tells whose they are.

use std::collections::HashMap;

use axum::{
    extract::{Path, Query},
    response::Response,
};
use platform::Failure;
use proto::{
    common::Period,
    finance::TableFormat,
    participant::{Banding, ExitOutcome, ExportCasesRequest, ExportedCase},
};
use sheets::write::{self, Table, Texts};
use tonic::Status;

use super::{
    client, may,
    overview::{ListsPage, bandings},
};
use crate::{
    text::Language,
    web::{
        code, download,
        error_page::{Trouble, http_status},
        form::Posted,
        format,
        layout::Visit,
        reads::{self, id_of},
    },
};

/// Cases of a page.
const PAGE_SIZE: i32 = 1000;
const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The file; or the page with what is in its way.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn file(
    visit: Visit,
    Path(team): Path<String>,
    query: Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    may(&visit, &team)?;
    let asked = Posted::asked(query);
    let made = async {
        let cases = cases(&visit, &team, &asked).await?;
        let (municipalities, bandings) =
            tokio::try_join!(reads::municipalities(&visit), bandings(&visit))?;
        let names = municipalities.into_iter().map(|it| (it.name, it.display_name)).collect();
        let banding = bandings.into_iter().find(|it| id_of(&it.name) == asked.get("banding"));
        let table = Table::from(texts(&visit, &cases, &names, &banding.unwrap_or_default()));
        let format = download::format_of(asked.get("format"));
        let (media_type, content) = match format {
            TableFormat::Csv => ("text/csv; charset=utf-8", write::csv(&table)),
            TableFormat::Unspecified | TableFormat::Xlsx => {
                (WORKBOOK, write::workbook(&table, visit.state.clock.today()))
            }
        };
        let name = format!(
            "{team}-{}-{}.{}",
            asked.get("first_day"),
            asked.get("last_day"),
            download::format_code(format)
        );
        let content = content.map_err(|error| Status::from(Failure::from(error)))?;
        Ok(download::download(&name, media_type, content))
    };
    match made.await {
        Ok(file) => Ok(file),
        Err(refusal) => {
            let mut page = ListsPage::read(&visit, &team).await?;
            page.refuse_export(&visit, &asked, &refusal);
            Ok(page.show_with(http_status(refusal.code())))
        }
    }
}

/// Every case, as known when the first page was.
async fn cases(visit: &Visit, team: &str, asked: &Posted) -> Result<Vec<ExportedCase>, Status> {
    let day =
        |name: &str| format::parse_date(asked.get(name)).map(platform::convert::date_to_proto);
    let period = Period { first_day: day("first_day"), last_day: day("last_day") };
    let mut cases = Vec::new();
    let mut page_token = String::new();
    loop {
        let request = ExportCasesRequest {
            parent: visit.federation(),
            team: reads::name(visit, "teams", team),
            period: Some(period),
            age_banding: reads::name_if_given(visit, "bandings", asked.get("banding")),
            as_known_at: 0,
            page_size: PAGE_SIZE,
            page_token,
        };
        let page = client(visit).export_cases(visit.request(request)?).await?.into_inner();
        cases.extend(page.cases);
        if page.next_page_token.is_empty() {
            return Ok(cases);
        }
        page_token = page.next_page_token;
    }
}

fn texts(
    visit: &Visit,
    cases: &[ExportedCase],
    municipalities: &HashMap<String, String>,
    banding: &Banding,
) -> Texts {
    let band = |id: &str| {
        let found = banding.bands.iter().find(|band| band.id == id);
        let label = found.map(|band| match visit.reader.language {
            Language::English if !band.label_en.is_empty() => band.label_en.clone(),
            Language::English | Language::Swedish => band.label.clone(),
        });
        label.unwrap_or_else(|| id.to_owned())
    };
    let row = |case: &ExportedCase| {
        let municipality = municipalities.get(&case.municipality);
        let outcome = match case.outcome() {
            ExitOutcome::Unspecified => String::new(),
            outcome => code::called(visit, outcome.as_str_name()),
        };
        vec![
            municipality.cloned().unwrap_or_else(|| id_of(&case.municipality).to_owned()),
            code::called(visit, case.sex().as_str_name()),
            band(&case.age_band),
            code::called(visit, case.referring_kind().as_str_name()),
            case.enrolled.clone(),
            case.exited.clone(),
            outcome,
        ]
    };
    let headings = [
        visit.t("referral-municipality"),
        visit.t("person-sex"),
        visit.t("list-age"),
        visit.t("referral-kind"),
        visit.t("enrolment-first-day"),
        visit.t("enrolment-ended"),
        visit.t("exit-outcome"),
    ];
    Texts {
        title: visit.t("list-export-sheet"),
        headings: headings.to_vec(),
        rows: cases.iter().map(row).collect(),
    }
}
