//! What is the matter with a report, in words: one text for page, file and print.

use chrono::NaiveDate;

use super::{Fact, Finding, Lack, PartsDiffer};
use crate::domain::definition::Text;
use crate::domain::figures::Value;
use crate::domain::language::Language;
use crate::domain::quantity::Quantity;

impl Finding {
    /// What is the matter, in both languages.
    #[must_use]
    pub fn told(&self) -> Text {
        match &self.fact {
            Fact::PartsDiffer(differ) => parts_differ(differ),
            Fact::TeamsDiffer { sum, stated } => numbers(&TEAMS_DIFFER, &[*sum, *stated]),
            Fact::StatedTwice { first, second } => values(&STATED_TWICE, &[*first, *second]),
            Fact::ShareDiffers { stated, right, closer } => {
                numbers(&SHARE_DIFFERS, &[*stated, *right, *closer])
            }
            Fact::BandsOverlap { labels: [one, other], age } => {
                said(&BANDS_OVERLAP, &[one, other, &age.to_string()])
            }
            Fact::BandsGap { labels: [one, other], age } => {
                said(&BANDS_GAP, &[one, other, &age.to_string()])
            }
            Fact::BandNotNested { label } => said(&BAND_NOT_NESTED, &[label]),
            Fact::BandNamedTwice { labels: [one, other] } => said(&BAND_NAMED_TWICE, &[one, other]),
            Fact::BandUnreadable { label } => said(&BAND_UNREADABLE, &[label]),
            Fact::FlowDiffers { closing, right } => numbers(&FLOW_DIFFERS, &[*closing, *right]),
            Fact::PlannedIntakeDiffers { stated, least, most, fitting_start } => {
                planned_intake([*stated, *least, *most], *fitting_start)
            }
            Fact::NumberDiffers { said, measure: _, right } => number_differs(said, *right),
            Fact::DateDiffers { said: text, measure: _ } => said(&DATE_DIFFERS, &[text]),
            Fact::WordDiffers { said, word: _, measure: _, measured } => {
                word_differs(said, *measured)
            }
            Fact::NumberUnbound { said: text } => said(&NUMBER_UNBOUND, &[text]),
            Fact::ReferenceUnreadable { part } => said(&REFERENCE_UNREADABLE, &[part]),
            Fact::FigureMissing { measure, lack } => {
                let sentence = match lack {
                    Lack::Figure => &FIGURE_MISSING,
                    Lack::Base => &BASE_MISSING,
                    Lack::Before => &BEFORE_MISSING,
                    Lack::Plan => &PLAN_MISSING,
                };
                said(sentence, &[&measure.to_string()])
            }
            Fact::NothingSaid { said: text } => said(&NOTHING_SAID, &[text]),
            Fact::ReasonMissing { said: text } => said(&REASON_MISSING, &[text]),
            Fact::SmallCountSaid { said: text, measure: _ } => small_count(text),
            Fact::GoalsDeviate { version, is_known, missing, added } => {
                goals(version, *is_known, missing, added)
            }
            Fact::ChangeOutOfLine { before, now } => numbers(&CHANGE, &[*before, *now]),
            Fact::ChapterMissing => said(&CHAPTER_MISSING, &[]),
        }
    }
}

