//! Text that is true of its figures.

use chrono::Datelike as _;
use values::Period;

use super::THRESHOLD;
use super::figures::number;
use super::seed::Seed;
use super::spelled::spell;
use crate::domain::check::Subject;
use crate::domain::definition::{Cell, TOTAL};
use crate::domain::language::Language;

/// A part of a text.
#[derive(Debug, Clone)]
pub struct Piece {
    /// What a reader sees.
    pub text: String,
    /// What it is bound to or marked as, as it stands in the link.
    pub link: Option<String>,
    /// What it is.
    pub meaning: Meaning,
}

/// What a part of a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// Nothing that is checked.
    Plain,
    /// A date that is not bound.
    Date,
    /// A number that is marked as no statistic.
    Marked,
    /// A number that states its figure.
    Number,
    /// A number that states its figure about.
    About,
    /// A word, with what it is said of as a part and its base.
    Word(Family, i64, i64),
}

/// Words that can stand in each other's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Of a share.
    Share,
    /// Of a change.
    Change,
    /// Of a plan.
    Plan,
}

type IsTrue = fn(i64, i64) -> bool;

const SHARES: [(&str, &str, IsTrue); 7] = [
    ("en majoritet", "a majority", |part, base| 2 * part > base),
    ("de flesta", "most", |part, base| 2 * part > base),
    ("en minoritet", "a minority", |part, base| 2 * part < base),
    ("jämn", "even", |part, base| 5 * part >= 2 * base && 5 * part <= 3 * base),
    ("domineras av", "dominated by", |part, base| 5 * part > 3 * base),
    ("samtliga", "all", |part, base| part >= base),
    ("inga", "none", |part, _| part == 0),
];

const CHANGES: [(&str, &str, IsTrue); 5] = [
    ("ökat", "increased", |now, before| now > before),
    ("minskat", "decreased", |now, before| now < before),
    ("varit oförändrat", "been unchanged", |now, before| 50 * (now - before).abs() <= before),
    ("fördubblats", "doubled", |now, before| 10 * now >= 19 * before && 10 * now <= 22 * before),
    ("halverats", "halved", |now, before| 20 * now >= 9 * before && 20 * now <= 11 * before),
];

const PLANS: [(&str, &str, IsTrue); 3] = [
    ("över plan", "above plan", |now, plan| now > plan),
    ("under plan", "below plan", |now, plan| now < plan),
    ("enligt plan", "on plan", |now, plan| 100 * now >= 95 * plan && 100 * now <= 105 * plan),
];

impl Family {
    /// Its words, by whether they are true of a part and its base.
    #[must_use]
    pub fn words(
        self,
        language: Language,
        part: i64,
        base: i64,
        wanted: bool,
    ) -> Vec<&'static str> {
        let words: &[(&str, &str, IsTrue)] = match self {
            Self::Share => &SHARES,
            Self::Change => &CHANGES,
            Self::Plan => &PLANS,
        };
        let fitting = words.iter().filter(|(_, _, is_true)| is_true(part, base) == wanted);
        fitting
            .map(|(sv, en, _)| match language {
                Language::Swedish => *sv,
                Language::English => *en,
            })
            .collect()
    }
}

impl Piece {
    /// As it stands in the source.
    #[must_use]
    pub fn markdown(&self) -> String {
        match &self.link {
            Some(link) => format!("[{}]({link})", self.text),
            None => self.text.clone(),
        }
    }
}

/// A text that grows.
struct Writer<'a> {
    seed: &'a mut Seed,
    language: Language,
    subject: &'a Subject,
    pieces: Vec<Piece>,
}

/// The text of a section.
pub(super) fn write(
    seed: &mut Seed,
    language: Language,
    subject: &Subject,
    section: &str,
    period: Period,
) -> Vec<Piece> {
    let mut writer = Writer { seed, language, subject, pieces: Vec::new() };
    writer.plain("Andra aktörer har en annan roll. ", "One of the goals is another. ");
    match section {
        "introduction" => writer.introduction(),
        "participants" => writer.participants(),
        _ => writer.exits(),
    }
    if writer.seed.one_in(20) {
        let year = period.first_day().year();
        writer.plain("\n\nDetta gäller ", "\n\nThis is of ");
        writer.piece(&format!("30 juni {year}"), &format!("30 June {year}"), None, Meaning::Date);
        writer.plain(".", ".");
    }
    if writer.seed.one_in(20) {
        let reason = "no-statistic \"Metodens namn\"".to_owned();
        writer.plain("\n\nMetoden heter ", "\n\nThe method is called ");
        writer.piece("12 steg", "12 steps", Some(reason), Meaning::Marked);
        writer.plain(".", ".");
    }
    writer.pieces
}

