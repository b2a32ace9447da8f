//! What many have answered to each question of a questionnaire.

use platform::{Failure, principal};
use proto::participant as pb;
use sea_orm::ConnectionTrait;
use tonic::Request;
use values::{Fault, Faults, Period, Slug, name::QuestionnaireName};

use super::questions;
use crate::{
    domain::{
        questionnaire::{Question, Questions},
        survey_answer::Occasion,
        survey_result::{SurveyResult, survey_result},
    },
    rpc::{
        Shared, along, convert,
        counted::{Asked, ByTeam, Moment, Sent, Told, Whose, moment, parse, settled_or_refused},
        people, tabulation,
    },
    store::{
        self,
        counted::{Answered, OfTeam, Scope},
    },
};

const GET: &str = "/samordna.participant.v1.SurveyService/GetSurveyResults";

/// What is asked for.
struct Survey {
    questionnaire: QuestionnaireName,
    questions: Questions,
    occasion: Occasion,
    period: Period,
}

/// Who could answer and what they answered, by team.
struct Counted {
    base: Vec<OfTeam<i64>>,
    answers: Vec<OfTeam<Vec<(Slug, i32)>>>,
}

pub(super) async fn get(
    shared: &Shared,
    request: Request<pb::GetSurveyResultsRequest>,
) -> Result<pb::GetSurveyResultsResponse, Failure> {
    let principal = principal::of(&request)?;
    let pb::GetSurveyResultsRequest { parent, questionnaire, occasion, period, teams, as_known_at } =
        request.into_inner();
    let mut faults = Faults::new();
    let sent = Sent { parent: &parent, period, teams: &teams, as_known_at };
    let asked = parse(&mut faults, &principal, sent)?;
    let parsed = QuestionnaireName::parse("questionnaire", &questionnaire);
    let federation = &principal.federation;
    let name = convert::within(federation, "questionnaire", parsed, |name| &name.federation);
    let name = faults.keep(name);
    let read_occasion = Occasion::from_number;
    let occasion = faults.keep(convert::code::code("occasion", occasion, read_occasion));
    let (asked, questionnaire, occasion) =
        faults.into_result(|| Some((asked?, name?, occasion?)))?;
    let picture = shared.journal.database().snapshot().await?;
    let unknown =
        || Fault::new("questionnaire", "QUESTIONNAIRE_UNKNOWN").with("value", &questionnaire);
    let questions = questions(&picture, &questionnaire).await?.ok_or_else(unknown)?;
    let Asked { federation, period, whose } = asked;
    let survey = Survey { questionnaire, questions, occasion, period };
    let (told, known, scope) = match &whose {
        Whose::Own { within, as_known_at } => {
            let known = moment(shared, &picture, &federation, *as_known_at).await?;
            let scope = known.scope(&federation, Some(within.clone()));
            (Told::Exact, known, scope)
        }
        Whose::All { team } => {
            let last_day = period.last_day();
            let known = settled_or_refused(shared, &picture, &federation, last_day).await?;
            let threshold = tabulation::threshold(&picture, &federation).await?;
            let scope = known.scope(&federation, None);
            (Told::Protected { team: team.as_ref(), threshold }, known, scope)
        }
    };
    let found = load(&picture, &scope, &survey).await?;
    picture.rollback().await?;
    if told.is_exact() {
        // Who sees people may ask for so few that it reads what one has answered.
        let owned = found.sealed.iter().map(|OfTeam { team: _, counted }| {
            (counted.party.clone(), counted.participant.id.clone())
        });
        shared.log(&principal, GET, owned).await?;
    }
    let counted = open(shared, found)?;
    Ok(response(&survey, &counted, told, known))
}

/// What is counted, as it was found at one time: nobody is disposed of in between.
struct Found {
    base: Vec<OfTeam<i64>>,
    sealed: Vec<OfTeam<Answered>>,
    left_behind: Vec<OfTeam<(Slug, i32)>>,
}

