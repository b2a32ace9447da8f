//! Counting those whom the person may see: chosen measures by up to three cuts, and the
//! book-keeping of the queue, the enrolled and the exited.

use askama::Template;
use axum::{extract::Query, response::Response};
use http::StatusCode;
use proto::{
    common::Period,
    participant::{
        CountTable, Cut, Dimension, Measure, TableShape, TabulateRequest, TabulateResponse,
        tabulation_service_client::TabulationServiceClient,
    },
};
use tonic::Status;

use super::{
    Asked, Shortcut, answered,
    counted::TableView,
    pages,
    words::{Words, cut_code, read_cut},
};
use crate::web::{
    code,
    error_page::Trouble,
    filter::Filter,
    form::{FormErrors, Posted, inputs::Choice},
    format,
    layout::{Layout, Tab, Visit, page_with},
    rights,
    sign_in::see_other,
};

pub(super) const CUTS: [&str; 3] = ["cut1", "cut2", "cut3"];
const CUT_LABELS: [&str; 3] = ["statistics-cut-1", "statistics-cut-2", "statistics-cut-3"];

/// What is counted until somebody chooses.
const USUAL: [Measure; 4] =
    [Measure::Participants, Measure::New, Measure::ExitedIn, Measure::QueueClosing];

/// The book-keeping: what each account holds, comes to it, leaves it and holds after.
const BOOKS: [(&str, [Option<Measure>; 4]); 3] = [
    (
        "books-queue",
        [
            Some(Measure::QueueOpening),
            Some(Measure::QueueIn),
            Some(Measure::QueueOut),
            Some(Measure::QueueClosing),
        ],
    ),
    (
        "books-enrolled",
        [
            Some(Measure::EnrolledOpening),
            Some(Measure::EnrolledIn),
            Some(Measure::EnrolledOut),
            Some(Measure::EnrolledClosing),
        ],
    ),
    (
        "books-exited",
        [Some(Measure::ExitedOpening), Some(Measure::ExitedIn), None, Some(Measure::ExitedClosing)],
    ),
];

#[derive(Template)]
#[template(path = "statistics.html")]
struct CountPage {
    layout: Layout,
    tabs: Vec<Tab>,
    errors: FormErrors,
    asked: Asked,
    filters: Vec<Filter>,
    measures: Vec<MeasureView>,
    shortcuts: Vec<Shortcut>,
    books: Vec<BookView>,
    table: Option<TableView>,
    sequence: String,
}

struct MeasureView {
    code: &'static str,
    text: String,
    is_chosen: bool,
}

struct BookView {
    name: String,
    numbers: [String; 4],
}

/// The page; for those who see no people, the protected tables.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(
    visit: Visit,
    query: Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    if !rights::works_with_people(&visit.session.principal) {
        return Ok(see_other("/statistics/tables", None));
    }
    let posted = Posted::asked(query);
    let troubled = |status: Status| Trouble::of(&visit, &status);
    let (asked, words) =
        tokio::try_join!(Asked::of(&visit, &posted), Words::read(&visit)).map_err(troubled)?;
    let shape = shape(&visit, &posted);
    let mut errors = FormErrors::default();
    let period = asked.period(&visit, &mut errors);
    let as_known_at = asked.sequence(&visit, &mut errors);
    let (mut counted, mut books) = (None, Vec::new());
    if let Some(period) = period.filter(|_| errors.is_empty()) {
        let request = request(&visit, &asked, shape.clone(), (period, as_known_at));
        let answer = tabulate(&visit, request).await;
        counted = answered(&visit, &mut errors, answer)?;
        let known = counted.as_ref().map(|counted| (period, counted.sequence));
        if let Some(known) = known {
            books = self::books(&visit, &asked, known).await.map_err(troubled)?;
        }
    }
    let query = query_of(&shape);
    let sequence = counted.as_ref().map_or(0, |counted| counted.sequence);
    let records = |keyed: &[(Cut, String)], measure: Measure| {
        super::cell::address(&asked, keyed, measure, sequence)
    };
    let table = counted.and_then(|counted| counted.table);
    let table = table.map(|it| TableView::of(&visit, &words, &shape, &it, Some(&records)));
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let more: Vec<(&str, &str)> = query.iter().map(|(name, it)| (*name, it.as_str())).collect();
    let page = CountPage {
        layout: Layout::of(&visit, visit.t("statistics-heading")),
        tabs: pages(&visit, "/statistics"),
        filters: filters(&visit, &asked, &words, &shape),
        measures: measures(&visit, &shape),
        shortcuts: asked.shortcuts(&visit, "/statistics", &more),
        books,
        table,
        sequence: format::whole(sequence),
        errors,
        asked,
    };
    Ok(page_with(status, &page))
}

