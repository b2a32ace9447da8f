//! Table `disposed_fact`: what is counted of what happened along the enrolments of cases that
//! lead nowhere any more, as it was known at every sequence.
//!
//! It names neither the person nor the case: each milestone, placement and answer to a
//! question stands alone, with the first of the month for every day, so that whole months
//! count as they did. Milestones of one person have a token in common, and its placements
//! another one, so that people are still counted, each once whenever its cases went: nobody
//! makes it of the person's id without the installation's master key. Rows that went before
//! there were tokens have a random text, another one for what went at another time. What a row is known from leads to an entry of
//! the journal: that tells ids which mean nothing, and can be opened by nobody. No more than
//! the facts of their cases can these rows be made again of the journal.

use chrono::{Datelike as _, NaiveDate};
use platform::sql::{Batch, is_among, texts};
use sea_orm::{ConnectionTrait, DbErr, QueryResult};
use values::{Slug, name::SurveyAnswerName};

use super::{
    along::{MILESTONES, PLACEMENTS, SURVEY_ANSWERS},
    counted::on_day,
    entity::disposed_fact::{Entity, Model},
    query, slug,
};
use crate::{domain::survey_answer::Occasion, keyring::Tokens};

/// What is counted of something.
#[derive(Debug, Clone)]
pub(crate) struct Row(Model);

/// Sealed answers of somebody who could answer.
#[derive(Debug, Clone)]
pub(crate) struct Answered {
    /// Their name.
    pub(crate) name: SurveyAnswerName,
    /// The journal's present payload.
    pub(crate) payload: Vec<u8>,
    /// What is counted of each of them.
    row: Row,
}

/// What a row of each query has of the thing `t` and the fact `f` that it counts by.
const COUNTED: &str = "f.team_id AS team_id, f.party_id AS party_id, \
    f.participant_id AS participant_id, f.known_from AS fact_from, f.known_to AS fact_to, \
    t.created_sequence AS created_sequence, t.known_to AS known_to, \
    (SELECT p.party_id FROM person p WHERE p.federation_id = e.federation_id \
        AND p.person_id = e.person_id) AS owner_id";

/// A condition: `t` and `f` were known at the same time.
const TOGETHER: &str = "f.known_from < t.known_to AND t.created_sequence < f.known_to";

