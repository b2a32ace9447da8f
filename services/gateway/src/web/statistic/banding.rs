//! A banding: ages or codes put together to the columns of tables; and the form that
//! registers one.

use axum::{
    extract::{Path, Query},
    response::Response,
};
use proto::participant::{
    Band, BandedDimension, Banding, CreateBandingRequest, ExitOutcome, Livelihood, ReferringKind,
    banding_service_client::BandingServiceClient,
};
use tonic::Status;

use super::{
    definitions::LIST,
    register::{Registered, show_registered},
};
use crate::{
    text::Language,
    web::{
        code,
        error_page::Trouble,
        form::{
            Fields, Posted,
            fields::Form,
            inputs::{Group, Input, Kind, line_id},
            page::{Back, Fact, form_page_with_facts},
        },
        layout::Visit,
        reads::{self, id_of},
        rights,
        sign_in::see_other,
    },
};

const ACTION: &str = "/statistics/definitions/new-banding";
const FIRST_LINES: usize = 3;
const MOST_LINES: usize = 100;
const OF_LINE: [&str; 5] = ["id", "label", "label_en", "youngest", "oldest"];

/// What a part is called.
pub(super) fn label<'a>(visit: &Visit, band: &'a Band) -> &'a str {
    match visit.reader.language {
        Language::Swedish => &band.label,
        Language::English => &band.label_en,
    }
}

/// One banding.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    let bandings = reads::bandings(&visit).await;
    let bandings = bandings.map_err(|status| Trouble::of(&visit, &status))?;
    let found = bandings.iter().find(|it| id_of(&it.name) == id);
    let banding = found.ok_or_else(|| Trouble::no_such_page(&visit))?;
    let dimension = code::called(&visit, banding.dimension().as_str_name());
    let facts = vec![
        Fact::new(&visit, "definition-id", id),
        Fact::new(&visit, "places-decision", banding.decision.clone()),
    ];
    let row = |band: &Band| vec![band.label.clone(), band.label_en.clone(), holds(&visit, band)];
    let registered = Registered {
        facts,
        caption: visit.t("banding-caption"),
        columns: ["banding-label", "banding-label-en", "banding-holds"]
            .map(|it| visit.t(it))
            .into(),
        rows: banding.bands.iter().map(row).collect(),
        ..Registered::default()
    };
    Ok(show_registered(&visit, visit.t1("banding-of", "dimension", &dimension), registered))
}

/// What falls into a part.
fn holds(visit: &Visit, band: &Band) -> String {
    if band.codes.is_empty() {
        return format!("{}–{}", band.youngest, band.oldest);
    }
    let codes = band.codes.iter().map(|it| code::called(visit, it));
    codes.collect::<Vec<_>>().join(", ")
}

/// The form of a banding of what the address says.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show_new(
    visit: Visit,
    query: Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    let dimension = dimension(&visit, &Posted::asked(query))?;
    let form = form(&visit, dimension, FIRST_LINES);
    Ok(page(&visit, dimension, form))
}

/// Registers it and shows the list; or shows the form again.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn save(visit: Visit, fields: Fields) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let dimension = dimension(&visit, &posted)?;
    let mut form = form(&visit, dimension, posted.lines(FIRST_LINES, MOST_LINES));
    form.fill(&posted);
    if posted.adds_line() {
        return Ok(page(&visit, dimension, form));
    }
    let answer = create(&visit, &posted, dimension, &mut form).await;
    if form.kept(answer).is_some() {
        return Ok(see_other(LIST, None));
    }
    Ok(page(&visit, dimension, form))
}

fn dimension(visit: &Visit, asked: &Posted) -> Result<BandedDimension, Trouble> {
    Trouble::unless(visit, rights::registers_definitions)?;
    let asked = asked.get("dimension");
    let found = code::all::<BandedDimension>().into_iter().find(|it| it.as_str_name() == asked);
    found.ok_or_else(|| Trouble::no_such_page(visit))
}

