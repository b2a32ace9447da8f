//! Counts over table `case_fact`: a grouped query for each stock of a table, over the
//! stretches of an index that its days touch. What a measure counts is
//! [`Measure::counts`], said here in SQL.

mod condition;
mod records;
mod seen;
mod waits;

use std::collections::{BTreeMap, BTreeSet};

use platform::{
    journal,
    sql::{is_among_bytes, uuids},
};
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Value};
use uuid::Uuid;
use values::{
    Period, Slug,
    name::{AreaName, MunicipalityName, PartyName, TeamName},
};

use super::{fact::party_team, municipality, query, slug};
use crate::domain::{
    banding::Band,
    disclosure::table::{BandedCut, Layout},
    fact::Measure,
    table_layout::Dimension,
    tabulation::{Areas, Counted, codes},
};

use condition::{Stock, counts};
pub(crate) use records::{Cell, records};
pub(crate) use seen::{Seen, seen};
pub(crate) use waits::{Wait, waits};

/// Where in the journal a count is true.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AsOf {
    /// The sequence.
    pub(crate) sequence: i64,
    /// The journal's head hash there.
    pub(crate) hash: Vec<u8>,
    /// True when the journal has not gone on since.
    pub(crate) is_present: bool,
}

/// Whose facts are counted.
#[derive(Debug, Clone)]
pub(crate) enum Whose {
    /// Everybody's.
    Everybody,
    /// Those of parties in teams.
    These(BTreeSet<(Slug, Slug)>),
}

/// What is counted.
#[derive(Debug)]
pub(crate) struct Question<'a> {
    /// The table.
    pub(crate) layout: &'a Layout,
    /// The days.
    pub(crate) period: Period,
    /// As known when.
    pub(crate) as_of: &'a AsOf,
    /// Of whom.
    pub(crate) whose: &'a Whose,
}

/// Where the journal is at a sequence, or now with 0; none when it has not come so far.
pub(crate) async fn as_of(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    sequence: i64,
) -> Result<Option<AsOf>, DbErr> {
    let head = journal::head(connection, federation).await?;
    if sequence == 0 || sequence == head.sequence {
        return Ok(Some(AsOf { sequence: head.sequence, hash: head.hash, is_present: true }));
    }
    let sql = "SELECT hash FROM journal WHERE federation_id = $1 AND sequence = $2".to_owned();
    let rows = query(connection, sql, vec![federation.as_str().into(), sequence.into()]).await?;
    let found = |row: &QueryResult| {
        Ok(AsOf { sequence, hash: row.try_get("", "hash")?, is_present: false })
    };
    rows.first().map(found).transpose()
}

/// The areas of the federation's municipalities.
pub(crate) async fn areas(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Areas, DbErr> {
    let all = municipality::all(connection, federation).await?.into_iter();
    Ok(all.filter_map(|(name, municipality)| Some((name, municipality.area?))).collect())
}

/// Counts: each stock with one query.
pub(crate) async fn count(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    question: &Question<'_>,
) -> Result<Counted, DbErr> {
    let Layout { measures, cuts } = question.layout;
    let areas = if cuts.iter().any(|cut| cut.dimension == Dimension::Area) {
        areas(connection, federation).await?
    } else {
        Areas::new()
    };
    let found_by = found_by(connection, federation, question.whose).await?;
    let reader = Reader::new(federation, cuts, &areas, &found_by);
    let mut table = Counted::new(measures);
    for stock in Stock::ALL {
        let of_stock = measures.iter().enumerate();
        let of_stock: Vec<(usize, Measure)> = of_stock
            .filter(|(_, measure)| Stock::of(**measure) == stock)
            .map(|(n, measure)| (n, *measure))
            .collect();
        if of_stock.is_empty() {
            continue;
        }
        let mut select = Select { connection, bound: Vec::new() };
        let sql = select.grouped(federation, question, &found_by, (stock, &of_stock));
        for row in &select.rows(sql, question.period).await? {
            let mut counts = vec![0; measures.len()];
            for (n, _) in &of_stock {
                counts[*n] = row.try_get("", &format!("count_{n}"))?;
            }
            table.add(reader.keys(row)?, &counts);
        }
    }
    Ok(table)
}

/// What facts are found by, with the party and the team that each stands for.
type FoundBy = BTreeMap<Uuid, (Slug, Slug)>;

async fn found_by(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    whose: &Whose,
) -> Result<FoundBy, DbErr> {
    let found_by = |(party, team): (Slug, Slug)| {
        (party_team(federation.as_str(), party.as_str(), team.as_str()), (party, team))
    };
    let rows = match whose {
        Whose::These(pairs) => return Ok(pairs.iter().cloned().map(found_by).collect()),
        Whose::Everybody => {
            let sql = "SELECT p.party_id AS party_id, t.team_id AS team_id FROM party p \
                       JOIN team t ON t.federation_id = p.federation_id \
                       WHERE p.federation_id = $1";
            query(connection, sql.to_owned(), vec![federation.as_str().into()]).await?
        }
    };
    let pair = |row: &QueryResult| {
        let id = |column: &str| slug(column, &row.try_get::<String>("", column)?);
        Ok((id("party_id")?, id("team_id")?))
    };
    rows.iter().map(|row| pair(row).map(found_by)).collect()
}

/// The column of a dimension; the party and the team are told by what facts are found by.
fn column(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Team => "team_id",
        Dimension::Area | Dimension::Municipality => "municipality_id",
        Dimension::Party => "party_id",
        Dimension::Sex => "sex",
        Dimension::Age => "age",
        Dimension::ReferringKind => "referring_kind",
        Dimension::ReferringParty => "sender_id",
        Dimension::ExitOutcome => "outcome",
        Dimension::LivelihoodBefore => "livelihood",
        Dimension::LivelihoodAfter => "livelihood_after",
    }
}

