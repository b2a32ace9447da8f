//! What is counted of all that happens along enrolments, from the tables and the facts of
//! the cases as they were known at a sequence: each thing counts where its case's person
//! belonged on its day.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{ConnectionTrait, DbErr, QueryResult, Value};
use values::{
    Period, Slug,
    name::{ParticipantName, PartyName, QuestionnaireName, SurveyAnswerName},
};

use super::{
    along::{MILESTONES, PLACEMENTS, SURVEY_ANSWERS, Table},
    query, slug,
};
use crate::{
    domain::{code::Sector, follow_up::Reached, milestone::MilestoneKind, survey_answer::Occasion},
    keyring::Tokens,
};

/// Whose people are counted, and as known when.
#[derive(Debug, Clone)]
pub(crate) struct Scope {
    /// The federation.
    pub(crate) federation: Slug,
    /// Of these parties and teams; none for all.
    pub(crate) within: Option<BTreeSet<(Slug, Slug)>>,
    /// The sequence.
    pub(crate) sequence: i64,
}

impl Scope {
    /// A condition on the fact `f` that is asked of those who see people alone.
    fn owned_still(&self) -> String {
        self.within.as_ref().map(|_| format!("AND {OWNED_STILL}")).unwrap_or_default()
    }
}

/// A count of a team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OfTeam<T> {
    /// The team's id.
    pub(crate) team: Slug,
    /// What is counted.
    pub(crate) counted: T,
}

/// The facts `f` that were known at `$2`.
const FACTS: &str = "f.federation_id = $1 AND f.known_from <= $2 AND $2 < f.known_to";

/// The facts `f` of those who were disposed of that were known at `$2`.
fn left_behind(table: Table) -> String {
    format!("FROM disposed_fact f WHERE {FACTS} AND f.collection = '{}'", table.collection)
}

/// The fact `f`, which is one of those meant, of the case that an enrolment `e` is of, and
/// where it was on a day: an exit and what comes after it belong to where it ended.
pub(super) fn on_day(meant: &str, day: &str) -> String {
    format!(
        "JOIN enrolment e ON e.federation_id = t.federation_id \
             AND e.enrolment_id = t.enrolment_id \
         JOIN case_fact f ON {meant} AND f.case_id = e.referral_id AND f.enrolled_first <= {day} \
             AND (f.enrolled_end IS NULL OR {day} < f.enrolled_end OR {day} >= f.exited)"
    )
}

/// A query's text, and what is bound in it.
struct Text {
    values: Vec<Value>,
    /// A condition on `f`; nothing for all.
    within: String,
}

impl Text {
    /// `$1` is the federation and `$2` the sequence; nothing when nobody is within.
    fn of(scope: &Scope) -> Option<Self> {
        let Scope { federation, within, sequence } = scope;
        let mut text = Self {
            values: vec![federation.as_str().into(), (*sequence).into()],
            within: String::new(),
        };
        if let Some(within) = within {
            let mut conditions = Vec::with_capacity(within.len());
            for (party, team) in within {
                let (party, team) = (text.bind(party.as_str()), text.bind(team.as_str()));
                conditions.push(format!("f.party_id = {party} AND f.team_id = {team}"));
            }
            if conditions.is_empty() {
                return None;
            }
            text.within = format!("AND ({})", conditions.join(" OR "));
        }
        Some(text)
    }

