//! Every text a person reads, in the reader's language: from `text/sv.ftl` and
//! `text/en.ftl`, which are part of the binary.
//!
//! Architecture invariant: services answer reasons and facts; this is the one
//! place where they become sentences, for the pages and for the commands.

use std::sync::LazyLock;

use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};
use unic_langid::langid;

use crate::web::format;

/// A language that texts are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Swedish, the first language.
    Swedish,
    /// English.
    English,
}

impl Language {
    /// Every language, the first one first.
    pub const ALL: [Language; 2] = [Language::Swedish, Language::English];

    /// The code of the `lang` attribute and of the cookie.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Language::Swedish => "sv",
            Language::English => "en",
        }
    }

    /// The language of a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Language::ALL.into_iter().find(|language| language.code() == code)
    }

    /// The first of ours in an `Accept-Language` header, by its quality values.
    #[must_use]
    pub fn from_accept_language(header: &str) -> Option<Self> {
        let mut wishes: Vec<(f32, Language)> = header
            .split(',')
            .filter_map(|wish| {
                let (tag, parameters) = wish.split_once(';').unwrap_or((wish, "q=1"));
                let quality = parameters.trim().strip_prefix("q=")?.parse().ok()?;
                let language = Language::from_code(tag.trim().split('-').next()?)?;
                (quality > 0.0).then_some((quality, language))
            })
            .collect();
        wishes.sort_by(|left, right| right.0.total_cmp(&left.0));
        wishes.first().map(|(_, language)| *language)
    }

    fn bundle(self) -> &'static FluentBundle<FluentResource> {
        match self {
            Language::Swedish => &SWEDISH,
            Language::English => &ENGLISH,
        }
    }
}

static SWEDISH: LazyLock<FluentBundle<FluentResource>> =
    LazyLock::new(|| bundle(langid!("sv-SE"), include_str!("../text/sv.ftl")));
static ENGLISH: LazyLock<FluentBundle<FluentResource>> =
    LazyLock::new(|| bundle(langid!("en-GB"), include_str!("../text/en.ftl")));

fn bundle(locale: unic_langid::LanguageIdentifier, source: &str) -> FluentBundle<FluentResource> {
    let mut bundle = FluentBundle::new_concurrent(vec![locale]);
    // The marks keep right-to-left facts apart from the text. Neither language
    // needs them, and they would come along when somebody copies a figure.
    bundle.set_use_isolating(false);
    // A line that does not parse is left out; a test sees to it that none is.
    let resource =
        FluentResource::try_new(source.to_owned()).unwrap_or_else(|(resource, _)| resource);
    bundle.add_resource_overriding(resource);
    bundle
}

/// True when there is a text of that id.
#[must_use]
pub fn has(language: Language, id: &str) -> bool {
    language.bundle().has_message(id)
}

/// The text of an id, with its facts filled in; the id itself when there is no
/// such text, which a test rules out for every id in use.
#[must_use]
pub fn message(language: Language, id: &str, facts: &[(&str, &str)]) -> String {
    let bundle = language.bundle();
    let Some(pattern) = bundle.get_message(id).and_then(|message| message.value()) else {
        return id.to_owned();
    };
    let arguments: FluentArgs<'_> = facts.iter().copied().collect();
    let mut errors = Vec::new();
    bundle.format_pattern(pattern, Some(&arguments), &mut errors).into_owned()
}

/// What a reason says to a person: what is wrong, with the value, and what to
/// do about it. Amounts and codes among the facts are turned into words first.
#[must_use]
pub fn reason(language: Language, reason: &str, facts: &[(&str, &str)]) -> String {
    let id = reason_id(reason);
    if !has(language, &id) {
        return message(language, "reason-unknown", &[("reason", reason)]);
    }
    let has = |fact: &str| facts.iter().any(|(name, _)| *name == fact);
    let id = match reason {
        // Which roles may is known of a call, and not of what somebody else was asked for.
        "PERMISSION_DENIED" if has("roles") => format!("{id}-roles"),
        // A connection that was lost on the way to a service has no number.
        "INTERNAL" if !has("incident") => format!("{id}-unnumbered"),
        _ => id,
    };
    let presented: Vec<(&str, String)> =
        facts.iter().map(|(name, value)| (*name, present(language, reason, name, value))).collect();
    let presented: Vec<(&str, &str)> =
        presented.iter().map(|(name, value)| (*name, value.as_str())).collect();
    message(language, &id, &presented)
}

