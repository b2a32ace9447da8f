//! What happened along enrolments, as the journal makes it. What was done stands in the
//! open, as the kind of each entry, so that it is known from when something did not stand
//! any more also where that was sealed under a key that is destroyed since.

use std::collections::BTreeMap;

use values::{
    Slug,
    name::{
        EnrolmentName, FollowUpName, MilestoneName, PlacementName, ReferralName, SurveyAnswerName,
    },
};

use super::{
    entries::{Held, Told, hold},
    people::unreadable,
};
use crate::{
    domain::{
        enrolment::Enrolment,
        follow_up::{FollowUp, MONTHS, Reached, schedule},
        milestone::Milestone,
        placement::Placement,
        survey_answer::SurveyAnswer,
    },
    rpc::{follow_up, milestone, placement, survey},
    store::{self, along::Stood, follow_up_end::End},
};

/// What the tables have to have.
#[derive(Default)]
pub(crate) struct Happened {
    /// What each milestone is found by.
    pub(crate) milestones: BTreeMap<MilestoneName, (store::milestone::Index, Stood)>,
    /// What each placement is found by, and where its end is known from.
    pub(crate) placements: BTreeMap<PlacementName, (store::placement::Index, Option<i64>, Stood)>,
    /// What the answers of each occasion are found by.
    pub(crate) survey_answers: BTreeMap<SurveyAnswerName, (store::survey_answer::Index, Stood)>,
    /// What each follow-up is found by, and where the journal has it when it has ended.
    pub(crate) follow_ups: BTreeMap<FollowUpName, (store::follow_up::Index, Option<i64>)>,
    /// How each follow-up ended, in order, as it was known; with the case.
    ends: BTreeMap<FollowUpName, (ReferralName, Vec<Ended>)>,
}

impl Happened {
    /// How the follow-ups ended; where that is sealed under a key that is destroyed, as the
    /// table has it.
    pub(crate) fn ends(&self, found: &[End]) -> Vec<End> {
        let found: BTreeMap<_, _> =
            found.iter().map(|end| ((&end.name, end.known_from), end.reached)).collect();
        let mut ends = Vec::new();
        for (name, (case, ended)) in &self.ends {
            ends.extend(ended.iter().filter_map(|ended| {
                let Ended { reached, known_from, until } = *ended;
                let reached = reached.or_else(|| found.get(&(name, known_from)).copied())?;
                Some(End { name: name.clone(), case: case.clone(), reached, known_from, until })
            }));
        }
        ends
    }
}

/// How a follow-up ended, as it was known for a time.
struct Ended {
    /// How; none when that is sealed under a key that is destroyed.
    reached: Option<Reached>,
    known_from: i64,
    until: Option<i64>,
}

/// As far as the journal has been gone through.
#[derive(Default)]
pub(super) struct Along {
    milestones: BTreeMap<Slug, Held<Milestone>>,
    placements: BTreeMap<Slug, Held<Placement>>,
    survey_answers: BTreeMap<Slug, Held<SurveyAnswer>>,
    follow_ups: BTreeMap<FollowUpName, Held<FollowUp>>,
    /// From where on each does not stand any more.
    milestones_until: BTreeMap<Slug, i64>,
    placements_until: BTreeMap<Slug, i64>,
    survey_answers_until: BTreeMap<Slug, i64>,
    /// From where on enrolments were a mistake.
    mistakes: BTreeMap<Slug, i64>,
    /// Where placements ended after they were entered.
    placements_ended: BTreeMap<Slug, i64>,
    ends: BTreeMap<FollowUpName, Vec<Ended>>,
}

impl Along {
    pub(super) fn take_enrolment(&mut self, id: &Slug, told: &Told<Enrolment>) {
        if told.kind == "enrolment.registered_in_error" {
            self.mistakes.insert(id.clone(), told.sequence);
        }
    }

    pub(super) fn take_milestone(&mut self, id: Slug, told: Told<Milestone>) {
        if told.kind == "milestone.removed" {
            self.milestones_until.insert(id.clone(), told.sequence);
        }
        hold(&mut self.milestones, id, told);
    }

    pub(super) fn take_placement(&mut self, id: Slug, told: Told<Placement>) {
        match told.kind.as_str() {
            "placement.removed" => self.placements_until.insert(id.clone(), told.sequence),
            "placement.ended" => self.placements_ended.insert(id.clone(), told.sequence),
            _ => None,
        };
        hold(&mut self.placements, id, told);
    }

    pub(super) fn take_survey_answer(&mut self, id: Slug, told: Told<SurveyAnswer>) {
        if told.kind == "survey_answer.removed" {
            self.survey_answers_until.insert(id.clone(), told.sequence);
        }
        hold(&mut self.survey_answers, id, told);
    }

