//! A form as a list of inputs: shown by one template, read back input by input
//! into the message it stands for, with every fault beside the input it is about.

use http::StatusCode;
use proto::Date;
use tonic::Status;

use super::{
    FormErrors, Place, Posted,
    inputs::{Button, Group, Input, Kind, Shape},
    new_request_id,
    stands::Standing,
};
use crate::{
    text::{self, Language},
    web::{error_page::http_status, format, layout::Visit},
};

/// Stands in for an amount that cannot be read, so that the service checks the
/// rest and all that is wrong can be shown at once. Never saved.
const STAND_IN_ORE: i64 = 1;

/// A form.
#[derive(Debug, Clone)]
pub(crate) struct Form {
    /// The reader's language.
    pub language: Language,
    /// Where it is posted.
    pub action: String,
    /// Makes a double click one write.
    pub request_id: String,
    /// The version of what is changed; empty where nothing is.
    pub etag: String,
    /// What it sends on as it came, by name.
    pub hidden: Vec<(&'static str, String)>,
    /// How many lines it has; 0 for a form without lines.
    pub lines: usize,
    /// Its inputs, in order.
    pub groups: Vec<Group>,
    /// Its buttons, the way forward first.
    pub buttons: Vec<Button>,
    /// What is wrong with what was posted.
    pub errors: FormErrors,
    federation: String,
    status: StatusCode,
    /// Which input a field of the message was read from.
    read_from: Vec<(String, String)>,
    /// What stands in the inputs, when it is filled over.
    pub(super) standing: Vec<Standing>,
}

impl Form {
    /// A form without inputs; `save_id` is the id of its button's text.
    #[must_use]
    pub(crate) fn new(visit: &Visit, action: impl Into<String>, save_id: &str) -> Self {
        let language = visit.reader.language;
        let save = Button {
            code: "save",
            text: text::message(language, save_id, &[]),
            variant: "primary",
            color: "accent",
        };
        Self {
            language,
            action: action.into(),
            request_id: new_request_id(),
            etag: String::new(),
            hidden: Vec::new(),
            lines: 0,
            groups: Vec::new(),
            buttons: vec![save],
            errors: FormErrors::default(),
            federation: visit.federation(),
            status: StatusCode::OK,
            read_from: Vec::new(),
            standing: Vec::new(),
        }
    }

    /// The same with as many lines, and a button for one more.
    #[must_use]
    pub(crate) fn with_lines(mut self, lines: usize, add_id: &str) -> Self {
        self.lines = lines;
        self.buttons.push(Button {
            code: "add_line",
            text: text::message(self.language, add_id, &[]),
            variant: "secondary",
            color: "accent",
        });
        self
    }

    /// Fills the inputs with what was posted.
    pub(crate) fn fill(&mut self, posted: &Posted) {
        for input in self.groups.iter_mut().flat_map(|group| &mut group.inputs) {
            posted.get(&input.id).clone_into(&mut input.value);
        }
    }

    /// Gives an input a value to begin with.
    pub(crate) fn set(&mut self, id: &str, value: &str) {
        for input in self.groups.iter_mut().flat_map(|group| &mut group.inputs) {
            if input.id == id {
                value.clone_into(&mut input.value);
            }
        }
    }

    /// Shows what was typed into another form for the same, and what is wrong
    /// with it; what is wrong with an input that this one lacks is said of the
    /// form as a whole.
    pub(crate) fn take_over(&mut self, tried: &Form) {
        for input in tried.inputs() {
            self.set(&input.id, &input.value);
        }
        self.errors.whole.clone_from(&tried.errors.whole);
        for error in &tried.errors.fields {
            if self.inputs().any(|input| input.id == error.place.id) {
                self.errors.add(error.place.clone(), error.text.clone());
            } else {
                self.errors.whole.push(format!("{}: {}", error.place.label, error.text));
            }
        }
        self.status = tried.status();
    }

    /// Lets the last line take the focus, when it was just added.
    pub(crate) fn focus_last_line(&mut self) {
        let lines = self.groups.iter_mut().filter(|group| group.shape == Shape::Line);
        if let Some(input) = lines.last().and_then(|line| line.inputs.first_mut()) {
            input.takes_focus = true;
        }
    }

    /// Lets the first input whose id begins so take the focus.
    pub(crate) fn focus(&mut self, start: &str) {
        let mut inputs = self.groups.iter_mut().flat_map(|group| &mut group.inputs);
        if let Some(input) = inputs.find(|input| input.id.starts_with(start)) {
            input.takes_focus = true;
        }
    }

