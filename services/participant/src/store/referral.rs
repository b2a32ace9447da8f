//! Table `referral`: an index over the journal.

mod rows;

use chrono::NaiveDate;
use platform::sql::{is_among, texts};
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Value};
use values::{
    Slug,
    name::{
        MunicipalityName, ParticipantImportName, ParticipantName, PartyName, ReferralName, TeamName,
    },
};

use super::{Stretch, person, query, slug};
use crate::domain::{
    reach::{Belonging, Reach},
    referral::{Content, State},
};

pub(crate) use rows::{hand_over, insert, insert_all, update};

/// What of a referral is searched, ordered or joined by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Index {
    /// The name.
    pub(crate) name: ReferralName,
    /// The person.
    pub(crate) participant: ParticipantName,
    /// The team.
    pub(crate) team: TeamName,
    /// The responsible municipality.
    pub(crate) municipality: MunicipalityName,
    /// The party that owns the person's record.
    pub(crate) party: PartyName,
    /// The party that sent it.
    pub(crate) sender: PartyName,
    /// Where it stands.
    pub(crate) state: State,
    /// The day of the referral.
    pub(crate) referral_date: NaiveDate,
    /// True when it goes before others in the queue.
    pub(crate) goes_first: bool,
    /// The import that it came with.
    pub(crate) import: Option<ParticipantImportName>,
    /// The number of the version.
    pub(crate) revision: i64,
}

impl Index {
    /// Whose it is.
    pub(crate) fn belonging(&self) -> Belonging<'_> {
        Belonging { owner: &self.party.id, team: &self.team.id, sender: &self.sender.id }
    }
}

/// A referral as it is kept, and the person that it is about.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    /// What it is found by.
    pub(crate) index: Index,
    /// The sequence of the journal that it was sent with.
    pub(crate) created_sequence: i64,
    /// That of the present payload.
    pub(crate) sequence: i64,
    /// The one that its person was entered with.
    pub(crate) person_sequence: i64,
    /// The journal's present payload.
    pub(crate) payload: Vec<u8>,
    /// The person.
    pub(crate) person: person::Record,
}

/// What a referral is held against, but for the person.
#[derive(Debug)]
pub(crate) struct Ground {
    /// True when there is a referral of that name, or was one.
    pub(crate) is_taken: bool,
    /// True when the sending party is there.
    pub(crate) is_sender_known: bool,
    /// True when the team is there and serves the municipality.
    pub(crate) is_served: bool,
    /// The party that is responsible for the municipality's people.
    pub(crate) party: Option<PartyName>,
}

/// Which referrals a list is about.
#[derive(Debug, Clone)]
pub(crate) struct Filter {
    /// Those within reach.
    pub(crate) reach: Reach,
    /// Only those to this team.
    pub(crate) team: Option<TeamName>,
    /// Only those in this state.
    pub(crate) state: Option<State>,
    /// Only those about this person: as a team sees it, and never as a sender.
    pub(crate) participant: Option<ParticipantName>,
    /// Which stretch.
    pub(crate) stretch: Stretch,
}

pub(super) const COLUMNS: &str = "r.referral_id AS referral_id, r.team_id AS team_id, \
    r.municipality_id AS municipality_id, r.party_id AS party_id, r.sender_id AS sender_id, \
    r.state AS state, r.referral_date AS referral_date, r.goes_first AS goes_first, r.import_id AS import_id, r.revision AS revision, \
    r.created_sequence AS created_sequence, r.sequence AS referral_at, \
    r.person_sequence AS person_sequence, j.payload AS payload";

pub(super) const FROM: &str = "FROM referral r \
    JOIN journal j ON j.federation_id = r.federation_id AND j.sequence = r.sequence \
    JOIN person p ON p.federation_id = r.federation_id AND p.person_id = r.person_id \
    JOIN journal pj ON pj.federation_id = p.federation_id AND pj.sequence = p.sequence";

/// What a new referral is held against.
pub(crate) async fn ground(
    connection: &impl ConnectionTrait,
    name: &ReferralName,
    content: &Content,
) -> Result<Ground, DbErr> {
    let sql = "SELECT \
        (SELECT COUNT(*) FROM referral WHERE federation_id = $1 AND referral_id = $2) \
            + (SELECT COUNT(*) FROM disposed WHERE federation_id = $1 \
               AND collection = 'referrals' AND id = $2) AS named, \
        (SELECT COUNT(*) FROM party WHERE federation_id = $1 AND party_id = $3) AS senders, \
        (SELECT COUNT(*) FROM team_municipality \
         WHERE federation_id = $1 AND team_id = $4 AND municipality_id = $5) AS serving, \
        (SELECT party_id FROM municipality \
         WHERE federation_id = $1 AND municipality_id = $5) AS party_id";
    let federation = &name.federation;
    let values = vec![
        federation.as_str().into(),
        name.id.as_str().into(),
        content.sender.id.as_str().into(),
        content.team.id.as_str().into(),
        content.municipality.id.as_str().into(),
    ];
    let rows = query(connection, sql.to_owned(), values).await?;
    let row = rows.first().ok_or_else(|| DbErr::RecordNotFound("no row".to_owned()))?;
    let is_some = |column: &str| Ok::<_, DbErr>(row.try_get::<i64>("", column)? > 0);
    let party: Option<String> = row.try_get("", "party_id")?;
    let party = party.map(|id| slug("party_id", &id)).transpose()?;
    Ok(Ground {
        is_taken: is_some("named")?,
        is_sender_known: is_some("senders")?,
        is_served: is_some("serving")?,
        party: party.map(|id| PartyName::new(federation.clone(), id)),
    })
}

