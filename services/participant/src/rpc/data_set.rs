//! `DataSetService`: agreements with evaluators, and what each is given out on.

use futures::FutureExt as _;
use platform::{
    Draft, Failure, Principal, Step, Write,
    journal::Transaction,
    journalled::{Recorded, all_decoded, id_of, next_page_token},
    page::Page,
    principal,
};
use proto::participant as pb;
use proto::participant::data_set_service_server::DataSetService;
use tonic::{Request, Response, Status};
use values::{
    Fault, Faults, Role, Slug,
    name::{AccountName, DataAgreementName, TableLayoutName},
};

use super::{
    Shared, check_given_name, convert, decoded, draft, page, parent, recorded, refused,
    tabulation::publication,
};
use crate::{
    domain::{
        data_set::{self, DataAgreement},
        table_layout::TableShape,
        tabulation::halves,
    },
    store::{self, data_agreement::Row},
};

const CREATE: &str = "/samordna.participant.v1.DataSetService/CreateDataAgreement";
const GET: &str = "/samordna.participant.v1.DataSetService/GetDataSet";

pub(super) struct DataSets(pub(super) Shared);

#[tonic::async_trait]
impl DataSetService for DataSets {
    async fn create_data_agreement(
        &self,
        request: Request<pb::CreateDataAgreementRequest>,
    ) -> Result<Response<pb::CreateDataAgreementResponse>, Status> {
        let data_agreement = Some(create(&self.0, request).await?);
        Ok(Response::new(pb::CreateDataAgreementResponse { data_agreement }))
    }

    async fn list_data_agreements(
        &self,
        request: Request<pb::ListDataAgreementsRequest>,
    ) -> Result<Response<pb::ListDataAgreementsResponse>, Status> {
        Ok(Response::new(list(&self.0, request).await?))
    }

    async fn get_data_set(
        &self,
        request: Request<pb::GetDataSetRequest>,
    ) -> Result<Response<pb::GetDataSetResponse>, Status> {
        Ok(Response::new(get(&self.0, request).await?))
    }
}

async fn create(
    shared: &Shared,
    request: Request<pb::CreateDataAgreementRequest>,
) -> Result<pb::DataAgreement, Failure> {
    let principal = principal::of(&request)?;
    let write = Write::of(&principal, CREATE, request.get_ref())?;
    let (name, agreement) = parse(&principal, request.into_inner())?;
    let step = shared.journal.write(write, move |transaction, step| {
        let (name, agreement) = (name.clone(), agreement.clone());
        async move { save(transaction, step, name, agreement).await }.boxed()
    });
    recorded(&step.await?)
}

fn parse(
    principal: &Principal,
    message: pb::CreateDataAgreementRequest,
) -> Result<(DataAgreementName, DataAgreement), Failure> {
    let pb::CreateDataAgreementRequest {
        parent: sent_parent,
        data_agreement_id,
        data_agreement,
        request_id: _,    // Told by the write.
        validate_only: _, // Told by the write.
    } = message;
    let mut faults = Faults::new();
    let federation = parent(&mut faults, principal, &sent_parent)?;
    let id = faults.keep(Slug::parse("data_agreement_id", &data_agreement_id));
    let name = id.map(|id| DataAgreementName::new(federation.clone(), id));
    let sent = data_agreement.ok_or_else(|| Fault::new("data_agreement", "FIELD_MISSING"));
    let agreement = faults.keep(sent).and_then(|sent| {
        faults.keep(check_given_name("data_agreement.name", &sent.name, name.as_ref()));
        faults.keep_nested("data_agreement", convert::data_set::agreement(&federation, sent))
    });
    Ok(faults.into_result(|| name.zip(agreement))?)
}

async fn save(
    transaction: &Transaction,
    step: Step,
    name: DataAgreementName,
    agreement: DataAgreement,
) -> Result<Vec<Draft>, Failure> {
    let is_taken = store::data_agreement::find(transaction, &name).await?.is_some();
    let shape = shape(transaction, &agreement.layout).await?;
    data_set::create(&agreement, is_taken, shape.as_ref())
        .map_err(|refusal| refused(refusal, &name, "data_agreement"))?;
    let draft =
        draft("data_agreement.created", &name, &convert::data_set::render(&name, &agreement));
    let row = Row { name, evaluator: agreement.evaluator, sequence: step.sequence };
    store::data_agreement::insert(transaction, &row).await?;
    Ok(vec![draft])
}

