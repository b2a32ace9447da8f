//! The fields of a case, the headings that stand over them in people's lists, and which
//! column each is read from.

use std::collections::{BTreeMap, BTreeSet};

use super::{file::Table, words::plain};
use crate::web::{
    form::{
        Posted,
        fields::Form,
        inputs::{Choice, Group, Input, Kind},
    },
    layout::Visit,
};

/// A field of a case.
#[derive(Debug)]
pub(super) struct Field {
    /// Its id in the form.
    pub(super) id: &'static str,
    /// The id of what it is called.
    pub(super) label: &'static str,
    /// The headings that stand over it, the surest first.
    pub(super) headings: &'static [&'static str],
    /// What it is read into: paths of the message, the closest first.
    pub(super) paths: &'static [&'static str],
}

const fn field(
    id: &'static str,
    label: &'static str,
    headings: &'static [&'static str],
    paths: &'static [&'static str],
) -> Field {
    Field { id, label, headings, paths }
}

/// The fields under the ids of their headings, as they are asked for.
pub(super) const GROUPS: [(&str, &[Field]); 5] = [
    ("list-fields-person", PERSON),
    ("list-fields-referral", REFERRAL),
    ("list-fields-decision", DECISION),
    ("enrolments-heading", ENROLMENT),
    ("exit-heading", EXIT),
];

const PERSON: &[Field] = &[
    field(
        "personal_number",
        "person-number",
        &["personnummer", "pnr", "personnr", "samordningsnummer", "personal number"],
        &["person.identity.personal_number", "person.identity", "person"],
    ),
    field(
        "given_name",
        "person-given-name",
        &["förnamn", "tilltalsnamn", "given name", "first name"],
        &["person.identity.given_name"],
    ),
    field(
        "family_name",
        "person-family-name",
        &["efternamn", "family name", "last name", "surname"],
        &["person.identity.family_name"],
    ),
    field("sex", "person-sex", &["kön", "juridiskt kön", "sex", "gender"], &["person.sex"]),
    field(
        "protected",
        "person-protected",
        &["skyddade personuppgifter", "skyddad identitet", "skydd", "sekretess", "protected"],
        &["person.protected_identity"],
    ),
    field(
        "birth_year",
        "person-birth-year",
        &["födelseår", "född", "född år", "year of birth", "birth year"],
        &["person.birth_year"],
    ),
];

const REFERRAL: &[Field] = &[
    field(
        "id",
        "list-field-id",
        &["id", "ärende", "ärende-id", "ärendenummer", "löpnummer", "case"],
        &["id"],
    ),
    field(
        "municipality",
        "referral-municipality",
        &["ansvarig kommun", "kommun", "hemkommun", "bostadskommun", "municipality"],
        &["referral.municipality"],
    ),
    field(
        "sender",
        "referral-sender",
        &["aktualiserande part", "avsändare", "remittent", "aktualiserad av", "sender"],
        &["referral.sender"],
    ),
    field(
        "kind",
        "referral-kind",
        &["väg in", "remittent typ", "slag av remittent", "aktualiserande myndighet", "kanal"],
        &["referral.referring_kind"],
    ),
    field(
        "referral_day",
        "list-field-referral-day",
        &[
            "aktualiseringsdag",
            "aktualiseringsdatum",
            "aktualiserad",
            "aktualisering",
            "remissdatum",
            "ansökningsdatum",
            "referral date",
        ],
        &["referral.referral_date"],
    ),
    field(
        "livelihood",
        "referral-livelihoods",
        &["försörjning", "försörjning vid inskrivning", "försörjning före", "livelihood"],
        &["referral.livelihoods"],
    ),
    field(
        "extent",
        "livelihood-extent",
        &["omfattning", "procent", "försörjning omfattning", "extent"],
        &["referral.livelihoods[0].extent_percent"],
    ),
    field("ready", "referral-ready", &["redo att delta", "redo", "ready"], &["referral.ready"]),
    field(
        "override_reason",
        "referral-override",
        &["skäl att frångå kriterierna", "undantag", "skäl till undantag"],
        &["referral.override_reason", "referral"],
    ),
];