/// An open case of a person with a team: a referral that has not come to an end, or an
/// enrolment that has not.
pub(crate) async fn open_case(
    connection: &impl ConnectionTrait,
    participant: &ParticipantName,
    team: &TeamName,
) -> Result<Option<Index>, DbErr> {
    let open = State::ALL.iter().filter(|state| state.is_open());
    let open: Vec<String> = open.map(|state| state.number().to_string()).collect();
    let sql = format!(
        "SELECT {COLUMNS}, {} {FROM} \
         WHERE r.federation_id = $1 AND r.person_id = $2 AND r.team_id = $3 \
             AND (r.state IN ({}) OR EXISTS (SELECT 1 FROM enrolment e \
                 WHERE e.federation_id = r.federation_id AND e.referral_id = r.referral_id \
                     AND e.is_open)) \
         LIMIT 1",
        person::COLUMNS,
        open.join(", ")
    );
    let federation = &participant.federation;
    let values =
        vec![federation.as_str().into(), participant.id.as_str().into(), team.id.as_str().into()];
    let rows = query(connection, sql, values).await?;
    let found = rows.first().map(|row| record(federation, row)).transpose()?;
    Ok(found.map(|record| record.index))
}

/// One referral.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    name: &ReferralName,
) -> Result<Option<Record>, DbErr> {
    let sql = format!(
        "SELECT {COLUMNS}, {} {FROM} WHERE r.federation_id = $1 AND r.referral_id = $2",
        person::COLUMNS
    );
    let values = vec![name.federation.as_str().into(), name.id.as_str().into()];
    let rows = query(connection, sql, values).await?;
    rows.first().map(|row| record(&name.federation, row)).transpose()
}

/// Those of the name among the referrals.
pub(crate) async fn named<'a>(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    names: impl IntoIterator<Item = &'a ReferralName>,
) -> Result<Vec<Record>, DbErr> {
    let backend = connection.get_database_backend();
    let sql = format!(
        "SELECT {COLUMNS}, {} {FROM} WHERE r.federation_id = $1 AND {}",
        person::COLUMNS,
        is_among(backend, "r.referral_id", "$2")
    );
    let ids = names.into_iter().map(|name| name.id.as_str());
    let values = vec![federation.as_str().into(), texts(backend, ids)];
    let rows = query(connection, sql, values).await?;
    rows.iter().map(|row| record(federation, row)).collect()
}

/// Every referral of a person.
pub(crate) async fn of_person(
    connection: &impl ConnectionTrait,
    participant: &ParticipantName,
) -> Result<Vec<Record>, DbErr> {
    let sql = format!(
        "SELECT {COLUMNS}, {} {FROM} WHERE r.federation_id = $1 AND r.person_id = $2 \
         ORDER BY r.created_sequence",
        person::COLUMNS
    );
    let federation = &participant.federation;
    let values = vec![federation.as_str().into(), participant.id.as_str().into()];
    let rows = query(connection, sql, values).await?;
    rows.iter().map(|row| record(federation, row)).collect()
}

/// Every referral of some people.
pub(crate) async fn of_people<'a>(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    people: impl IntoIterator<Item = &'a Slug>,
) -> Result<Vec<Record>, DbErr> {
    let backend = connection.get_database_backend();
    let sql = format!(
        "SELECT {COLUMNS}, {} {FROM} WHERE r.federation_id = $1 AND {} \
         ORDER BY r.created_sequence",
        person::COLUMNS,
        is_among(backend, "r.person_id", "$2")
    );
    let people = texts(backend, people.into_iter().map(Slug::as_str));
    let rows = query(connection, sql, vec![federation.as_str().into(), people]).await?;
    rows.iter().map(|row| record(federation, row)).collect()
}

