//! Findings as they are shown: what is the matter, where, what would resolve it, and
//! what explains it.

use proto::reporting::{
    FindingExplanation, FindingPlace, FindingRemedy, GetReportResponse, ReportFinding,
};

use super::{anchor, names::Names, of};
use crate::{
    text::{self, Language},
    web::{format, layout::Visit, reads::id_of, rights},
};

/// As many findings of one kind are shown at once.
const MOST_UNFOLDED: usize = 4;

/// The findings of one check.
#[derive(Debug, Clone)]
pub(super) struct CheckView {
    /// What the check is called.
    pub(super) name: String,
    /// What it looks at.
    pub(super) explanation: String,
    /// What resolves its findings.
    pub(super) resolution: String,
    /// Its findings.
    pub(super) findings: Vec<FindingView>,
}

impl CheckView {
    /// True when its findings are shown folded: so many of one kind hide the others.
    pub(super) fn is_folded(&self) -> bool {
        self.findings.len() > MOST_UNFOLDED
    }
}

/// A finding.
#[derive(Debug, Clone)]
pub(super) struct FindingView {
    /// Its key.
    pub(super) key: String,
    /// What is the matter.
    pub(super) fact: String,
    /// The places it concerns.
    pub(super) places: Vec<PlaceView>,
    /// What would resolve this one.
    pub(super) remedies: Vec<String>,
    /// What explains it.
    pub(super) explained: Option<ExplainedView>,
    /// The person may explain it.
    pub(super) may_explain: bool,
}

/// A place that a finding concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PlaceView {
    /// Where it stands on the page.
    pub(super) href: String,
    /// What it is.
    pub(super) text: String,
}

/// What explains a finding.
#[derive(Debug, Clone)]
pub(super) struct ExplainedView {
    /// What was written.
    pub(super) text: String,
    /// By whom.
    pub(super) account: String,
    /// The day.
    pub(super) day: String,
    /// The person wrote it, or writes the report.
    pub(super) may_withdraw: bool,
}

/// Findings by what they were found by, in the order they come in.
pub(super) fn by_check(
    language: Language,
    findings: Vec<(&ReportFinding, FindingView)>,
) -> Vec<CheckView> {
    let mut checks: Vec<(&str, CheckView)> = Vec::new();
    for (finding, view) in findings {
        if let Some((_, check)) = checks.iter_mut().find(|(code, _)| *code == finding.check) {
            check.findings.push(view);
            continue;
        }
        let either = |swedish: &str, english: &str| of(language, swedish, english).to_owned();
        let check = CheckView {
            name: either(&finding.check_name_sv, &finding.check_name_en),
            explanation: either(&finding.check_explanation_sv, &finding.check_explanation_en),
            resolution: either(&finding.resolution_sv, &finding.resolution_en),
            findings: vec![view],
        };
        checks.push((&finding.check, check));
    }
    checks.into_iter().map(|(_, check)| check).collect()
}

impl FindingView {
    /// Makes a finding ready to be shown.
    pub(super) async fn of(
        visit: &Visit,
        names: &Names,
        report: &GetReportResponse,
        finding: &ReportFinding,
    ) -> Self {
        let language = visit.reader.language;
        let about = report.report.as_ref().map(|head| head.subject.as_str()).unwrap_or_default();
        let explained = match &finding.explanation {
            Some(explanation) => Some(ExplainedView::of(visit, about, explanation).await),
            None => None,
        };
        Self {
            key: finding.key.clone(),
            fact: of(language, &finding.fact_sv, &finding.fact_en).to_owned(),
            places: places(language, names, report, finding),
            remedies: remedies(language, names, finding),
            explained,
            may_explain: rights::explains_finding(
                &visit.session.principal,
                about,
                &finding.subject,
            ),
        }
    }
}

impl ExplainedView {
    async fn of(visit: &Visit, about: &str, explanation: &FindingExplanation) -> Self {
        let principal = &visit.session.principal;
        let is_own = explanation.account == principal.account.to_string();
        let time = explanation.time.as_ref().and_then(platform::convert::instant);
        Self {
            text: explanation.text.clone(),
            account: visit.state.display_name(&explanation.account).await,
            day: format::day(time),
            may_withdraw: is_own || rights::writes_report(principal, about),
        }
    }
}

/// The places of a finding, each once.
fn places(
    language: Language,
    names: &Names,
    report: &GetReportResponse,
    finding: &ReportFinding,
) -> Vec<PlaceView> {
    let mut views: Vec<PlaceView> = Vec::new();
    for place in &finding.places {
        let view = place_view(language, names, report, place);
        if !views.contains(&view) {
            views.push(view);
        }
    }
    views
}

