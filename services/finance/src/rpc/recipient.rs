//! `RecipientService`.

use std::collections::HashSet;

use platform::{
    Draft, Failure, Step, Write,
    journal::{ReadAt, Transaction},
    page::Page,
    principal,
    sql::Batch,
};
use proto::finance::{
    CreateRecipientRequest, CreateRecipientResponse, GetRecipientRequest, GetRecipientResponse,
    ListRecipientsRequest, ListRecipientsResponse, Recipient,
    recipient_service_server::RecipientService,
};
use sea_orm::DbErr;
use tonic::{Request, Response, Status};
use values::{Fault, Faults, Slug, name::RecipientName};

use super::{Shared, convert, draft, organisation, recorded};
use crate::{
    domain::recipient::{self, CreateFacts, CreateRefusal, RecipientParts},
    store,
};

const CREATE: &str = "/samordna.finance.v1.RecipientService/CreateRecipient";

pub(super) struct Recipients(pub(super) Shared);

#[tonic::async_trait]
impl RecipientService for Recipients {
    async fn create_recipient(
        &self,
        request: Request<CreateRecipientRequest>,
    ) -> Result<Response<CreateRecipientResponse>, Status> {
        let recipient = Some(create(&self.0, request).await?);
        Ok(Response::new(CreateRecipientResponse { recipient }))
    }

    async fn get_recipient(
        &self,
        request: Request<GetRecipientRequest>,
    ) -> Result<Response<GetRecipientResponse>, Status> {
        let recipient = Some(get(&self.0, request).await?);
        Ok(Response::new(GetRecipientResponse { recipient }))
    }

    async fn list_recipients(
        &self,
        request: Request<ListRecipientsRequest>,
    ) -> Result<Response<ListRecipientsResponse>, Status> {
        Ok(Response::new(list(&self.0, request).await?))
    }
}

async fn create(
    shared: &Shared,
    request: Request<CreateRecipientRequest>,
) -> Result<Recipient, Failure> {
    let principal = principal::of(&request)?;
    let write = Write::of(&principal, CREATE, request.get_ref())?;
    let (caller, _, message) = request.into_parts();
    let CreateRecipientRequest {
        parent,
        recipient_id,
        recipient,
        request_id: _,    // Told by the write.
        validate_only: _, // Told by the write.
    } = message;
    let mut faults = Faults::new();
    let federation = convert::parent(&principal, &parent, &mut faults)?;
    let content = recipient.ok_or_else(|| Fault::new("recipient", "FIELD_MISSING"))?;
    let name_of = |id| RecipientName::new(federation.clone(), id);
    let name = convert::new_name("recipient", &recipient_id, &content.name, name_of, &mut faults);
    let (mut parts, inner) = convert::recipient::parse(&federation, content);
    faults.nest("recipient", inner);
    parts.name = name;
    let team_is_known = match parts.team() {
        Some(team) => organisation::knows_team(&shared.organisation, &caller, team).await?,
        None => true,
    };

    let creation = Creation { federation, parts, faults, team_is_known };
    recorded(&shared.journal.order(write, creation).await?)
}

/// A recipient that is to be created, as far as it could be read.
struct Creation {
    federation: Slug,
    parts: RecipientParts,
    faults: Faults,
    team_is_known: bool,
}

/// The names that are taken, and what is to be added.
struct Book {
    taken: HashSet<RecipientName>,
    added: Vec<recipient::Recipient>,
}

impl platform::Order for Creation {
    type Book = Book;
    type Change = recipient::Recipient;

    async fn load(transaction: &Transaction, orders: &[&Self]) -> Result<ReadAt<Book>, DbErr> {
        let names = orders.iter().filter_map(|order| order.parts.name.as_ref());
        let ids = names.map(|name| name.id.as_str());
        // A group is of one federation.
        let taken = store::recipient::taken(transaction, &orders[0].federation, ids).await?;
        let ReadAt { read: taken, sequence } = taken;
        Ok(ReadAt { read: Book { taken, added: Vec::new() }, sequence })
    }

    fn decide(&self, book: &Book, _: Step) -> Result<(Vec<Draft>, Self::Change), Failure> {
        let Self { federation: _, parts, faults, team_is_known } = self;
        let is_taken = parts.name.as_ref().is_some_and(|name| book.taken.contains(name));
        let facts = CreateFacts { is_taken, team_is_known: *team_is_known };
        let created = recipient::create(parts.clone(), facts)
            .map_err(|refusal| refused(refusal, parts.name.clone(), faults.clone()))?;
        if !faults.is_empty() {
            return Err(faults.clone().into());
        }
        let resource = convert::recipient::render(&created);
        let drafts = vec![draft("recipient.created", &created.name, &resource)];
        Ok((drafts, created))
    }

    fn enter(book: &mut Book, created: Self::Change) {
        book.taken.insert(created.name.clone());
        book.added.push(created);
    }

    fn learn(book: &mut Book, created: Self::Change) {
        book.taken.insert(created.name);
    }

    async fn save(book: Book, batch: &mut Batch<'_, Transaction>) -> Result<(), DbErr> {
        store::recipient::insert(batch, &book.added).await
    }
}

fn refused(refusal: CreateRefusal, name: Option<RecipientName>, faults: Faults) -> Failure {
    match refusal {
        CreateRefusal::Faulty(found) => {
            convert::faulty(faults, "recipient", found.into_iter().map(convert::recipient::fault))
        }
        CreateRefusal::Taken => convert::taken(name),
    }
}

async fn get(shared: &Shared, request: Request<GetRecipientRequest>) -> Result<Recipient, Failure> {
    let principal = principal::of(&request)?;
    let GetRecipientRequest { name: sent } = request.into_inner();
    let name = RecipientName::parse("name", &sent)?;
    principal.is_in(&name.federation, &sent)?;
    let found = store::recipient::find(&shared.database().read, &name).await?;
    let recipient = found.ok_or_else(|| Failure::not_found(&name))?;
    Ok(convert::recipient::render(&recipient))
}

async fn list(
    shared: &Shared,
    request: Request<ListRecipientsRequest>,
) -> Result<ListRecipientsResponse, Failure> {
    let principal = principal::of(&request)?;
    let ListRecipientsRequest { parent, page_size, page_token } = request.into_inner();
    let mut faults = Faults::new();
    let federation = convert::parent(&principal, &parent, &mut faults)?;
    let page = faults.keep_nested("", Page::parse(page_size, &page_token));
    let page = faults.into_result(|| page)?;
    let listed = store::recipient::list(&shared.database().read, &federation, &page).await?;
    Ok(ListRecipientsResponse {
        recipients: listed.items.iter().map(convert::recipient::render).collect(),
        next_page_token: listed.next.map(|last| Page::token(&last)).unwrap_or_default(),
    })
}
