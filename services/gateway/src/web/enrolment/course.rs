//! What is done in an enrolment: its milestones and placements, the answers to surveys,
//! and the follow-ups of its exit.

use proto::participant::{
    Enrolment, Milestone, Placement, PlacementEnd, Questionnaire, SurveyAnswer, SurveyOccasion,
};
use tonic::Status;

use super::{address, milestone, placement, survey};
use crate::{
    text,
    web::{
        code, follow_up, format,
        layout::Visit,
        reads::{self, id_of},
    },
};

/// All of it, ready to be shown.
pub(super) struct CourseView {
    pub milestones: Vec<MilestoneView>,
    pub placements: Vec<PlacementView>,
    pub answers: Vec<AnswerView>,
    /// The surveys that can be answered, by address.
    pub to_answer: Vec<(String, String)>,
    pub has_questionnaires: bool,
    pub follow_ups: Vec<follow_up::RowView>,
    /// True when something can be added.
    pub is_open: bool,
}

pub(super) struct MilestoneView {
    pub id: String,
    pub kind: String,
    pub day: String,
}

pub(super) struct PlacementView {
    pub id: String,
    pub sector: String,
    pub extent: String,
    pub first_day: String,
    pub last_day: String,
    pub end: String,
    pub goes_on: bool,
}

pub(super) struct AnswerView {
    pub id: String,
    pub title: String,
    pub occasion: String,
    pub day: String,
}

impl CourseView {
    /// Reads it.
    pub(super) async fn read(visit: &Visit, enrolment: &Enrolment) -> Result<Self, Status> {
        let name = &enrolment.name;
        let (milestones, placements, answers, questionnaires, follow_ups) = tokio::try_join!(
            milestone::of_enrolment(visit, name),
            placement::of_enrolment(visit, name),
            survey::of_enrolment(visit, name),
            reads::questionnaires(visit),
            follow_up::of_enrolment(visit, name)
        )?;
        let is_open = !enrolment.registered_in_error;
        let answer = |it: &SurveyAnswer| AnswerView::of(visit, &questionnaires, it);
        let to_answer = if is_open {
            to_answer(visit, enrolment, &questionnaires, &answers)
        } else {
            Vec::new()
        };
        Ok(Self {
            milestones: milestones.iter().map(|it| MilestoneView::of(visit, it)).collect(),
            placements: placements.iter().map(|it| PlacementView::of(visit, it)).collect(),
            answers: answers.iter().map(answer).collect(),
            to_answer,
            has_questionnaires: !questionnaires.is_empty(),
            follow_ups: follow_ups.iter().map(|it| follow_up::RowView::of(visit, it)).collect(),
            is_open,
        })
    }
}

/// The questionnaires without answers on an occasion that has come.
fn to_answer(
    visit: &Visit,
    enrolment: &Enrolment,
    questionnaires: &[Questionnaire],
    answers: &[SurveyAnswer],
) -> Vec<(String, String)> {
    let mut ways = Vec::new();
    for occasion in code::all::<SurveyOccasion>() {
        let has_come = occasion == SurveyOccasion::Enrolment || enrolment.exit.is_some();
        for questionnaire in questionnaires.iter().filter(|_| has_come) {
            let is_answered = answers.iter().any(|answer| {
                answer.questionnaire == questionnaire.name && answer.occasion() == occasion
            });
            if is_answered {
                continue;
            }
            let place =
                format!("{}/{}", id_of(&questionnaire.name), survey::occasion_code(occasion));
            let called = code::called(visit, occasion.as_str_name());
            let facts = [("occasion", called.as_str()), ("title", questionnaire.title.as_str())];
            let said = text::message(visit.reader.language, "survey-answer", &facts);
            ways.push((format!("{}/surveys/{place}", address(&enrolment.name)), said));
        }
    }
    ways
}

impl MilestoneView {
    fn of(visit: &Visit, milestone: &Milestone) -> Self {
        Self {
            id: id_of(&milestone.name).to_owned(),
            kind: code::called(visit, milestone.kind().as_str_name()),
            day: format::date(milestone.day.as_ref()),
        }
    }
}

impl PlacementView {
    fn of(visit: &Visit, placement: &Placement) -> Self {
        let goes_on = placement.last_day.is_none();
        Self {
            id: id_of(&placement.name).to_owned(),
            sector: code::called(visit, placement.sector().as_str_name()),
            extent: format::percent(placement.extent_percent),
            first_day: format::date(placement.first_day.as_ref()),
            last_day: if goes_on {
                visit.t("placement-goes-on")
            } else {
                format::date(placement.last_day.as_ref())
            },
            end: match placement.end() {
                PlacementEnd::Unspecified => String::new(),
                end => code::called(visit, end.as_str_name()),
            },
            goes_on,
        }
    }
}

impl AnswerView {
    fn of(visit: &Visit, questionnaires: &[Questionnaire], answer: &SurveyAnswer) -> Self {
        let known = questionnaires.iter().find(|it| it.name == answer.questionnaire);
        let title = known.map_or_else(|| id_of(&answer.questionnaire), |it| it.title.as_str());
        Self {
            id: id_of(&answer.name).to_owned(),
            title: title.to_owned(),
            occasion: code::called(visit, answer.occasion().as_str_name()),
            day: format::date(answer.day.as_ref()),
        }
    }
}
