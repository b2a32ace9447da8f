//! Words that people write in lists, for the codes of the contract: what the codes are
//! called in either language, and what else they are called.

use sheets::{cell::shown, value::Value};
use values::Fault;

use crate::{
    text::{self, Language},
    web::code,
};

/// A text by its letters and digits alone, so that neither case nor signs nor a missing
/// dot over a letter tells words apart.
#[must_use]
pub(super) fn plain(text: &str) -> String {
    let fold = |character: char| match character {
        'å' | 'ä' | 'á' | 'à' => 'a',
        'ö' | 'ó' => 'o',
        'é' | 'è' => 'e',
        'ü' => 'u',
        other => other,
    };
    text.to_lowercase().chars().filter(|it| it.is_alphanumeric()).map(fold).collect()
}

/// Reads a code by its own name, by what it is called, or by another word for it.
///
/// # Errors
/// `CODE_UNKNOWN`, with what the codes allowed are called.
pub(super) fn code<C: TryFrom<i32> + Copy>(
    language: Language,
    text: &str,
    name: impl Fn(C) -> &'static str,
    allowed: impl Fn(C) -> bool,
) -> Result<C, Fault> {
    let word = plain(text);
    let codes: Vec<C> = code::all().into_iter().filter(|code| allowed(*code)).collect();
    let is_meant = |code: &C| {
        let called = |language| plain(&text::code_of_contract(language, name(*code)));
        let other = OTHER_WORDS.iter().find(|(of, _)| *of == name(*code));
        plain(name(*code)) == word
            || Language::ALL.into_iter().any(|language| called(language) == word)
            || other.is_some_and(|(_, words)| words.iter().any(|other| plain(other) == word))
    };
    codes.iter().copied().find(is_meant).ok_or_else(|| {
        let called = codes.iter().map(|code| text::code_of_contract(language, name(*code)));
        let called: Vec<String> = called.collect();
        Fault::new("", "CODE_UNKNOWN").with("value", shown(text)).with("allowed", called.join(", "))
    })
}

/// Reads yes or no; no where nothing stands, and yes where somebody has made a cross.
///
/// # Errors
/// `CODE_UNKNOWN`, with the words allowed.
pub(super) fn yes_or_no(value: &Value) -> Result<bool, Fault> {
    match plain(&value.text()).as_str() {
        "" => Ok(false),
        "x" => Ok(true),
        _ => sheets::cell::yes_or_no(value),
    }
}

/// What codes are called beside their own names, in lists that teams keep.
const OTHER_WORDS: &[(&str, &[&str])] = &[
    ("SEX_WOMAN", &["k", "kv", "f", "female"]),
    ("SEX_MAN", &["m", "male"]),
    ("SEX_NON_BINARY", &["annat", "annan"]),
    ("SEX_NOT_STATED", UNKNOWN),
    ("REFERRING_KIND_SOCIAL_INSURANCE_AGENCY", &["FK"]),
    (
        "REFERRING_KIND_MUNICIPALITY",
        &["kommun", "socialtjänst", "socialtjänsten", "IFO", "ekonomiskt bistånd"],
    ),
    ("REFERRING_KIND_EMPLOYMENT_SERVICE", &["AF"]),
    (
        "REFERRING_KIND_REGION",
        &[
            "region",
            "vården",
            "psykiatri",
            "psykiatrin",
            "primärvård",
            "primärvården",
            "vårdcentral",
        ],
    ),
    ("REFERRING_KIND_JOINT_AF_FK", &["AF/FK", "FK/AF", "AF och FK", "FK och AF"]),
    ("REFERRING_KIND_OTHER", &["annat", "övrigt", "övriga"]),
    ("REFERRING_KIND_NOT_STATED", UNKNOWN),
    ("LIVELIHOOD_SOCIAL_ASSISTANCE", &["ekonomiskt bistånd", "socialbidrag"]),
    ("LIVELIHOOD_SICKNESS_BENEFIT", &["sjukpeng"]),
    ("LIVELIHOOD_UNEMPLOYMENT_BENEFIT", &["a-kassa", "arbetslöshetskassa"]),
    ("LIVELIHOOD_STUDY_SUPPORT", &["CSN", "studiemedel"]),
    ("LIVELIHOOD_SALARY", &["arbete", "arbetsinkomst"]),
    ("LIVELIHOOD_OTHER", &["övrigt", "annan"]),
    ("LIVELIHOOD_NONE", &["ingen egen försörjning", "ingen försörjning", "utan försörjning"]),
    ("LIVELIHOOD_NOT_STATED", UNKNOWN),
    ("REFERRAL_STATE_ACCEPTED", &["beviljad", "accepterad", "antas"]),
    ("REFERRAL_STATE_NOT_ELIGIBLE", &["inte behörig", "obehörig"]),
    ("REFERRAL_STATE_DECLINED", &["avböjt", "tackat nej"]),
    ("REFERRAL_STATE_RECONSIDERING", &["omprövning"]),
    ("REFERRAL_STATE_REVOKED", &["återkallat", "återtagen"]),
    ("DECISION_REASON_PERSON_DECLINES", &["tackat nej", "vill inte"]),
    ("DECISION_REASON_NOT_REACHED", &["ej nådd", "inte nådd"]),
    ("DECISION_REASON_INCOMPLETE", &["ofullständig"]),
    ("DECISION_REASON_OTHER", &["övrigt"]),
    ("EXIT_OUTCOME_WORK", &["jobb", "anställning"]),
    ("EXIT_OUTCOME_STUDIES", &["utbildning"]),
    ("EXIT_OUTCOME_JOB_SEEKING", &["arbetssökande", "arbetssökande AF"]),
    ("EXIT_OUTCOME_STRENGTHENED_COOPERATION_AF_FK", &["förstärkt samarbete"]),
    (
        "EXIT_OUTCOME_MUNICIPAL_LABOUR_MARKET_UNIT",
        &["arbetsmarknadsenhet", "arbetsmarknadsenheten", "AME"],
    ),
    ("EXIT_OUTCOME_DROPPED_OUT", &["avbrott", "avbruten"]),
    ("EXIT_OUTCOME_MOVED", &["flytt"]),
    ("EXIT_OUTCOME_PARENTAL_LEAVE", &["föräldraledighet"]),
    ("EXIT_OUTCOME_DECEASED", &["död"]),
    ("EXIT_OUTCOME_OTHER", &["övrigt"]),
    ("EXIT_OUTCOME_NOT_MEASURED", &["ej mätt"]),
];

