//! The words in force are consistent, and a faulty list is refused.

use super::*;

const WORDS: &str = include_str!("../../../definitions/words.toml");

fn word(code: &str) -> Word {
    let vocabulary = Vocabulary::load(WORDS).unwrap();
    vocabulary.words().iter().find(|word| word.code == code).unwrap().clone()
}

#[test]
fn what_is_even_does_not_dominate_and_what_dominates_is_not_even() {
    for (part, is_even, dominates) in
        [(40, true, false), (60, true, false), (61, false, true), (39, false, false)]
    {
        let holds = |code| word(code).condition.holds(Ratio::whole(part), Ratio::whole(100));
        assert_eq!((holds("even"), holds("dominates")), (is_even, dominates), "{part}");
    }
}

#[test]
fn what_was_none_before_has_increased_by_any_number() {
    let holds =
        |code, now, before| word(code).condition.holds(Ratio::whole(now), Ratio::whole(before));
    assert!(holds("increased", 1, 0) && !holds("increased", 0, 0));
    assert!(holds("unchanged", 0, 0) && !holds("decreased", 0, 0));
}

#[test]
fn the_longest_phrase_is_taken_and_an_approximation_is_no_word() {
    let vocabulary = Vocabulary::load(WORDS).unwrap();
    let text = ["nästan", "alla", "har"];
    let next = |distance: usize| text.get(distance).copied();
    let (place, length) = vocabulary.word(Language::Swedish, "nästan", next).unwrap();
    assert_eq!((vocabulary.words()[place].code.as_str(), length), ("almost_all", 2));
    assert!(vocabulary.approximation(Language::Swedish, "nästan", next).is_some());
    assert_eq!(vocabulary.word(Language::English, "nästan", next), None);
}

#[test]
fn a_list_that_is_not_clear_is_refused_with_the_value_at_fault() {
    let with = |word: &str| {
        let text = format!(
            "version = 1\nnegations_sv = []\nnegations_en = []\nlabels_sv = []\nlabels_en = []\n\
             approximations = []\n\
             [[words]]\ncode = \"most\"\nmeasures = [\"share\"]\nabove = 500\n\
             sv = [\"flest\"]\nen = []\n{word}"
        );
        Vocabulary::load(&text).map(|vocabulary| vocabulary.words().len())
    };
    let next = |code: &str, limits: &str, sv: &str| {
        format!(
            "[[words]]\ncode = \"{code}\"\nmeasures = [\"share\"]\n{limits}\n\
             sv = [\"{sv}\"]\nen = []"
        )
    };
    assert_eq!(with(&next("more", "above = 1", "fler")), Ok(2));
    assert_eq!(with(&next("most", "above = 1", "fler")), Err(LoadError::CodeTwice("most".into())));
    for limits in ["", "above = 1\nfrom = 1"] {
        let refused = Err(LoadError::LimitUnclear("more".into()));
        assert_eq!(with(&next("more", limits, "fler")), refused);
    }
    for phrase in ["flest", " "] {
        let refused = Err(LoadError::PhraseUnclear(phrase.into()));
        assert_eq!(with(&next("more", "above = 1", phrase)), refused);
    }
}
