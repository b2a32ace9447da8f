//! What comes of two of the referrals: somebody who is enrolled, and somebody who has
//! been and left for work; with what the federation's office has decided on first: a
//! questionnaire, age bands, layouts of tables and criteria.

use anyhow::Context as _;
use proto::participant::{
    Band, BandedDimension, Banding, CoachSpell, Consent, ConsentKind, CreateBandingRequest,
    CreateCriteriaRequest, CreateEnrolmentRequest, CreateMilestoneRequest, CreatePlacementRequest,
    CreateQuestionnaireRequest, CreateSurveyAnswerRequest, CreateTableLayoutRequest, Criteria, Cut,
    Dimension, Enrolment, Exit, ExitEnrolmentRequest, ExitOutcome, Livelihood, LivelihoodShare,
    Measure, Milestone, MilestoneKind, Placement, PlacementEnd, Question, QuestionAnswer,
    Questionnaire, Sector, SurveyAnswer, SurveyOccasion, TableLayout, TableShape,
    banding_service_client::BandingServiceClient, criteria_service_client::CriteriaServiceClient,
    enrolment_service_client::EnrolmentServiceClient,
    milestone_service_client::MilestoneServiceClient,
    placement_service_client::PlacementServiceClient,
    questionnaire_service_client::QuestionnaireServiceClient,
    survey_service_client::SurveyServiceClient,
    table_layout_service_client::TableLayoutServiceClient,
};

use super::referrals::{day, parent};
use crate::import::Gateway;

/// Month and day of 2025.
type Day = (i32, i32);

