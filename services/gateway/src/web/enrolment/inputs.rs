//! The inputs of a consent and of an exit, and what is typed there.

use proto::participant::{Consent, ConsentKind, Exit, ExitOutcome};

use crate::web::{
    account::Places,
    code,
    form::{
        fields::Form,
        inputs::{Choice, Group, Input, Kind, line_id},
    },
    layout::Visit,
    livelihood,
};

/// Parties that a consent can be told for.
const PARTIES: usize = 4;

/// The inputs of a consent.
pub(super) fn consent(visit: &Visit, places: &Places) -> Vec<Group> {
    let language = visit.reader.language;
    let input = |id: &str, label: &str, kind| Input::new(language, id, label, kind);
    let kinds = code::all::<ConsentKind>();
    let kinds = code::choices(visit, kinds.iter().map(ConsentKind::as_str_name));
    let none = Choice::new("", visit.t("choose"));
    let parties: Vec<Choice> = std::iter::once(none).chain(places.parties()).collect();
    let today = visit.state.clock.today().to_string();
    let parties = (0..PARTIES).map(|line| {
        let kind = Kind::Choice(parties.clone());
        let label = format!("{} {}", visit.t("account-party"), line + 1);
        Input::called(line_id(line, "party"), label, kind).optional(language)
    });
    vec![
        Group::plain(vec![input("kind", "consent-kind", Kind::Choice(kinds))]),
        Group::row(visit.t("consent-parties"), parties.collect()),
        Group::plain(vec![
            input("given", "consent-given", Kind::Day).value(today),
            input("withdrawn", "consent-withdrawn", Kind::Day).optional(language),
        ]),
    ]
}

/// The inputs of an exit.
pub(super) fn exit(visit: &Visit) -> Vec<Group> {
    let language = visit.reader.language;
    let input = |id: &str, label: &str, kind| Input::new(language, id, label, kind);
    let outcomes = code::all::<ExitOutcome>();
    let outcomes = code::choices(visit, outcomes.iter().map(ExitOutcome::as_str_name));
    let today = visit.state.clock.today().to_string();
    let mut groups = vec![Group::plain(vec![
        input("day", "exit-day", Kind::Day).value(today),
        input("outcome", "exit-outcome", Kind::Choice(outcomes)),
        input("subsidised", "exit-subsidised", Kind::Choice(code::no_or_yes(visit)))
            .help(language, "exit-subsidised-help"),
        input("extent", "livelihood-extent", Kind::Whole)
            .help(language, "exit-extent-help")
            .optional(language),
    ])];
    groups.push(Group::heading(visit.t("exit-livelihoods")));
    groups.extend(livelihood::inputs(visit));
    groups
}

/// The consent that is told.
pub(super) fn read_consent(form: &mut Form) -> Consent {
    let kinds = code::all::<ConsentKind>();
    let kind = form.chosen("kind", "consent.kind", &kinds, |kind| kind.as_str_name());
    let mut parties = Vec::new();
    for line in 0..PARTIES {
        let field = format!("consent.parties[{}]", parties.len());
        let party = form.resource_if_given(&line_id(line, "party"), &field, "parties");
        parties.extend(Some(party).filter(|party| !party.is_empty()));
    }
    Consent {
        kind: kind.unwrap_or_default().into(),
        parties,
        given: form.day("given", "consent.given"),
        withdrawn: form.day("withdrawn", "consent.withdrawn"),
    }
}

/// The exit that is told.
pub(super) fn read_exit(form: &mut Form) -> Exit {
    let outcomes = code::all::<ExitOutcome>();
    let outcome = form.chosen("outcome", "exit.outcome", &outcomes, |it| it.as_str_name());
    let livelihoods = livelihood::read(form, "exit.livelihoods");
    Exit {
        day: form.day("day", "exit.day"),
        outcome: outcome.unwrap_or_default().into(),
        subsidised: form.text("subsidised", "exit.subsidised") == code::YES,
        extent_percent: form.small("extent", "exit.extent_percent"),
        livelihoods,
    }
}