impl Writer<'_> {
    fn introduction(&mut self) {
        self.plain("Förbundet har haft ", "The federation has had ");
        self.count("participants");
        self.plain(" deltagare, därav ", " participants, of whom ");
        self.count("participants.woman");
        self.plain(" kvinnor. Nya är ", " women. New are ");
        self.count("new_participants");
        self.plain(". Antalet har ", ". The number has ");
        self.word(Family::Change, "participants", "participants");
        self.plain(".", ".");
    }

    fn participants(&mut self) {
        self.plain("## Deltagare\n\n**", "## Participants\n\n**");
        self.count("participants");
        self.plain("** deltagare, varav ", "** participants, of whom ");
        self.count("participants.woman");
        self.plain(" kvinnor (", " women (");
        self.percent("participants.woman", "participants");
        self.plain(") och ", ") and ");
        self.count("participants.man");
        self.plain(" män. Fördelningen är ", " men. The distribution is ");
        self.word(Family::Share, "participants.woman", "participants");
        self.plain(" kvinnor. Unga är ", " women. Young are ");
        self.word(Family::Share, "participants_by_age.under_30", "participants");
        self.plain(".\n\n- Antalet har ", ".\n\n- The number has ");
        self.word(Family::Change, "participants", "participants");
        self.plain(", och är ", ", and is ");
        self.word(Family::Plan, "participants", "participants");
        self.plain(".\n- Aktualiseringarna har ", ".\n- Referrals have ");
        self.word(Family::Change, "referrals", "referrals");
        self.plain(".\n- I kö är ", ".\n- In the queue are ");
        self.count("queue");
        self.plain(" personer, med ", " people, with ");
        self.positions();
        self.plain(" tjänster från ", " positions from ");
        self.start();
        self.plain(".\n", ".\n");
    }

    fn exits(&mut self) {
        self.plain("Av ", "Of ");
        self.count("participants");
        self.plain(" avslutades ", " there left ");
        self.count("exits");
        self.plain(", till arbete ", ", to work ");
        self.count("exits.work");
        if number(&self.subject.figures, "exits") > 0 {
            self.plain(" (", " (");
            self.percent("exits.work", "exits");
            self.plain("), det är ", "), that is ");
            self.word(Family::Share, "exits.work", "exits");
        }
        let exits = number(&self.subject.figures, "exits");
        if exits >= 20 && self.seed.one_in(6) {
            self.plain("; avsluten är ", "; the exits are ");
            let tens = exits / 10 * 10;
            let (sv, en) = (format!("drygt {tens}"), format!("just over {tens}"));
            if exits <= tens + tens / 10 {
                self.piece(&sv, &en, Some("figure:exits".to_owned()), Meaning::About);
            } else {
                self.count("exits");
            }
        }
        self.plain(".", ".");
    }

    fn plain(&mut self, sv: &str, en: &str) {
        self.piece(sv, en, None, Meaning::Plain);
    }

    fn piece(&mut self, sv: &str, en: &str, link: Option<String>, meaning: Meaning) {
        let text = match self.language {
            Language::Swedish => sv,
            Language::English => en,
        };
        self.pieces.push(Piece { text: text.to_owned(), link, meaning });
    }

    /// A text says nothing of few people.
    fn says_nothing(&mut self) {
        self.plain("något", "something");
    }

    /// A count in digits, in words, or to be filled in.
    fn count(&mut self, cell: &str) {
        let count = number(&self.subject.figures, cell);
        if THRESHOLD.is_small(count) {
            return self.says_nothing();
        }
        let digits = count.to_string();
        let text = match self.seed.below(6) {
            0 => String::new(),
            1 | 2 => spell(count, self.language).unwrap_or(digits),
            _ => digits,
        };
        self.piece(&text, &text, Some(format!("figure:{cell}")), Meaning::Number);
    }

    /// A share in whole percent or with a decimal, half rounded up.
    fn percent(&mut self, part: &str, base: &str) {
        let (above, below) =
            (number(&self.subject.figures, part), number(&self.subject.figures, base));
        if [above, below].into_iter().any(|count| THRESHOLD.is_small(count)) {
            return self.says_nothing();
        }
        let link = Some(format!("share:{part}/{base}"));
        let whole = (200 * above + below) / (2 * below);
        let tenths = (2000 * above + below) / (2 * below);
        let (sv, en) = if self.seed.one_in(2) {
            (format!("{whole} %"), format!("{whole} per cent"))
        } else {
            let (units, tenth) = (tenths / 10, tenths % 10);
            (format!("{units},{tenth}\u{a0}%"), format!("{units}.{tenth}%"))
        };
        self.piece(&sv, &en, link, Meaning::Number);
    }

    fn word(&mut self, family: Family, part: &str, base: &str) {
        let Subject { figures, untold: _, before, planned, goals: _, is_whole: _ } = self.subject;
        let (link, of) = match family {
            Family::Share => (format!("share:{part}/{base}"), figures),
            Family::Change => (format!("change:{part}"), before),
            Family::Plan => (format!("plan:{part}"), planned),
        };
        let (part, base) = (number(figures, part), number(of, base));
        let words = family.words(self.language, part, base, true);
        let few = match family {
            Family::Share => [part, base, base],
            Family::Change => [part, base, (part - base).abs()],
            Family::Plan => [part; 3],
        };
        if words.is_empty() || few.into_iter().any(|count| THRESHOLD.is_small(count)) {
            return self.says_nothing();
        }
        let word = *self.seed.one_of(&words);
        self.piece(word, word, Some(link), Meaning::Word(family, part, base));
    }

    /// All positions added, with a decimal.
    fn positions(&mut self) {
        let cells: Vec<&Cell> = self.subject.figures.categories("positions").collect();
        let numbers = cells.iter().filter_map(|cell| self.subject.figures.number(cell));
        let tenths: i64 = numbers
            .map(|number| {
                let tenths = number.ratio().times(10).rounded(0);
                tenths.and_then(|tenths| tenths.as_count()).expect("one decimal")
            })
            .sum();
        let names: Vec<String> =
            cells.iter().map(|cell| format!("{}.{}", cell.figure, cell.category)).collect();
        let link = format!("figure:{}", names.join("+"));
        let (whole, tenth) = (tenths / 10, tenths % 10);
        let (sv, en) = (format!("{whole},{tenth}"), format!("{whole}.{tenth}"));
        self.piece(&sv, &en, Some(link), Meaning::Number);
    }

    fn start(&mut self) {
        let start = self.subject.figures.date(&Cell::new("start_of_intake", TOTAL));
        let day = start.expect("every team has begun").first_day().to_string();
        self.piece(&day, &day, Some("date:start_of_intake".to_owned()), Meaning::Number);
    }
}