/// Somebody who is enrolled: number of the referral, first day, and the steps on the way.
type Enrolled = (i32, Day, &'static [(MilestoneKind, Day)]);

const ENROLLED: [Enrolled; 2] = [
    (
        5,
        (2, 3),
        &[
            (MilestoneKind::AssessmentBegun, (2, 10)),
            (MilestoneKind::ViolenceQuestionsOffered, (2, 24)),
            (MilestoneKind::AssessmentComplete, (3, 10)),
            (MilestoneKind::StepForward, (5, 5)),
        ],
    ),
    (
        1,
        (3, 24),
        &[(MilestoneKind::AssessmentBegun, (3, 31)), (MilestoneKind::PlanAgreed, (5, 12))],
    ),
];
/// Who has left, and when.
const LEFT: (i32, Day) = (5, (6, 13));

const QUESTIONNAIRE: &str = "demo-framtid";
const BANDING: &str = "aldrar-2025";

/// Makes all of it. What was made before is answered again.
///
/// # Errors
/// When a service refuses or does not answer.
pub async fn make(administrator: Gateway, coordinator: Gateway) -> anyhow::Result<()> {
    questionnaire(administrator.clone()).await?;
    banding(administrator.clone()).await?;
    layouts(administrator.clone()).await?;
    criteria(administrator).await?;
    for (number, first_day, milestones) in ENROLLED {
        enrol(coordinator.clone(), number, first_day).await?;
        for (step, (kind, on)) in (1..).zip(milestones) {
            milestone(coordinator.clone(), (number, step), *kind, *on).await?;
        }
        placement(coordinator.clone(), number).await?;
        answers(coordinator.clone(), number, SurveyOccasion::Enrolment).await?;
    }
    leave(coordinator.clone()).await?;
    answers(coordinator, LEFT.0, SurveyOccasion::Exit).await
}

fn enrolment(number: i32) -> String {
    format!("{}/enrolments/demo-{number}", parent())
}

async fn questionnaire(administrator: Gateway) -> anyhow::Result<()> {
    let question = |id: &str, text: &str, half_steps: bool| Question {
        id: id.to_owned(),
        text: text.to_owned(),
        least_halves: 2,
        most_halves: 20,
        half_steps,
    };
    let questionnaire = Questionnaire {
        title: "Hur har du det? (påhittad)".to_owned(),
        licence_note: "Skriven för demonstrationen, fri att använda.".to_owned(),
        questions: vec![
            question("framtid", "Hur ser du på framtiden?", true),
            question("kraft", "Hur mycket orkar du en vanlig dag?", true),
            question("bemotande", "Hur har du blivit bemött av oss?", false),
        ],
        ..Questionnaire::default()
    };
    let request = CreateQuestionnaireRequest {
        parent: parent(),
        questionnaire_id: QUESTIONNAIRE.to_owned(),
        questionnaire: Some(questionnaire),
        request_id: "demo-questionnaire".to_owned(),
        validate_only: false,
    };
    let mut client = QuestionnaireServiceClient::new(administrator);
    client.create_questionnaire(request).await.context("a questionnaire")?;
    Ok(())
}

async fn banding(administrator: Gateway) -> anyhow::Result<()> {
    let band = |id: &str, label: &str, label_en: &str, youngest: i32, oldest: i32| Band {
        id: id.to_owned(),
        label: label.to_owned(),
        label_en: label_en.to_owned(),
        youngest,
        oldest,
        codes: vec![],
    };
    let banding = Banding {
        dimension: BandedDimension::Age.into(),
        bands: vec![
            band("under-30", "under 30 år", "under 30", 0, 29),
            band("30-49", "30–49 år", "30–49", 30, 49),
            band("50-och-over", "50 år och över", "50 and over", 50, 150),
        ],
        decision: "Demonstrationen".to_owned(),
        ..Banding::default()
    };
    let request = CreateBandingRequest {
        parent: parent(),
        banding_id: BANDING.to_owned(),
        banding: Some(banding),
        request_id: "demo-banding".to_owned(),
        validate_only: false,
    };
    BandingServiceClient::new(administrator).create_banding(request).await.context("age bands")?;
    Ok(())
}

async fn layouts(administrator: Gateway) -> anyhow::Result<()> {
    let mut client = TableLayoutServiceClient::new(administrator);
    let plain = |dimension: Dimension| Cut { dimension: dimension.into(), banding: String::new() };
    let ages = Cut {
        dimension: Dimension::Age.into(),
        banding: format!("{}/bandings/{BANDING}", parent()),
    };
    for (id, title, measure, cuts) in [
        (
            "deltagare-kon-alder",
            "Deltagare efter kön och ålder",
            Measure::Participants,
            vec![plain(Dimension::Sex), ages],
        ),
        (
            "ko-team-kommun",
            "I kö vid periodens slut, efter team och kommun",
            Measure::QueueClosing,
            vec![plain(Dimension::Team), plain(Dimension::Municipality)],
        ),
    ] {
        let shape = TableShape { measures: vec![measure.into()], cuts };
        let request = CreateTableLayoutRequest {
            parent: parent(),
            table_layout_id: id.to_owned(),
            table_layout: Some(TableLayout {
                title: title.to_owned(),
                shape: Some(shape),
                ..TableLayout::default()
            }),
            request_id: format!("demo-layout-{id}"),
            validate_only: false,
        };
        client.create_table_layout(request).await.context("a layout of tables")?;
    }
    Ok(())
}

async fn criteria(administrator: Gateway) -> anyhow::Result<()> {
    let criteria = Criteria {
        first_day: day((7, 1)),
        youngest: 16,
        oldest: 66,
        needs_readiness: true,
        decision: "Demonstrationen".to_owned(),
        ..Criteria::default()
    };
    let request = CreateCriteriaRequest {
        parent: parent(),
        criteria_id: "demo-2025".to_owned(),
        criteria: Some(criteria),
        request_id: "demo-criteria".to_owned(),
        validate_only: false,
    };
    CriteriaServiceClient::new(administrator).create_criteria(request).await.context("criteria")?;
    Ok(())
}

async fn enrol(coordinator: Gateway, number: i32, first: Day) -> anyhow::Result<()> {
    let spell =
        CoachSpell { coach: format!("{}/accounts/coach", parent()), ..CoachSpell::default() };
    let consent = Consent {
        kind: ConsentKind::FollowUp.into(),
        parties: vec![format!("{}/parties/koping", parent())],
        given: day(first),
        withdrawn: None,
    };
    let content = Enrolment {
        referral: format!("{}/referrals/demo-{number}", parent()),
        first_day: day(first),
        planned_last_day: day((12, 31)),
        coaches: vec![spell],
        consents: vec![consent],
        synthetic: true,
        ..Enrolment::default()
    };
    let request = CreateEnrolmentRequest {
        parent: parent(),
        enrolment_id: format!("demo-{number}"),
        enrolment: Some(content),
        request_id: format!("demo-enrol-{number}"),
        validate_only: false,
    };
    let mut client = EnrolmentServiceClient::new(coordinator);
    client.create_enrolment(request).await.context("an enrolment")?;
    Ok(())
}

async fn milestone(
    coordinator: Gateway,
    (number, step): (i32, i32),
    kind: MilestoneKind,
    on: Day,
) -> anyhow::Result<()> {
    let milestone = Milestone {
        enrolment: enrolment(number),
        kind: kind.into(),
        day: day(on),
        ..Milestone::default()
    };
    let request = CreateMilestoneRequest {
        parent: parent(),
        milestone_id: format!("demo-{number}-{step}"),
        milestone: Some(milestone),
        request_id: format!("demo-milestone-{number}-{step}"),
        validate_only: false,
    };
    let mut client = MilestoneServiceClient::new(coordinator);
    client.create_milestone(request).await.context("a milestone")?;
    Ok(())
}

async fn placement(coordinator: Gateway, number: i32) -> anyhow::Result<()> {
    let has_ended = number == LEFT.0;
    let end = if has_ended { PlacementEnd::LedToWork } else { PlacementEnd::Unspecified };
    let placement = Placement {
        enrolment: enrolment(number),
        sector: if has_ended { Sector::Private } else { Sector::ThirdSector }.into(),
        extent_percent: 50,
        first_day: day((4, 7)),
        last_day: has_ended.then_some(day((6, 5))).flatten(),
        end: end.into(),
        ..Placement::default()
    };
    let request = CreatePlacementRequest {
        parent: parent(),
        placement_id: format!("demo-{number}"),
        placement: Some(placement),
        request_id: format!("demo-placement-{number}"),
        validate_only: false,
    };
    let mut client = PlacementServiceClient::new(coordinator);
    client.create_placement(request).await.context("a placement")?;
    Ok(())
}

async fn answers(
    coordinator: Gateway,
    number: i32,
    occasion: SurveyOccasion,
) -> anyhow::Result<()> {
    let is_exit = occasion == SurveyOccasion::Exit;
    let (on, given) = if is_exit {
        (LEFT.1, [("framtid", 17), ("kraft", 15), ("bemotande", 20)])
    } else {
        ((3, 31), [("framtid", 9 + number), ("kraft", 7), ("bemotande", 18)])
    };
    let answer =
        |(question, halves): (&str, i32)| QuestionAnswer { question: question.to_owned(), halves };
    let survey_answer = SurveyAnswer {
        enrolment: enrolment(number),
        questionnaire: format!("{}/questionnaires/{QUESTIONNAIRE}", parent()),
        occasion: occasion.into(),
        day: day(on),
        answers: given.into_iter().map(answer).collect(),
        ..SurveyAnswer::default()
    };
    let last = if is_exit { "exit" } else { "enrolment" };
    let request = CreateSurveyAnswerRequest {
        parent: parent(),
        survey_answer_id: format!("demo-{number}-{last}"),
        survey_answer: Some(survey_answer),
        request_id: format!("demo-answers-{number}-{last}"),
        validate_only: false,
    };
    let mut client = SurveyServiceClient::new(coordinator);
    client.create_survey_answer(request).await.context("answers to a survey")?;
    Ok(())
}

async fn leave(coordinator: Gateway) -> anyhow::Result<()> {
    let (number, on) = LEFT;
    let livelihood = LivelihoodShare { livelihood: Livelihood::Salary.into(), extent_percent: 75 };
    let exit = Exit {
        day: day(on),
        outcome: ExitOutcome::Work.into(),
        subsidised: false,
        extent_percent: 75,
        livelihoods: vec![livelihood],
    };
    let request = ExitEnrolmentRequest {
        name: enrolment(number),
        etag: "1".to_owned(),
        exit: Some(exit),
        request_id: format!("demo-exit-{number}"),
        validate_only: false,
    };
    EnrolmentServiceClient::new(coordinator).exit_enrolment(request).await.context("an exit")?;
    Ok(())
}
