//! What tables and surveys are made by: layouts, bandings and questionnaires, all that are
//! registered. None is ever changed.

use askama::Template;
use axum::response::Response;
use proto::participant::{BandedDimension, Banding, Questionnaire, TableLayout};

use super::{pages, words::Words};
use crate::web::{
    code,
    error_page::Trouble,
    layout::{Layout, Tab, Visit, page},
    reads::{self, id_of},
    rights,
};

/// The address of the list.
pub(super) const LIST: &str = "/statistics/definitions";

#[derive(Template)]
#[template(path = "definitions.html")]
struct DefinitionsPage {
    layout: Layout,
    tabs: Vec<Tab>,
    layouts: Vec<LayoutView>,
    bandings: Vec<BandingView>,
    questionnaires: Vec<QuestionnaireView>,
    /// What can be banded: its code and what it is called.
    dimensions: Vec<(&'static str, String)>,
    may_register: bool,
}

struct LayoutView {
    id: String,
    title: String,
    measures: String,
    cuts: String,
}

struct BandingView {
    id: String,
    dimension: String,
    bands: String,
    decision: String,
}

struct QuestionnaireView {
    id: String,
    title: String,
    questions: usize,
    licence_note: String,
}

impl LayoutView {
    fn of(visit: &Visit, words: &Words, layout: &TableLayout) -> Self {
        Self {
            id: id_of(&layout.name).to_owned(),
            title: layout.title.clone(),
            measures: measures(visit, layout),
            cuts: cuts(visit, words, layout),
        }
    }
}

/// What a layout counts.
pub(super) fn measures(visit: &Visit, layout: &TableLayout) -> String {
    let shape = layout.shape.as_ref();
    let measures = shape.into_iter().flat_map(proto::participant::TableShape::measures);
    let called = measures.map(|it| code::called(visit, it.as_str_name()));
    called.collect::<Vec<_>>().join(", ")
}

/// By what a layout counts.
pub(super) fn cuts(visit: &Visit, words: &Words, layout: &TableLayout) -> String {
    let cuts = layout.shape.iter().flat_map(|shape| &shape.cuts);
    cuts.map(|cut| words.cut(visit, cut)).collect::<Vec<_>>().join(", ")
}

impl BandingView {
    fn of(visit: &Visit, banding: &Banding) -> Self {
        let bands = banding.bands.iter();
        let bands = bands.map(|band| super::banding::label(visit, band));
        Self {
            id: id_of(&banding.name).to_owned(),
            dimension: code::called(visit, banding.dimension().as_str_name()),
            bands: bands.collect::<Vec<_>>().join("; "),
            decision: banding.decision.clone(),
        }
    }
}

impl QuestionnaireView {
    fn of(questionnaire: &Questionnaire) -> Self {
        Self {
            id: id_of(&questionnaire.name).to_owned(),
            title: questionnaire.title.clone(),
            questions: questionnaire.questions.len(),
            licence_note: questionnaire.licence_note.clone(),
        }
    }
}

/// The list.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(visit: Visit) -> Result<Response, Trouble> {
    let (layouts, words, bandings, questionnaires) = tokio::try_join!(
        reads::table_layouts(&visit),
        Words::read(&visit),
        reads::bandings(&visit),
        reads::questionnaires(&visit),
    )
    .map_err(|status| Trouble::of(&visit, &status))?;
    let dimensions = code::all::<BandedDimension>();
    let dimensions = dimensions.iter().map(BandedDimension::as_str_name);
    Ok(page(&DefinitionsPage {
        layout: Layout::of(&visit, visit.t("definitions-heading")),
        tabs: pages(&visit, LIST),
        layouts: layouts.iter().map(|it| LayoutView::of(&visit, &words, it)).collect(),
        bandings: bandings.iter().map(|it| BandingView::of(&visit, it)).collect(),
        questionnaires: questionnaires.iter().map(QuestionnaireView::of).collect(),
        dimensions: dimensions.map(|it| (it, code::called(&visit, it))).collect(),
        may_register: rights::registers_definitions(&visit.session.principal),
    }))
}