async fn create(
    visit: &Visit,
    posted: &Posted,
    dimension: BandedDimension,
    form: &mut Form,
) -> Result<(), Status> {
    let mut bands = Vec::new();
    let mut numbers = Vec::new();
    for line in 0..form.lines {
        let id = |field: &str| line_id(line, field);
        if form.is_blank(&OF_LINE.map(id)) {
            continue;
        }
        let field = format!("banding.bands[{}]", bands.len());
        form.note_source(&id("id"), &field);
        numbers.push(line + 1);
        bands.push(Band {
            id: form.text(&id("id"), &format!("{field}.id")),
            label: form.text(&id("label"), &format!("{field}.label")),
            label_en: form.text(&id("label_en"), &format!("{field}.label_en")),
            youngest: form.small(&id("youngest"), &format!("{field}.youngest")),
            oldest: form.small(&id("oldest"), &format!("{field}.oldest")),
            codes: Vec::new(),
        });
    }
    for code in codes(dimension) {
        let number = form.small(code, "banding.bands");
        let place = numbers.iter().position(|it| i32::try_from(*it) == Ok(number));
        match place {
            Some(place) => bands[place].codes.push(code.to_owned()),
            None => form.wrong(code, "FIELD_MISSING", ""),
        }
    }
    form.note_source(&line_id(0, "id"), "banding.bands");
    let request = CreateBandingRequest {
        parent: visit.federation(),
        banding_id: form.text("banding_id", "banding_id"),
        banding: Some(Banding {
            dimension: dimension.into(),
            bands,
            decision: form.text("decision", "banding.decision"),
            ..Banding::default()
        }),
        request_id: posted.get("request_id").to_owned(),
        validate_only: form.is_faulty(),
    };
    let mut client = BandingServiceClient::new(visit.state.organisation.clone());
    client.create_banding(visit.request(request)?).await.map(|_| ())
}

fn form(visit: &Visit, dimension: BandedDimension, lines: usize) -> Form {
    let language = visit.reader.language;
    let input = |id: String, label_id: &str, kind: Kind| Input::new(language, id, label_id, kind);
    let codes = codes(dimension);
    let mut form = Form::new(visit, ACTION, "definition-save").with_lines(lines, "banding-add");
    form.hidden.push(("dimension", dimension.as_str_name().to_owned()));
    form.groups.push(Group::plain(vec![
        input("banding_id".to_owned(), "definition-id", Kind::Text(63))
            .help(language, "definition-id-help"),
        input("decision".to_owned(), "places-decision", Kind::Text(200)),
    ]));
    for line in 0..lines {
        let part = |field: &str, label_id: &str, kind| input(line_id(line, field), label_id, kind);
        let mut inputs = vec![
            part("id", "banding-band-id", Kind::Text(63)),
            part("label", "banding-label", Kind::Text(100)),
            part("label_en", "banding-label-en", Kind::Text(100)),
        ];
        if codes.is_empty() {
            inputs.push(part("youngest", "criteria-youngest", Kind::Whole));
            inputs.push(part("oldest", "criteria-oldest", Kind::Whole));
        }
        let legend = visit.t1("banding-line", "number", &(line + 1).to_string());
        form.groups.push(Group::line(legend, inputs));
    }
    if !codes.is_empty() {
        let number =
            codes.into_iter().map(|it| Input::called(it, code::called(visit, it), Kind::Whole));
        let group = Group::counts(visit.t("banding-codes"), number.collect());
        form.groups.push(group.help(language, "banding-codes-help"));
    }
    form
}

/// The codes that a dimension is divided from; none for ages.
fn codes(dimension: BandedDimension) -> Vec<&'static str> {
    match dimension {
        BandedDimension::Unspecified | BandedDimension::Age => Vec::new(),
        BandedDimension::ExitOutcome => {
            code::all::<ExitOutcome>().iter().map(ExitOutcome::as_str_name).collect()
        }
        BandedDimension::ReferringKind => {
            code::all::<ReferringKind>().iter().map(ReferringKind::as_str_name).collect()
        }
        BandedDimension::Livelihood => {
            code::all::<Livelihood>().iter().map(Livelihood::as_str_name).collect()
        }
    }
}

fn page(visit: &Visit, dimension: BandedDimension, form: Form) -> Response {
    let back = Back::to(LIST, visit.t("definitions-heading"));
    let called = code::called(visit, dimension.as_str_name());
    let facts = vec![Fact::new(visit, "banding-dimension", called)];
    let intro = visit.t("banding-new-intro");
    form_page_with_facts(visit, visit.t("banding-new"), back, intro, facts, form)
}
