//! `AccountService`.

use std::collections::HashMap;

use chrono::NaiveDate;
use platform::{
    Draft, Failure, Principal, Write,
    clock::day_in_sweden,
    convert::{text, timestamp},
    page::Page,
    principal,
};
use prost::Message as _;
use proto::gateway::{
    self as pb, CreateAccountRequest, CreateAccountResponse, GetAccountRequest, GetAccountResponse,
    GetOwnAccountRequest, GetOwnAccountResponse, InviteAccountRequest, InviteAccountResponse,
    ListAccountsRequest, ListAccountsResponse, account_service_server::AccountService,
};
use sea_orm::ConnectionTrait;
use tonic::{Request, Response, Status};
use values::{
    Fault, Faults, Slug,
    name::{AccountName, PartyName},
};

use super::{Shared, convert, parent, recorded};
use crate::{
    domain::{
        account::{Account, AccountKind},
        role_grant::{Granted, Reach, check_invitation},
    },
    invitation::Invitation,
    store,
};

const CREATE: &str = "/samordna.gateway.v1.AccountService/CreateAccount";
const INVITE: &str = "/samordna.gateway.v1.AccountService/InviteAccount";
const LONGEST_NAME: usize = 200;

pub(super) struct Accounts(pub(super) Shared);

#[tonic::async_trait]
impl AccountService for Accounts {
    async fn get_own_account(
        &self,
        request: Request<GetOwnAccountRequest>,
    ) -> Result<Response<GetOwnAccountResponse>, Status> {
        let caller = principal::of(&request)?;
        let GetOwnAccountRequest {} = request.into_inner();
        let account = own(&self.0, &caller).await?;
        Ok(Response::new(GetOwnAccountResponse { account: Some(account) }))
    }

    async fn create_account(
        &self,
        request: Request<CreateAccountRequest>,
    ) -> Result<Response<CreateAccountResponse>, Status> {
        let caller = principal::of(&request)?;
        Ok(Response::new(create(&self.0, &caller, request.into_inner()).await?))
    }

    async fn invite_account(
        &self,
        request: Request<InviteAccountRequest>,
    ) -> Result<Response<InviteAccountResponse>, Status> {
        let caller = principal::of(&request)?;
        Ok(Response::new(invite(&self.0, &caller, request.into_inner()).await?))
    }

    async fn get_account(
        &self,
        request: Request<GetAccountRequest>,
    ) -> Result<Response<GetAccountResponse>, Status> {
        let caller = principal::of(&request)?;
        let GetAccountRequest { name } = request.into_inner();
        let account = Some(get(&self.0, &caller, &name).await?);
        Ok(Response::new(GetAccountResponse { account }))
    }

    async fn list_accounts(
        &self,
        request: Request<ListAccountsRequest>,
    ) -> Result<Response<ListAccountsResponse>, Status> {
        let caller = principal::of(&request)?;
        Ok(Response::new(list(&self.0, &caller, request.into_inner()).await?))
    }
}

async fn own(shared: &Shared, caller: &Principal) -> Result<pb::Account, Failure> {
    let read = &shared.journal.database().read;
    let today = shared.journal.clock().today();
    let found = store::account::find(read, &caller.account, today).await?;
    let account = found.ok_or(Failure::Unauthenticated)?;
    let held = store::role_grant::of_accounts(read, &caller.federation, [&account.name]).await?;
    let held: Vec<Granted> = held.into_iter().filter(|granted| !granted.is_over(today)).collect();
    Ok(convert::account::render(&account, &held))
}

