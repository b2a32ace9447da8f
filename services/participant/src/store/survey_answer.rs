//! Table `survey_answer`: an index over the journal.

use chrono::NaiveDate;
use platform::{journalled::Recorded, sql::Batch};
use sea_orm::{ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _};
use values::{
    Slug,
    name::{EnrolmentName, QuestionnaireName, SurveyAnswerName, TeamName},
};

use super::{
    along::{self, Filter, Record, STILL, SURVEY_ANSWERS, Stood},
    entity::survey_answer::{Column, Entity, Model},
    slug,
};
use crate::domain::survey_answer::{Content, Occasion};

/// What of the answers of an occasion is searched, ordered or counted by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Index {
    /// The name.
    pub(crate) name: SurveyAnswerName,
    /// The enrolment.
    pub(crate) enrolment: EnrolmentName,
    /// The team of the enrolment.
    pub(crate) team: TeamName,
    /// The questionnaire.
    pub(crate) questionnaire: QuestionnaireName,
    /// The occasion.
    pub(crate) occasion: Occasion,
    /// When.
    pub(crate) day: NaiveDate,
    /// The number of the version.
    pub(crate) revision: i64,
}

/// The answers that stand for an occasion.
pub(crate) async fn standing(
    connection: &impl ConnectionTrait,
    content: &Content,
) -> Result<Option<SurveyAnswerName>, DbErr> {
    let Content { enrolment, questionnaire, occasion, day: _, answers: _ } = content;
    let select = Entity::find()
        .filter(Column::FederationId.eq(enrolment.federation.as_str()))
        .filter(Column::EnrolmentId.eq(enrolment.id.as_str()))
        .filter(Column::QuestionnaireId.eq(questionnaire.id.as_str()))
        .filter(Column::Occasion.eq(occasion.number()))
        .filter(Column::KnownTo.eq(STILL));
    Ok(select.one(connection).await?.map(index).transpose()?.map(|(index, _)| index.name))
}

/// A page of answers, newest first; and true when there is more.
pub(crate) async fn list(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    filter: &Filter,
) -> Result<(Vec<Record>, bool), DbErr> {
    along::list(connection, federation, (SURVEY_ANSWERS, ""), filter).await
}

/// Every row, for the check of the whole database.
pub(crate) async fn all(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<(Index, Stood)>, DbErr> {
    let select = Entity::find().filter(Column::FederationId.eq(federation.as_str()));
    select.all(connection).await?.into_iter().map(index).collect()
}

/// Adds answers.
pub(crate) async fn insert<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    index: &Index,
    sequence: i64,
) -> Result<(), DbErr> {
    batch.insert(Entity, vec![row(index, Stood::first(sequence))]).await
}

/// Adds the answers of several occasions, each with where the journal has them.
pub(crate) async fn insert_all<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    answers: impl IntoIterator<Item = (Index, Stood)>,
) -> Result<(), DbErr> {
    let rows = answers.into_iter().map(|(index, stood)| row(&index, stood));
    batch.insert(Entity, rows.collect()).await
}

fn row(index: &Index, stood: Stood) -> Model {
    let Index { name, enrolment, team, questionnaire, occasion, day, revision } = index;
    let Recorded { created_sequence, sequence } = stood.recorded;
    Model {
        federation_id: name.federation.to_string(),
        survey_answer_id: name.id.to_string(),
        enrolment_id: enrolment.id.to_string(),
        team_id: team.id.to_string(),
        questionnaire_id: questionnaire.id.to_string(),
        occasion: occasion.number(),
        day: *day,
        revision: *revision,
        known_to: stood.known_to(),
        created_sequence,
        sequence,
    }
}

fn index(row: Model) -> Result<(Index, Stood), DbErr> {
    let Model {
        federation_id,
        survey_answer_id,
        enrolment_id,
        team_id,
        questionnaire_id,
        occasion,
        day,
        revision,
        known_to,
        created_sequence,
        sequence,
    } = row;
    let federation = slug("federation_id", &federation_id)?;
    let own_id = slug("survey_answer_id", &survey_answer_id)?;
    let questionnaire_id = slug("questionnaire_id", &questionnaire_id)?;
    let unreadable = || DbErr::Type(format!("survey_answer.occasion is {occasion}"));
    let index = Index {
        name: SurveyAnswerName::new(federation.clone(), own_id),
        enrolment: EnrolmentName::new(federation.clone(), slug("enrolment_id", &enrolment_id)?),
        team: TeamName::new(federation.clone(), slug("team_id", &team_id)?),
        questionnaire: QuestionnaireName::new(federation, questionnaire_id),
        occasion: Occasion::from_number(occasion.into()).ok_or_else(unreadable)?,
        day,
        revision,
    };
    Ok((index, Stood::of(Recorded { created_sequence, sequence }, known_to)))
}
