//! A layout of protected tables, and the form that registers one.

use axum::{extract::Path, response::Response};
use proto::participant::{
    CreateTableLayoutRequest, Measure, TableLayout, TableShape,
    table_layout_service_client::TableLayoutServiceClient,
};
use tonic::Status;

use super::{
    definitions::{LIST, cuts, measures},
    register::{Registered, show_registered},
    words::{Words, read_cut},
};
use crate::web::{
    code,
    error_page::Trouble,
    form::{
        Fields, Posted,
        fields::Form,
        inputs::{Choice, Group, Input, Kind},
        page::{Back, Fact, form_page},
    },
    layout::Visit,
    reads::{self, id_of},
    rights,
    sign_in::see_other,
};

/// Dimensions that a layout may have, and the ids of what their inputs are called.
const CUTS: [&str; 4] = ["layout-cut-1", "layout-cut-2", "layout-cut-3", "layout-cut-4"];

/// One layout.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    let (layouts, words) = tokio::try_join!(reads::table_layouts(&visit), Words::read(&visit))
        .map_err(|status| Trouble::of(&visit, &status))?;
    let found = layouts.iter().find(|it| id_of(&it.name) == id);
    let layout = found.ok_or_else(|| Trouble::no_such_page(&visit))?;
    let facts = vec![
        Fact::new(&visit, "definition-id", id.clone()),
        Fact::new(&visit, "statistics-measures", measures(&visit, layout)),
        Fact::new(&visit, "layout-cuts", cuts(&visit, &words, layout)),
    ];
    let link = Back::to(format!("/statistics/tables?layout={id}"), visit.t("layout-tables"));
    let registered = Registered { facts, link: Some(link), ..Registered::default() };
    Ok(show_registered(&visit, layout.title.clone(), registered))
}

/// The form.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show_new(visit: Visit) -> Result<Response, Trouble> {
    let form = form(&visit).await?;
    Ok(page(&visit, form))
}

/// Registers it and shows the list; or shows the form again.
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
    Ok(page(&visit, form))
}

async fn create(visit: &Visit, posted: &Posted, form: &mut Form) -> Result<(), Status> {
    let mut measures = Vec::new();
    for measure in code::all::<Measure>() {
        let field = format!("table_layout.shape.measures[{}]", measures.len());
        if form.text(measure.as_str_name(), &field) == code::YES {
            measures.push(measure.into());
        }
    }
    let mut cuts = Vec::new();
    for id in CUTS {
        if let Some(cut) = read_cut(visit, form.typed(id)) {
            form.note_source(id, &format!("table_layout.shape.cuts[{}]", cuts.len()));
            cuts.push(cut);
        }
    }
    let title = form.text("title", "table_layout.title");
    let request = CreateTableLayoutRequest {
        parent: visit.federation(),
        table_layout_id: posted.new_id(&[&title]),
        table_layout: Some(TableLayout {
            title,
            shape: Some(TableShape { measures, cuts }),
            ..TableLayout::default()
        }),
        request_id: posted.get("request_id").to_owned(),
        validate_only: form.is_faulty(),
    };
    let mut client = TableLayoutServiceClient::new(visit.state.organisation.clone());
    client.create_table_layout(visit.request(request)?).await.map(|_| ())
}

async fn form(visit: &Visit) -> Result<Form, Trouble> {
    Trouble::unless(visit, rights::registers_definitions)?;
    let words = Words::read(visit).await.map_err(|status| Trouble::of(visit, &status))?;
    let language = visit.reader.language;
    let measures = code::all::<Measure>().into_iter().map(|measure| {
        let id = measure.as_str_name();
        Input::called(id, code::called(visit, id), Kind::Tick)
    });
    let none = Choice::new("", visit.t("layout-no-cut"));
    let choices: Vec<Choice> = std::iter::once(none).chain(words.cuts(visit)).collect();
    let cut = |id: &str| Input::new(language, id, id, Kind::Choice(choices.clone()));
    let mut form = Form::new(visit, format!("{LIST}/new-layout"), "definition-save");
    form.groups.extend([
        Group::plain(vec![Input::new(language, "title", "definition-title", Kind::Text(200))]),
        Group::counts(visit.t("statistics-measures"), measures.collect()),
        Group::row(visit.t("layout-cuts"), CUTS.map(cut).into()).help(language, "layout-cuts-help"),
    ]);
    Ok(form)
}

fn page(visit: &Visit, form: Form) -> Response {
    let back = Back::to(LIST, visit.t("definitions-heading"));
    form_page(visit, visit.t("layout-new"), back, visit.t("layout-new-intro"), form)
}