    /// True when it holds a file.
    #[must_use]
    pub(crate) fn is_upload(&self) -> bool {
        self.inputs().any(|input| matches!(input.kind, Kind::File))
    }

    /// True when something in it cannot be read: the service is then asked to
    /// check the rest, and to change nothing.
    #[must_use]
    pub(crate) fn is_faulty(&self) -> bool {
        !self.errors.is_empty()
    }

    /// What the service answered, when that is the end of it: nothing in the form
    /// was faulty, and nothing was refused. Notes what it was refused for.
    pub(crate) fn kept<T>(&mut self, answer: Result<T, Status>) -> Option<T> {
        let answer = answer.map_err(|refusal| self.refuse(&refusal));
        answer.ok().filter(|_| !self.is_faulty())
    }

    /// What a page with the form answers with.
    #[must_use]
    pub(crate) fn status(&self) -> StatusCode {
        let is_unread = self.is_faulty() && self.status == StatusCode::OK;
        if is_unread { StatusCode::UNPROCESSABLE_ENTITY } else { self.status }
    }

    /// True when nothing is typed into any of the inputs.
    #[must_use]
    pub(crate) fn is_blank(&self, ids: &[String]) -> bool {
        ids.iter().all(|id| self.typed(id).trim().is_empty())
    }

    /// What is typed into an input.
    #[must_use]
    pub(crate) fn typed(&self, id: &str) -> &str {
        self.inputs().find(|input| input.id == id).map_or("", |input| input.value.as_str())
    }

    /// The text of an input, for a field of the message.
    pub(crate) fn text(&mut self, id: &str, field: &str) -> String {
        self.note(id, field).trim().to_owned()
    }

    /// The same where something has to be said.
    pub(crate) fn needed(&mut self, id: &str, field: &str) -> String {
        let typed = self.text(id, field);
        if typed.is_empty() {
            self.wrong(id, "FIELD_MISSING", "");
        }
        typed
    }

    /// The day of an input; none when there is none, which the service judges.
    pub(crate) fn day(&mut self, id: &str, field: &str) -> Option<Date> {
        let typed = self.note(id, field);
        let day = format::parse_date(&typed).map(platform::convert::date_to_proto);
        if day.is_none() && !typed.trim().is_empty() {
            self.wrong(id, "DATE_MALFORMED", &typed);
        }
        day
    }

    /// The amount of an input, in öre.
    pub(crate) fn ore(&mut self, id: &str, field: &str) -> i64 {
        let amount = self.ore_if_given(id, field);
        if amount.is_none() {
            self.wrong(id, "FIELD_MISSING", "");
        }
        amount.unwrap_or(STAND_IN_ORE)
    }

    /// The amount of an input that may be left empty, in öre.
    pub(crate) fn ore_if_given(&mut self, id: &str, field: &str) -> Option<i64> {
        let typed = self.note(id, field);
        if typed.trim().is_empty() {
            return None;
        }
        match format::parse_kronor(&typed) {
            Ok(ore) => Some(ore),
            Err(format::NotKronor::Malformed) => {
                self.wrong(id, "AMOUNT_MALFORMED", &typed);
                Some(STAND_IN_ORE)
            }
            Err(format::NotKronor::OtherCurrency) => {
                self.wrong(id, "AMOUNT_CURRENCY_UNKNOWN", &typed);
                Some(STAND_IN_ORE)
            }
        }
    }

    /// The full-time posts of an input, in percent of one: `6,25` is 625. 0 when
    /// it is empty.
    pub(crate) fn posts(&mut self, id: &str, field: &str) -> i32 {
        let typed = self.note(id, field);
        if typed.trim().is_empty() {
            return 0;
        }
        let percent = format::parse_hundredths(&typed).and_then(|it| i32::try_from(it).ok());
        percent.unwrap_or_else(|| {
            self.wrong(id, "NUMBER_MALFORMED", &typed);
            1
        })
    }

    /// The whole number of an input, 0 when it is empty; `%` after it is taken.
    pub(crate) fn whole(&mut self, id: &str, field: &str) -> i64 {
        let typed = self.note(id, field);
        let digits = typed.trim().trim_end_matches('%').trim();
        if digits.is_empty() {
            return 0;
        }
        format::parse_whole(digits).unwrap_or_else(|| {
            self.wrong(id, "NUMBER_NOT_WHOLE", &typed);
            0
        })
    }