    /// How one ended is read where it was recorded, or else where it was sealed anew.
    pub(super) fn take_follow_up(&mut self, name: FollowUpName, told: Told<FollowUp>) {
        let outcome = told.opened.as_ref().and_then(|(follow_up, _)| follow_up.ended.as_ref());
        let reached = outcome.map(|(_, outcome)| Reached::from(outcome));
        let ends = self.ends.entry(name.clone()).or_default();
        match (told.kind.as_str(), ends.last_mut()) {
            ("follow_up.ended", _) => {
                ends.push(Ended { reached, known_from: told.sequence, until: None });
            }
            ("follow_up.voided", Some(last)) => last.until = Some(told.sequence),
            (_, Some(last)) => last.reached = last.reached.or(reached),
            (_, None) => {}
        }
        hold(&mut self.follow_ups, name, told);
    }

    /// Forgets what leads nowhere any more.
    pub(super) fn let_go(&mut self, collection: &str, id: &Slug) {
        match collection {
            MilestoneName::COLLECTION => drop(self.milestones.remove(id)),
            PlacementName::COLLECTION => drop(self.placements.remove(id)),
            SurveyAnswerName::COLLECTION => drop(self.survey_answers.remove(id)),
            _ => {}
        }
    }

    /// Takes out what belongs to those who were disposed of: `note` answers whether
    /// somebody's resource is kept. A follow-up is named after its enrolment, whose name
    /// leads nowhere then, and is not noted.
    pub(super) fn take_out(
        &mut self,
        federation: &Slug,
        note: &mut impl FnMut(&Slug, String) -> bool,
    ) {
        let name = |id: &Slug| MilestoneName::new(federation.clone(), id.clone()).to_string();
        self.milestones.retain(|id, held| note(&held.person, name(id)));
        let name = |id: &Slug| PlacementName::new(federation.clone(), id.clone()).to_string();
        self.placements.retain(|id, held| note(&held.person, name(id)));
        let name = |id: &Slug| SurveyAnswerName::new(federation.clone(), id.clone()).to_string();
        self.survey_answers.retain(|id, held| note(&held.person, name(id)));
    }

    /// What the tables have to have, beside the enrolments; and a line for each that cannot
    /// be made.
    pub(super) fn into_happened<'a>(
        mut self,
        federation: &Slug,
        enrolments: impl Iterator<Item = &'a Enrolment>,
    ) -> (Happened, Vec<String>) {
        let (mut happened, mut problems) = (Happened::default(), Vec::new());
        let stood = |enrolment: &EnrolmentName, recorded, removed: Option<&i64>| {
            let until = self.mistakes.get(&enrolment.id).into_iter().chain(removed).min();
            Stood { recorded, until: until.copied() }
        };
        for (id, Held { recorded, opened, .. }) in &self.milestones {
            let name = MilestoneName::new(federation.clone(), id.clone());
            let Some((milestone, revision)) = opened else {
                problems.push(unreadable(&name));
                continue;
            };
            let enrolment = &milestone.content.enrolment;
            let stood = stood(enrolment, *recorded, self.milestones_until.get(id));
            happened.milestones.insert(name, (milestone::index(milestone, *revision), stood));
        }
        for (id, Held { recorded, opened, .. }) in &self.placements {
            let name = PlacementName::new(federation.clone(), id.clone());
            let Some((placement, revision)) = opened else {
                problems.push(unreadable(&name));
                continue;
            };
            let enrolment = &placement.content.enrolment;
            let stood = stood(enrolment, *recorded, self.placements_until.get(id));
            let index = placement::index(placement, *revision);
            let ended = self.placements_ended.get(id).copied();
            let ended = index.last_day.map(|_| ended.unwrap_or(recorded.created_sequence));
            happened.placements.insert(name, (index, ended, stood));
        }
        for (id, Held { recorded, opened, .. }) in &self.survey_answers {
            let name = SurveyAnswerName::new(federation.clone(), id.clone());
            let Some((answer, revision)) = opened else {
                problems.push(unreadable(&name));
                continue;
            };
            let enrolment = &answer.content.enrolment;
            let stood = stood(enrolment, *recorded, self.survey_answers_until.get(id));
            happened.survey_answers.insert(name, (survey::index(answer, *revision), stood));
        }
        for enrolment in enrolments {
            self.follow_ups_of(enrolment, &mut happened, &mut problems);
        }
        (happened, problems)
    }

    fn follow_ups_of(
        &mut self,
        enrolment: &Enrolment,
        happened: &mut Happened,
        problems: &mut Vec<String>,
    ) {
        for due in schedule(enrolment) {
            let name = due.name.clone();
            let last = self.ends.get(&name).and_then(|ends| ends.last());
            if last.is_none_or(|last| last.until.is_some()) {
                happened.follow_ups.insert(name, (follow_up::index(&due, enrolment), None));
                continue;
            }
            let held = &self.follow_ups[&name];
            match &held.opened {
                Some((ended, revision)) => {
                    let index = follow_up::index(ended, enrolment);
                    let index = store::follow_up::Index { revision: *revision, ..index };
                    happened.follow_ups.insert(name, (index, Some(held.recorded.sequence)));
                }
                None => problems.push(unreadable(&name)),
            }
        }
        for months in MONTHS {
            let name = FollowUpName::new(enrolment.name.clone(), months);
            if let Some(ends) = self.ends.remove(&name) {
                happened.ends.insert(name, (enrolment.referral.clone(), ends));
            }
        }
    }
}