fn place_view(
    language: Language,
    names: &Names,
    report: &GetReportResponse,
    place: &FindingPlace,
) -> PlaceView {
    let whose = names.of_subject(&place.subject);
    if !place.figure.is_empty() {
        let cell = names.cell(&place.figure, &place.category);
        let href = format!("#figures-{}", id_of(&place.subject));
        return PlaceView { href, text: format!("{cell}{whose}") };
    }
    let chapter = report.chapters.iter().filter_map(|shown| shown.chapter.as_ref()).find(|it| {
        let id = id_of(&it.name);
        let (section, team) = id.split_once('.').unwrap_or((id, ""));
        section == place.section && team == id_of(&place.subject)
    });
    let id = chapter.map_or(place.section.as_str(), |chapter| id_of(&chapter.name));
    let (section, team) = id.split_once('.').unwrap_or((id, ""));
    let heading = names.section(&place.section);
    let quoted = chapter.and_then(|chapter| quoted(&chapter.text, place.start, place.end));
    let text = match quoted.as_deref().map(|part| as_read(names, part)) {
        Some(quoted) => {
            let quoted = quoted.as_str();
            let facts = [("chapter", heading), ("whose", whose.as_str()), ("quoted", quoted)];
            text::message(language, "finding-quoted", &facts)
        }
        None => format!("{heading}{whose}"),
    };
    PlaceView { href: format!("#{}", anchor(section, team)), text }
}

/// A part of a text by its place in bytes; none for a place that is none.
pub(super) fn quoted(text: &str, start: i32, end: i32) -> Option<String> {
    let (start, end) = (usize::try_from(start).ok()?, usize::try_from(end).ok()?);
    let part = text.get(start..end)?;
    (!part.trim().is_empty()).then(|| part.to_owned())
}

/// A part of a text as people read it: of a link its words, and without words what it
/// refers to.
pub(super) fn as_read(names: &Names, part: &str) -> String {
    let link = part.strip_prefix('[').and_then(|part| part.strip_suffix(')'));
    match link.and_then(|link| link.split_once("](")) {
        Some((words, reference)) if words.trim().is_empty() => names.reference(reference),
        Some((words, _)) => words.to_owned(),
        None => part.to_owned(),
    }
}

/// What would resolve a finding, in words.
pub(super) fn remedies(language: Language, names: &Names, finding: &ReportFinding) -> Vec<String> {
    finding.remedies.iter().filter_map(|remedy| said(language, names, remedy)).collect()
}

fn said(language: Language, names: &Names, remedy: &FindingRemedy) -> Option<String> {
    let FindingRemedy { state, write_sv, write_en, words_sv, words_en, bind } = remedy;
    if let Some(state) = state {
        let cell = names.cell(&state.figure, &state.category);
        let whose = names.of_subject(&state.subject);
        let facts =
            [("figure", cell.as_str()), ("whose", whose.as_str()), ("value", state.value.as_str())];
        return Some(text::message(language, "remedy-state", &facts));
    }
    let written = of(language, write_sv, write_en);
    if !written.is_empty() {
        return Some(text::message(language, "remedy-write", &[("value", written)]));
    }
    let words = match language {
        Language::Swedish => words_sv,
        Language::English => words_en,
    };
    if !words.is_empty() {
        let words = words.join(", ");
        return Some(text::message(language, "remedy-words", &[("words", words.as_str())]));
    }
    let reference = names.reference(bind);
    let facts = [("reference", reference.as_str())];
    (!bind.is_empty()).then(|| text::message(language, "remedy-bind", &facts))
}

#[cfg(test)]
mod tests {
    use proto::reporting::{ReportColumn, ReportTemplate};

    use super::*;

    #[test]
    fn of_a_link_people_read_its_words() {
        let column = ReportColumn {
            figure: "exits".to_owned(),
            text_sv: "Avslut".to_owned(),
            ..Default::default()
        };
        let template = ReportTemplate { columns: vec![column], ..Default::default() };
        let report = GetReportResponse { template: Some(template), ..Default::default() };
        let names = Names::of(Language::Swedish, &[], &report);
        assert_eq!(as_read(&names, "[30 %](share:exits.work/exits)"), "30 %");
        assert_eq!(as_read(&names, "[tre av fyra](quotation \"SCB\")"), "tre av fyra");
        assert_eq!(as_read(&names, "[](figure:exits)"), "Avslut");
        for part in ["30 %", "[sic] (se ovan)", "[x"] {
            assert_eq!(as_read(&names, part), part);
        }
    }

    #[test]
    fn a_place_that_is_none_quotes_nothing() {
        assert_eq!(quoted("åtta av tio", 0, 5).as_deref(), Some("åtta"));
        for (start, end) in [(1, 3), (0, 99), (-1, 2), (5, 3), (0, 0)] {
            assert_eq!(quoted("åtta av tio", start, end), None, "{start}–{end}");
        }
    }
}
