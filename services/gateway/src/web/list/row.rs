//! A row of a list as a case of the contract. What cannot be read leaves its field empty,
//! and the row is tried all the same, so that all that is wrong is told at once.

use std::collections::BTreeMap;

use proto::{
    Date,
    participant::{
        Case, CoachSpell, DecisionReason, Enrolment, Exit, ExitOutcome, Identity, Livelihood,
        LivelihoodShare, Participant, Referral, ReferralDecision, ReferralState, ReferringKind,
        Sex,
    },
};
use sheets::{
    cell,
    value::{Cell, Value, digits},
};
use values::Fault;

use super::{columns::Columns, places::Places, words};
use crate::text::Language;

/// What the reading of a row needs to know.
pub(super) struct Ground<'a> {
    /// The language of what is said.
    pub(super) language: Language,
    /// The federation, as a resource name.
    pub(super) federation: String,
    /// Which column each field is read from.
    pub(super) columns: &'a Columns,
    /// What may be named.
    pub(super) places: &'a Places,
}

/// A row, and what is wrong with its cells, by the fields.
pub(super) struct Read {
    /// The case, as far as it can be read.
    pub(super) case: Case,
    /// What is wrong.
    pub(super) faults: Vec<(&'static str, Fault)>,
}

/// What a list may say that a team decided, or that came of a referral.
fn is_told(state: ReferralState) -> bool {
    match state {
        ReferralState::Reconsidering
        | ReferralState::Accepted
        | ReferralState::NotEligible
        | ReferralState::Declined
        | ReferralState::Revoked => true,
        ReferralState::Unspecified
        | ReferralState::Sent
        | ReferralState::Received
        | ReferralState::Called
        | ReferralState::Talked
        | ReferralState::Enrolled
        | ReferralState::RegisteredInError => false,
    }
}

/// Reads a row; `own_id` is for one that has no id of its own.
pub(super) fn read(ground: &Ground<'_>, cells: &BTreeMap<usize, Cell>, own_id: String) -> Read {
    let mut cells = Cells { ground, cells, faults: Vec::new() };
    let id = cells.text("id");
    let case = Case {
        id: if id.is_empty() { own_id } else { id },
        person: Some(cells.person()),
        referral: Some(cells.referral()),
        decision_date: cells.day("decision_day"),
        decision_state: cells.code("decision", |it: ReferralState| it.as_str_name(), is_told),
        decision: cells.decision(),
        enrolment: cells.enrolment(),
        exit: cells.exit(),
    };
    Read { case, faults: cells.faults }
}

/// The cells of a row, and what is wrong with them so far.
struct Cells<'a> {
    ground: &'a Ground<'a>,
    cells: &'a BTreeMap<usize, Cell>,
    faults: Vec<(&'static str, Fault)>,
}

impl Cells<'_> {
    fn person(&mut self) -> Participant {
        let protected_identity = self.read("protected", words::yes_or_no).unwrap_or_default();
        let identity = Identity {
            personal_number: self.read("personal_number", number).unwrap_or_default(),
            given_name: self.text("given_name"),
            family_name: self.text("family_name"),
        };
        let is_told = identity != Identity::default();
        Participant {
            // With protected identity, whatever is told is refused rather than dropped.
            identity: (is_told || !protected_identity).then_some(identity),
            sex: self.code("sex", |it: Sex| it.as_str_name(), |_| true),
            birth_year: self
                .read("birth_year", cell::whole_number)
                .map_or(0, |year| i32::try_from(year).unwrap_or(i32::MAX)),
            protected_identity,
            ..Participant::default()
        }
    }

    fn referral(&mut self) -> Referral {
        let places = self.ground.places;
        let mut livelihoods = self.livelihoods("livelihood");
        let extent = self.read("extent", cell::percent);
        if let (Some(extent), [only]) = (extent, livelihoods.as_mut_slice()) {
            only.extent_percent = extent;
        }
        Referral {
            municipality: self
                .read("municipality", |value| places.municipality(&value.text()))
                .unwrap_or_default(),
            sender: self.read("sender", |value| places.party(&value.text())).unwrap_or_default(),
            referring_kind: self.code("kind", |it: ReferringKind| it.as_str_name(), |_| true),
            referral_date: self.day("referral_day"),
            livelihoods,
            ready: self.read("ready", words::yes_or_no).unwrap_or_default(),
            override_reason: self.text("override_reason"),
            ..Referral::default()
        }
    }

    fn decision(&mut self) -> Option<ReferralDecision> {
        let is_told = self.has("decision_reason");
        let reason = self.code("decision_reason", |it: DecisionReason| it.as_str_name(), |_| true);
        is_told.then(|| ReferralDecision { reason, feedback: String::new() })
    }

