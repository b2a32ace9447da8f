//! What names a finding, so that what explains it stays with it: edits that move it
//! in its text leave the key as it is, and any other fact gives another.

use sha2::{Digest as _, Sha256};

use super::{Fact, Finding, PartsDiffer, Place};
use crate::domain::definition::Cell;
use crate::domain::narrative::Measure;
use crate::domain::quantity::Quantity;

/// How many bytes of the hash a key shows: enough that two findings of a report never
/// share one by chance.
const BYTES: usize = 8;

impl Finding {
    /// Its key: sixteen hexadecimal digits.
    #[must_use]
    pub fn key(&self) -> String {
        let mut parts = Parts::default();
        parts.text(self.check().code());
        parts.option(self.subject.as_deref());
        for place in &self.concerned {
            parts.place(place);
        }
        parts.text("fact");
        parts.fact(&self.fact);
        let hash = Sha256::digest(&parts.0);
        hex::encode(&hash[..BYTES])
    }
}

/// Texts one after the other, each with its length before it.
#[derive(Default)]
struct Parts(Vec<u8>);

impl Parts {
    fn text(&mut self, text: &str) {
        self.0.extend_from_slice(&text.len().to_be_bytes());
        self.0.extend_from_slice(text.as_bytes());
    }

    fn option(&mut self, text: Option<&str>) {
        self.text(if text.is_some() { "some" } else { "none" });
        self.text(text.unwrap_or_default());
    }

    fn texts<'a>(&mut self, texts: impl IntoIterator<Item = &'a String>) {
        let texts: Vec<&String> = texts.into_iter().collect();
        self.text(&texts.len().to_string());
        for text in texts {
            self.text(text);
        }
    }

    fn cell(&mut self, cell: &Cell) {
        self.text(&cell.figure);
        self.text(&cell.category);
    }

    fn place(&mut self, place: &Place) {
        match place {
            Place::Cell { subject, cell } => {
                self.text("cell");
                self.text(subject);
                self.cell(cell);
            }
            // Where it stands in the text is what an edit moves.
            Place::Text { subject, section, span: _ } => {
                self.text("text");
                self.option(subject.as_deref());
                self.text(section);
            }
            Place::Section { subject, section } => {
                self.text("section");
                self.option(subject.as_deref());
                self.text(section);
            }
        }
    }

    fn fact(&mut self, fact: &Fact) {
        match fact {
            Fact::PartsDiffer(differ) => self.parts_differ(differ),
            Fact::TeamsDiffer { sum, stated } => self.numbers("teams_differ", &[*sum, *stated]),
            Fact::StatedTwice { first, second } => {
                self.text("stated_twice");
                self.text(&first.plain());
                self.text(&second.plain());
            }
            Fact::ShareDiffers { stated, right, closer } => {
                self.numbers("share_differs", &[*stated, *right, *closer]);
            }
            Fact::BandsOverlap { labels, age } => self.bands("bands_overlap", labels, Some(*age)),
            Fact::BandsGap { labels, age } => self.bands("bands_gap", labels, Some(*age)),
            Fact::BandNotNested { label } => self.bands("band_not_nested", [label], None),
            Fact::BandNamedTwice { labels } => self.bands("band_named_twice", labels, None),
            Fact::BandUnreadable { label } => self.bands("band_unreadable", [label], None),
            Fact::FlowDiffers { closing, right } => {
                self.numbers("flow_differs", &[*closing, *right]);
            }
            Fact::PlannedIntakeDiffers { stated, least, most, fitting_start } => {
                self.numbers("planned_intake_differs", &[*stated, *least, *most]);
                self.option(fitting_start.map(|day| day.to_string()).as_deref());
            }
            Fact::NumberDiffers { said, measure, right } => {
                self.said("number_differs", said, Some(measure));
                self.option(right.map(Quantity::plain).as_deref());
            }
            Fact::DateDiffers { said, measure } => self.said("date_differs", said, Some(measure)),
            Fact::WordDiffers { said, word, measure, measured } => {
                self.said("word_differs", said, Some(measure));
                self.text(word);
                self.option(measured.map(Quantity::plain).as_deref());
            }
            Fact::NumberUnbound { said } => self.said("number_unbound", said, None),
            Fact::ReferenceUnreadable { part } => self.said("reference_unreadable", part, None),
            // What it lacks follows from the report; the reference is what is explained.
            Fact::FigureMissing { measure, lack: _ } => {
                self.said("figure_missing", "", Some(measure));
            }
            Fact::NothingSaid { said } => self.said("nothing_said", said, None),
            Fact::ReasonMissing { said } => self.said("reason_missing", said, None),
            Fact::SmallCountSaid { said, measure } => {
                self.said("small_count_said", said, measure.as_ref());
            }
            Fact::GoalsDeviate { version, is_known, missing, added } => {
                self.said("goals_deviate", version, None);
                self.text(&is_known.to_string());
                self.texts(missing);
                self.texts(added);
            }
            Fact::ChangeOutOfLine { before, now } => {
                self.numbers("change_out_of_line", &[*before, *now]);
            }
            Fact::ChapterMissing => self.text("chapter_missing"),
        }
    }

    fn parts_differ(&mut self, differ: &PartsDiffer) {
        let PartsDiffer { figure, partition, parts, whole, parts_sum, total } = differ;
        self.text("parts_differ");
        self.text(figure);
        self.text(partition);
        for (cell, count) in parts {
            self.cell(cell);
            self.text(&count.to_string());
        }
        self.cell(whole);
        self.text(&parts_sum.to_string());
        self.text(&total.to_string());
    }

    fn numbers(&mut self, code: &str, numbers: &[Quantity]) {
        self.text(code);
        for number in numbers {
            self.text(&number.plain());
        }
    }

    fn bands<'a>(
        &mut self,
        code: &str,
        labels: impl IntoIterator<Item = &'a String>,
        age: Option<u8>,
    ) {
        self.text(code);
        self.texts(labels);
        self.option(age.map(|age| age.to_string()).as_deref());
    }

    fn said(&mut self, code: &str, said: &str, measure: Option<&Measure>) {
        self.text(code);
        self.text(said);
        self.option(measure.map(Measure::to_string).as_deref());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unbound(said: &str, span: std::ops::Range<usize>) -> Finding {
        let section = "participants".to_owned();
        Finding {
            subject: Some("sala".to_owned()),
            concerned: vec![Place::Text { subject: Some("sala".to_owned()), section, span }],
            fact: Fact::NumberUnbound { said: said.to_owned() },
            remedies: Vec::new(),
        }
    }

    #[test]
    fn a_finding_that_moved_in_its_text_keeps_its_key_and_another_has_another() {
        let finding = unbound("12", 3..5);
        assert_eq!(finding.key(), unbound("12", 30..32).key());
        assert_eq!(finding.key().len(), 16);
        for other in [
            unbound("13", 3..5),
            Finding { subject: None, ..finding.clone() },
            Finding { concerned: Vec::new(), ..finding.clone() },
            Finding { fact: Fact::ChapterMissing, ..finding.clone() },
            Finding { fact: Fact::NothingSaid { said: "12".to_owned() }, ..finding.clone() },
        ] {
            assert_ne!(finding.key(), other.key(), "{other:?}");
            assert!(!finding.is_same(&other));
        }
    }
}