const UNKNOWN: &[&str] = &["uppgift saknas", "ej angivet", "okänt", "vet ej"];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proto::participant::{ExitOutcome, Livelihood, ReferralState, ReferringKind, Sex};

    use super::*;

    fn read<C: TryFrom<i32> + Copy>(text: &str, name: fn(C) -> &'static str) -> Option<C> {
        code(Language::Swedish, text, name, |_| true).ok()
    }

    #[test]
    fn swedish_and_english_words_and_codes_are_read() {
        for text in ["Kvinna", "woman", "K", "SEX_WOMAN"] {
            assert_eq!(read(text, |it: Sex| it.as_str_name()), Some(Sex::Woman), "{text}");
        }
        let kind = |text| read(text, |it: ReferringKind| it.as_str_name());
        assert_eq!(kind("försäkringskassan"), Some(ReferringKind::SocialInsuranceAgency));
        assert_eq!(kind("AF / FK"), Some(ReferringKind::JointAfFk));
        assert_eq!(kind("Forsakringskassan"), Some(ReferringKind::SocialInsuranceAgency));
        let outcome = |text| read(text, |it: ExitOutcome| it.as_str_name());
        assert_eq!(outcome("Sjukersättning"), Some(ExitOutcome::SicknessCompensation));
        assert_eq!(outcome("uppsagd"), None);
    }

    #[test]
    fn a_word_that_is_none_is_answered_with_those_allowed() {
        let decided = |state: ReferralState| state != ReferralState::Sent;
        let fault =
            code(Language::Swedish, "Skickad", |it: ReferralState| it.as_str_name(), decided);
        let fault = fault.unwrap_err();
        assert_eq!(fault.reason, "CODE_UNKNOWN");
        assert!(fault.facts[1].1.contains("Antagen, Ej behörig"), "{fault:?}");
    }

    #[test]
    fn no_word_stands_for_two_codes_of_a_kind() {
        fn alone<C: TryFrom<i32> + Copy>(name: fn(C) -> &'static str) {
            let mut told = BTreeSet::new();
            for code in code::all::<C>() {
                let own = Language::ALL.map(|it| plain(&text::code_of_contract(it, name(code))));
                let other = OTHER_WORDS.iter().find(|(of, _)| *of == name(code));
                let other = other.map(|(_, words)| *words).unwrap_or_default();
                let words: BTreeSet<String> =
                    own.into_iter().chain(other.iter().map(|word| plain(word))).collect();
                for word in words {
                    assert!(told.insert(word.clone()), "{word} of {}", name(code));
                }
            }
        }
        alone(|it: Sex| it.as_str_name());
        alone(|it: ReferringKind| it.as_str_name());
        alone(|it: Livelihood| it.as_str_name());
        alone(|it: ReferralState| it.as_str_name());
        alone(|it: ExitOutcome| it.as_str_name());
    }
}
