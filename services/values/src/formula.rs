//! Texts in files that spreadsheet programs open. What somebody has written stands in
//! them, and a program runs what looks like a formula at the beginning of a cell.

/// A text that no program takes for a formula: neither when it fills a cell, nor when the
/// program takes another character than was meant for the end of a cell, such as a comma
/// within the text.
#[must_use]
pub fn disarmed(text: &str) -> String {
    let mut disarmed = String::with_capacity(text.len() + 1);
    if text.starts_with(['\t', '\r', '\n']) {
        disarmed.push('\'');
    }
    let mut may_begin = true;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        // A price such as “10,-” and a dash in a list are no formulas.
        let stands_alone = characters.peek().is_none_or(|next| next.is_whitespace());
        let begins_formula = match character {
            '=' | '@' => true,
            '+' | '-' => !stands_alone,
            _ => false,
        };
        if may_begin && begins_formula {
            disarmed.push('\'');
        }
        may_begin = match character {
            ',' | ';' | '\t' | '\r' | '\n' => true,
            ' ' | '"' => may_begin,
            _ => false,
        };
        disarmed.push(character);
    }
    disarmed
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert, proptest};

    use super::*;

    #[test]
    fn what_a_cell_begins_with_is_no_formula_whatever_ends_the_cells() {
        for (text, expected) in [
            ("Sala", "Sala"),
            ("=1+1", "'=1+1"),
            ("-1", "'-1"),
            ("-", "-"),
            (" =1+1", " '=1+1"),
            ("\t1", "'\t1"),
            ("Sala,=1+1", "Sala,'=1+1"),
            ("Sala; @SUM(A1)", "Sala; '@SUM(A1)"),
            ("Sala,\"=1+1\"", "Sala,\"'=1+1\""),
            ("Sala\n+46", "Sala\n'+46"),
            ("10,-", "10,-"),
            ("10,- i månaden", "10,- i månaden"),
            ("Mål:\n- arbete\n- studier", "Mål:\n- arbete\n- studier"),
            ("a+b, c-d", "a+b, c-d"),
        ] {
            assert_eq!(disarmed(text), expected);
        }
    }

    proptest! {
        #[test]
        fn no_cell_of_any_way_to_part_it_begins_a_formula(text in "[a=+@,; \"\t\n-]{0,12}") {
            let disarmed = disarmed(&text);
            for cell in disarmed.split([',', ';', '\t', '\n']) {
                let cell = cell.trim_start_matches([' ', '"']);
                prop_assert!(!cell.starts_with(['=', '@']), "{disarmed:?}");
                let runs = cell.strip_prefix(['+', '-']).is_some_and(|rest| {
                    !rest.is_empty() && !rest.starts_with(char::is_whitespace)
                });
                prop_assert!(!runs, "{disarmed:?}");
            }
        }

        #[test]
        fn nothing_is_lost_and_what_is_disarmed_stays_as_it_is(text in ".{0,20}") {
            let once = disarmed(&text);
            prop_assert!(once.replace('\'', "") == text.replace('\'', ""));
            if !text.starts_with(['\t', '\r', '\n']) {
                prop_assert!(disarmed(&once) == once);
            }
        }
    }
}
