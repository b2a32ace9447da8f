//! Layouts of tables.

use futures::FutureExt as _;
use platform::{
    Draft, Failure, Journal, Principal, Step, Write, journal::Transaction, journalled::Recorded,
    principal,
};
use proto::participant::{
    CreateTableLayoutRequest, CreateTableLayoutResponse, GetTableLayoutRequest,
    GetTableLayoutResponse, ListTableLayoutsRequest, ListTableLayoutsResponse,
    TableLayout as TableLayoutMessage, table_layout_service_server::TableLayoutService,
};
use tonic::{Request, Response, Status, async_trait};
use values::{Fault, Faults, Slug, name::TableLayoutName};

use super::{
    check_given_name,
    convert::table_layout::{table_layout, to_proto},
    decoded, draft, next_page_token, page, parent, recorded, refused,
};
use crate::{
    domain::{create::create, table_layout::TableLayout},
    store::{self},
};

const CREATE: &str = "/samordna.participant.v1.TableLayoutService/CreateTableLayout";

pub(super) struct TableLayouts(Journal);

#[async_trait]
impl TableLayoutService for TableLayouts {
    async fn create_table_layout(
        &self,
        request: Request<CreateTableLayoutRequest>,
    ) -> Result<Response<CreateTableLayoutResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.create(&principal, request.into_inner()).await?))
    }

    async fn get_table_layout(
        &self,
        request: Request<GetTableLayoutRequest>,
    ) -> Result<Response<GetTableLayoutResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.get(&principal, request.into_inner()).await?))
    }

    async fn list_table_layouts(
        &self,
        request: Request<ListTableLayoutsRequest>,
    ) -> Result<Response<ListTableLayoutsResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.list(&principal, request.into_inner()).await?))
    }
}

impl TableLayouts {
    pub(super) fn new(journal: &Journal) -> Self {
        Self(journal.clone())
    }

    async fn create(
        &self,
        principal: &Principal,
        message: CreateTableLayoutRequest,
    ) -> Result<CreateTableLayoutResponse, Failure> {
        let write = Write::of(principal, CREATE, &message)?;
        let (name, layout) = parse(principal, message)?;
        let step = self.0.write(write, move |transaction, step| {
            let (name, layout) = (name.clone(), layout.clone());
            async move { save(transaction, step, &name, &layout).await }.boxed()
        });
        let entries = step.await?;
        Ok(CreateTableLayoutResponse { table_layout: Some(recorded(&entries)?) })
    }

    async fn get(
        &self,
        principal: &Principal,
        message: GetTableLayoutRequest,
    ) -> Result<GetTableLayoutResponse, Failure> {
        let GetTableLayoutRequest { name: sent } = message;
        let name = TableLayoutName::parse("name", &sent)?;
        principal.is_in(&name.federation, &sent)?;
        let found = store::table_layout::find(&self.0.database().read, &name).await?;
        let payload = found.ok_or_else(|| Failure::not_found(&name))?;
        Ok(GetTableLayoutResponse { table_layout: Some(decoded(&payload)?) })
    }

    async fn list(
        &self,
        principal: &Principal,
        message: ListTableLayoutsRequest,
    ) -> Result<ListTableLayoutsResponse, Failure> {
        let ListTableLayoutsRequest { parent, page_size, page_token } = message;
        let (federation, page) = page(principal, &parent, page_size, &page_token)?;
        let read = &self.0.database().read;
        let listed = store::table_layout::list(read, &federation, &page).await?;
        let payloads = listed.items.iter().map(|(_, payload)| decoded(payload));
        Ok(ListTableLayoutsResponse {
            table_layouts: payloads.collect::<Result<Vec<TableLayoutMessage>, _>>()?,
            next_page_token: next_page_token(&listed, |name| &name.id),
        })
    }
}

fn parse(
    principal: &Principal,
    message: CreateTableLayoutRequest,
) -> Result<(TableLayoutName, TableLayout), Failure> {
    let CreateTableLayoutRequest {
        parent,
        table_layout_id,
        table_layout: sent,
        request_id: _,
        validate_only: _,
    } = message;
    let mut faults = Faults::new();
    let federation = self::parent(&mut faults, principal, &parent)?;
    let id = faults.keep(Slug::parse("table_layout_id", &table_layout_id));
    let name = id.map(|id| TableLayoutName::new(federation, id));
    let sent = faults.keep(sent.ok_or_else(|| Fault::new("table_layout", "FIELD_MISSING")));
    let layout = sent.and_then(|sent| {
        faults.keep(check_given_name("table_layout.name", &sent.name, name.as_ref()));
        faults.keep_nested("table_layout", table_layout(sent))
    });
    Ok(faults.into_result(|| name.zip(layout))?)
}

async fn save(
    transaction: &Transaction,
    step: Step,
    name: &TableLayoutName,
    layout: &TableLayout,
) -> Result<Vec<Draft>, Failure> {
    let taken = store::table_layout::find(transaction, name).await?.is_some();
    let bandings = layout.shape.cuts().iter().filter_map(|cut| cut.banding.as_ref());
    let known = store::banding::dimensions(transaction, &name.federation, bandings).await?;
    create(taken, layout.shape.check_bandings(&known))
        .map_err(|refusal| refused(refusal, name, "table_layout"))?;
    store::table_layout::insert(transaction, name, step.sequence).await?;
    Ok(vec![draft("table_layout.created", name, &to_proto(name, layout))])
}

/// What finds a layout that is recorded: its name and where the journal has it.
pub(crate) fn row(
    name: &str,
    payload: &[u8],
    recorded: Recorded,
) -> anyhow::Result<(TableLayoutName, i64)> {
    let message: TableLayoutMessage = prost::Message::decode(payload)?;
    anyhow::ensure!(message.name == name, "is recorded under another name");
    let name = TableLayoutName::parse("name", name);
    Ok((name.map_err(|fault| anyhow::anyhow!("{fault:?}"))?, recorded.sequence))
}