/// What is to be counted, by what.
fn shape(visit: &Visit, posted: &Posted) -> TableShape {
    let chosen = CUTS.iter().map(|cut| posted.get(cut)).filter(|code| !code.is_empty());
    let cuts: Vec<Cut> = chosen.filter_map(|code| read_cut(visit, code)).collect();
    let of_exits = [Dimension::ExitOutcome, Dimension::LivelihoodAfter];
    let only_exits = cuts.iter().any(|cut| of_exits.contains(&cut.dimension()));
    let all = code::all::<Measure>().into_iter();
    let mut measures: Vec<Measure> =
        all.filter(|measure| posted.holds("measure", measure.as_str_name())).collect();
    if measures.is_empty() {
        measures = if only_exits { vec![Measure::ExitedIn] } else { USUAL.to_vec() };
    }
    TableShape { measures: measures.into_iter().map(Into::into).collect(), cuts }
}

/// The rest of the address: the measures and the cuts.
fn query_of(shape: &TableShape) -> Vec<(&'static str, String)> {
    let measures = shape.measures().map(|it| ("measure", it.as_str_name().to_owned()));
    let cuts = CUTS.into_iter().zip(&shape.cuts).map(|(name, cut)| (name, cut_code(cut)));
    measures.chain(cuts).collect()
}

/// The question that is asked.
pub(super) fn request(
    visit: &Visit,
    asked: &Asked,
    shape: TableShape,
    (period, as_known_at): (Period, i64),
) -> TabulateRequest {
    TabulateRequest {
        parent: visit.federation(),
        shape: Some(shape),
        period: Some(period),
        as_known_at,
        teams: asked.teams(visit),
    }
}

async fn tabulate(visit: &Visit, request: TabulateRequest) -> Result<TabulateResponse, Status> {
    let mut client = TabulationServiceClient::new(visit.state.organisation.clone());
    Ok(client.tabulate(visit.request(request)?).await?.into_inner())
}

async fn books(
    visit: &Visit,
    asked: &Asked,
    known: (Period, i64),
) -> Result<Vec<BookView>, Status> {
    let measures: Vec<Measure> = BOOKS.iter().flat_map(|(_, row)| *row).flatten().collect();
    let shape =
        TableShape { measures: measures.iter().map(|it| (*it).into()).collect(), cuts: vec![] };
    let counted = tabulate(visit, request(visit, asked, shape, known)).await?;
    let CountTable { totals, .. } = counted.table.unwrap_or_default();
    let number = |measure: Option<Measure>| {
        let place = measures.iter().position(|it| Some(*it) == measure);
        let value = place.and_then(|place| totals.get(place)).and_then(|count| count.value);
        value.map(format::whole).unwrap_or_default()
    };
    let view = |(name_id, row): &(&str, [Option<Measure>; 4])| BookView {
        name: visit.t(name_id),
        numbers: row.map(number),
    };
    Ok(BOOKS.iter().map(view).collect())
}

fn filters(visit: &Visit, asked: &Asked, words: &Words, shape: &TableShape) -> Vec<Filter> {
    let mut filters = vec![asked.team_filter(visit, &words.places)];
    let choices: Vec<Choice> = words.cuts(visit);
    for (place, (id, label)) in CUTS.into_iter().zip(CUT_LABELS).enumerate() {
        let chosen = shape.cuts.get(place).map(cut_code).unwrap_or_default();
        let filter = Filter::new(visit, id, label, &chosen, choices.clone());
        filters.push(filter.with_none(visit, "statistics-no-cut"));
    }
    filters
}

fn measures(visit: &Visit, shape: &TableShape) -> Vec<MeasureView> {
    let view = |measure: Measure| MeasureView {
        code: measure.as_str_name(),
        text: code::called(visit, measure.as_str_name()),
        is_chosen: shape.measures().any(|it| it == measure),
    };
    code::all::<Measure>().into_iter().map(view).collect()
}
