//! `SurveyService`: what people answer at enrolment and exit, to those who work with them,
//! and what many have answered.

mod results;

use chrono::NaiveDate;
use platform::{
    Draft, Failure, Principal, Step, clock::day_in_sweden, journal::Transaction,
    journalled::decoded, principal, sql::Batch,
};
use proto::participant as pb;
use proto::participant::survey_service_server::SurveyService;
use sea_orm::ConnectionTrait;
use tonic::{Request, Response, Status};
use values::{
    Fault, Faults,
    name::{QuestionnaireName, SurveyAnswerName},
};

use super::{
    Shared,
    along::{self, Removal},
    check_given_name, convert, parent, permissions,
    written::Made,
};
use crate::{
    domain::{
        questionnaire::Questions,
        reach::Reach,
        survey_answer::{self, Content, EnterRefusal, SurveyAnswer},
    },
    store::{self, along::SURVEY_ANSWERS, survey_answer::Index},
};

const CREATE: &str = "/samordna.participant.v1.SurveyService/CreateSurveyAnswer";
const REMOVE: &str = "/samordna.participant.v1.SurveyService/RemoveSurveyAnswer";
const GET: &str = "/samordna.participant.v1.SurveyService/GetSurveyAnswer";
const LIST: &str = "/samordna.participant.v1.SurveyService/ListSurveyAnswers";

pub(super) struct Surveys(pub(super) Shared);

#[tonic::async_trait]
impl SurveyService for Surveys {
    async fn create_survey_answer(
        &self,
        request: Request<pb::CreateSurveyAnswerRequest>,
    ) -> Result<Response<pb::CreateSurveyAnswerResponse>, Status> {
        let survey_answer = Some(create(&self.0, request).await?);
        Ok(Response::new(pb::CreateSurveyAnswerResponse { survey_answer }))
    }

    async fn remove_survey_answer(
        &self,
        request: Request<pb::RemoveSurveyAnswerRequest>,
    ) -> Result<Response<pb::RemoveSurveyAnswerResponse>, Status> {
        let removed = along::remove(&self.0, request, (REMOVE, "survey_answer.removed"));
        let survey_answer = Some(removed.await?);
        Ok(Response::new(pb::RemoveSurveyAnswerResponse { survey_answer }))
    }

    async fn get_survey_answer(
        &self,
        request: Request<pb::GetSurveyAnswerRequest>,
    ) -> Result<Response<pb::GetSurveyAnswerResponse>, Status> {
        let principal = principal::of(&request)?;
        let pb::GetSurveyAnswerRequest { name } = request.into_inner();
        let survey_answer = Some(along::get(&self.0, &principal, GET, &name).await?);
        Ok(Response::new(pb::GetSurveyAnswerResponse { survey_answer }))
    }

    async fn list_survey_answers(
        &self,
        request: Request<pb::ListSurveyAnswersRequest>,
    ) -> Result<Response<pb::ListSurveyAnswersResponse>, Status> {
        Ok(Response::new(list(&self.0, request).await?))
    }

    async fn get_survey_results(
        &self,
        request: Request<pb::GetSurveyResultsRequest>,
    ) -> Result<Response<pb::GetSurveyResultsResponse>, Status> {
        Ok(Response::new(results::get(&self.0, request).await?))
    }
}

impl From<pb::RemoveSurveyAnswerRequest> for Removal {
    fn from(message: pb::RemoveSurveyAnswerRequest) -> Self {
        let pb::RemoveSurveyAnswerRequest {
            name,
            etag,
            reason,
            request_id: _,    // Told by the write.
            validate_only: _, // Told by the write.
        } = message;
        Self { name, etag, reason }
    }
}

/// What is asked for, read.
#[derive(Clone)]
struct Asked {
    name: SurveyAnswerName,
    content: Content,
}

async fn create(
    shared: &Shared,
    request: Request<pb::CreateSurveyAnswerRequest>,
) -> Result<pb::SurveyAnswer, Failure> {
    let principal = principal::of(&request)?;
    let write = shared.write_of(&principal, CREATE, request.get_ref())?;
    let asked = parse(&principal, request.into_inner(), shared.journal.clock().today())?;
    let reach = permissions::reach(&principal);
    let handed = shared.clone();
    let entries = shared.journal.write(write, move |transaction, step| {
        let (shared, asked, reach) = (handed.clone(), asked.clone(), reach.clone());
        Box::pin(async move { save(&shared, transaction, step, asked, &reach).await })
    });
    shared.answer(&principal, CREATE, &entries.await?, &Made::default()).await
}