async fn create(
    shared: &Shared,
    caller: &Principal,
    message: CreateAccountRequest,
) -> Result<CreateAccountResponse, Failure> {
    let write = Write::of(caller, CREATE, &message)?;
    let account = parse_create(caller, message)?;
    if !Reach::of(&caller.grants).keeps(account.party.as_ref()) {
        return Err(Failure::Denied);
    }
    let name = account.name.clone();
    let invitation = Invitation::new(shared.journal.clock().now())?;
    let code = invitation.kept.clone();
    let step = shared.journal.write(write, move |transaction, _step| {
        let (account, code) = (account.clone(), code.clone());
        Box::pin(async move {
            if store::account::is_taken(transaction, account.name.id.as_str()).await? {
                return Err(Failure::Exists { name: account.name.to_string() });
            }
            // Without a secret until the person chooses one.
            store::account::insert(transaction, &account, "").await?;
            code.save(transaction, &account.name).await?;
            let payload = convert::account::render(&account, &[]).encode_to_vec();
            let subject = account.name.to_string();
            Ok(vec![Draft { kind: "account.created", subject, payload }])
        })
    });
    let account = Some(recorded(&step.await?)?);
    let invitation = told(shared, &name, invitation).await?;
    Ok(CreateAccountResponse { account, invitation })
}

fn parse_create(caller: &Principal, message: CreateAccountRequest) -> Result<Account, Failure> {
    let CreateAccountRequest {
        parent: sent_parent,
        account_id,
        account,
        request_id: _,    // Told by the write.
        validate_only: _, // Told by the write.
    } = message;
    let mut faults = Faults::new();
    let federation = parent(&mut faults, caller, &sent_parent)?;
    let id = faults.keep(Slug::parse("account_id", &account_id));
    if account_id.bytes().filter(u8::is_ascii_digit).count() >= 10 {
        faults.push(Fault::new("account_id", "TELLS_WHO"));
    }
    let name = id.map(|id| AccountName::new(federation.clone(), id));
    let account = account.ok_or_else(|| Fault::new("account", "FIELD_MISSING"))?;
    // Roles are granted afterwards.
    let pb::Account { name: sent_name, display_name, role_grants: _, party } = account;
    let expected = name.as_ref().map(ToString::to_string).unwrap_or_default();
    if !sent_name.is_empty() && sent_name != expected {
        let fault = Fault::new("account.name", "NAME_WRONG");
        faults.push(fault.with("value", sent_name).with("expected", expected));
    }
    let display_name = faults.keep(text("account.display_name", &display_name, 1, LONGEST_NAME));
    let party = (!party.is_empty())
        .then(|| faults.keep(PartyName::parse("account.party", &party)))
        .flatten();
    if let Some(party) = party.as_ref().filter(|party| party.federation != federation) {
        faults.push(Fault::new("account.party", "OTHER_FEDERATION").with("name", party));
    }
    Ok(faults.into_result(|| {
        Some(Account {
            name: name?,
            display_name: display_name?,
            kind: AccountKind::Person,
            party: party.map(|party| party.id),
            grants: Vec::new(),
        })
    })?)
}

async fn invite(
    shared: &Shared,
    caller: &Principal,
    message: InviteAccountRequest,
) -> Result<InviteAccountResponse, Failure> {
    let write = Write::of(caller, INVITE, &message)?;
    let InviteAccountRequest {
        name: sent,
        request_id: _,    // Told by the write.
        validate_only: _, // Told by the write.
    } = message;
    let name = AccountName::parse("name", &sent)?;
    caller.is_in(&name.federation, &sent)?;
    let invited = name.clone();
    let reach = Reach::of(&caller.grants);
    // Before the write, too: who has lost the reach is not told of a repetition either.
    invitable(&shared.journal.database().read, &name, &reach, shared.journal.clock().today())
        .await?;
    let invitation = Invitation::new(shared.journal.clock().now())?;
    let code = invitation.kept.clone();
    let step = shared.journal.write(write, move |transaction, step| {
        let (name, reach, code) = (invited.clone(), reach.clone(), code.clone());
        Box::pin(async move {
            let today = day_in_sweden(step.now);
            let account = invitable(transaction, &name, &reach, today).await?;
            code.save(transaction, &name).await?;
            let payload = convert::account::render(&account, &[]).encode_to_vec();
            Ok(vec![Draft { kind: "account.invited", subject: name.to_string(), payload }])
        })
    });
    let account = Some(recorded(&step.await?)?);
    let invitation = told(shared, &name, invitation).await?;
    Ok(InviteAccountResponse { account, invitation })
}