/// The id of a reason's text: `GRANT_OVERDRAWN` is `reason-grant-overdrawn`.
#[must_use]
pub fn reason_id(reason: &str) -> String {
    format!("reason-{}", reason.to_ascii_lowercase().replace('_', "-"))
}

/// What happened, by the journal's word for it: `requisition.approved` is
/// "rekvisition beslutsattesterad". A word that has no text stays as it is.
#[must_use]
pub fn event(language: Language, event: &str) -> String {
    let id = format!("event-{}", event.replace(['.', '_'], "-"));
    if has(language, &id) { message(language, &id, &[]) } else { event.to_owned() }
}

/// A fact as people read it. An amount that is wrong as such is named `value`,
/// as every wrong value is, and is in öre like every amount; one that could not
/// be read (`AMOUNT_MALFORMED`) stays as it was typed.
fn present(language: Language, reason: &str, name: &str, value: &str) -> String {
    let is_of_amount = reason.starts_with("AMOUNT_") || reason == "FORECAST_NEGATIVE";
    let is_wrong_amount = name == "value" && is_of_amount;
    let word_of = |kind: &str, code: &str| {
        let id = format!("{kind}-{}", code.to_ascii_lowercase().replace('_', "-"));
        if has(language, &id) { message(language, &id, &[]) } else { code.to_owned() }
    };
    let word = |kind: &str| word_of(kind, value);
    let words = |kind: &str| {
        let each: Vec<String> = value.split(',').map(|code| word_of(kind, code)).collect();
        each.join(", ")
    };
    match name {
        "state" => word("requisition-state"),
        "report_state" => word("report-state"),
        "step" => word("requisition-step"),
        "referral_state" | "decision_reason" | "livelihood" => code_of_contract(language, value),
        "reserved" => places_of_channels(language, value),
        "what" => word("number-fault"),
        "unmet" => words("criterion"),
        "role" | "other_role" => word("role"),
        "roles" => words("role"),
        "service" => word("service"),
        "name" if reason == "ALREADY_EXISTS" => {
            value.rsplit('/').next().unwrap_or(value).to_owned()
        }
        "requisition" | "recovery" | "party" | "referral" | "enrolment" | "municipality"
        | "release" => value.rsplit('/').next().unwrap_or(value).to_owned(),
        "kind" => word("cost-kind"),
        "group" => word("contribution-group"),
        "cost_kinds" => words("cost-kind"),
        "account" | "accounts" => words("ledger-account"),
        _ if name.ends_with("_ore") || is_wrong_amount => {
            value.parse().map_or_else(|_| value.to_owned(), format::kronor)
        }
        _ => value.to_owned(),
    }
}

/// How many places are kept for whom: `REFERRING_KIND_REGION:2` is "the region 2".
fn places_of_channels(language: Language, value: &str) -> String {
    let of_channel = |pair: &str| {
        let (channel, places) = pair.split_once(':').unwrap_or((pair, ""));
        format!("{} {places}", code_of_contract(language, channel))
    };
    value.split(',').map(of_channel).collect::<Vec<_>>().join(", ")
}

/// A code of the contract as people read it: `LIVELIHOOD_SALARY` is "salary".
pub(crate) fn code_of_contract(language: Language, code: &str) -> String {
    let id = code.to_ascii_lowercase().replace('_', "-");
    if has(language, &id) { message(language, &id, &[]) } else { code.to_owned() }
}

#[cfg(test)]
pub(crate) mod tests;