    fn enrolment(&mut self) -> Option<Enrolment> {
        let is_told = ["first_day", "planned_last_day", "coach"].iter().any(|id| self.has(id));
        let coach = self.text("coach").to_lowercase();
        let coach = (!coach.is_empty()).then(|| CoachSpell {
            coach: format!("{}/accounts/{coach}", self.ground.federation),
            ..CoachSpell::default()
        });
        let enrolment = Enrolment {
            first_day: self.day("first_day"),
            planned_last_day: self.day("planned_last_day"),
            coaches: coach.into_iter().collect(),
            ..Enrolment::default()
        };
        is_told.then_some(enrolment)
    }

    fn exit(&mut self) -> Option<Exit> {
        let is_told = ["exit_day", "outcome", "livelihood_after"].iter().any(|id| self.has(id));
        let exit = Exit {
            day: self.day("exit_day"),
            outcome: self.code("outcome", |it: ExitOutcome| it.as_str_name(), |_| true),
            livelihoods: self.livelihoods("livelihood_after"),
            ..Exit::default()
        };
        is_told.then_some(exit)
    }

    /// One livelihood or several: `försörjningsstöd 50 %, lön 50 %`.
    fn livelihoods(&mut self, id: &'static str) -> Vec<LivelihoodShare> {
        let text = self.shown(id);
        let parts = text.split([',', ';', '+']).map(str::trim).filter(|part| !part.is_empty());
        let language = self.ground.language;
        let share = |part: &str| {
            let (word, extent_percent) = with_extent(part);
            let name = |it: Livelihood| it.as_str_name();
            let livelihood = words::code(language, word, name, |_| true)?;
            Ok(LivelihoodShare { livelihood: livelihood.into(), extent_percent })
        };
        let (mut shares, mut faults) = (Vec::new(), Vec::new());
        for read in parts.map(share) {
            match read {
                Ok(share) => shares.push(share),
                Err(fault) => faults.push((id, fault)),
            }
        }
        self.faults.extend(faults);
        shares
    }

    fn day(&mut self, id: &'static str) -> Option<Date> {
        self.read(id, cell::date)
    }

    /// A name or an id; of a number nobody can tell how many zeros stood before it.
    fn text(&mut self, id: &'static str) -> String {
        let text = self.read(id, |value| cell::text(value).map(str::to_owned));
        text.unwrap_or_default()
    }

    fn code<C: TryFrom<i32> + Into<i32> + Copy>(
        &mut self,
        id: &'static str,
        name: impl Fn(C) -> &'static str,
        allowed: impl Fn(C) -> bool,
    ) -> i32 {
        let language = self.ground.language;
        let read = self.read(id, |value| words::code(language, &value.text(), name, allowed));
        read.map_or(0, Into::into)
    }

    /// What people see in a cell; a fault of the cell is told by whoever reads it.
    fn shown(&mut self, id: &'static str) -> String {
        self.read(id, |value| Ok(value.text())).unwrap_or_default()
    }

    fn has(&self, id: &str) -> bool {
        let cell = self.ground.columns.of(id).and_then(|position| self.cells.get(&position));
        cell.is_some_and(|cell| cell.as_ref().map_or(true, |value| !value.is_empty()))
    }

    /// Reads the cell of a field; nothing where nothing stands, or where it cannot be read.
    fn read<T>(
        &mut self,
        id: &'static str,
        reader: impl FnOnce(&Value) -> Result<T, Fault>,
    ) -> Option<T> {
        let cell = self.cells.get(&self.ground.columns.of(id)?)?;
        let read = match cell {
            Ok(value) if value.is_empty() => return None,
            Ok(value) => reader(value),
            Err(fault) => Err(fault.clone()),
        };
        read.map_err(|fault| self.faults.push((id, fault))).ok()
    }
}

/// A personal number: text, or the number that a spreadsheet has made of twelve digits,
/// of which none is lost.
fn number(value: &Value) -> Result<String, Fault> {
    match value {
        Value::Number(number) => Ok(digits(*number)),
        Value::Text(_)
        | Value::Percentage(_)
        | Value::Currency(..)
        | Value::Date(_)
        | Value::Time(_)
        | Value::Boolean(_) => cell::text(value).map(str::to_owned),
    }
}

/// The word for a livelihood, and its extent in percent when one follows.
fn with_extent(text: &str) -> (&str, i32) {
    let Some(rest) = text.strip_suffix('%').map(str::trim_end) else {
        return (text, 0);
    };
    let word = rest.trim_end_matches(|it: char| it.is_ascii_digit());
    match rest[word.len()..].parse() {
        Ok(percent) if (1..=100).contains(&percent) => (word.trim_end(), percent),
        Ok(_) | Err(_) => (text, 0),
    }
}

#[cfg(test)]
mod tests;
