//! The sheet of the national follow-up (Uppföljning Finsam) of a year, as a page and as a
//! file. What may be told of people is decided where it is put together.

use std::collections::BTreeSet;

use askama::Template;
use axum::{extract::Query, response::Response};
use proto::{
    Date,
    participant::Livelihood,
    reporting::{
        ActualParticipants, ExportNationalFollowUpRequest, GetNationalFollowUpRequest,
        GetNationalFollowUpResponse, InitiativeRow, ReportingPeriod, SheetFormat,
        TargetGroupOfInitiative, national_follow_up_service_client::NationalFollowUpServiceClient,
    },
};
use tonic::Status;

use super::{
    code,
    download::{self, download},
    error_page::Trouble,
    filter::{Filter, with_query},
    form::{Posted, inputs::Choice},
    format,
    half_year_report::period_name,
    layout::{Layout, Visit, page},
    programme_plan::livelihood_code,
    reads, rights,
};
use crate::text;

const DOWNLOAD: &str = "/national-follow-up/download";
/// The formats that are handed out: in an address, and the id of what each is called.
const FORMATS: [(SheetFormat, &str, &str); 2] =
    [(SheetFormat::Xlsx, "xlsx", "download-xlsx"), (SheetFormat::Csv, "csv", "download-csv")];
/// The sexes, in the order of the columns.
const SEXES: [&str; 4] = ["woman", "man", "non_binary", "not_stated"];

#[derive(Template)]
#[template(path = "national_follow_up.html")]
struct SheetPage {
    layout: Layout,
    filters: Vec<Filter>,
    year: String,
    rows: Vec<RowView>,
    /// Why so much of it is empty.
    notices: Vec<String>,
    downloads: Vec<(String, String)>,
    smallest_shown: String,
    sequences: [String; 2],
}

/// An initiative.
struct RowView {
    name: String,
    direction: String,
    target_group: String,
    budget: String,
    outcome: String,
    budgeted: [String; 3],
    /// All, and those of each sex.
    actual: [String; 5],
    remarks: Vec<String>,
}

/// The sheet of the year asked for; without one, of the latest that is reported on.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(
    visit: Visit,
    query: Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    Trouble::unless(&visit, rights::reads_national_follow_up)?;
    let troubled = |status: Status| Trouble::of(&visit, &status);
    let asked = Posted::asked(query);
    let periods = reads::reporting_periods(&visit).await.map_err(troubled)?;
    let years = years(&periods, visit.state.clock.today());
    let year = years.iter().find(|year| **year == asked.get("year")).or(years.first());
    let year = year.cloned().unwrap_or_default();
    let request = GetNationalFollowUpRequest { parent: visit.federation(), year: number(&year) };
    let request = visit.request(request).map_err(troubled)?;
    let answer = client(&visit).get_national_follow_up(request).await.map_err(troubled)?;
    let GetNationalFollowUpResponse {
        rows,
        finance_sequence,
        reporting_sequence,
        smallest_shown_count,
        ..
    } = answer.into_inner();
    let link = |(_, code, text_id): (SheetFormat, &str, &str)| {
        let address = with_query(DOWNLOAD, &[("year", year.as_str()), ("format", code)]);
        (address, visit.t1("download-as", "format", &visit.t(text_id)))
    };
    let choices = years.iter().map(|year| Choice::new(year.clone(), year.clone())).collect();
    Ok(page(&SheetPage {
        layout: Layout::of(&visit, visit.t("national-heading")),
        filters: vec![Filter::always(&visit, "year", "field-year", &year, choices)],
        notices: notices(&visit, &rows),
        rows: rows.iter().map(|row| RowView::of(&visit, row)).collect(),
        downloads: FORMATS.map(link).to_vec(),
        smallest_shown: smallest_shown_count.to_string(),
        sequences: [finance_sequence, reporting_sequence].map(format::whole),
        year,
    }))
}

/// The sheet as a file.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn file(
    visit: Visit,
    query: Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    let troubled = |status: Status| Trouble::of(&visit, &status);
    let asked = Posted::asked(query);
    let wanted = FORMATS.into_iter().find(|(_, code, _)| *code == asked.get("format"));
    let (format, ..) = wanted.unwrap_or(FORMATS[0]);
    let request = ExportNationalFollowUpRequest {
        parent: visit.federation(),
        year: number(asked.get("year")),
        format: format.into(),
    };
    let request = visit.request(request).map_err(troubled)?;
    let file = client(&visit).export_national_follow_up(request).await.map_err(troubled)?;
    let file = file.into_inner();
    Ok(download(&file.file_name, &file.media_type, file.content))
}

