//! The form of a requisition's content: of a new one, of one that is changed,
//! and of one that corrects another.

use proto::{
    common::Period,
    finance::{CostKind, CostLine, Requisition},
};

use super::{COST_KINDS, cost_kind_code, cost_kind_text_id};
use crate::{
    text,
    web::{
        form::{
            fields::Form,
            inputs::{Choice, Group, Input, Kind, line_id},
        },
        format,
        layout::Visit,
        reads::id_of,
    },
};

/// Lines of an empty form.
pub(super) const FIRST_LINES: usize = 4;
/// Lines a requisition may have.
pub(super) const MOST_LINES: usize = 50;
/// The inputs of a line.
const OF_LINE: [&str; 4] = ["kind", "description", "fte", "amount"];

/// What the form is for.
#[derive(Debug, Clone)]
pub(super) enum Purpose {
    /// A new requisition.
    Draft(DraftChoices),
    /// Another content of this one.
    Change(Requisition),
    /// A correction of this one.
    Correct(Requisition),
}

/// What a new requisition is drafted from.
#[derive(Debug, Clone, Default)]
pub(super) struct DraftChoices {
    /// The parties the person requisitions for.
    pub parties: Vec<Choice>,
    /// The grants there are.
    pub grants: Vec<Choice>,
}

impl Purpose {
    /// How many lines the form begins with.
    #[must_use]
    pub(super) fn first_lines(&self) -> usize {
        match self {
            Purpose::Draft(_) => FIRST_LINES,
            Purpose::Change(now) => (now.cost_lines.len() + 1).min(MOST_LINES),
            Purpose::Correct(corrected) => corrected.cost_lines.len(),
        }
    }

    /// What the form begins with.
    fn begins_with(&self) -> Requisition {
        match self {
            Purpose::Draft(_) => Requisition::default(),
            Purpose::Change(now) => now.clone(),
            Purpose::Correct(corrected) => {
                let taken_back = |line: &CostLine| CostLine {
                    amount_ore: line.amount_ore.saturating_neg(),
                    ..line.clone()
                };
                Requisition {
                    cost_lines: corrected.cost_lines.iter().map(taken_back).collect(),
                    dnr: String::new(),
                    forecast_rest_ore: None,
                    ..corrected.clone()
                }
            }
        }
    }

    /// A correction has the days of what it corrects, and no forecast.
    fn is_correction(&self) -> bool {
        match self {
            Purpose::Draft(_) => false,
            Purpose::Change(now) => !now.corrects.is_empty(),
            Purpose::Correct(_) => true,
        }
    }
}

/// The form as it begins.
#[must_use]
pub(super) fn form(visit: &Visit, action: &str, purpose: &Purpose, lines: usize) -> Form {
    let language = visit.reader.language;
    let begins = purpose.begins_with();
    let mut form = Form::new(visit, action, "requisition-save").with_lines(lines, "draft-add-line");
    form.etag.clone_from(&begins.etag);
    if let Purpose::Draft(DraftChoices { parties, grants }) = purpose {
        let party = Input::new(language, "party", "draft-party", Kind::Choice(parties.clone()));
        let grant = Input::new(language, "grant", "draft-grant", Kind::Choice(grants.clone()));
        form.groups.push(Group::plain(vec![party, grant]));
    }
    if !purpose.is_correction() {
        let days = begins.period.unwrap_or_default();
        let first_day = Input::new(language, "first_day", "period-first-day", Kind::Day);
        let last_day = Input::new(language, "last_day", "period-last-day", Kind::Day);
        let inputs = vec![
            first_day.value(format::date(days.first_day.as_ref())),
            last_day.value(format::date(days.last_day.as_ref())),
        ];
        let period = Group::row(visit.t("requisition-period"), inputs);
        form.groups.push(period.help(language, "draft-period-help"));
    }
    form.groups.push(Group::plain(plain_inputs(visit, purpose, &begins)));
    form.groups
        .push(Group::heading(visit.t("requisition-lines")).help(language, lines_help(purpose)));
    for line in 0..lines {
        form.groups.push(cost_line(visit, line, begins.cost_lines.get(line)));
    }
    form
}

fn plain_inputs(visit: &Visit, purpose: &Purpose, begins: &Requisition) -> Vec<Input> {
    let language = visit.reader.language;
    let text = |id: &str, label_id: &str, help_id: &str, longest: usize, value: &str| {
        let input = Input::new(language, id, label_id, Kind::Text(longest));
        input.help(language, help_id).value(value)
    };
    let mut inputs = vec![
        text(
            "payment_reference",
            "draft-payment-reference",
            "draft-payment-reference-help",
            100,
            &begins.payment_reference,
        ),
        text(
            "organisation_number",
            "organisation-number",
            "draft-organisation-number-help",
            13,
            &begins.organisation_number,
        )
        .optional(language),
        text("dnr", "field-dnr", "draft-dnr-help", 40, &begins.dnr).optional(language),
    ];
    if !purpose.is_correction() {
        let forecast = Input::new(language, "forecast", "draft-forecast", Kind::Decimal)
            .help(language, "draft-forecast-help")
            .optional(language)
            .value(begins.forecast_rest_ore.map(format::exact).unwrap_or_default());
        inputs.push(forecast);
    }
    inputs
}