    fn bind(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    /// A condition: the day lies within the period.
    fn during(&mut self, day: &str, period: Period) -> String {
        let first = self.bind(period.first_day());
        let last = self.bind(period.last_day());
        format!("{day} BETWEEN {first} AND {last}")
    }
}

/// How the follow-ups some months after the exits of a period have ended, by team; how, as
/// known at a sequence that may be later than that of the exits.
pub(crate) async fn follow_ups(
    connection: &impl ConnectionTrait,
    scope: &Scope,
    (months, exits): (u32, Period),
    ends_known_at: i64,
) -> Result<Vec<OfTeam<(Option<Reached>, i64)>>, DbErr> {
    let Some(mut text) = Text::of(scope) else { return Ok(Vec::new()) };
    let during = text.during("f.exited", exits);
    let (since, until) = (text.bind(ends_known_at), text.bind(ends_known_at));
    let sql = format!(
        "SELECT f.team_id AS team_id, x.reached AS reached, \
             CAST(COUNT(*) AS bigint) AS how_many \
         FROM case_fact f LEFT JOIN follow_up_end x ON x.federation_id = f.federation_id \
             AND x.case_id = f.case_id AND x.months = {months} \
             AND x.known_from <= {since} AND {until} < x.known_to \
         WHERE {FACTS} AND {during} {} GROUP BY f.team_id, x.reached",
        text.within
    );
    let rows = query(connection, sql, text.values).await?;
    let count = |row: &QueryResult| {
        let reached: Option<i16> = row.try_get("", "reached")?;
        let unreadable = || DbErr::Type(format!("follow_up_end.reached is {reached:?}"));
        let reached = reached
            .map(|number| Reached::from_number(number).ok_or_else(unreadable))
            .transpose()?;
        of_team(row, (reached, row.try_get("", "how_many")?))
    };
    rows.iter().map(count).collect()
}

/// Who is counted: the same whether the case is still here or not.
fn who(row: &QueryResult, table: Table, tokens: &Tokens) -> Result<String, DbErr> {
    let person: String = row.try_get("", "person")?;
    let is_gone: i64 = row.try_get("", "is_gone")?;
    Ok(if is_gone == 1 { person } else { tokens.of(table.collection, &person) })
}

/// Milestones of a kind in a period, by team: how many people had how many.
pub(crate) async fn milestones(
    connection: &impl ConnectionTrait,
    scope: &Scope,
    period: Period,
    tokens: &Tokens,
) -> Result<Vec<OfTeam<(MilestoneKind, i64, i64)>>, DbErr> {
    let Some(mut text) = Text::of(scope) else { return Ok(Vec::new()) };
    let (during, during_then) = (text.during("t.day", period), text.during("f.day", period));
    let (of_case, left_behind, within) =
        (on_day(FACTS, "t.day"), left_behind(MILESTONES), &text.within);
    let sql = format!(
        "SELECT c.team_id AS team_id, c.kind AS kind, c.person AS person, \
             CAST(c.is_gone AS bigint) AS is_gone, CAST(COUNT(*) AS bigint) AS how_many \
         FROM (SELECT f.team_id AS team_id, t.kind AS kind, f.participant_id AS person, \
                 0 AS is_gone \
             FROM milestone t {of_case} \
             WHERE t.federation_id = $1 AND t.created_sequence <= $2 AND $2 < t.known_to \
                 AND {during} {within} \
             UNION ALL SELECT f.team_id, f.code, f.person, 1 {left_behind} \
                 AND {during_then} {within}) AS c \
         GROUP BY c.team_id, c.kind, c.person, c.is_gone"
    );
    let mut counts = BTreeMap::<(Slug, i16), (BTreeSet<String>, i64)>::new();
    for row in query(connection, sql, text.values).await? {
        let OfTeam { team, counted: kind } = of_team(&row, row.try_get("", "kind")?)?;
        let (people, how_many) = counts.entry((team, kind)).or_default();
        people.insert(who(&row, MILESTONES, tokens)?);
        *how_many += row.try_get::<i64>("", "how_many")?;
    }
    let count = |((team, kind), (people, how_many)): (_, (BTreeSet<String>, i64))| {
        let unreadable = || DbErr::Type(format!("milestone.kind is {kind}"));
        let kind = MilestoneKind::from_number(i32::from(kind)).ok_or_else(unreadable)?;
        Ok(OfTeam { team, counted: (kind, number(people.len()), how_many) })
    };
    counts.into_iter().map(count).collect()
}

fn number(how_many: usize) -> i64 {
    i64::try_from(how_many).unwrap_or(i64::MAX)
}

/// Placements that began or ended in a period, and those that went on at its end while
/// their person had not left; where they began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Placed {
    pub(crate) sector: Sector,
    pub(crate) begun: i64,
    /// How many people those that began were of.
    pub(crate) people: i64,
    pub(crate) ended: i64,
    pub(crate) open: i64,
}

