//! `CriteriaService`: who a team is for, in versions.

use futures::FutureExt as _;
use platform::{
    Draft, Failure, Journal, Principal, Step, Write, journal::Transaction, journalled::Recorded,
    page::Page, principal,
};
use prost::Message as _;
use proto::participant as pb;
use proto::participant::criteria_service_server::CriteriaService;
use tonic::{Request, Response, Status};
use values::{
    Fault, Faults, Slug,
    name::{CriteriaName, TeamName},
};

use super::{check_given_name, convert, draft, page, parent, recorded};
use crate::{
    domain::criteria::{self, Criteria, EnterFacts, Refusal},
    store::{self},
};

const CREATE: &str = "/samordna.participant.v1.CriteriaService/CreateCriteria";

pub(super) struct CriteriaVersions(Journal);

#[tonic::async_trait]
impl CriteriaService for CriteriaVersions {
    async fn create_criteria(
        &self,
        request: Request<pb::CreateCriteriaRequest>,
    ) -> Result<Response<pb::CreateCriteriaResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.create(&principal, request.into_inner()).await?))
    }

    async fn get_criteria(
        &self,
        request: Request<pb::GetCriteriaRequest>,
    ) -> Result<Response<pb::GetCriteriaResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.get(&principal, request.into_inner()).await?))
    }

    async fn list_criteria(
        &self,
        request: Request<pb::ListCriteriaRequest>,
    ) -> Result<Response<pb::ListCriteriaResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.list(&principal, request.into_inner()).await?))
    }
}

impl CriteriaVersions {
    pub(super) fn new(journal: &Journal) -> Self {
        Self(journal.clone())
    }

    async fn create(
        &self,
        principal: &Principal,
        message: pb::CreateCriteriaRequest,
    ) -> Result<pb::CreateCriteriaResponse, Failure> {
        let write = Write::of(principal, CREATE, &message)?;
        let criteria = parse(principal, message)?;
        let step = self.0.write(write, move |transaction, step| {
            let criteria = criteria.clone();
            async move { save(transaction, step, criteria).await }.boxed()
        });
        let entries = step.await?;
        Ok(pb::CreateCriteriaResponse { criteria: Some(recorded(&entries)?) })
    }

    async fn get(
        &self,
        principal: &Principal,
        message: pb::GetCriteriaRequest,
    ) -> Result<pb::GetCriteriaResponse, Failure> {
        let pb::GetCriteriaRequest { name: sent } = message;
        let name = CriteriaName::parse("name", &sent)?;
        principal.is_in(&name.federation, &sent)?;
        let found = store::criteria::find(&self.0.database().read, &name).await?;
        let record = found.ok_or_else(|| Failure::not_found(&name))?;
        Ok(pb::GetCriteriaResponse { criteria: Some(convert::criteria::render(&open(&record)?)) })
    }

    async fn list(
        &self,
        principal: &Principal,
        message: pb::ListCriteriaRequest,
    ) -> Result<pb::ListCriteriaResponse, Failure> {
        let pb::ListCriteriaRequest { parent, team, page_size, page_token } = message;
        let (federation, page) = page(principal, &parent, page_size, &page_token)?;
        let team = convert::optional(&team, |team| {
            let parsed = TeamName::parse("team", team);
            convert::within(&federation, "team", parsed, |name| &name.federation)
        })?;
        let read = &self.0.database().read;
        let (records, next) =
            store::criteria::list(read, &federation, team.as_ref(), &page).await?;
        let rendered = |record| Ok::<_, Failure>(convert::criteria::render(&open(record)?));
        Ok(pb::ListCriteriaResponse {
            criteria: records.iter().map(rendered).collect::<Result<_, _>>()?,
            next_page_token: next.map(|last| Page::token(&last)).unwrap_or_default(),
        })
    }
}

/// A version as it is kept, read.
pub(crate) fn open(record: &store::criteria::Record) -> Result<Criteria, Failure> {
    let message = pb::Criteria::decode(record.payload.as_slice()).map_err(anyhow::Error::from)?;
    let no_criteria = |faults| anyhow::anyhow!("{} is none: {faults:?}", record.name);
    Ok(convert::criteria::kept(message).map_err(no_criteria)?)
}

fn parse(principal: &Principal, message: pb::CreateCriteriaRequest) -> Result<Criteria, Failure> {
    let pb::CreateCriteriaRequest {
        parent,
        criteria_id,
        criteria,
        request_id: _,    // Told by the write.
        validate_only: _, // Told by the write.
    } = message;
    let mut faults = Faults::new();
    let federation = self::parent(&mut faults, principal, &parent)?;
    let id = faults.keep(Slug::parse("criteria_id", &criteria_id));
    let name = id.map(|id| CriteriaName::new(federation.clone(), id));
    let sent = faults.keep(criteria.ok_or_else(|| Fault::new("criteria", "FIELD_MISSING")));
    let criteria = sent.and_then(|sent| {
        faults.keep(check_given_name("criteria.name", &sent.name, name.as_ref()));
        faults.keep_nested("criteria", convert::criteria::parse(&federation, name, sent))
    });
    Ok(faults.into_result(|| criteria)?)
}

async fn save(
    transaction: &Transaction,
    step: Step,
    criteria: Criteria,
) -> Result<Vec<Draft>, Failure> {
    let ground = store::criteria::ground(transaction, &criteria).await?;
    let store::criteria::Ground { is_taken, is_day_taken, is_team_known } = ground;
    let facts = EnterFacts { is_taken, is_day_taken, is_team_known };
    criteria::enter(&criteria, facts).map_err(|refusal| refused(refusal, &criteria))?;
    store::criteria::insert(transaction, &criteria, step.sequence).await?;
    let message = convert::criteria::render(&criteria);
    Ok(vec![draft("criteria.created", &criteria.name, &message)])
}

fn refused(refusal: Refusal, criteria: &Criteria) -> Failure {
    match refusal {
        Refusal::Taken => Failure::Exists { name: criteria.name.to_string() },
        Refusal::TeamUnknown(faults) => {
            let mut nested = Faults::new();
            nested.nest("criteria", faults);
            nested.into()
        }
        Refusal::DayTaken => {
            Failure::refused("CRITERIA_DAY_TAKEN").with("first_day", criteria.first_day)
        }
    }
}

/// A version that is recorded, and where the journal has it.
pub(crate) fn row(
    name: &str,
    payload: &[u8],
    recorded: Recorded,
) -> anyhow::Result<(Criteria, i64)> {
    let message = pb::Criteria::decode(payload)?;
    anyhow::ensure!(message.name == name, "is recorded under another name");
    let criteria = convert::criteria::kept(message);
    Ok((criteria.map_err(|faults| anyhow::anyhow!("{faults:?}"))?, recorded.sequence))
}
