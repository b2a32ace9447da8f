//! `FundingTableService`.

use chrono::Datelike as _;
use platform::{
    Failure, Principal,
    convert::{period_from_proto, period_to_proto},
    journal::{self, Head},
    principal,
};
use proto::finance::{
    FundingTable, GetFundingTableRequest, GetFundingTableResponse,
    funding_table_service_server::FundingTableService,
};
use sea_orm::ConnectionTrait;
use tonic::{Request, Response, Status, metadata::MetadataMap};
use values::{Fault, Faults, Period, Slug};

use super::{Shared, convert, organisation::Directory};
use crate::{
    domain::funding_table::{self, Amounts, Cut, Facts, Filter, Question, SumTooLarge},
    store,
};

pub(super) struct FundingTables(pub(super) Shared);

#[tonic::async_trait]
impl FundingTableService for FundingTables {
    async fn get_funding_table(
        &self,
        request: Request<GetFundingTableRequest>,
    ) -> Result<Response<GetFundingTableResponse>, Status> {
        let funding_table = Some(get(&self.0, request).await?);
        Ok(Response::new(GetFundingTableResponse { funding_table }))
    }
}

async fn get(
    shared: &Shared,
    request: Request<GetFundingTableRequest>,
) -> Result<FundingTable, Failure> {
    let principal = principal::of(&request)?;
    let (caller, _, message) = request.into_parts();
    let asked = parse(&principal, message)?;
    let (table, head) = compute(shared, &caller, &asked).await?;
    let rows = table.rows.into_iter().map(convert::funding_table::render_row);
    Ok(FundingTable {
        parent: format!("federations/{}", asked.federation),
        year: asked.question.period.last_day().year(),
        period: Some(period_to_proto(asked.question.period)),
        rows: rows.collect(),
        total: Some(convert::funding_table::render_amounts(table.total)),
        sequence: head.sequence,
        head_hash: head.hash,
        cut: convert::funding_table::render_cut(asked.question.cut).into(),
    })
}

/// What is asked for, read.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) federation: Slug,
    pub(super) question: Question,
    known_at: Option<i64>,
}

/// Reads what is asked for.
pub(super) fn parse(
    principal: &Principal,
    message: GetFundingTableRequest,
) -> Result<Asked, Failure> {
    let GetFundingTableRequest {
        parent,
        year,
        period,
        cut,
        recipient,
        area,
        party,
        cost_kind,
        as_known_at,
    } = message;
    let mut faults = Faults::new();
    let federation = convert::parent(principal, &parent, &mut faults)?;
    if !(2000..=2999).contains(&year) {
        faults.push(Fault::new("year", "YEAR_OUT_OF_RANGE").with("value", year));
    }
    let period = period_from_proto("period", period).and_then(|period| within(year, period));
    let period = faults.keep_nested("", period);
    let cut = faults.keep(convert::funding_table::parse_cut(cut));
    let named = (recipient.as_str(), area.as_str(), party.as_str());
    let filter = convert::funding_table::parse_filter(&federation, named, cost_kind);
    let filter = faults.keep_nested("", filter);
    let known_at = match as_known_at {
        0 => None,
        sequence if sequence > 0 => Some(sequence),
        below => {
            faults.push(Fault::new("as_known_at", "SEQUENCE_NEGATIVE").with("value", below));
            None
        }
    };
    let question =
        faults.into_result(|| Some(Question { period: period?, cut: cut?, filter: filter? }))?;
    Ok(Asked { federation, question, known_at })
}

/// Computes the table, with where the journal is that it is true at.
pub(super) async fn compute(
    shared: &Shared,
    caller: &MetadataMap,
    asked: &Asked,
) -> Result<(funding_table::FundingTable, Head), Failure> {
    let Asked { federation, question, known_at } = asked;
    let directory = Directory { organisation: &shared.organisation, caller, federation };
    let mut facts = named(directory, question).await?;
    let picture = shared.database().snapshot().await?;
    let head = journal::head(&picture, federation).await?;
    let known_at = known_at.filter(|sequence| *sequence < head.sequence);
    let head = match known_at {
        None => head,
        Some(sequence) => {
            let then = journal::head_at(&picture, federation, sequence).await?;
            then.ok_or_else(|| anyhow::anyhow!("the journal has no sequence {sequence}"))?
        }
    };
    read(&picture, federation, question, known_at, &mut facts).await?;
    picture.rollback().await?;
    let table = funding_table::compute(question, facts, shared.under_warning_percent)
        .map_err(|SumTooLarge| anyhow::anyhow!("the sums of the funding table do not fit"))?;
    Ok((table, head))
}

/// Reads what the ledger and the requisitions say.
async fn read(
    picture: &impl ConnectionTrait,
    federation: &Slug,
    question: &Question,
    known_at: Option<i64>,
    facts: &mut Facts,
) -> Result<(), Failure> {
    facts.figures = store::funding_table::figures(picture, federation, question, known_at).await?;
    if question.has_grants() {
        facts.earlier =
            store::funding_table::earlier(picture, federation, question, known_at).await?;
        facts.forecasts = match known_at {
            None => store::funding_table::forecasts(picture, federation, question).await?,
            Some(sequence) => {
                let recorded =
                    store::funding_table::recorded(picture, federation, question, sequence).await?;
                convert::funding_table::recorded_forecasts(question.period, &recorded)?
            }
        };
    }
    Ok(())
}

/// The sums of all recipients, as the table has them.
pub(super) async fn total(
    shared: &Shared,
    picture: &impl ConnectionTrait,
    federation: &Slug,
    period: Period,
) -> Result<Amounts, Failure> {
    let question = Question { period, cut: Cut::Recipient, filter: Filter::default() };
    let mut facts = Facts::default();
    read(picture, federation, &question, None, &mut facts).await?;
    let table = funding_table::compute(&question, facts, shared.under_warning_percent)
        .map_err(|SumTooLarge| anyhow::anyhow!("the sums of the funding table do not fit"))?;
    Ok(table.total)
}

/// The names that the organisation knows, as far as the question is about them.
async fn named(directory: Directory<'_>, question: &Question) -> Result<Facts, Failure> {
    let mut facts = Facts::default();
    if question.cut == Cut::Area || question.filter.area.is_some() {
        facts.areas = directory.areas().await?;
        facts.area_of_team = directory.area_of_teams().await?;
    }
    if question.cut == Cut::Party {
        let parties = directory.parties().await?.into_iter();
        facts.party_names = parties.map(|(name, party)| (name, party.display_name)).collect();
    }
    Ok(facts)
}

/// Refuses a period that does not lie within the year.
pub(super) fn within(year: i32, period: Period) -> Result<Period, Faults> {
    let days = [period.first_day(), period.last_day()];
    if days.iter().all(|day| day.year() == year) {
        return Ok(period);
    }
    let fault = Fault::new("period", "PERIOD_OUTSIDE_YEAR")
        .with("first_day", period.first_day())
        .with("last_day", period.last_day())
        .with("year", year);
    Err(fault.into())
}
