//! What a person lives on: told in a form line by line, and shown.

use proto::participant::{Livelihood, LivelihoodShare};

use super::{
    code,
    form::{
        fields::Form,
        inputs::{Group, Input, Kind, line_id},
    },
    format,
    layout::Visit,
};

/// Livelihoods that can be told at the same time.
const LINES: usize = 3;

/// The lines of a form.
#[must_use]
pub(crate) fn inputs(visit: &Visit) -> Vec<Group> {
    let language = visit.reader.language;
    let all = code::all::<Livelihood>();
    let line = |line: usize| {
        let choices = code::choices(visit, all.iter().map(Livelihood::as_str_name));
        let kind = Kind::Choice(choices);
        let which = Input::new(language, line_id(line, "livelihood"), "livelihood-which", kind);
        let extent = line_id(line, "extent");
        let extent = Input::new(language, extent, "livelihood-extent", Kind::Whole);
        let legend = visit.t1("livelihood-line", "number", &(line + 1).to_string());
        Group::line(legend, vec![which, extent.optional(language)])
    };
    (0..LINES).map(line).collect()
}

/// What is told, for a field of the message. The first line is needed.
pub(crate) fn read(form: &mut Form, field: &str) -> Vec<LivelihoodShare> {
    let mut shares = Vec::new();
    for line in 0..LINES {
        let (id, extent_id) = (line_id(line, "livelihood"), line_id(line, "extent"));
        if line > 0 && form.is_blank(&[id.clone(), extent_id.clone()]) {
            continue;
        }
        let field = format!("{field}[{}]", shares.len());
        let all = code::all::<Livelihood>();
        let livelihood = form.chosen(&id, &field, &all, |it| it.as_str_name()).unwrap_or_default();
        let extent_percent = form.small(&extent_id, &format!("{field}.extent_percent"));
        shares.push(LivelihoodShare { livelihood: livelihood.into(), extent_percent });
    }
    shares
}

/// What is told, where nothing has to be.
pub(crate) fn read_if_given(form: &mut Form, field: &str) -> Vec<LivelihoodShare> {
    let ids = (0..LINES).flat_map(|line| [line_id(line, "livelihood"), line_id(line, "extent")]);
    if form.is_blank(&ids.collect::<Vec<_>>()) { Vec::new() } else { read(form, field) }
}

/// As people read it: `försörjningsstöd 100 %, lön`.
#[must_use]
pub(crate) fn called(visit: &Visit, shares: &[LivelihoodShare]) -> String {
    let each = shares.iter().map(|share| {
        let called = code::called(visit, share.livelihood().as_str_name());
        match share.extent_percent {
            0 => called,
            percent => format!("{called} {}", format::percent(percent)),
        }
    });
    each.collect::<Vec<_>>().join(", ")
}