fn lines_help(purpose: &Purpose) -> &'static str {
    if purpose.is_correction() { "correction-lines-help" } else { "draft-lines-help" }
}

/// One cost line, of a requisition or of what is recovered of one.
#[must_use]
pub(crate) fn cost_line(visit: &Visit, line: usize, begins: Option<&CostLine>) -> Group {
    let language = visit.reader.language;
    let of_kind =
        |kind: CostKind| Choice::new(cost_kind_code(kind), visit.t(cost_kind_text_id(kind)));
    let mut kinds = vec![Choice::new("", visit.t("choose"))];
    kinds.extend(COST_KINDS.map(of_kind));
    let kind = Input::new(language, line_id(line, "kind"), "draft-line-kind", Kind::Choice(kinds));
    let description = line_id(line, "description");
    let description = Input::new(language, description, "draft-line-description", Kind::Text(200));
    let fte = Input::new(language, line_id(line, "fte"), "draft-line-fte", Kind::Whole);
    let amount = Input::new(language, line_id(line, "amount"), "draft-line-amount", Kind::Decimal);
    let legend = text::message(language, "draft-line", &[("number", &(line + 1).to_string())]);
    let Some(CostLine { kind: _, description: for_what, fte_percent, amount_ore }) = begins else {
        return Group::line(legend, vec![kind, description, fte, amount]);
    };
    let chosen = begins.map_or("", |line| cost_kind_code(line.kind()));
    let share = if *fte_percent == 0 { String::new() } else { fte_percent.to_string() };
    let inputs = vec![
        kind.value(chosen),
        description.value(for_what),
        fte.value(share),
        amount.value(format::exact(*amount_ore)),
    ];
    Group::line(legend, inputs)
}

/// The requisition that was typed. What cannot be read is noted in the form.
#[must_use]
pub(super) fn read(form: &mut Form, purpose: &Purpose) -> Requisition {
    let mut requisition = match purpose {
        Purpose::Draft(_) => Requisition {
            party: form.resource("party", "requisition.party", "parties"),
            grant: form.resource("grant", "requisition.grant", "grants"),
            ..Requisition::default()
        },
        Purpose::Change(now) => now.clone(),
        Purpose::Correct(corrected) => Requisition {
            grant: corrected.grant.clone(),
            party: corrected.party.clone(),
            period: corrected.period,
            corrects: corrected.name.clone(),
            ..Requisition::default()
        },
    };
    if !purpose.is_correction() {
        requisition.period = Some(Period {
            first_day: form.day("first_day", "requisition.period.first_day"),
            last_day: form.day("last_day", "requisition.period.last_day"),
        });
        requisition.forecast_rest_ore =
            form.ore_if_given("forecast", "requisition.forecast_rest_ore");
    }
    requisition.payment_reference = form.text("payment_reference", "requisition.payment_reference");
    requisition.organisation_number =
        form.text("organisation_number", "requisition.organisation_number");
    requisition.dnr = form.text("dnr", "requisition.dnr");
    requisition.cost_lines = read_cost_lines(form, "requisition.cost_lines");
    requisition
}

/// The cost lines that were typed, for a field of the message; blank ones are
/// left out.
#[must_use]
pub(crate) fn read_cost_lines(form: &mut Form, field: &str) -> Vec<CostLine> {
    let mut lines = Vec::new();
    for line in 0..form.lines {
        if !form.is_blank(&OF_LINE.map(|part| line_id(line, part))) {
            let field = format!("{field}[{}]", lines.len());
            lines.push(read_cost_line(form, line, &field));
        }
    }
    if lines.is_empty() {
        // What is said of the lines as a whole is said at the first.
        form.note_source(&line_id(0, "kind"), field);
    }
    lines
}

fn read_cost_line(form: &mut Form, line: usize, field: &str) -> CostLine {
    let kind =
        form.chosen(&line_id(line, "kind"), &format!("{field}.kind"), &COST_KINDS, cost_kind_code);
    let fte_percent = form.small(&line_id(line, "fte"), &format!("{field}.fte_percent"));
    // The stand-in is the kind that the share, if any, is allowed for.
    let stand_in = if fte_percent == 0 { CostKind::Other } else { CostKind::Staff };
    CostLine {
        kind: kind.unwrap_or(stand_in).into(),
        description: form.text(&line_id(line, "description"), &format!("{field}.description")),
        fte_percent,
        amount_ore: form.ore(&line_id(line, "amount"), &format!("{field}.amount_ore")),
    }
}

/// The parts of the id that a new requisition gets: whose it is, and of when.
#[must_use]
pub(super) fn id_parts(requisition: &Requisition) -> [String; 2] {
    let last_day = requisition.period.as_ref().and_then(|period| period.last_day.as_ref());
    let month: String = format::date(last_day).chars().take(7).collect();
    [id_of(&requisition.party).chars().take(30).collect(), month]
}
