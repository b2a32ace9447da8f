//! Forms: what was posted, and showing it again with everything that is wrong
//! beside the fields it is about.

use platform::failure::Problem;
use tonic::Status;
use uuid::Uuid;

use super::{
    error_page::{Trouble, borrowed},
    layout::Visit,
};
use crate::text::{self, Language};

pub(crate) mod fields;
pub(crate) mod inputs;
pub(crate) mod page;
mod stands;

/// The fields of a form as they come in.
pub(crate) type Fields = axum::Form<Vec<(String, String)>>;

/// A posted form.
#[derive(Debug, Clone, Default)]
pub(crate) struct Posted(Vec<(String, String)>);

impl Posted {
    /// Takes a form that came from a page shown in the same session.
    ///
    /// # Errors
    /// The page that asks to fill in the form anew, for any other.
    pub(crate) fn accept(visit: &Visit, fields: Fields) -> Result<Self, Trouble> {
        let posted = Self(fields.0);
        if visit.session.check_csrf(posted.get("csrf")) {
            Ok(posted)
        } else {
            Err(Trouble::outdated_form(visit, posted.0))
        }
    }

    /// A form whose sender needs no session.
    #[must_use]
    pub(crate) fn from_anybody(fields: Fields) -> Self {
        Self(fields.0)
    }

    /// What an address asks for: fields that anybody may have put into a link.
    #[must_use]
    pub(crate) fn asked(query: axum::extract::Query<Vec<(String, String)>>) -> Self {
        Self(query.0)
    }

    /// How many lines the form has, within what it may have.
    #[must_use]
    pub(crate) fn lines(&self, first: usize, most: usize) -> usize {
        let lines = self.get("lines").parse().unwrap_or(first).clamp(1, most);
        if self.adds_line() { (lines + 1).min(most) } else { lines }
    }

    /// True when the button for one more line was pressed.
    #[must_use]
    pub(crate) fn adds_line(&self) -> bool {
        self.get("step") == "add_line"
    }

    /// An id for what the form makes: readable, and the same for the same
    /// request.
    #[must_use]
    pub(crate) fn new_id(&self, parts: &[&str]) -> String {
        let plain = |character: char| {
            let character = character.to_ascii_lowercase();
            let is_plain = character.is_ascii_lowercase() || character.is_ascii_digit();
            if is_plain { character } else { '-' }
        };
        let readable: String = parts.join("-").chars().map(plain).take(50).collect();
        let digits: Vec<char> =
            self.get("request_id").chars().filter(char::is_ascii_hexdigit).collect();
        let own_part: String = digits[digits.len().saturating_sub(8)..].iter().collect();
        let words = readable.split('-').filter(|word| !word.is_empty());
        let words: Vec<&str> = words.chain([own_part.as_str()]).collect();
        words.join("-").to_ascii_lowercase()
    }

    /// True when a field was sent with a value, among others of its name.
    #[must_use]
    pub(crate) fn holds(&self, name: &str, value: &str) -> bool {
        self.0.iter().any(|(key, sent)| key == name && sent == value)
    }

    /// The fields of which the name begins so, by what comes after that.
    #[must_use]
    pub(crate) fn beginning_with(&self, start: &str) -> Vec<(String, String)> {
        let rest = |(name, value): &(String, String)| {
            name.strip_prefix(start).map(|rest| (rest.to_owned(), value.clone()))
        };
        self.0.iter().filter_map(rest).collect()
    }

    /// The first value of a field, as typed; empty when it was not sent.
    #[must_use]
    pub(crate) fn get(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value.as_str())
    }
}

/// What makes a repetition of the form that is shown now harmless.
#[must_use]
pub(crate) fn new_request_id() -> String {
    Uuid::now_v7().to_string()
}

/// A field, for a message about it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Place {
    /// The id of its input.
    pub id: String,
    /// What it is called on the page.
    pub label: String,
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FieldError {
    /// The field.
    pub place: Place,
    /// What is wrong and what to do about it.
    pub text: String,
}

/// Everything that is wrong with a posted form.
#[derive(Debug, Clone, Default)]
pub(crate) struct FormErrors {
    /// About the form as a whole.
    pub whole: Vec<String>,
    /// About its fields, at most one for each.
    pub fields: Vec<FieldError>,
}

impl FormErrors {
    /// True when nothing is wrong.
    #[must_use]
    pub(crate) fn is_empty(&self) -> bool {
        self.whole.is_empty() && self.fields.is_empty()
    }

    /// What is wrong with the field of that id; empty when nothing is.
    #[must_use]
    pub(crate) fn of(&self, id: &str) -> &str {
        let found = self.fields.iter().find(|error| error.place.id == id);
        found.map_or("", |error| error.text.as_str())
    }

    /// Notes what is wrong with a field. The first message about it stays: what
    /// is found when the form is read comes before what a service made of the
    /// stand-in for a value that could not be read.
    pub(crate) fn add(&mut self, place: Place, text: String) {
        if self.of(&place.id).is_empty() {
            self.fields.push(FieldError { place, text });
        }
    }

