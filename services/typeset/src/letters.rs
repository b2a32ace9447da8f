//! Text as it is set: without what has no form on paper, and with the quotation marks
//! of its language.

use std::fmt::Write as _;

use crate::document::Language;

/// The text with a form for every character. Line breaks and tabs become spaces; what
/// is invisible by nature falls away (a mark that turns the direction of writing could
/// make a figure read otherwise than it was written); and what no typeface at hand has
/// stands as its number, because a character that is printed as nothing is lost to one
/// reader and not to another.
pub(crate) fn settable(text: &str, has_glyph: impl Fn(char) -> bool) -> String {
    let mut settable = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\t' | '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => settable.push(' '),
            '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{e0000}'..='\u{e0fff}' => {}
            // Whatever a typeface has there, nobody knows what it means.
            '\u{e000}'..='\u{f8ff}' => number(&mut settable, letter),
            _ if letter.is_control() || !has_glyph(letter) => number(&mut settable, letter),
            _ => settable.push(letter),
        }
    }
    settable
}

fn number(text: &mut String, letter: char) {
    write!(text, "[U+{:04X}]", u32::from(letter)).expect("a string takes all that is written");
}

/// The text with straight quotation marks turned into those of the language; `before` is
/// the character before it in the paragraph.
pub(crate) fn quoted(text: &str, language: Language, mut before: Option<char>) -> String {
    let mut quoted = String::with_capacity(text.len());
    for letter in text.chars() {
        let opens = before.is_none_or(|before| before.is_whitespace() || "([–—".contains(before));
        let set = match (letter, language) {
            ('"', Language::English) if opens => '“',
            ('"', Language::Swedish | Language::English) => '”',
            ('\'', Language::English) if opens => '‘',
            ('\'', Language::Swedish | Language::English) => '’',
            (other, Language::Swedish | Language::English) => other,
        };
        quoted.push(set);
        before = Some(letter);
    }
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_form_on_paper_stands_as_its_number_or_as_a_space() {
        let latin = |letter: char| letter < '\u{250}';
        for (text, expected) in [
            ("åäö ÅÄÖ é 1\u{a0}234\u{a0}%", "åäö ÅÄÖ é 1\u{a0}234\u{a0}%"),
            ("a\nb\tc\r", "a b c "),
            ("bell\u{7}\u{0}", "bell[U+0007][U+0000]"),
            ("👍🏽", "[U+1F44D][U+1F3FD]"),
            ("\u{202e}12\u{202c}\u{200d}\u{feff}3", "123"),
            ("\u{f0b7}", "[U+F0B7]"),
            ("#panic() *x* \\ \"", "#panic() *x* \\ \""),
        ] {
            assert_eq!(settable(text, latin), expected);
        }
    }

    #[test]
    fn quotation_marks_are_those_of_the_language() {
        let cases = [
            (Language::Swedish, "Hon sa \"ja\" och 'nej'.", "Hon sa ”ja” och ’nej’."),
            (Language::English, "\"Yes\" (\"no\"), it's 'so'", "“Yes” (“no”), it’s ‘so’"),
        ];
        for (language, text, expected) in cases {
            assert_eq!(quoted(text, language, None), expected);
        }
        assert_eq!(quoted("\" he said", Language::English, Some('s')), "” he said");
    }
}