/// The column that a dimension is grouped by.
fn grouped_by(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Team | Dimension::Party => "party_team",
        other => column(other),
    }
}

/// What a cut groups by: a column, or the number of the age's band.
fn group(cut: &BandedCut) -> String {
    let column = grouped_by(cut.dimension);
    let Some(banding) = cut.banding.as_ref().filter(|_| cut.dimension == Dimension::Age) else {
        return format!("f.{column}");
    };
    let mut bands: Vec<(usize, &Band)> = banding.bands().iter().enumerate().collect();
    bands.sort_by_key(|(_, band)| band.oldest);
    // Whoever is older than all bands falls into the last one.
    let last = bands.pop().map_or(0, |(n, _)| n);
    let band = |(n, band): (usize, &Band)| format!(" WHEN f.age <= {} THEN {n}", band.oldest);
    let bands: String = bands.into_iter().map(band).collect();
    format!("CASE WHEN f.age IS NULL THEN NULL{bands} ELSE {last} END")
}

/// A query over facts, with what is bound to it: the federation first.
struct Select<'a, C> {
    connection: &'a C,
    bound: Vec<Value>,
}

impl<'a, C: ConnectionTrait> Select<'a, C> {
    fn new(connection: &'a C, federation: &Slug) -> Self {
        Self { connection, bound: vec![federation.as_str().into()] }
    }

    fn bind(&mut self, value: impl Into<Value>) -> String {
        self.bound.push(value.into());
        format!("${}", self.bound.len())
    }

    /// The condition for what is known of a table of facts.
    fn known(&mut self, as_of: &AsOf, table: &str) -> String {
        if as_of.is_present {
            // Written out: the index over what is known now is found by it.
            return format!("{table}.known_to = {}", i64::MAX);
        }
        let sequence = self.bind(as_of.sequence);
        format!("{table}.known_from <= {sequence} AND {table}.known_to > {sequence}")
    }

    /// A table's query: counts of a stock by the keys of the cuts. Only the index over what
    /// is known now has no need of the federation.
    fn grouped(
        &mut self,
        federation: &Slug,
        question: &Question<'_>,
        found_by: &FoundBy,
        (stock, measures): (Stock, &[(usize, Measure)]),
    ) -> String {
        let cuts = &question.layout.cuts;
        let mut known = self.found(found_by.keys().copied());
        known += &format!(" AND {}", self.known(question.as_of, "f"));
        if !question.as_of.is_present {
            known += &format!(" AND f.federation_id = {}", self.bind(federation.as_str()));
        }
        let columns = cuts.iter().map(|cut| grouped_by(cut.dimension));
        let columns: BTreeSet<&str> = columns.chain(stock.columns().iter().copied()).collect();
        let columns: Vec<String> = columns.iter().map(|column| format!("f.{column}")).collect();
        let columns = columns.join(", ");
        let stretch = |stretch: &&str| {
            format!("SELECT {columns} FROM case_fact f WHERE {known} AND {stretch}")
        };
        let stretches: Vec<String> = stock.stretches(measures).iter().map(stretch).collect();
        let keys = cuts.iter().enumerate().map(|(n, cut)| format!("{} AS cut_{n}", group(cut)));
        let counted = measures.iter();
        let counted = counted.map(|(n, measure)| {
            format!("COUNT(*) FILTER (WHERE {}) AS count_{n}", counts(*measure))
        });
        let selected: Vec<String> = keys.chain(counted).collect();
        let groups: Vec<String> = (1..=cuts.len()).map(|n| n.to_string()).collect();
        let mut sql =
            format!("SELECT {} FROM ({}) AS f", selected.join(", "), stretches.join(" UNION ALL "));
        if !groups.is_empty() {
            sql += &format!(" GROUP BY {}", groups.join(", "));
        }
        sql
    }

