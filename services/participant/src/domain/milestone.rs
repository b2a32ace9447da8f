//! Milestones: something that happened with a person on the way, as a kind and a day.

use chrono::NaiveDate;
use values::name::{EnrolmentName, MilestoneName, TeamName};

use super::{
    along::{self, AlreadyRemoved, DayRefusal},
    enrolment::Enrolment,
};

/// What a milestone is. The numbers are the contract's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MilestoneKind {
    /// The assessment began.
    AssessmentBegun = 1,
    /// The assessment is complete.
    AssessmentComplete = 2,
    /// A plan was agreed on.
    PlanAgreed = 3,
    /// Guidance.
    Guidance = 4,
    /// A study visit.
    StudyVisit = 5,
    /// The questions about violence were offered.
    ViolenceQuestionsOffered = 6,
    /// The person took a step forward.
    StepForward = 7,
}

impl MilestoneKind {
    /// Every kind, in the contract's order.
    pub const ALL: [MilestoneKind; 7] = [
        MilestoneKind::AssessmentBegun,
        MilestoneKind::AssessmentComplete,
        MilestoneKind::PlanAgreed,
        MilestoneKind::Guidance,
        MilestoneKind::StudyVisit,
        MilestoneKind::ViolenceQuestionsOffered,
        MilestoneKind::StepForward,
    ];

    /// Its number in the contract.
    #[must_use]
    pub const fn number(self) -> i16 {
        self as i16
    }

    /// The kind of a number of the contract.
    #[must_use]
    pub fn from_number(number: i32) -> Option<MilestoneKind> {
        Self::ALL.into_iter().find(|kind| i32::from(kind.number()) == number)
    }
}

/// What is told of a milestone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// The enrolment.
    pub enrolment: EnrolmentName,
    /// What.
    pub kind: MilestoneKind,
    /// When.
    pub day: NaiveDate,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Milestone {
    /// Its name.
    pub name: MilestoneName,
    /// What was told.
    pub content: Content,
    /// The team of the enrolment.
    pub team: TeamName,
    /// Why it was taken away, when it was.
    pub removed: Option<String>,
}

/// Notes a milestone.
///
/// # Errors
/// What forbids it.
pub fn note(
    name: MilestoneName,
    content: Content,
    enrolment: &Enrolment,
    today: NaiveDate,
) -> Result<Milestone, DayRefusal> {
    along::within(enrolment, content.day, enrolment.first_day, today)?;
    Ok(Milestone { name, content, team: enrolment.team.clone(), removed: None })
}

/// Takes one away that was a mistake.
///
/// # Errors
/// When it is taken away already.
pub fn remove(milestone: &Milestone, reason: String) -> Result<Milestone, AlreadyRemoved> {
    let removed = along::remove(milestone.removed.as_ref(), reason)?;
    Ok(Milestone { removed, ..milestone.clone() })
}

#[cfg(test)]
mod tests {
    use values::Slug;

    use super::*;
    use crate::domain::along::tests::{day, enrolled};

    #[test]
    fn a_milestone_is_noted_within_the_enrolment_and_taken_away_once() {
        let enrolment = enrolled(None);
        let slug = |text: &str| Slug::parse("", text).unwrap();
        let name = MilestoneName::new(slug("f"), slug("m"));
        let on = |day| {
            let kind = MilestoneKind::Guidance;
            let content = Content { enrolment: enrolment.name.clone(), kind, day };
            note(name.clone(), content, &enrolment, super::tests::day(6, 1))
        };
        assert_eq!(on(day(2, 1)), Err(DayRefusal::Before { earliest: day(3, 1) }));
        let noted = on(day(4, 1)).unwrap();
        assert_eq!((noted.removed.as_ref(), &noted.team), (None, &enrolment.team));
        let removed = remove(&noted, "Fel person".to_owned()).unwrap();
        assert_eq!(removed.removed.as_deref(), Some("Fel person"));
        assert_eq!(remove(&removed, "Igen".to_owned()), Err(AlreadyRemoved));
    }

    #[test]
    fn every_kind_is_found_by_its_number() {
        for kind in MilestoneKind::ALL {
            assert_eq!(MilestoneKind::from_number(kind.number().into()), Some(kind));
        }
        assert_eq!((MilestoneKind::from_number(0), MilestoneKind::from_number(8)), (None, None));
    }
}