/// An account that somebody with a reach may give a code.
async fn invitable(
    connection: &impl ConnectionTrait,
    name: &AccountName,
    reach: &Reach,
    today: NaiveDate,
) -> Result<Account, Failure> {
    let found = store::account::find_enabled(connection, name, today).await?;
    let account = found.filter(|account| {
        account.kind == AccountKind::Person && reach.keeps(account.party.as_ref())
    });
    let account = account.ok_or_else(|| Failure::not_found(name))?;
    let held = store::role_grant::of_accounts(connection, &name.federation, [name]).await?;
    check_invitation(reach, &held, today)?;
    Ok(account)
}

/// A code as it is told, once: neither when nothing was changed, nor to a repetition.
async fn told(
    shared: &Shared,
    account: &AccountName,
    invitation: Invitation,
) -> Result<Option<pb::Invitation>, Failure> {
    if !invitation.is_kept(&shared.journal, account).await? {
        return Ok(None);
    }
    let Invitation { code, expires, kept: _ } = invitation;
    Ok(Some(pb::Invitation { code, expire_time: Some(timestamp(expires)) }))
}

async fn get(shared: &Shared, caller: &Principal, sent: &str) -> Result<pb::Account, Failure> {
    let name = AccountName::parse("name", sent)?;
    caller.is_in(&name.federation, sent)?;
    let read = &shared.journal.database().read;
    let today = shared.journal.clock().today();
    let reach = Reach::of(&caller.grants);
    let found = store::account::find(read, &name, today).await?;
    let account = found.ok_or_else(|| Failure::not_found(&name))?;
    let held = store::role_grant::of_accounts(read, &name.federation, [&name]).await?;
    let party = account.party.as_ref();
    let is_listed = reach == Reach::Federation
        || reach.keeps(party)
        || held.iter().any(|granted| reach.sees(&granted.grant.role, party));
    if !is_listed {
        return Err(Failure::not_found(&name));
    }
    let shown: Vec<Granted> = held
        .into_iter()
        .filter(|granted| !granted.is_over(today) && reach.sees(&granted.grant.role, party))
        .collect();
    Ok(convert::account::render(&account, &shown))
}

async fn list(
    shared: &Shared,
    caller: &Principal,
    message: ListAccountsRequest,
) -> Result<ListAccountsResponse, Failure> {
    let ListAccountsRequest { parent: sent, page_size, page_token } = message;
    let mut faults = Faults::new();
    let federation = parent(&mut faults, caller, &sent)?;
    let page = faults.keep_nested("", Page::parse(page_size, &page_token));
    let Page { size, after } = faults.into_result(|| page)?;
    let read = &shared.journal.database().read;
    let reach = Reach::of(&caller.grants);
    let listed = store::account::list(read, &federation, &reach, after.as_deref(), size).await?;
    let names = listed.items.iter().map(|account| &account.name);
    let held = store::role_grant::of_accounts(read, &federation, names).await?;
    let today = shared.journal.clock().today();
    let mut by_account: HashMap<AccountName, Vec<Granted>> = HashMap::new();
    for granted in held.into_iter().filter(|granted| !granted.is_over(today)) {
        by_account.entry(granted.grant.account.clone()).or_default().push(granted);
    }
    let render = |account: &Account| {
        let mut shown = by_account.remove(&account.name).unwrap_or_default();
        shown.retain(|granted| reach.sees(&granted.grant.role, account.party.as_ref()));
        convert::account::render(account, &shown)
    };
    let last = listed.items.last().filter(|_| listed.has_more);
    let next_page_token = last.map(|account| Page::token(account.name.id.as_str()));
    Ok(ListAccountsResponse {
        accounts: listed.items.iter().map(render).collect(),
        next_page_token: next_page_token.unwrap_or_default(),
    })
}