const DECISION: &[Field] = &[
    field(
        "decision",
        "referral-decision",
        &["beslut", "beslutet", "decision"],
        &["decision_state"],
    ),
    field(
        "decision_day",
        "list-field-decision-day",
        &["beslutsdag", "beslutsdatum", "beslutad", "beslutat", "decision date"],
        &["decision_date"],
    ),
    field(
        "decision_reason",
        "list-field-decision-reason",
        &["skäl", "beslutsskäl", "skäl till beslut", "orsak", "reason"],
        &["decision.reason", "decision"],
    ),
];

const ENROLMENT: &[Field] = &[
    field(
        "first_day",
        "enrolment-first-day",
        &[
            "inskriven",
            "inskrivningsdag",
            "inskrivningsdatum",
            "inskrivning",
            "startdatum",
            "start",
        ],
        &["enrolment.first_day", "enrolment"],
    ),
    field(
        "planned_last_day",
        "enrolment-planned",
        &["planerad till och med", "planerat avslut", "planerat slut", "planerat slutdatum"],
        &["enrolment.planned_last_day"],
    ),
    field(
        "coach",
        "enrolment-coach",
        &["coach", "coachens användarnamn", "handläggare", "ansvarig coach"],
        &["enrolment.coaches"],
    ),
];

const EXIT: &[Field] = &[
    field(
        "exit_day",
        "exit-day",
        &[
            "sista dagen",
            "avslutad",
            "avslutsdag",
            "avslutsdatum",
            "avslut",
            "utskriven",
            "utskrivningsdatum",
            "slutdatum",
            "exit date",
        ],
        &["exit.day", "exit"],
    ),
    field(
        "outcome",
        "exit-outcome",
        &["utfall", "avslutsorsak", "avslutad till", "resultat", "outcome"],
        &["exit.outcome"],
    ),
    field(
        "livelihood_after",
        "exit-livelihoods",
        &["försörjning efteråt", "försörjning efter", "försörjning vid avslut"],
        &["exit.livelihoods"],
    ),
];

/// Every field, in the order asked for.
pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    GROUPS.into_iter().flat_map(|(_, fields)| fields)
}

/// The field that a path of the message was read from: the closest of those it lies in.
pub(super) fn field_of(path: &str) -> Option<&'static Field> {
    let lies_in = |inner: &str, outer: &str| {
        inner
            .strip_prefix(outer)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    };
    let paths = fields().flat_map(|field| field.paths.iter().map(move |of| (field, *of)));
    let around = paths.filter(|(_, of)| lies_in(path, of));
    around.max_by_key(|(_, of)| of.len()).map(|(field, _)| field)
}

/// Which column each field is read from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Columns(BTreeMap<&'static str, usize>);

impl Columns {
    /// Guesses by the headings: each column for one field at most.
    pub(super) fn guessed(table: &Table) -> Self {
        let mut left: BTreeMap<usize, String> =
            table.headings.iter().map(|(position, text)| (*position, plain(text))).collect();
        let mut guessed = BTreeMap::new();
        for field in fields() {
            let of = |heading: &&str| {
                let word = plain(heading);
                left.iter().find(|(_, text)| **text == word).map(|(position, _)| *position)
            };
            if let Some(position) = field.headings.iter().find_map(of) {
                left.remove(&position);
                guessed.insert(field.id, position);
            }
        }
        Self(guessed)
    }

    /// What somebody chose.
    pub(super) fn chosen(posted: &Posted) -> Self {
        let chosen = |field: &Field| Some((field.id, posted.get(field.id).parse().ok()?));
        Self(fields().filter_map(chosen).collect())
    }