/// A sentence in Swedish and in English, with `{0}`, `{1}` and `{2}` where its facts
/// stand.
type Sentence = [&'static str; 2];

const PARTS_DIFFER: Sentence = [
    "Delarna blir {0} tillsammans, men summan anges vara {1}.",
    "The parts sum to {0}, but the total is stated as {1}.",
];
const TEAMS_DIFFER: Sentence = [
    "Teamen har {0} tillsammans, men för helheten anges {1}.",
    "The teams have {0} together, but the whole is stated as {1}.",
];
const STATED_TWICE: Sentence =
    ["Samma uppgift anges som {0} och som {1}.", "The same figure is stated as {0} and as {1}."];
const SHARE_DIFFERS: Sentence = [
    "Andelen anges som {0} procent men är {1} ({2}).",
    "The share is stated as {0} per cent but is {1} ({2}).",
];
const BANDS_OVERLAP: Sentence =
    ["Åldern {2} finns både i ”{0}” och i ”{1}”.", "The age {2} is both in “{0}” and in “{1}”."];
const BANDS_GAP: Sentence = [
    "Åldern {2} saknas mellan ”{0}” och ”{1}”.",
    "The age {2} is missing between “{0}” and “{1}”.",
];
const BAND_NOT_NESTED: Sentence =
    ["”{0}” ryms inte i någon annan grupp.", "“{0}” does not fit within another band."];
const BAND_NAMED_TWICE: Sentence = [
    "Samma grupp heter ”{0}” och ”{1}”, som är olika åldrar.",
    "One band is called “{0}” and “{1}”, which are different ages.",
];
const BAND_UNREADABLE: Sentence = [
    "Namnet ”{0}” säger inte vilka åldrar gruppen har.",
    "The name “{0}” does not tell which ages the band has.",
];
const FLOW_DIFFERS: Sentence = [
    "Vid periodens slut anges {0}, men det blir {1}.",
    "The closing number is stated as {0}, but it comes to {1}.",
];
const PLAN_DIFFERS: Sentence = [
    "Planen anges som {0}, men blir {1} från den angivna starten.",
    "The plan is stated as {0}, but comes to {1} from the stated start.",
];
const PLAN_DIFFERS_WITHIN: Sentence = [
    "Planen anges som {0}, men blir {1}–{2} från den angivna starten.",
    "The plan is stated as {0}, but comes to {1}–{2} from the stated start.",
];
const PLAN_FITS: Sentence =
    [" Antalet passar en start den {0}.", " The number would fit a start on {0}."];
const NUMBER_DIFFERS: Sentence =
    ["Texten säger ”{0}”, men uppgiften är {1}.", "The text says “{0}”, but the figure is {1}."];
const NUMBER_CANNOT_BE: Sentence = [
    "Texten säger ”{0}”, vilket uppgiften inte kan vara.",
    "The text says “{0}”, which the figure cannot be.",
];
const DATE_DIFFERS: Sentence = [
    "Texten säger ”{0}”, men datumet är ett annat.",
    "The text says “{0}”, but the date is another.",
];
const WORD_DIFFERS: Sentence =
    ["”{0}” stämmer inte: måttet är {1}.", "“{0}” is not true: the measure is {1}."];
const WORD_CANNOT_BE: Sentence =
    ["”{0}” stämmer inte med uppgiften.", "“{0}” is not true of the figure."];
const NUMBER_UNBOUND: Sentence =
    ["”{0}” är inte bundet till någon uppgift.", "“{0}” is not bound to a figure."];
const REFERENCE_UNREADABLE: Sentence =
    ["Hänvisningen ”{0}” går inte att läsa.", "The reference “{0}” cannot be read."];
const FIGURE_MISSING: Sentence = [
    "Hänvisningen ”{0}” leder till en uppgift som inte finns i rapporten, eller inte är hämtad.",
    "The reference “{0}” leads to a figure that is not in the report, or is not fetched.",
];
const BASE_MISSING: Sentence = [
    "Andelen går inte att räkna ut: helheten är 0.",
    "The share cannot be computed: its base is 0.",
];
const BEFORE_MISSING: Sentence = [
    "Förändringen går inte att räkna ut: uppgiften från perioden före saknas eller är dold.",
    "The change cannot be computed: the figure of the period before is missing or hidden.",
];
const PLAN_MISSING: Sentence = [
    "Jämförelsen med planen går inte att göra: det finns inget planerat antal.",
    "The comparison with the plan cannot be made: no number was planned.",
];
const NOTHING_SAID: Sentence = [
    "”{0}” säger inget om uppgiften som kan prövas.",
    "“{0}” says nothing of the figure that can be checked.",
];
const REASON_MISSING: Sentence =
    ["”{0}” är märkt utan att skälet anges.", "“{0}” is marked without a reason."];
const SMALL_COUNT_SHOWN: Sentence = [
    "Hänvisningen är till ett antal som finns, men som inte får visas i en publicering: det är \
     litet, eller kunde avslöja ett som är det.",
    "The reference is to a count that is there, but may not be shown in a publication: it is \
     small, or could tell one that is.",
];
const SMALL_COUNT_SAID: Sentence = [
    "”{0}” säger något om ett antal som finns, men som inte får visas i en publicering: det är \
     litet, eller kunde avslöja ett som är det.",
    "“{0}” says something of a count that is there, but may not be shown in a publication: it \
     is small, or could tell one that is.",
];
const PLAN_UNKNOWN: Sentence = ["Planen har ingen version {0}.", "The plan has no version {0}."];
const GOALS_DEVIATE: Sentence = [
    "Målen avviker från plan {0}. Saknas: {1}. Tillagda: {2}.",
    "The goals deviate from plan {0}. Missing: {1}. Added: {2}.",
];
const CHANGE: Sentence = [
    "Uppgiften var {0} förra perioden och är {1} nu.",
    "The figure was {0} the period before and is {1} now.",
];
const CHAPTER_MISSING: Sentence =
    ["Kapitlet saknas eller är tomt.", "The chapter is missing or empty."];

/// Puts the facts into a sentence in one go, so that a fact that looks like a place
/// stays what it is.
fn filled(sentence: &str, facts: &[String]) -> String {
    let mut text = String::new();
    let mut rest = sentence;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let (place, after) = after.split_once('}').unwrap_or((after, ""));
        let fact = place.parse().ok().and_then(|place: usize| facts.get(place));
        text.push_str(fact.map_or("–", String::as_str));
        rest = after;
    }
    text + rest
}