    /// The same within 32 bits; a larger number is out of every range there is.
    pub(crate) fn small(&mut self, id: &str, field: &str) -> i32 {
        i32::try_from(self.whole(id, field)).unwrap_or(i32::MAX)
    }

    /// The resource an input chose, by its name in a collection.
    pub(crate) fn resource(&mut self, id: &str, field: &str, collection: &str) -> String {
        let name = self.resource_if_given(id, field, collection);
        if name.is_empty() {
            self.wrong(id, "FIELD_MISSING", "");
        }
        name
    }

    /// The same where nothing may be chosen.
    pub(crate) fn resource_if_given(&mut self, id: &str, field: &str, collection: &str) -> String {
        let chosen = self.note(id, field);
        if chosen.is_empty() {
            return String::new();
        }
        format!("{}/{collection}/{chosen}", self.federation)
    }

    /// Which of all an input chose, by their codes.
    pub(crate) fn chosen<T: Copy>(
        &mut self,
        id: &str,
        field: &str,
        all: &[T],
        code: impl Fn(T) -> &'static str,
    ) -> Option<T> {
        let typed = self.note(id, field);
        let chosen = all.iter().copied().find(|it| code(*it) == typed);
        if chosen.is_none() {
            self.wrong(id, "FIELD_MISSING", "");
        }
        chosen
    }

    /// The same where none may be chosen.
    pub(crate) fn chosen_if_given<T: Copy>(
        &mut self,
        id: &str,
        field: &str,
        all: &[T],
        code: impl Fn(T) -> &'static str,
    ) -> Option<T> {
        let typed = self.note(id, field);
        all.iter().copied().find(|it| code(*it) == typed)
    }

    /// Notes what a service refused the form for.
    pub(crate) fn refuse(&mut self, status: &Status) {
        self.say_what_stands(status);
        let mut errors = std::mem::take(&mut self.errors);
        errors.add_all(self.language, status, |field| self.place_of(field));
        let ids: Vec<String> = self.inputs().map(|input| input.id.clone()).collect();
        errors.sort_like(&ids);
        self.errors = errors;
        self.status = http_status(status.code());
    }

    /// Notes what is wrong with an input, in words.
    pub(crate) fn say(&mut self, id: &str, said: String) {
        self.errors.add(self.place(id), said);
    }

    /// Notes that something typed is wrong.
    pub(crate) fn wrong(&mut self, id: &str, reason: &str, typed: &str) {
        self.say(id, text::reason(self.language, reason, &[("value", typed)]));
    }

    /// Notes that what is wrong with a field is to be said at an input.
    pub(crate) fn note_source(&mut self, id: &str, field: &str) {
        self.read_from.push((field.to_owned(), id.to_owned()));
    }

    fn inputs(&self) -> impl Iterator<Item = &Input> {
        self.groups.iter().flat_map(|group| &group.inputs)
    }

    /// What is typed into an input, noted as the source of a field.
    fn note(&mut self, id: &str, field: &str) -> String {
        self.note_source(id, field);
        self.typed(id).to_owned()
    }

    /// The input a field of the message was read from: the field itself, a part
    /// of it, or what it is a part of.
    fn place_of(&self, field: &str) -> Option<Place> {
        let continues = |whole: &str, part: &str| {
            part.strip_prefix(whole).is_some_and(|rest| rest.starts_with(['.', '[']))
        };
        let find = |fits: &dyn Fn(&str) -> bool| {
            self.read_from.iter().find(|(known, _)| fits(known)).map(|(_, id)| self.place(id))
        };
        find(&|known| known == field)
            .or_else(|| find(&|known| continues(field, known)))
            .or_else(|| find(&|known| continues(known, field)))
    }

    fn place(&self, id: &str) -> Place {
        let group = self.groups.iter().find(|group| group.inputs.iter().any(|it| it.id == id));
        let label = group.and_then(|group| {
            let input = group.inputs.iter().find(|input| input.id == id)?;
            let is_one_of_several = group.shape == Shape::Line || group.shape == Shape::Counts;
            Some(if is_one_of_several {
                format!("{}, {}", group.legend, input.label)
            } else {
                input.label.clone()
            })
        });
        Place { id: id.to_owned(), label: label.unwrap_or_default() }
    }
}