    /// Puts the fields' errors in the order the fields have on the page.
    pub(crate) fn sort_like(&mut self, ids: &[String]) {
        let position = |error: &FieldError| ids.iter().position(|id| *id == error.place.id);
        self.fields.sort_by_key(|error| position(error).unwrap_or(usize::MAX));
    }

    /// Notes everything a service refused the form for. `place` tells which
    /// field of the form a field of the message came from; a refusal may be about
    /// one too.
    pub(crate) fn add_all(
        &mut self,
        language: Language,
        status: &Status,
        place: impl Fn(&str) -> Option<Place>,
    ) {
        let problem = Problem::of(status);
        if problem.faults.is_empty() {
            let said = text::reason(language, &problem.reason, &borrowed(&problem.facts));
            let field = problem.fact("field");
            match Some(field).filter(|field| !field.is_empty()).and_then(|field| place(&field)) {
                Some(place) => self.add(place, said),
                None => self.whole.push(said),
            }
        }
        for fault in &problem.faults {
            let said = text::reason(language, &fault.reason, &borrowed(&fault.facts));
            match place(&fault.field) {
                Some(place) => self.add(place, said),
                None => self.whole.push(said),
            }
        }
    }
}

/// A path within this site to go on to, or the overview: an address that a
/// stranger put into a link never leads away from here.
#[must_use]
pub(crate) fn local_path(wanted: &str) -> &str {
    let is_local = wanted.starts_with('/')
        && !wanted.starts_with("//")
        && !wanted.contains(['\\', '\r', '\n', '\t'])
        && wanted.bytes().all(|byte| byte.is_ascii_graphic());
    if is_local { wanted } else { "/" }
}

#[cfg(test)]
mod tests {
    use platform::Failure;
    use values::{Fault, Faults};

    use super::*;

    #[test]
    fn the_way_on_never_leads_to_another_site() {
        for wanted in
            ["https://evil.example", "//evil.example", "/\\evil.example", "", "evil", "/a\nb"]
        {
            assert_eq!(local_path(wanted), "/", "{wanted:?}");
        }
        assert_eq!(local_path("/funding?first_day=2025-01-01"), "/funding?first_day=2025-01-01");
    }

    #[test]
    fn an_id_is_readable_and_the_same_for_the_same_request() {
        let request_id =
            ("request_id".to_owned(), "01971b7e-0000-7000-8000-0000deadbeef".to_owned());
        let posted = Posted(vec![request_id]);
        assert_eq!(posted.new_id(&["sala", "2025-06"]), "sala-2025-06-deadbeef");
        assert_eq!(posted.new_id(&["", "Köping, ny"]), "k-ping-ny-deadbeef");
        assert!(posted.new_id(&["a".repeat(200).as_str()]).len() <= 63);
    }

    #[test]
    fn lines_are_added_up_to_what_a_form_may_have() {
        let posted = |lines: &str, step: &str| {
            Posted(vec![
                ("lines".to_owned(), lines.to_owned()),
                ("step".to_owned(), step.to_owned()),
            ])
        };
        assert_eq!(posted("4", "add_line").lines(4, 50), 5);
        assert_eq!(posted("50", "add_line").lines(4, 50), 50);
        assert_eq!(posted("x", "save").lines(4, 50), 4);
        assert_eq!(posted("9999", "save").lines(4, 50), 50);
    }

    #[test]
    fn all_faults_are_shown_at_once_and_one_for_each_field() {
        let mut faults = Faults::new();
        faults.push(Fault::new("requisition.period.first_day", "DATE_MISSING"));
        faults.push(
            Fault::new("requisition.cost_lines[0].amount_ore", "AMOUNT_NOT_POSITIVE")
                .with("value", 0),
        );
        faults.push(Fault::new("elsewhere", "TEXT_MISSING"));
        let status = Status::from(Failure::Invalid(faults));
        let place = |field: &str| {
            let known = field.starts_with("requisition.");
            known.then(|| Place { id: field.to_owned(), label: "Label".to_owned() })
        };
        let mut errors = FormErrors::default();
        errors.add(place("requisition.period.first_day").unwrap(), "read first".to_owned());
        errors.add_all(Language::Swedish, &status, place);
        assert_eq!(errors.of("requisition.period.first_day"), "read first");
        assert_eq!((errors.fields.len(), errors.whole.len()), (2, 1));
    }

    #[test]
    fn a_refusal_stands_at_the_field_it_names_and_otherwise_over_the_form() {
        let place = |field: &str| {
            (field == "amount_ore").then(|| Place { id: "amount".to_owned(), ..Place::default() })
        };
        let refused = |field: &str| {
            let refusal = Failure::refused("GRANT_BELOW_CLAIMED").with("least_ore", 60_000);
            let mut errors = FormErrors::default();
            let status = Status::from(refusal.with("field", field));
            errors.add_all(Language::Swedish, &status, place);
            (errors.of("amount").contains("minst 600,00"), errors.whole.len())
        };
        assert_eq!(refused("amount_ore"), (true, 0));
        assert_eq!(refused("elsewhere"), (false, 1));
        assert_eq!(refused(""), (false, 1));
    }
}
