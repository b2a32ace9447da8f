//! What stands now in a form whose content somebody else changed in the meantime: whoever
//! sends it again should know what is written over.

use tonic::{Code, Status};

use super::{
    Posted,
    fields::Form,
    inputs::{Input, Kind},
};
use crate::text;

/// What stands in an input before anything is typed.
#[derive(Debug, Clone)]
pub(super) struct Standing {
    id: String,
    value: String,
    /// As people read it.
    words: String,
}

impl Form {
    /// Fills the inputs with what was posted in the place of what stands, so that a refusal
    /// can tell of it.
    pub(crate) fn fill_over(&mut self, posted: &Posted) {
        let inputs = self.groups.iter().flat_map(|group| &group.inputs);
        let standing = |input: &Input| Standing {
            id: input.id.clone(),
            value: input.value.clone(),
            words: words(input),
        };
        self.standing = inputs.map(standing).collect();
        self.fill(posted);
    }

    /// Says beside each input what stands there now and is not what was typed, when somebody
    /// else was faster.
    pub(super) fn say_what_stands(&mut self, status: &Status) {
        if status.code() != Code::Aborted {
            return;
        }
        for Standing { id, value, words } in std::mem::take(&mut self.standing) {
            if alike(&value) != alike(self.typed(&id)) {
                let said = if words.is_empty() {
                    text::message(self.language, "form-stands-empty", &[])
                } else {
                    text::message(self.language, "form-stands", &[("value", &words)])
                };
                self.say(&id, said);
            }
        }
    }
}

fn words(input: &Input) -> String {
    match &input.kind {
        Kind::Choice(choices) if !input.value.is_empty() => {
            let chosen = choices.iter().find(|choice| choice.code == input.value);
            chosen.map_or_else(|| input.value.clone(), |choice| choice.text.clone())
        }
        Kind::Choice(_)
        | Kind::Text(_)
        | Kind::Lines(_)
        | Kind::Day
        | Kind::Decimal
        | Kind::Whole
        | Kind::Tick
        | Kind::File => input.value.clone(),
    }
}

/// The same for an amount however its thousands and its öre are written.
fn alike(value: &str) -> String {
    let kept: String = value.chars().filter(|letter| !letter.is_whitespace()).collect();
    kept.strip_suffix(",00").unwrap_or(&kept).to_owned()
}
