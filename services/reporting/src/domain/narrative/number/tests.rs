//! Numbers and dates in both languages, as a table.

use super::*;

/// The numbers of a text, as it writes them, with what they are.
fn numbers(language: Language, text: &str) -> Vec<String> {
    let vocabulary = Vocabulary::load(include_str!("../../../../definitions/words.toml")).unwrap();
    let number = |(place, found): (Range<usize>, Found)| match found {
        Found::Number(Number { value, unit, approximation }) => {
            let value = match value {
                Stated::Exact(number) => number.shown(Language::English),
                Stated::Fraction { part, whole } | Stated::OutOf { part, whole } => {
                    format!("{part}/{whole}")
                }
                Stated::Word(word) => vocabulary.words()[word].code.clone(),
                Stated::Unreadable => "?".to_owned(),
            };
            let unit = if unit == Unit::Percent { "%" } else { "" };
            let about = if approximation.is_some() { "~" } else { "" };
            Some(format!("{}={about}{value}{unit}", &text[place]))
        }
        Found::Date(_) => None,
    };
    scan(text, language, &vocabulary).into_iter().filter_map(number).collect()
}

#[track_caller]
fn assert_numbers(language: Language, cases: &[(&str, &[&str])]) {
    for (text, expected) in cases {
        assert_eq!(numbers(language, text), *expected, "{text}");
    }
}

#[test]
fn numbers_in_digits_are_read_with_their_unit() {
    assert_numbers(
        Language::Swedish,
        &[
            ("Av 122 deltagare", &["122=122"]),
            ("13 841 tkr, 5\u{a0}873 tkr.", &["13 841=13,841", "5\u{a0}873=5,873"]),
            ("58,2 % och 62%", &["58,2 %=58.2%", "62%=62%"]),
            ("3–4 möten", &["3=3", "4=4"]),
            ("ökade 5 procentenheter", &["5 procentenheter=5%"]),
            ("122 av 195 är 62 procent", &["122 av 195=122/195", "62 procent=62%"]),
            ("den 2:a gruppen", &["2:a=2"]),
            ("15-åringar och ½ tjänst", &["15=15", "½=1/2"]),
            ("1234567890123 och ٣", &["1234567890123=?", "٣=?"]),
        ],
    );
    assert_numbers(
        Language::English,
        &[
            ("13,841 and 58.2 per cent", &["13,841=13,841", "58.2 per cent=58.2%"]),
            ("the 2nd group", &["2nd=2"]),
        ],
    );
}

#[test]
fn numbers_in_swedish_words_are_read() {
    assert_numbers(
        Language::Swedish,
        &[
            ("tjugotvå kvinnor och etthundratjugo män", &["tjugotvå=22", "etthundratjugo=120"]),
            ("två hundra trettio", &["två hundra trettio=230"]),
            ("tvåtusenfemhundra", &["tvåtusenfemhundra=2,500"]),
            ("femtonhundra kronor", &["femtonhundra=1,500"]),
            ("drygt sextio procent", &["drygt sextio procent=~60%"]),
            ("ett tiotal, ett hundratal", &["ett tiotal=~10", "ett hundratal=~100"]),
            ("ett par personer, ett dussin", &["ett par=~2", "ett dussin=~12"]),
            ("två tredjedelar, en fjärdedel", &["två tredjedelar=2/3", "en fjärdedel=1/4"]),
            ("tre av fyra, en av fem", &["tre av fyra=3/4", "en av fem=1/5"]),
            ("var tredje, varannan", &["var tredje=1/3", "varannan=1/2"]),
            ("mer än hälften", &["mer än hälften=~1/2"]),
            ("den tredje gruppen, den andra", &["tredje=3", "andra=2"]),
            ("en treårig satsning", &["treårig=3"]),
            ("endast en deltagare, varav ett digitalt", &["en=1", "ett=1"]),
            ("antalet har fördubblats", &["fördubblats=doubled"]),
            ("sex män", &["sex=6"]),
        ],
    );
}

#[test]
fn numbers_in_english_words_are_read() {
    assert_numbers(
        Language::English,
        &[
            ("twenty-two women", &["twenty-two=22"]),
            ("one hundred and twenty two men", &["one hundred and twenty two=122"]),
            (
                "two thirds, three quarters, a third",
                &["two thirds=2/3", "three quarters=3/4", "a third=1/3"],
            ),
            ("three out of four, one in five", &["three out of four=3/4", "one in five=1/5"]),
            ("about half of them", &["about half=~1/2"]),
            ("every third, every other", &["every third=1/3", "every other=1/2"]),
            ("the twelfth group", &["twelfth=12"]),
            ("only one left; one coach", &["one=1", "one=1"]),
            ("a dozen, a couple of", &["a dozen=~12", "a couple=~2"]),
            ("has doubled", &["doubled=doubled"]),
        ],
    );
}

#[test]
fn words_that_only_look_like_numbers_are_none() {
    assert_numbers(
        Language::Swedish,
        &[
            ("En deltagare har ett behov av en annan insats.", &[]),
            ("Andra aktörer och de andra, i första hand, för det andra", &[]),
            ("ensam enskild trend tvång tentamen samtal antal entré fempunkts", &[]),
            ("halvår, halvåret, halvtid, kvartal, deltid", &[]),
            ("en av deltagarna, det ena och det andra", &[]),
        ],
    );
    assert_numbers(
        Language::English,
        &[
            ("No one knows; one of them, a behalf, on the one hand, at first", &[]),
            ("half-time, a half-day", &[]),
            ("by age and sex, often, tendency, weight", &[]),
        ],
    );
}

#[test]
fn a_date_is_no_number() {
    let dates = [
        "den 30 juni 2025",
        "2025-06-30",
        "2025-06",
        "2025-01-01–2025-06-30",
        "30 juni",
        "1:a juli",
        "juni 2025",
        "1–30 juni",
        "under 2025",
        "sedan 2023",
        "år 2024–2025",
        "läsåret 2023/24",
        "2025 års plan",
        "första halvåret 2025",
        "andra kvartalet",
        "vecka 23",
        "vecka 12–14",
        "kl. 9–12",
        "HT 2024",
        "v. 23",
        "kl. 13.00",
        "1990-talet",
        "2025H1",
        "H1 2025",
        "hösten 2024",
        "åren 2023 och 2024",
        "årsskiftet 2024/2025",
        "Lägesrapport 2025",
        "1:a halvåret",
    ];
    for date in dates {
        assert_eq!(numbers(Language::Swedish, date), Vec::<String>::new(), "{date}");
    }
    let dates = [
        "June 30, 2025",
        "30 June 2025",
        "in 2025",
        "the first half of 2025",
        "second quarter",
        "since 2023",
        "week 23",
        "half-year",
        "from 2023 to 2024",
        "June 2025",
    ];
    for date in dates {
        assert_eq!(numbers(Language::English, date), Vec::<String>::new(), "{date}");
    }
}

#[test]
fn what_is_written_like_a_year_and_counts_something_is_a_number() {
    assert_numbers(
        Language::Swedish,
        &[
            ("2025 deltagare", &["2025=2,025"]),
            ("av 2025 deltagare", &["2025=2,025"]),
            ("totalt 1999", &["1999=1,999"]),
            ("2025-13-01", &["2025=2,025", "13=13", "01=1"]),
            ("31 februari", &["31=31"]),
            ("under 2025 122 deltagare", &["122=122"]),
            ("40 juni", &["40=40"]),
            ("vecka 60", &["60=60"]),
        ],
    );
}