/// What is counted of milestones, placements, and answers to surveys along some cases;
/// the answers are to be opened.
pub(crate) async fn of_cases(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    cases: &[&Slug],
) -> Result<(Vec<Row>, Vec<Answered>), DbErr> {
    let backend = connection.get_database_backend();
    let theirs = is_among(backend, "e.referral_id", "$2");
    let theirs = format!("t.federation_id = $1 AND {TOGETHER} AND {theirs}");
    let values = || {
        let cases = texts(backend, cases.iter().map(|id| id.as_str()));
        vec![federation.as_str().into(), cases]
    };
    let of_case = |day| on_day("f.federation_id = t.federation_id", day);
    let sql = format!(
        "SELECT {COUNTED}, t.kind AS code, t.day AS day FROM milestone t {} WHERE {theirs}",
        of_case("t.day")
    );
    let mut rows = Vec::new();
    for row in query(connection, sql, values()).await? {
        let person = Some(row.try_get("", "participant_id")?);
        rows.push(Row(Model { person, ..counted(federation, MILESTONES.collection, &row)? }));
    }
    let sql = format!(
        "SELECT {COUNTED}, t.sector AS code, t.first_day AS day, t.last_day AS last_day, \
             t.ended_sequence AS ended_sequence, (SELECT MIN(g.exited) FROM case_fact g \
                 WHERE g.federation_id = f.federation_id AND g.case_id = f.case_id \
                     AND g.known_from = f.known_from) AS exited \
         FROM placement t {} WHERE {theirs}",
        of_case("t.first_day")
    );
    for row in query(connection, sql, values()).await? {
        rows.push(Row(Model {
            person: Some(row.try_get("", "participant_id")?),
            last_day: row.try_get::<Option<NaiveDate>>("", "last_day")?.map(coarse),
            ended_sequence: row.try_get("", "ended_sequence")?,
            exited: row.try_get::<Option<NaiveDate>>("", "exited")?.map(coarse),
            ..counted(federation, PLACEMENTS.collection, &row)?
        }));
    }
    let (began, left) = (Occasion::Enrolment.number(), Occasion::Exit.number());
    let sql = format!(
        "SELECT {COUNTED}, t.occasion AS code, t.questionnaire_id AS questionnaire_id, \
             CASE WHEN t.occasion = {began} THEN f.enrolled_first ELSE f.exited END AS day, \
             t.survey_answer_id AS survey_answer_id, j.payload AS payload \
         FROM survey_answer t \
         JOIN enrolment e ON e.federation_id = t.federation_id \
             AND e.enrolment_id = t.enrolment_id \
         JOIN case_fact f ON f.federation_id = t.federation_id AND f.case_id = e.referral_id \
             AND ((t.occasion = {began} AND f.is_new AND f.enrolled_first IS NOT NULL) \
                 OR (t.occasion = {left} AND f.exited IS NOT NULL)) \
         JOIN journal j ON j.federation_id = t.federation_id AND j.sequence = t.sequence \
         WHERE {theirs}"
    );
    let answered = |row: &QueryResult| {
        let id = slug("survey_answer_id", &row.try_get::<String>("", "survey_answer_id")?)?;
        let questionnaire_id = Some(row.try_get("", "questionnaire_id")?);
        let model = counted(federation, SURVEY_ANSWERS.collection, row)?;
        Ok(Answered {
            name: SurveyAnswerName::new(federation.clone(), id),
            payload: row.try_get("", "payload")?,
            row: Row(Model { questionnaire_id, ..model }),
        })
    };
    let answers = query(connection, sql, values()).await?;
    Ok((rows, answers.iter().map(answered).collect::<Result<_, DbErr>>()?))
}

fn counted(federation: &Slug, collection: &str, row: &QueryResult) -> Result<Model, DbErr> {
    let sequence = |column: &str| row.try_get::<i64>("", column);
    let (party_id, owner_id): (String, String) =
        (row.try_get("", "party_id")?, row.try_get("", "owner_id")?);
    Ok(Model {
        federation_id: federation.to_string(),
        disposed_fact_id: String::new(),
        collection: collection.to_owned(),
        team_id: row.try_get("", "team_id")?,
        is_owned: party_id == owner_id,
        party_id,
        code: row.try_get("", "code")?,
        day: coarse(row.try_get("", "day")?),
        last_day: None,
        ended_sequence: None,
        exited: None,
        person: None,
        questionnaire_id: None,
        question_id: None,
        halves: None,
        known_from: sequence("fact_from")?.max(sequence("created_sequence")?),
        known_to: sequence("fact_to")?.min(sequence("known_to")?),
    })
}

/// The first of the month.
fn coarse(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

impl Answered {
    /// What is counted of the answer to one of the questions.
    pub(crate) fn to(&self, question: &Slug, halves: i32) -> Row {
        let question_id = Some(question.to_string());
        Row(Model { question_id, halves: Some(halves), ..self.row.0.clone() })
    }
}

/// Keeps what is counted. `random` makes what tells rows apart, and `tokens` people.
pub(crate) async fn insert<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    rows: Vec<Row>,
    random: impl Fn() -> String,
    tokens: &Tokens,
) -> Result<(), DbErr> {
    let anonymous = |Row(row): Row| {
        let person = row.person.map(|id| tokens.of(&row.collection, &id));
        Model { disposed_fact_id: random(), person, ..row }
    };
    let mut rows: Vec<Model> = rows.into_iter().map(anonymous).collect();
    // What belonged together does not stand together.
    rows.sort_by(|one, other| one.disposed_fact_id.cmp(&other.disposed_fact_id));
    batch.insert(Entity, rows).await
}