fn client(visit: &Visit) -> NationalFollowUpServiceClient<platform::Transport> {
    NationalFollowUpServiceClient::new(visit.state.reporting.clone())
        .max_decoding_message_size(download::LONGEST_MESSAGE)
}

/// The years that are reported on, the latest first; this year when there is none.
fn years(periods: &[ReportingPeriod], today: impl chrono::Datelike) -> Vec<String> {
    let first_day = |period: &ReportingPeriod| period.period.as_ref().and_then(|it| it.first_day);
    let years = periods.iter().filter_map(first_day).map(|Date { year, .. }| year);
    let mut years: BTreeSet<i32> = years.collect();
    if years.is_empty() {
        years.insert(today.year());
    }
    years.iter().rev().map(ToString::to_string).collect()
}

/// What keeps participants of teams out of the sheet: half-years that are not published, and
/// plans that are not there.
fn notices(visit: &Visit, rows: &[InitiativeRow]) -> Vec<String> {
    let teams: Vec<&InitiativeRow> = rows.iter().filter(|row| !row.team.is_empty()).collect();
    let language = visit.reader.language;
    let said = |text_id: &str, half: &str, count: usize| {
        let (count, all) = (count.to_string(), teams.len().to_string());
        let facts = [("half", half), ("count", count.as_str()), ("teams", all.as_str())];
        text::message(language, text_id, &facts)
    };
    let halves: BTreeSet<&String> = teams.iter().flat_map(|row| &row.missing_half_years).collect();
    let of_half = |half: &String| {
        let missing = teams.iter().filter(|row| row.missing_half_years.contains(half));
        said("national-unpublished", &period_name(language, half), missing.count())
    };
    let mut notices: Vec<String> = halves.into_iter().map(of_half).collect();
    let unplanned = teams.iter().filter(|row| row.budgeted_total.is_none()).count();
    if unplanned > 0 {
        notices.push(said("national-unplanned", "", unplanned));
    }
    notices
}

/// A year as the service takes it; what is none is refused there.
fn number(year: &str) -> i32 {
    year.parse().unwrap_or_default()
}

impl RowView {
    fn of(visit: &Visit, row: &InitiativeRow) -> Self {
        let InitiativeRow {
            recipients: _,
            display_name,
            team,
            plan_version,
            direction,
            target_group,
            budget_ore,
            outcome_ore,
            budgeted_total,
            budgeted_women,
            budgeted_men,
            actual,
            missing_half_years,
        } = row;
        let count = |count: Option<i64>| count.map(format::whole).unwrap_or_default();
        let ActualParticipants { total, by_sex, is_protected, is_mixed } =
            actual.clone().unwrap_or_default();
        let of_sex = |sex: &str| by_sex.iter().find(|it| it.sex == sex).map(|it| it.count);
        let [woman, man, non_binary, not_stated] = SEXES.map(|sex| count(of_sex(sex)));
        let mut remarks = Vec::new();
        match (team.is_empty(), plan_version.is_empty(), budgeted_total) {
            (true, _, _) => remarks.push(visit.t("national-no-team")),
            (false, true, _) => remarks.push(visit.t("national-no-plan")),
            (false, false, None) => remarks.push(visit.t("national-no-budget")),
            (false, false, Some(_)) => {}
        }
        if !missing_half_years.is_empty() {
            let halves = missing_half_years.iter();
            let halves: Vec<String> =
                halves.map(|half| period_name(visit.reader.language, half)).collect();
            remarks.push(visit.t1("national-missing", "halves", &halves.join(", ")));
        }
        if is_protected {
            remarks.push(visit.t("national-protected"));
        }
        if is_mixed {
            remarks.push(visit.t("national-mixed"));
        }
        Self {
            name: display_name.clone(),
            direction: direction.clone(),
            target_group: target_group.as_ref().map(|it| group(visit, it)).unwrap_or_default(),
            budget: format::exact(*budget_ore),
            outcome: format::exact(*outcome_ore),
            budgeted: [*budgeted_total, *budgeted_women, *budgeted_men].map(count),
            actual: [count(total), woman, man, non_binary, not_stated],
            remarks,
        }
    }
}

/// Whom an initiative is for, in a line.
fn group(visit: &Visit, group: &TargetGroupOfInitiative) -> String {
    let TargetGroupOfInitiative { youngest, oldest, livelihoods, description } = group;
    let all = code::all::<Livelihood>();
    let is_named = |it: &&Livelihood| livelihoods.contains(&livelihood_code(**it));
    let named = all.iter().filter(is_named).map(|it| code::called(visit, it.as_str_name()));
    let ages = visit.t1("national-ages", "ages", &format!("{youngest}–{oldest}"));
    let parts = [ages, named.collect::<Vec<_>>().join(", "), description.clone()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
}