/// Every referral, for the check of the whole database.
pub(crate) async fn all(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<Record>, DbErr> {
    let sql = format!(
        "SELECT {COLUMNS}, {} {FROM} WHERE r.federation_id = $1 ORDER BY r.referral_id",
        person::COLUMNS
    );
    let rows = query(connection, sql, vec![federation.as_str().into()]).await?;
    rows.iter().map(|row| record(federation, row)).collect()
}

/// A page of referrals, newest first; none of people with protected identity. Also the
/// number that the next page begins below.
pub(crate) async fn list(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    filter: &Filter,
) -> Result<(Vec<Record>, Option<i64>), DbErr> {
    let Filter { reach, team, state, participant, stretch } = filter;
    let mut values: Vec<Value> =
        vec![federation.as_str().into(), stretch.below().into(), stretch.rows().into()];
    let mut bind = |value: Value| {
        values.push(value);
        format!("${}", values.len())
    };
    let mut narrowed = String::new();
    if let Some(team) = team {
        narrowed += &format!(" AND r.team_id = {}", bind(team.id.as_str().into()));
    }
    if let Some(state) = state {
        narrowed += &format!(" AND r.state = {}", bind(state.number().into()));
    }
    if let Some(participant) = participant {
        narrowed += &format!(" AND r.person_id = {}", bind(participant.id.as_str().into()));
    }
    let mut conditions = Vec::new();
    for (party, team) in &reach.people {
        let party = bind(party.as_str().into());
        let team = bind(team.as_str().into());
        conditions.push(format!("r.party_id = {party} AND r.team_id = {team}"));
    }
    let senders = reach.senders.iter().filter(|_| participant.is_none());
    for sender in senders {
        conditions.push(format!("r.sender_id = {}", bind(sender.as_str().into())));
    }
    if conditions.is_empty() {
        return Ok((Vec::new(), None));
    }
    // Each condition is a stretch of an index, which is read as far as the page goes.
    let arm = |(number, condition): (usize, &String)| {
        format!(
            "SELECT * FROM (SELECT r.created_sequence, r.referral_id FROM referral r \
             JOIN person p ON p.federation_id = r.federation_id AND p.person_id = r.person_id \
             WHERE r.federation_id = $1 AND r.created_sequence < $2 AND {condition}{narrowed} \
                 AND NOT p.is_protected \
             ORDER BY r.created_sequence DESC LIMIT $3) AS arm_{number}"
        )
    };
    let arms: Vec<String> = conditions.iter().enumerate().map(arm).collect();
    let sql = format!(
        "SELECT {COLUMNS}, {} {FROM} JOIN ({}) AS found ON found.referral_id = r.referral_id \
         WHERE r.federation_id = $1 ORDER BY r.created_sequence DESC LIMIT $3",
        person::COLUMNS,
        arms.join(" UNION ")
    );
    let rows = query(connection, sql, values).await?;
    let records = rows.iter().map(|row| record(federation, row)).collect::<Result<_, _>>()?;
    Ok(stretch.cut(records, |record: &Record| record.created_sequence))
}

/// The referrals that came with an import, in order.
pub(crate) async fn of_import(
    connection: &impl ConnectionTrait,
    import: &ParticipantImportName,
) -> Result<Vec<Record>, DbErr> {
    let sql = format!(
        "SELECT {COLUMNS}, {} {FROM} WHERE r.federation_id = $1 AND r.import_id = $2 \
         ORDER BY r.created_sequence",
        person::COLUMNS
    );
    let federation = &import.federation;
    let values = vec![federation.as_str().into(), import.id.as_str().into()];
    let rows = query(connection, sql, values).await?;
    rows.iter().map(|row| record(federation, row)).collect()
}

pub(super) fn record(federation: &Slug, row: &QueryResult) -> Result<Record, DbErr> {
    let id = |column: &str| slug(column, &row.try_get::<String>("", column)?);
    let state: i16 = row.try_get("", "state")?;
    let unreadable = || DbErr::Type(format!("referral.state is {state}"));
    let party = |id| PartyName::new(federation.clone(), id);
    let import: Option<String> = row.try_get("", "import_id")?;
    let import = import.map(|id| slug("import_id", &id)).transpose()?;
    let person = person::record(federation, row)?;
    let index = Index {
        name: ReferralName::new(federation.clone(), id("referral_id")?),
        participant: person.index.name.clone(),
        team: TeamName::new(federation.clone(), id("team_id")?),
        municipality: MunicipalityName::new(federation.clone(), id("municipality_id")?),
        party: party(id("party_id")?),
        sender: party(id("sender_id")?),
        state: State::from_number(state.into()).ok_or_else(unreadable)?,
        referral_date: row.try_get("", "referral_date")?,
        goes_first: row.try_get("", "goes_first")?,
        import: import.map(|id| ParticipantImportName::new(federation.clone(), id)),
        revision: row.try_get("", "revision")?,
    };
    Ok(Record {
        index,
        created_sequence: row.try_get("", "created_sequence")?,
        sequence: row.try_get("", "referral_at")?,
        person_sequence: row.try_get("", "person_sequence")?,
        payload: row.try_get("", "payload")?,
        person,
    })
}