fn values([sv, en]: &Sentence, values: &[Value]) -> Text {
    let facts = |language| values.iter().map(|value| value.shown(language)).collect::<Vec<_>>();
    let (swedish, english) = (facts(Language::Swedish), facts(Language::English));
    Text { sv: filled(sv, &swedish), en: filled(en, &english) }
}

fn numbers(sentence: &Sentence, numbers: &[Quantity]) -> Text {
    let numbers: Vec<Value> = numbers.iter().copied().map(Value::Number).collect();
    values(sentence, &numbers)
}

fn said([sv, en]: &Sentence, facts: &[&str]) -> Text {
    let facts: Vec<String> = facts.iter().copied().map(str::to_owned).collect();
    Text { sv: filled(sv, &facts), en: filled(en, &facts) }
}

fn said_with([sv, en]: &Sentence, said: &str, number: Quantity) -> Text {
    let facts = |language| [said.to_owned(), number.shown(language)];
    Text { sv: filled(sv, &facts(Language::Swedish)), en: filled(en, &facts(Language::English)) }
}

fn parts_differ(differ: &PartsDiffer) -> Text {
    let PartsDiffer { figure: _, partition: _, parts: _, whole: _, parts_sum, total } = differ;
    said(&PARTS_DIFFER, &[&parts_sum.to_string(), &total.to_string()])
}

fn planned_intake([stated, least, most]: [Quantity; 3], fitting: Option<NaiveDate>) -> Text {
    let differs = if least == most {
        numbers(&PLAN_DIFFERS, &[stated, least])
    } else {
        numbers(&PLAN_DIFFERS_WITHIN, &[stated, least, most])
    };
    let Some(day) = fitting else { return differs };
    let fits = said(&PLAN_FITS, &[&day.to_string()]);
    Text { sv: differs.sv + &fits.sv, en: differs.en + &fits.en }
}

fn number_differs(text: &str, right: Option<Quantity>) -> Text {
    match right {
        Some(right) => said_with(&NUMBER_DIFFERS, text, right),
        None => said(&NUMBER_CANNOT_BE, &[text]),
    }
}

fn word_differs(text: &str, measured: Option<Quantity>) -> Text {
    match measured {
        Some(measured) => said_with(&WORD_DIFFERS, text, measured),
        None => said(&WORD_CANNOT_BE, &[text]),
    }
}

fn small_count(text: &str) -> Text {
    if text.trim().is_empty() {
        return said(&SMALL_COUNT_SHOWN, &[]);
    }
    said(&SMALL_COUNT_SAID, &[text])
}

fn goals(version: &str, is_known: bool, missing: &[String], added: &[String]) -> Text {
    if !is_known {
        return said(&PLAN_UNKNOWN, &[version]);
    }
    let listed = |goals: &[String]| {
        let quoted: Vec<String> = goals.iter().map(|goal| format!("”{goal}”")).collect();
        if quoted.is_empty() { "–".to_owned() } else { quoted.join(", ") }
    };
    said(&GOALS_DEVIATE, &[version, &listed(missing), &listed(added)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(fact: Fact) -> Text {
        let finding = Finding { subject: None, concerned: Vec::new(), fact, remedies: Vec::new() };
        finding.told()
    }

    #[test]
    fn a_fact_is_told_with_the_numbers_of_each_language() {
        let number = |text| Quantity::parse(text).unwrap();
        let share = Fact::ShareDiffers {
            stated: number("62"),
            right: number("63"),
            closer: number("62.6"),
        };
        let text = told(share);
        assert_eq!(text.sv, "Andelen anges som 62 procent men är 63 (62,6).");
        assert_eq!(text.en, "The share is stated as 62 per cent but is 63 (62.6).");
    }

    #[test]
    fn a_fact_that_looks_like_a_place_stays_what_it_is() {
        let text = told(Fact::NumberUnbound { said: "{1} {0}".to_owned() });
        assert_eq!(text.en, "“{1} {0}” is not bound to a figure.");
    }
}
