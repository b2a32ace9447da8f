//! The records behind a count.

use askama::Template;
use axum::{extract::Query, response::Response};
use proto::participant::{
    Cut, ListCellRecordsRequest, ListCellRecordsResponse, Measure, TableShape,
    tabulation_service_client::TabulationServiceClient,
};
use tonic::Status;

use super::{
    Asked,
    count::{CUTS, request},
    words::{Words, cut_code, read_cut},
};
use crate::web::{
    code,
    error_page::Trouble,
    filter::with_query,
    form::{
        FormErrors, Posted,
        page::{Back, Fact},
    },
    format,
    layout::{Layout, Visit, page},
    participant,
    reads::id_of,
    referral::{self, RowView},
    rights,
};

/// Each person that is shown is read, and noted as read, by itself.
const PAGE_SIZE: i32 = 25;
const PATH: &str = "/statistics/cell";
const KEYS: [&str; 3] = ["key1", "key2", "key3"];

#[derive(Template)]
#[template(path = "statistics_cell.html")]
struct CellPage {
    layout: Layout,
    back: Back,
    facts: Vec<Fact>,
    rows: Vec<RowView>,
    unnamed: String,
    next_page: Option<String>,
}

/// Where the records are behind a count: resource names and codes, nothing of anybody.
pub(super) fn address(
    asked: &Asked,
    keyed: &[(Cut, String)],
    measure: Measure,
    sequence: i64,
) -> String {
    let sequence = sequence.to_string();
    let codes: Vec<String> = keyed.iter().map(|(cut, _)| cut_code(cut)).collect();
    let mut query = asked.query();
    query.extend([("measure", measure.as_str_name()), ("sequence", sequence.as_str())]);
    for (place, (_, key)) in keyed.iter().enumerate().take(CUTS.len()) {
        query.extend([(CUTS[place], codes[place].as_str()), (KEYS[place], key.as_str())]);
    }
    with_query(PATH, &query)
}

/// The page.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(
    visit: Visit,
    query: Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    Trouble::unless(&visit, rights::works_with_people)?;
    let posted = Posted::asked(query);
    let troubled = |status: Status| Trouble::of(&visit, &status);
    let (asked, words) =
        tokio::try_join!(Asked::of(&visit, &posted), Words::read(&visit)).map_err(troubled)?;
    let keyed: Vec<(Cut, String)> = CUTS
        .iter()
        .zip(KEYS)
        .filter_map(|(cut, key)| {
            Some((read_cut(&visit, posted.get(cut))?, posted.get(key).to_owned()))
        })
        .collect();
    let measure = Measure::from_str_name(posted.get("measure")).unwrap_or_default();
    let sequence = posted.get("sequence").parse().unwrap_or(0);
    let cell = Cell { asked: &asked, keyed: &keyed, measure, sequence };
    let found = cell.records(&visit, posted.get("page_token")).await?;
    let rows = rows(&visit, &words, &found).await.map_err(troubled)?;
    let more = found.next_page_token.as_str();
    let next_page = (!more.is_empty()).then(|| {
        let address = address(&asked, &keyed, measure, sequence);
        format!("{address}&{}", with_query("", &[("page_token", more)]).trim_start_matches('?'))
    });
    let mut facts = vec![
        Fact::new(&visit, "statistics-measure", code::called(&visit, measure.as_str_name())),
        Fact::new(
            &visit,
            "requisition-period",
            format!("{}{}– {}", asked.first_day, format::NO_BREAK_SPACE, asked.last_day),
        ),
    ];
    facts.extend(keyed.iter().map(|(cut, key)| Fact {
        name: words.cut(&visit, cut),
        value: words.key(&visit, cut, key),
    }));
    let unnamed = match found.unnamed_count {
        0 => String::new(),
        count => visit.t1("statistics-unnamed", "count", &format::whole(count)),
    };
    Ok(page(&CellPage {
        layout: Layout::of(&visit, visit.t("statistics-cell-heading")),
        back: Back::to(back(&asked, &keyed, measure), visit.t("statistics-heading")),
        facts,
        rows,
        unnamed,
        next_page,
    }))
}

/// The table that the count stands in.
fn back(asked: &Asked, keyed: &[(Cut, String)], measure: Measure) -> String {
    let codes: Vec<String> = keyed.iter().map(|(cut, _)| cut_code(cut)).collect();
    let mut query = asked.query();
    query.push(("measure", measure.as_str_name()));
    query.extend(CUTS.into_iter().zip(codes.iter().map(String::as_str)));
    with_query("/statistics", &query)
}

/// The count that is opened.
struct Cell<'a> {
    asked: &'a Asked,
    keyed: &'a [(Cut, String)],
    measure: Measure,
    sequence: i64,
}

impl Cell<'_> {
    async fn records(
        &self,
        visit: &Visit,
        page_token: &str,
    ) -> Result<ListCellRecordsResponse, Trouble> {
        let mut errors = FormErrors::default();
        let period = self.asked.period(visit, &mut errors);
        let period = period.ok_or_else(|| Trouble::no_such_page(visit))?;
        let cuts = self.keyed.iter().map(|(cut, _)| cut.clone()).collect();
        let shape = TableShape { measures: vec![self.measure.into()], cuts };
        let request = ListCellRecordsRequest {
            parent: visit.federation(),
            table: Some(request(visit, self.asked, shape, (period, self.sequence))),
            sequence: self.sequence,
            keys: self.keyed.iter().map(|(_, key)| key.clone()).collect(),
            measure: self.measure.into(),
            page_size: PAGE_SIZE,
            page_token: page_token.to_owned(),
        };
        let troubled = |status: Status| Trouble::of(visit, &status);
        let mut client = TabulationServiceClient::new(visit.state.organisation.clone());
        let request = visit.request(request).map_err(troubled)?;
        Ok(client.list_cell_records(request).await.map_err(troubled)?.into_inner())
    }
}

async fn rows(
    visit: &Visit,
    words: &Words,
    found: &ListCellRecordsResponse,
) -> Result<Vec<RowView>, Status> {
    let referrals = found.records.iter().map(|name| referral::read(visit, id_of(name)));
    let referrals = futures::future::try_join_all(referrals).await?;
    let people = referrals.iter().map(|it| it.participant.as_str());
    let people = participant::read_all(visit, people).await?;
    let row = |(referral, person): (_, participant::PersonView)| RowView {
        person: person.name,
        ..RowView::of(visit, &words.places, referral)
    };
    Ok(referrals.iter().zip(people).map(row).collect())
}