    /// The column of a field; none when it is not read.
    pub(super) fn of(&self, field: &str) -> Option<usize> {
        self.0.get(field).copied()
    }

    /// What the form that changes nothing more sends on.
    pub(super) fn hidden(&self) -> Vec<(&'static str, String)> {
        self.0.iter().map(|(field, position)| (*field, position.to_string())).collect()
    }

    /// The columns that no field is read from.
    fn unread(&self, table: &Table) -> Vec<String> {
        let read: BTreeSet<usize> = self.0.values().copied().collect();
        let columns = table.columns().into_iter().filter(|position| !read.contains(position));
        columns.map(|position| table.called(position)).collect()
    }
}

/// The form in which the columns are told, and which leads on to the trial.
pub(super) fn form(
    visit: &Visit,
    team: &str,
    key: &str,
    (table, columns): (&Table, &Columns),
) -> Form {
    let action = format!("{}/check", super::address(team));
    let mut form = Form::new(visit, action, "list-check");
    form.hidden.push(("key", key.to_owned()));
    let not_read = Choice::new("", visit.t("list-column-none"));
    let choices = table
        .columns()
        .into_iter()
        .map(|position| Choice::new(position.to_string(), table.called(position)));
    let choices: Vec<Choice> = std::iter::once(not_read).chain(choices).collect();
    let unread = columns.unread(table);
    for (heading, fields) in GROUPS {
        let inputs = fields.iter().map(|field| {
            let chosen = columns.of(field.id).map(|position| position.to_string());
            let kind = Kind::Choice(choices.clone());
            Input::called(field.id, visit.t(field.label), kind).value(chosen.unwrap_or_default())
        });
        form.groups.push(Group::heading(visit.t(heading)));
        form.groups.push(Group::plain(inputs.collect()));
    }
    if !unread.is_empty() {
        let mut group = Group::heading(visit.t("list-unread-heading"));
        group.help = unread.join(", ");
        form.groups.push(group);
    }
    form
}

#[cfg(test)]
mod tests {
    use super::{super::file, *};

    #[test]
    fn columns_are_guessed_from_headings_however_they_are_written() {
        let text = "PERSONNR;Fornamn;Efternamn:;Kön ;Hemkommun;Aktualiserings-datum;Inskriven;\
                    Avslutad;Anteckning\na;b;c;d;e;f;g;h;i\n";
        let guessed = Columns::guessed(&file::read(text.as_bytes()).unwrap());
        let expected = [
            ("personal_number", 0),
            ("given_name", 1),
            ("family_name", 2),
            ("sex", 3),
            ("municipality", 4),
            ("referral_day", 5),
            ("first_day", 6),
            ("exit_day", 7),
        ];
        assert_eq!(guessed, Columns(expected.into()));
    }

    #[test]
    fn no_heading_stands_over_two_fields_and_no_field_has_the_id_of_another() {
        let mut headings = BTreeSet::new();
        let mut ids = BTreeSet::new();
        for field in fields() {
            assert!(ids.insert(field.id), "{}", field.id);
            for heading in field.headings {
                assert!(headings.insert(plain(heading)), "{heading}");
            }
        }
    }

    #[test]
    fn what_is_wrong_is_told_at_the_column_it_was_read_from() {
        let at = |path| field_of(path).map(|field| field.id);
        assert_eq!(at("person.identity.personal_number"), Some("personal_number"));
        assert_eq!(at("person.identity"), Some("personal_number"));
        assert_eq!(at("referral.livelihoods[0].livelihood"), Some("livelihood"));
        assert_eq!(at("referral.livelihoods[0].extent_percent"), Some("extent"));
        assert_eq!(at("enrolment.coaches[0].coach"), Some("coach"));
        assert_eq!(at("enrolment"), Some("first_day"));
        assert_eq!(at("decision"), Some("decision_reason"));
        assert_eq!(at("identity"), None);
        assert_eq!(at(""), None);
    }
}