fn parse(
    principal: &Principal,
    message: pb::CreateSurveyAnswerRequest,
    today: NaiveDate,
) -> Result<Asked, Failure> {
    let pb::CreateSurveyAnswerRequest {
        parent: sent_parent,
        survey_answer_id,
        survey_answer,
        request_id: _,    // Told by the write.
        validate_only: _, // Told by the write.
    } = message;
    let mut faults = Faults::new();
    let federation = parent(&mut faults, principal, &sent_parent)?;
    let id = faults.keep(along::new_id("survey_answer_id", &survey_answer_id, today));
    let name = id.map(|id| SurveyAnswerName::new(federation.clone(), id));
    let answer = survey_answer.ok_or_else(|| Fault::new("survey_answer", "FIELD_MISSING"));
    let content = faults.keep(answer).and_then(|sent| {
        faults.keep(check_given_name("survey_answer.name", &sent.name, name.as_ref()));
        faults.keep_nested("survey_answer", convert::survey::content(&federation, sent))
    });
    Ok(faults.into_result(|| Some(Asked { name: name?, content: content? }))?)
}

async fn save(
    shared: &Shared,
    transaction: &Transaction,
    step: Step,
    asked: Asked,
    reach: &Reach,
) -> Result<Vec<Draft>, Failure> {
    let Asked { name, content } = asked;
    let opened = along::open(shared, transaction, &content.enrolment, reach).await?;
    along::is_free(transaction, SURVEY_ANSWERS, (&name.federation, &name.id)).await?;
    let questions = questions(transaction, &content.questionnaire).await?;
    let standing = store::survey_answer::standing(transaction, &content).await?;
    let (day, today) = (content.day, day_in_sweden(step.now));
    let (enrolment, questions) = (&opened.enrolment, questions.as_ref());
    let entered =
        survey_answer::enter(name.clone(), content, enrolment, questions, standing, today)
            .map_err(|refusal| refused(refusal, day))?;
    let mut batch = Batch::on(transaction);
    store::survey_answer::insert(&mut batch, &index(&entered, 1), step.sequence).await?;
    batch.send().await?;
    let message = convert::survey::render(&entered, 1);
    let sealed_by = (&opened.key, &opened.enrolment.participant.id);
    Ok(vec![along::draft(sealed_by, "survey_answer.entered", (&name, &message))])
}

/// The questions of a questionnaire, when it is there.
async fn questions(
    connection: &impl ConnectionTrait,
    name: &QuestionnaireName,
) -> Result<Option<Questions>, Failure> {
    let Some(payload) = store::questionnaire::find(connection, name).await? else {
        return Ok(None);
    };
    let questionnaire = convert::questionnaire::parse(decoded(&payload)?)
        .map_err(|faults| anyhow::anyhow!("{name} cannot be read: {faults:?}"))?;
    Ok(Some(questionnaire.questions))
}

/// What answers are found by.
pub(crate) fn index(answer: &SurveyAnswer, revision: i64) -> Index {
    let SurveyAnswer { name, content, team, removed: _ } = answer;
    let Content { enrolment, questionnaire, occasion, day, answers: _ } = content;
    Index {
        name: name.clone(),
        enrolment: enrolment.clone(),
        team: team.clone(),
        questionnaire: questionnaire.clone(),
        occasion: *occasion,
        day: *day,
        revision,
    }
}

fn refused(refusal: EnterRefusal, day: NaiveDate) -> Failure {
    match refusal {
        EnterRefusal::InError => Failure::refused("ENROLMENT_IN_ERROR"),
        EnterRefusal::Answered { name } => Failure::Exists { name: name.to_string() },
        EnterRefusal::InFuture => {
            Fault::new("survey_answer.day", "DAY_IN_FUTURE").with("value", day).into()
        }
        EnterRefusal::Faulty(faults) => {
            let mut nested = Faults::new();
            nested.nest("survey_answer", faults);
            nested.into()
        }
    }
}

async fn list(
    shared: &Shared,
    request: Request<pb::ListSurveyAnswersRequest>,
) -> Result<pb::ListSurveyAnswersResponse, Failure> {
    let principal = principal::of(&request)?;
    let pb::ListSurveyAnswersRequest { parent, enrolment, page_size, page_token } =
        request.into_inner();
    let mut faults = Faults::new();
    let of = (parent.as_str(), enrolment.as_str());
    let filter = along::filter(&mut faults, &principal, of, (page_size, &page_token))?;
    let filter = faults.into_result(|| filter)?;
    let read = &shared.journal.database().read;
    let listed = store::survey_answer::list(read, &principal.federation, &filter).await?;
    let (survey_answers, next_page_token) =
        along::answer_list(shared, &principal, LIST, listed).await?;
    Ok(pb::ListSurveyAnswersResponse { survey_answers, next_page_token })
}