/// What a layout counts, and by what; none when it is not there.
async fn shape(
    transaction: &Transaction,
    name: &TableLayoutName,
) -> Result<Option<TableShape>, Failure> {
    let Some(payload) = store::table_layout::find(transaction, name).await? else {
        return Ok(None);
    };
    let layout = convert::table_layout::table_layout(decoded(&payload)?);
    let layout = layout.map_err(|faults| anyhow::anyhow!("{name} is none: {faults:?}"))?;
    Ok(Some(layout.shape))
}

async fn list(
    shared: &Shared,
    request: Request<pb::ListDataAgreementsRequest>,
) -> Result<pb::ListDataAgreementsResponse, Failure> {
    let principal = principal::of(&request)?;
    let pb::ListDataAgreementsRequest { parent, page_size, page_token } = request.into_inner();
    let (federation, page): (Slug, Page) = page(&principal, &parent, page_size, &page_token)?;
    let is_office = principal.has(Role::FederationAdministrator);
    let evaluator: Option<&AccountName> = (!is_office).then_some(&principal.account);
    let read = &shared.journal.database().read;
    let listed = store::data_agreement::list(read, &federation, evaluator, &page).await?;
    let data_agreements: Vec<pb::DataAgreement> = all_decoded(&listed)?;
    let token = |agreement: &pb::DataAgreement| id_of(&agreement.name).to_owned();
    let next_page_token = next_page_token(listed.has_more, &data_agreements, token);
    Ok(pb::ListDataAgreementsResponse { data_agreements, next_page_token })
}

async fn get(
    shared: &Shared,
    request: Request<pb::GetDataSetRequest>,
) -> Result<pb::GetDataSetResponse, Failure> {
    let principal = principal::of(&request)?;
    let pb::GetDataSetRequest { name: sent } = request.into_inner();
    let name = DataAgreementName::parse("name", &sent)?;
    principal.is_in(&name.federation, &sent)?;
    let found = store::data_agreement::find(&shared.journal.database().read, &name).await?;
    let payload = found.ok_or_else(|| Failure::not_found(&name))?;
    let (message, agreement) = kept(&name, &payload)?;
    if agreement.evaluator != principal.account {
        return Err(Failure::not_found(&name));
    }
    data_set::may_read(&agreement, shared.journal.clock().today())
        .map_err(|last_day| Failure::refused("AGREEMENT_ENDED").with("last_day", last_day))?;
    let halves = halves(agreement.period).unwrap_or_default();
    let publication = name.to_string();
    let asked = (publication.as_str(), GET);
    let tables = publication::tables(shared, &principal, asked, &agreement.layout, &halves).await?;
    let threshold = tables.first().map_or(0, |table| table.threshold);
    let (mut rows, mut parts) = (Vec::new(), Vec::new());
    for (half, table) in halves.into_iter().zip(&tables) {
        let (of_half, part) = convert::data_set::part(half, table);
        rows.extend(of_half);
        parts.push(part);
    }
    Ok(pb::GetDataSetResponse { data_agreement: Some(message), rows, parts, threshold })
}

fn kept(
    name: &DataAgreementName,
    payload: &[u8],
) -> Result<(pb::DataAgreement, DataAgreement), Failure> {
    let message: pb::DataAgreement = decoded(payload)?;
    let agreement = convert::data_set::agreement(&name.federation, message.clone());
    Ok((message, agreement.map_err(|faults| anyhow::anyhow!("{name} is none: {faults:?}"))?))
}

/// The row that finds a recorded agreement.
pub(crate) fn row(name: &str, payload: &[u8], recorded: Recorded) -> anyhow::Result<Row> {
    let Recorded { created_sequence, sequence } = recorded;
    anyhow::ensure!(created_sequence == sequence, "was changed");
    let name = DataAgreementName::parse("name", name);
    let name = name.map_err(|fault| anyhow::anyhow!("{fault:?}"))?;
    let (message, agreement) = kept(&name, payload)?;
    anyhow::ensure!(message.name == name.to_string(), "is recorded under another name");
    Ok(Row { name, evaluator: agreement.evaluator, sequence })
}