/// Placements by team and sector.
pub(crate) async fn placements(
    connection: &impl ConnectionTrait,
    scope: &Scope,
    period: Period,
    tokens: &Tokens,
) -> Result<Vec<OfTeam<Placed>>, DbErr> {
    let Some(mut text) = Text::of(scope) else { return Ok(Vec::new()) };
    let (begun, ended) = (text.during("c.first_day", period), text.during("c.last_day", period));
    let (by, left, from) =
        (text.bind(period.last_day()), text.bind(period.last_day()), text.bind(period.last_day()));
    let (of_case, left_behind, within) =
        (on_day(FACTS, "t.first_day"), left_behind(PLACEMENTS), &text.within);
    let sql = format!(
        "SELECT c.team_id AS team_id, c.sector AS sector, c.person AS person, \
             CAST(c.is_gone AS bigint) AS is_gone, \
             CAST(SUM(CASE WHEN {begun} THEN 1 ELSE 0 END) AS bigint) AS begun, \
             CAST(SUM(CASE WHEN {ended} THEN 1 ELSE 0 END) AS bigint) AS ended, \
             CAST(SUM(CASE WHEN c.last_day <= {by} OR c.exited <= {left} THEN 0 ELSE 1 END) \
                 AS bigint) AS open \
         FROM (SELECT f.team_id AS team_id, f.participant_id AS person, 0 AS is_gone, \
                 t.sector AS sector, t.first_day AS first_day, \
                 CASE WHEN t.ended_sequence <= $2 THEN t.last_day END AS last_day, \
                 (SELECT MIN(g.exited) FROM case_fact g WHERE g.federation_id = $1 \
                     AND g.case_id = f.case_id AND g.known_from <= $2 AND $2 < g.known_to \
                 ) AS exited \
             FROM placement t {of_case} \
             WHERE t.federation_id = $1 AND t.created_sequence <= $2 AND $2 < t.known_to {within} \
             UNION ALL SELECT f.team_id, f.person, 1, f.code, f.day, \
                 CASE WHEN f.ended_sequence <= $2 THEN f.last_day END, f.exited \
             {left_behind} {within}) AS c \
         WHERE c.first_day <= {from} GROUP BY c.team_id, c.sector, c.person, c.is_gone"
    );
    let mut counts = BTreeMap::<(Slug, i16), (BTreeSet<String>, [i64; 3])>::new();
    for row in query(connection, sql, text.values).await? {
        let OfTeam { team, counted: sector } = of_team(&row, row.try_get("", "sector")?)?;
        let (people, sums) = counts.entry((team, sector)).or_default();
        for (sum, column) in sums.iter_mut().zip(["begun", "ended", "open"]) {
            *sum += row.try_get::<i64>("", column)?;
        }
        if row.try_get::<i64>("", "begun")? > 0 {
            people.insert(who(&row, PLACEMENTS, tokens)?);
        }
    }
    let count = |((team, sector), (people, sums)): (_, (BTreeSet<String>, [i64; 3]))| {
        let unreadable = || DbErr::Type(format!("placement.sector is {sector}"));
        let sector = Sector::from_number(i32::from(sector)).ok_or_else(unreadable)?;
        let ([begun, ended, open], people) = (sums, number(people.len()));
        Ok(OfTeam { team, counted: Placed { sector, begun, people, ended, open } })
    };
    counts.into_iter().map(count).collect()
}

/// A condition: the fact `f` is of one who could answer on an occasion in the period.
fn could_answer(text: &mut Text, occasion: Occasion, period: Period) -> String {
    match occasion {
        Occasion::Enrolment => {
            format!("f.is_new AND {}", text.during("f.enrolled_first", period))
        }
        Occasion::Exit => text.during("f.exited", period),
    }
}

/// A condition on the fact `f`: its party owns the record of the case's person still, or
/// owned it when the case went.
const OWNED_STILL: &str = "f.party_id = COALESCE((SELECT p.party_id FROM referral r \
        JOIN person p ON p.federation_id = r.federation_id AND p.person_id = r.person_id \
        WHERE r.federation_id = f.federation_id AND r.referral_id = f.case_id), \
    (SELECT d.party_id FROM disposed d WHERE d.federation_id = f.federation_id \
        AND d.collection = 'referrals' AND d.id = f.case_id))";

/// How many could answer on an occasion, by team. To those who see people, those alone
/// whose answers they are told.
pub(crate) async fn survey_base(
    connection: &impl ConnectionTrait,
    scope: &Scope,
    (occasion, period): (Occasion, Period),
) -> Result<Vec<OfTeam<i64>>, DbErr> {
    let Some(mut text) = Text::of(scope) else { return Ok(Vec::new()) };
    let could = could_answer(&mut text, occasion, period);
    let owned = scope.owned_still();
    let sql = format!(
        "SELECT f.team_id AS team_id, CAST(COUNT(*) AS bigint) AS how_many FROM case_fact f \
         WHERE {FACTS} AND {could} {owned} {} GROUP BY f.team_id",
        text.within
    );
    let rows = query(connection, sql, text.values).await?;
    rows.iter().map(|row| of_team(row, row.try_get("", "how_many")?)).collect()
}

/// Sealed answers of one who could answer.
#[derive(Debug, Clone)]
pub(crate) struct Answered {
    pub(crate) name: SurveyAnswerName,
    pub(crate) payload: Vec<u8>,
    pub(crate) participant: ParticipantName,
    pub(crate) party: PartyName,
    pub(crate) wrapped_key: Vec<u8>,
}

