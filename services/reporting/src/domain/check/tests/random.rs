//! Random reports without a fault have no finding; with one digit, cell or bound
//! word changed they have.

use std::env;

use super::*;
use crate::testing::{Draft, Meaning, Rules, Seed, spell};

/// How many reports: with `SAMORDNA_TEST_LONG` ten thousand.
fn how_many() -> u64 {
    if env::var("SAMORDNA_TEST_LONG").is_ok() { 10_000 } else { 300 }
}

fn draft(number: u64) -> Draft {
    Draft::random(number, 1 + usize::try_from(number % 4).unwrap())
}

#[test]
fn a_random_report_without_a_fault_has_no_finding() {
    let rules = Rules::in_force();
    for number in 0..how_many() {
        let draft = draft(number);
        let findings = rules.findings(&draft);
        assert!(findings.is_empty(), "report {number}: {findings:#?}\n{draft:#?}");
    }
}

/// What a change is of, as the list of those that were not found names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Changed {
    Digit(&'static str),
    Spelled,
    Cell,
    Word,
}

#[test]
fn one_changed_digit_spelled_number_cell_or_bound_word_is_found() {
    let rules = Rules::in_force();
    let mut made = BTreeMap::<Changed, u64>::new();
    let mut unseen = BTreeMap::<Changed, Vec<String>>::new();
    for number in 0..how_many() {
        let mut seed = Seed::new(number ^ 0x5eed);
        for change in [change_digit, change_spelled, change_cell, change_word] {
            let mut draft = draft(number);
            let Some((changed, told)) = change(&mut seed, &mut draft) else { continue };
            *made.entry(changed).or_default() += 1;
            if rules.findings(&draft).is_empty() {
                unseen.entry(changed).or_default().push(format!("report {number}: {told}"));
            }
        }
    }
    let count = |changes: &BTreeMap<Changed, u64>| changes.values().sum::<u64>();
    let not_found: u64 = unseen.values().map(|told| u64::try_from(told.len()).unwrap()).sum();
    println!("{} changes, {not_found} not found", count(&made));
    for (changed, told) in &unseen {
        println!("{changed:?}, {} of {}: {}", told.len(), made[changed], why(*changed));
        told.iter().take(10).for_each(|told| println!("  {told}"));
    }
    assert!(not_found * 100 <= count(&made), "{unseen:#?}");
    let explained = |changed: &Changed| matches!(changed, Changed::Digit(_));
    assert!(unseen.keys().all(explained), "{unseen:#?}");
    assert_eq!(unseen.get(&Changed::Digit("a number")), None);
}

/// Why such a change may go unseen.
fn why(changed: Changed) -> &'static str {
    match changed {
        Changed::Digit("a date") => "another date is a date as well, and is bound to nothing",
        Changed::Digit("a marked number") => "what is marked as no statistic may be any number",
        Changed::Digit("an approximate number") => "the number is still about what the figure is",
        Changed::Digit(_) | Changed::Spelled | Changed::Cell | Changed::Word => {
            "it has no explanation"
        }
    }
}

fn change_digit(seed: &mut Seed, draft: &mut Draft) -> Option<(Changed, String)> {
    let mut digits = Vec::new();
    for (text, chapter) in draft.texts.iter().enumerate() {
        for (piece, one) in chapter.pieces.iter().enumerate() {
            let in_piece = one.text.char_indices().filter(|(_, digit)| digit.is_ascii_digit());
            digits.extend(in_piece.map(|(at, _)| (text, piece, at)));
        }
    }
    if digits.is_empty() {
        return None;
    }
    let (text, piece, at) = *seed.one_of(&digits);
    let piece = &mut draft.texts[text].pieces[piece];
    let old = piece.markdown();
    let others: Vec<char> =
        ('0'..='9').filter(|digit| !piece.text[at..].starts_with(*digit)).collect();
    piece.text.replace_range(at..=at, &seed.one_of(&others).to_string());
    let changed = match piece.meaning {
        Meaning::Date => "a date",
        Meaning::Marked => "a marked number",
        Meaning::About => "an approximate number",
        Meaning::Plain | Meaning::Number | Meaning::Word(..) => "a number",
    };
    Some((Changed::Digit(changed), format!("{old} to {}", piece.markdown())))
}

/// Another number in words.
fn change_spelled(seed: &mut Seed, draft: &mut Draft) -> Option<(Changed, String)> {
    let mut spelled = Vec::new();
    for (text, chapter) in draft.texts.iter().enumerate() {
        for (piece, one) in chapter.pieces.iter().enumerate() {
            let has_digit = one.text.chars().any(|character| character.is_ascii_digit());
            if one.meaning == Meaning::Number && !has_digit && !one.text.is_empty() {
                spelled.push((text, piece, chapter.language));
            }
        }
    }
    if spelled.is_empty() {
        return None;
    }
    let (text, piece, language) = *seed.one_of(&spelled);
    let piece = &mut draft.texts[text].pieces[piece];
    let old = piece.markdown();
    let other = spell(2 + seed.below(200), language).filter(|other| *other != piece.text)?;
    piece.text = other;
    Some((Changed::Spelled, format!("{old} to {}", piece.markdown())))
}

fn change_cell(seed: &mut Seed, draft: &mut Draft) -> Option<(Changed, String)> {
    let mut cells = Vec::new();
    for (id, subject) in &draft.report.subjects {
        cells.extend(subject.figures.iter().map(|(cell, value)| (id.clone(), cell.clone(), value)));
    }
    let (id, cell, old) = seed.one_of(&cells).clone();
    let new = match old {
        Value::Date(date) => {
            let later = chrono::Days::new(1 + u64::try_from(seed.below(40)).unwrap());
            let day = date.first_day() + later;
            Value::Date(Period::new("date", day, day).unwrap())
        }
        Value::Number(number) => {
            let units = number.ratio().times(10_i64.pow(number.decimals())).rounded(0).unwrap();
            let by = 1 + seed.below(20);
            let units = units.as_count().unwrap();
            let units = if units >= by && seed.one_in(2) { units - by } else { units + by };
            Value::Number(Quantity::new(units, number.decimals()).unwrap())
        }
    };
    let told = format!("{id} {cell:?} {old:?} to {new:?}");
    let subject = draft.report.subjects.get_mut(&id)?;
    subject.figures = std::mem::take(&mut subject.figures).with(cell, new);
    Some((Changed::Cell, told))
}

/// Another word of its family, that is not true.
fn change_word(seed: &mut Seed, draft: &mut Draft) -> Option<(Changed, String)> {
    let mut words = Vec::new();
    for (text, chapter) in draft.texts.iter().enumerate() {
        for (piece, one) in chapter.pieces.iter().enumerate() {
            if let Meaning::Word(family, part, base) = one.meaning {
                let untrue = family.words(chapter.language, part, base, false);
                words.extend(untrue.into_iter().map(|word| (text, piece, word)));
            }
        }
    }
    if words.is_empty() {
        return None;
    }
    let (text, piece, word) = *seed.one_of(&words);
    let piece = &mut draft.texts[text].pieces[piece];
    let old = piece.markdown();
    word.clone_into(&mut piece.text);
    Some((Changed::Word, format!("{old} to {}", piece.markdown())))
}
