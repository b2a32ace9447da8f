//! Codes of the contract, as people read and choose them.

use super::{form::inputs::Choice, layout::Visit};
use crate::text;

/// Every code of an enum but the one that says nothing.
#[must_use]
pub(crate) fn all<E: TryFrom<i32>>() -> Vec<E> {
    (1..).map_while(|number| E::try_from(number).ok()).collect()
}

/// What a code is called: `SEX_WOMAN` is "kvinna".
#[must_use]
pub(crate) fn called(visit: &Visit, code: &str) -> String {
    text::code_of_contract(visit.reader.language, code)
}

/// The codes to choose from, none chosen.
#[must_use]
pub(crate) fn choices(visit: &Visit, codes: impl IntoIterator<Item = &'static str>) -> Vec<Choice> {
    let mut choices = vec![Choice::new("", visit.t("choose"))];
    choices.extend(codes.into_iter().map(|code| Choice::new(code, called(visit, code))));
    choices
}

/// Yes or no, no first.
#[must_use]
pub(crate) fn no_or_yes(visit: &Visit) -> Vec<Choice> {
    vec![Choice::new("", visit.t("no")), Choice::new(YES, visit.t("yes"))]
}

/// What is posted for yes.
pub(crate) const YES: &str = "yes";

#[cfg(test)]
mod tests {
    use proto::participant::{
        BandedDimension, ConsentKind, DecisionReason, ExitOutcome, FollowUpResult, Livelihood,
        MilestoneKind, PlacementEnd, ReferralState, ReferringKind, Sector, Sex, Situation,
        SurveyOccasion, delivery::Recipient,
    };
    use proto::reporting::{
        ActivityOutcome, DueReportState, GoalLevel, GoalOutcome, ReleasedFactKind, ReminderKind,
        ReportSubjectKind,
    };

    use super::*;
    use crate::text::{Language, has};

    #[test]
    fn every_code_has_a_name() {
        let mut codes: Vec<&str> = Vec::new();
        codes.extend(all::<Sex>().iter().map(Sex::as_str_name));
        codes.extend(all::<ReferringKind>().iter().map(ReferringKind::as_str_name));
        codes.extend(all::<Livelihood>().iter().map(Livelihood::as_str_name));
        codes.extend(all::<ReferralState>().iter().map(ReferralState::as_str_name));
        codes.extend(all::<DecisionReason>().iter().map(DecisionReason::as_str_name));
        codes.extend(all::<ExitOutcome>().iter().map(ExitOutcome::as_str_name));
        codes.extend(all::<ConsentKind>().iter().map(ConsentKind::as_str_name));
        codes.extend(all::<Recipient>().iter().map(Recipient::as_str_name));
        codes.extend(all::<FollowUpResult>().iter().map(FollowUpResult::as_str_name));
        codes.extend(all::<Situation>().iter().map(Situation::as_str_name));
        codes.extend(all::<MilestoneKind>().iter().map(MilestoneKind::as_str_name));
        codes.extend(all::<Sector>().iter().map(Sector::as_str_name));
        codes.extend(all::<PlacementEnd>().iter().map(PlacementEnd::as_str_name));
        codes.extend(all::<SurveyOccasion>().iter().map(SurveyOccasion::as_str_name));
        codes.extend(all::<DueReportState>().iter().map(DueReportState::as_str_name));
        codes.extend(all::<ReminderKind>().iter().map(ReminderKind::as_str_name));
        codes.extend(all::<ReportSubjectKind>().iter().map(ReportSubjectKind::as_str_name));
        codes.extend(all::<GoalLevel>().iter().map(GoalLevel::as_str_name));
        codes.extend(all::<GoalOutcome>().iter().map(GoalOutcome::as_str_name));
        codes.extend(all::<ActivityOutcome>().iter().map(ActivityOutcome::as_str_name));
        codes.extend(all::<ReleasedFactKind>().iter().map(ReleasedFactKind::as_str_name));
        codes.extend(all::<BandedDimension>().iter().map(BandedDimension::as_str_name));
        let of_participant = 4 + 4 + 7 + 11 + 11 + 9 + 16 + 2 + 2 + 4 + 6 + 7 + 3 + 6 + 2;
        assert_eq!(codes.len(), of_participant + 7 + 4 + 3 + 3 + 4 + 5 + 8);
        for code in codes {
            let id = code.to_ascii_lowercase().replace('_', "-");
            assert!(Language::ALL.into_iter().all(|language| has(language, &id)), "{id}");
        }
    }
}