/// What those who could answer a questionnaire on an occasion have answered, by team. To
/// those who see people, of those alone that their party owns still: answers are opened.
pub(crate) async fn survey_answers(
    connection: &impl ConnectionTrait,
    scope: &Scope,
    questionnaire: &QuestionnaireName,
    (occasion, period): (Occasion, Period),
) -> Result<Vec<OfTeam<Answered>>, DbErr> {
    let Some(mut text) = Text::of(scope) else { return Ok(Vec::new()) };
    let could = could_answer(&mut text, occasion, period);
    let owned = scope.owned_still();
    let questionnaire = text.bind(questionnaire.id.as_str());
    let sql = format!(
        "SELECT f.team_id AS team_id, t.survey_answer_id AS survey_answer_id, \
             j.payload AS payload, p.person_id AS person_id, p.party_id AS party_id, \
             p.wrapped_key AS wrapped_key \
         FROM case_fact f \
         JOIN enrolment e ON e.federation_id = f.federation_id AND e.referral_id = f.case_id \
         JOIN person p ON p.federation_id = e.federation_id AND p.person_id = e.person_id \
         JOIN survey_answer t ON t.federation_id = e.federation_id \
             AND t.enrolment_id = e.enrolment_id AND t.questionnaire_id = {questionnaire} \
             AND t.occasion = {} AND t.created_sequence <= $2 AND $2 < t.known_to \
         JOIN journal j ON j.federation_id = t.federation_id AND j.sequence = t.sequence \
         WHERE {FACTS} AND {could} {owned} {}",
        occasion.number(),
        text.within
    );
    let rows = query(connection, sql, text.values).await?;
    let answered = |row: &QueryResult| {
        let id = |column: &str| slug(column, &row.try_get::<String>("", column)?);
        let within = || scope.federation.clone();
        let answered = Answered {
            name: SurveyAnswerName::new(within(), id("survey_answer_id")?),
            payload: row.try_get("", "payload")?,
            participant: ParticipantName::new(within(), id("person_id")?),
            party: PartyName::new(within(), id("party_id")?),
            wrapped_key: row.try_get("", "wrapped_key")?,
        };
        of_team(row, answered)
    };
    rows.iter().map(answered).collect()
}

/// The same of those who were disposed of: each answer to a question alone, in half steps.
/// To those who see people, of those alone that their party owned when the case went.
pub(crate) async fn answers_left_behind(
    connection: &impl ConnectionTrait,
    scope: &Scope,
    questionnaire: &QuestionnaireName,
    (occasion, period): (Occasion, Period),
) -> Result<Vec<OfTeam<(Slug, i32)>>, DbErr> {
    let Some(mut text) = Text::of(scope) else { return Ok(Vec::new()) };
    let during = text.during("f.day", period);
    let owned = scope.within.as_ref().map(|_| "AND f.is_owned").unwrap_or_default();
    let questionnaire = text.bind(questionnaire.id.as_str());
    let sql = format!(
        "SELECT f.team_id AS team_id, f.question_id AS question_id, f.halves AS halves {} \
             AND f.code = {} AND f.questionnaire_id = {questionnaire} AND {during} {owned} {}",
        left_behind(SURVEY_ANSWERS),
        occasion.number(),
        text.within
    );
    let rows = query(connection, sql, text.values).await?;
    let answer = |row: &QueryResult| {
        let question = slug("question_id", &row.try_get::<String>("", "question_id")?)?;
        of_team(row, (question, row.try_get("", "halves")?))
    };
    rows.iter().map(answer).collect()
}

/// Group activities as they were known, of all days, by team.
pub(crate) async fn group_activities(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    sequence: i64,
) -> Result<Vec<OfTeam<Vec<u8>>>, DbErr> {
    let sql = "SELECT t.team_id AS team_id, j.payload AS payload FROM group_activity t \
         JOIN journal j ON j.federation_id = t.federation_id AND j.sequence = (\
             SELECT MAX(k.sequence) FROM journal k WHERE k.federation_id = t.federation_id \
                 AND k.subject = 'federations/' || t.federation_id || '/groupActivities/' \
                     || t.group_activity_id \
                 AND k.sequence <= $2) \
         WHERE t.federation_id = $1 AND t.created_sequence <= $2";
    let values = vec![federation.as_str().into(), sequence.into()];
    let rows = query(connection, sql.to_owned(), values).await?;
    rows.iter().map(|row| of_team(row, row.try_get("", "payload")?)).collect()
}

fn of_team<T>(row: &QueryResult, counted: T) -> Result<OfTeam<T>, DbErr> {
    Ok(OfTeam { team: slug("team_id", &row.try_get::<String>("", "team_id")?)?, counted })
}