async fn load(
    picture: &impl ConnectionTrait,
    scope: &Scope,
    survey: &Survey,
) -> Result<Found, Failure> {
    let Survey { questionnaire, questions: _, occasion, period } = survey;
    let when = (*occasion, *period);
    Ok(Found {
        base: store::counted::survey_base(picture, scope, when).await?,
        sealed: store::counted::survey_answers(picture, scope, questionnaire, when).await?,
        left_behind: store::counted::answers_left_behind(picture, scope, questionnaire, when)
            .await?,
    })
}

fn open(shared: &Shared, Found { base, sealed, left_behind }: Found) -> Result<Counted, Failure> {
    let open = |OfTeam { team, counted }: OfTeam<Answered>| {
        let Answered { name, payload, participant, party, wrapped_key } = counted;
        let key = shared.unwrapped(&participant, &party, &wrapped_key)?;
        let message: pb::SurveyAnswer = along::opened(&key, &name.to_string(), &payload)?;
        let unreadable = |faults| people::unreadable(&name.to_string(), &faults);
        let answer = convert::survey::kept(message).map_err(unreadable)?;
        Ok(OfTeam { team, counted: answer.content.answers })
    };
    let mut answers = sealed.into_iter().map(open).collect::<Result<Vec<_>, Failure>>()?;
    let alone = |OfTeam { team, counted }| OfTeam { team, counted: vec![counted] };
    answers.extend(left_behind.into_iter().map(alone));
    Ok(Counted { base, answers })
}

impl Counted {
    /// How many could answer.
    fn base(&self, told: Told<'_>) -> i64 {
        told.of(&self.base).sum()
    }

    /// What was answered to a question.
    fn result(&self, question: &Question, told: Told<'_>) -> SurveyResult {
        let answers = told.of(&self.answers).flatten();
        let own = answers.filter(|(id, _)| *id == question.id).map(|(_, halves)| *halves);
        survey_result(question.scale, self.base(told), own)
    }

    /// How many of a team answered a question.
    fn answered(&self, question: &Question, team: &Slug) -> i64 {
        let answers = self.answers.iter().filter(|of_team| of_team.team == *team);
        let own = answers.flat_map(|of_team| &of_team.counted);
        let own = own.filter(|(id, _)| *id == question.id).count();
        i64::try_from(own).unwrap_or(i64::MAX)
    }

    /// Each team is told by how many answered each question and how many did not.
    fn by_team(&self, questions: &[Question]) -> ByTeam {
        let of_team = |OfTeam { team, counted: base }: &OfTeam<i64>| {
            let answered = questions.iter().map(|one| self.answered(one, team));
            let counts = answered.flat_map(|answered| [answered, base - answered]);
            (team.clone(), counts.collect())
        };
        self.base.iter().map(of_team).collect()
    }
}

/// How the answers spread over the steps of a scale is told where it is exact; elsewhere
/// means are told in tenths, which do not tell of how many they are.
fn response(
    survey: &Survey,
    counted: &Counted,
    told: Told<'_>,
    known: Moment,
) -> pb::GetSurveyResultsResponse {
    let questions = survey.questions.as_slice();
    let is_told = told.is_exact() || told.tells(&counted.by_team(questions));
    let result = |question: &Question| {
        let result = is_told.then(|| counted.result(question, told));
        let steps = result.as_ref().filter(|_| told.is_exact());
        pb::QuestionResult {
            question: question.id.to_string(),
            answered: result.as_ref().map(|result| told.number(result.answered)),
            mean_hundredths: result.as_ref().and_then(|result| mean(result, told)),
            by_step: steps.map(|result| result.by_step.clone()).unwrap_or_default(),
        }
    };
    let questions = questions.iter().map(result).collect();
    let Moment { sequence, head_hash, day: _ } = known;
    let base = is_told.then(|| told.number(counted.base(told)));
    pb::GetSurveyResultsResponse { base, questions, sequence, head_hash }
}

fn mean(result: &SurveyResult, told: Told<'_>) -> Option<i64> {
    let hundredths = result.mean_hundredths?;
    Some(if told.is_exact() { hundredths } else { (hundredths + 5).div_euclid(10) * 10 })
}