    /// The condition for facts `f` that are found by one of these.
    fn found(&mut self, found_by: impl Iterator<Item = Uuid>) -> String {
        let backend = self.connection.get_database_backend();
        let place = self.bind(uuids(backend, found_by));
        is_among_bytes(backend, "f.party_team", &place)
    }

    /// The condition for facts `f` of those who are counted.
    fn whose(&mut self, federation: &Slug, whose: &Whose) -> String {
        let Whose::These(pairs) = whose else { return "TRUE".to_owned() };
        let found_by = |(party, team): &(Slug, Slug)| {
            party_team(federation.as_str(), party.as_str(), team.as_str())
        };
        self.found(pairs.iter().map(found_by))
    }

    /// Runs it; `:first` and `:last` are the period's days.
    async fn rows(mut self, sql: String, period: Period) -> Result<Vec<QueryResult>, DbErr> {
        let mut sql = sql;
        for (word, day) in [(":first", period.first_day()), (":last", period.last_day())] {
            if sql.contains(word) {
                let place = self.bind(day);
                sql = sql.replace(word, &place);
            }
        }
        query(self.connection, sql, self.bound).await
    }
}

/// Reads keys of rows.
struct Reader<'a> {
    federation: &'a Slug,
    cuts: &'a [BandedCut],
    names: Vec<BTreeMap<i16, &'static str>>,
    areas: &'a Areas,
    /// The names of the party and the team that facts are found by.
    found_by: BTreeMap<Uuid, (String, String)>,
}

impl<'a> Reader<'a> {
    fn new(
        federation: &'a Slug,
        cuts: &'a [BandedCut],
        areas: &'a Areas,
        found_by: &FoundBy,
    ) -> Self {
        let found_by = found_by.iter().map(|(id, (party, team))| {
            let party = PartyName::new(federation.clone(), party.clone()).to_string();
            (*id, (party, TeamName::new(federation.clone(), team.clone()).to_string()))
        });
        let found_by = found_by.collect();
        let names = |cut: &BandedCut| codes(cut.dimension).unwrap_or_default().into_iter();
        let names = cuts.iter().map(|cut| names(cut).collect()).collect();
        Self { federation, cuts, names, areas, found_by }
    }

    fn keys(&self, row: &QueryResult) -> Result<Vec<String>, DbErr> {
        self.cuts.iter().enumerate().map(|(n, cut)| self.key(row, n, cut)).collect()
    }

    fn key(&self, row: &QueryResult, n: usize, cut: &BandedCut) -> Result<String, DbErr> {
        let column = format!("cut_{n}");
        let id = || slug(&column, &row.try_get::<String>("", &column)?);
        let home = || self.federation.clone();
        let part = match cut.dimension {
            Dimension::Team => self.pair(row, &column)?.1.clone(),
            Dimension::Party => self.pair(row, &column)?.0.clone(),
            Dimension::Area => {
                let area: Option<&AreaName> = self.areas.get(&MunicipalityName::new(home(), id()?));
                area.map(ToString::to_string).unwrap_or_default()
            }
            Dimension::Municipality => MunicipalityName::new(home(), id()?).to_string(),
            Dimension::ReferringParty => PartyName::new(home(), id()?).to_string(),
            Dimension::Age => return self.age(row, &column, cut),
            Dimension::Sex
            | Dimension::ReferringKind
            | Dimension::ExitOutcome
            | Dimension::LivelihoodBefore
            | Dimension::LivelihoodAfter => {
                let number: Option<i16> = row.try_get("", &column)?;
                let name = number.map(|number| {
                    let unknown = || DbErr::Type(format!("case_fact has the code {number}"));
                    self.names[n].get(&number).copied().ok_or_else(unknown)
                });
                name.transpose()?.unwrap_or_default().to_owned()
            }
        };
        Ok(cut.key_of(&part).to_owned())
    }

    /// The names of the party and the team of a row.
    fn pair(&self, row: &QueryResult, column: &str) -> Result<&(String, String), DbErr> {
        let found_by: Uuid = row.try_get("", column)?;
        let unasked = || DbErr::Type(format!("{column} is {found_by}, which nobody asked for"));
        self.found_by.get(&found_by).ok_or_else(unasked)
    }

    fn age(&self, row: &QueryResult, column: &str, cut: &BandedCut) -> Result<String, DbErr> {
        let Some(banding) = &cut.banding else {
            let age: Option<i16> = row.try_get("", column)?;
            return Ok(age.map(|age| age.to_string()).unwrap_or_default());
        };
        let band: Option<i32> = row.try_get("", column)?;
        let band = band.and_then(|band| usize::try_from(band).ok());
        let band = band.and_then(|band| banding.bands().get(band));
        Ok(band.map(|band| band.id.to_string()).unwrap_or_default())
    }
}
