//! The account plan, to and from the contract.

use platform::convert::text;
use proto::finance as pb;
use values::{
    Fault, Faults, Slug,
    name::{GrantName, PartyName, RecipientName},
};

use super::{cost_line, ledger, unspecified, within};
use crate::domain::account_plan::{
    AccountPlan, AccountPlanParts, FREE_DIMENSIONS, List, MOST_ACCOUNTS, MOST_OBJECTS,
    MOST_PARTIES, Mapped, MappedAccount, PlanFault,
};

/// The name of a federation's plan.
pub(crate) fn name(federation: &Slug) -> String {
    format!("federations/{federation}/accountPlan")
}

/// Reads `federations/{federation}/accountPlan`.
pub(in crate::rpc) fn parse_name(sent: &str) -> Result<Slug, Fault> {
    let federation = sent.strip_prefix("federations/");
    let federation = federation.and_then(|rest| rest.strip_suffix("/accountPlan"));
    let federation = federation.and_then(|id| Slug::parse("name", id).ok());
    federation.ok_or_else(|| {
        let form = "federations/{federation}/accountPlan";
        Fault::new("name", "NAME_MALFORMED").with("value", sent).with("form", form)
    })
}

/// Reads a plan.
pub(in crate::rpc) fn parse(
    federation: &Slug,
    message: pb::AccountPlan,
) -> (AccountPlanParts, Faults) {
    let pb::AccountPlan {
        name: _, // The request's own tells whose it is.
        accounts,
        parties,
        recipients,
        grants,
        party_dimension,
        voucher_series,
        etag: _, // Output only.
    } = message;
    let mut faults = Faults::new();
    for (field, count, limit) in [
        ("accounts", accounts.len(), MOST_ACCOUNTS),
        ("parties", parties.len(), MOST_PARTIES),
        ("recipients", recipients.len(), MOST_OBJECTS),
        ("grants", grants.len(), MOST_OBJECTS),
    ] {
        if count > limit {
            let fault = Fault::new(field, "ROWS_TOO_MANY");
            faults.push(fault.with("count", count).with("limit", limit));
        }
    }
    let parts = AccountPlanParts {
        accounts: rows(&mut faults, "accounts", accounts, parse_account),
        parties: rows(&mut faults, "parties", parties, |row| {
            let pb::MappedParty { party, code } = row;
            let name = PartyName::parse("party", &party);
            mapped(within(federation, "party", name, |name| &name.federation), &code)
        }),
        recipients: rows(&mut faults, "recipients", recipients, |row| {
            let pb::MappedRecipient { recipient, code } = row;
            let name = RecipientName::parse("recipient", &recipient);
            mapped(within(federation, "recipient", name, |name| &name.federation), &code)
        }),
        grants: rows(&mut faults, "grants", grants, |row| {
            let pb::MappedGrant { grant, code } = row;
            let name = GrantName::parse("grant", &grant);
            mapped(within(federation, "grant", name, |name| &name.federation), &code)
        }),
        party_dimension,
        voucher_series: faults.keep(code_of("voucher_series", &voucher_series, 5)),
    };
    (parts, faults)
}

/// Reads every row of a list, and notes the faults of each under its place.
fn rows<M, T>(
    faults: &mut Faults,
    list: &str,
    messages: Vec<M>,
    read: impl Fn(M) -> Result<T, Faults>,
) -> Vec<Option<T>> {
    let numbered = messages.into_iter().enumerate();
    numbered
        .map(|(number, message)| faults.keep_nested(&format!("{list}[{number}]"), read(message)))
        .collect()
}

fn parse_account(message: pb::MappedAccount) -> Result<MappedAccount, Faults> {
    let pb::MappedAccount { account, cost_kind, number, title } = message;
    let mut faults = Faults::new();
    let account = ledger::account_filter(account);
    let account = faults.keep(account.and_then(|read| read.ok_or_else(|| unspecified("account"))));
    let cost_kind = faults.keep(cost_line::kind_filter(cost_kind));
    let is_number = number.len() == 4
        && number.bytes().all(|byte| byte.is_ascii_digit())
        && !number.starts_with('0');
    if !is_number {
        faults.push(Fault::new("number", "ACCOUNT_NUMBER_MALFORMED").with("value", &number));
    }
    let title = faults.keep(text("title", &title, 1, 100));
    faults.into_result(|| {
        Some(MappedAccount { account: account?, cost_kind: cost_kind?, number, title: title? })
    })
}

fn mapped<N>(name: Result<N, Fault>, code: &str) -> Result<Mapped<N>, Faults> {
    let mut faults = Faults::new();
    let name = faults.keep(name);
    let code = faults.keep(code_of("code", code, 10));
    faults.into_result(|| Some(Mapped { name: name?, code: code? }))
}

/// Reads 1 to so many letters or digits.
fn code_of(field: &str, sent: &str, longest: usize) -> Result<String, Fault> {
    let is_code = (1..=longest).contains(&sent.len())
        && sent.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if is_code {
        Ok(sent.to_owned())
    } else {
        Err(Fault::new(field, "CODE_MALFORMED").with("value", sent).with("limit", longest))
    }
}

/// What is wrong with a plan, as it is told.
pub(in crate::rpc) fn fault(fault: PlanFault) -> Fault {
    match fault {
        PlanFault::AccountNotExported { row, account } => {
            Fault::new(format!("accounts[{row}].account"), "ACCOUNT_NOT_EXPORTED")
                .with("account", account.code())
        }
        PlanFault::CostKindNotAllowed { row } => {
            Fault::new(format!("accounts[{row}].cost_kind"), "COST_KIND_NOT_ALLOWED")
        }
        PlanFault::AccountTwice { row, account } => {
            Fault::new(format!("accounts[{row}].account"), "ACCOUNT_TWICE")
                .with("account", account.code())
        }
        PlanFault::TitleDiffers { row, number, title } => {
            Fault::new(format!("accounts[{row}].title"), "ACCOUNT_TITLE_DIFFERS")
                .with("number", number)
                .with("title", title)
        }
        PlanFault::Unknown { list: List::Parties, row, name } => {
            Fault::new(format!("parties[{row}].party"), "PARTY_UNKNOWN").with("value", name)
        }
        PlanFault::Unknown { list: List::Recipients, row, name } => {
            let field = format!("recipients[{row}].recipient");
            Fault::new(field, "RECIPIENT_UNKNOWN").with("value", name)
        }
        PlanFault::Unknown { list: List::Grants, row, name } => {
            Fault::new(format!("grants[{row}].grant"), "GRANT_UNKNOWN").with("value", name)
        }
        PlanFault::Twice { list, row, name } => {
            let field = match list {
                List::Parties => format!("parties[{row}].party"),
                List::Recipients => format!("recipients[{row}].recipient"),
                List::Grants => format!("grants[{row}].grant"),
            };
            Fault::new(field, "NAME_TWICE").with("name", name)
        }
        PlanFault::DimensionNotFree(dimension) => {
            Fault::new("party_dimension", "DIMENSION_NOT_FREE")
                .with("value", dimension)
                .with("lowest", FREE_DIMENSIONS.start())
                .with("highest", FREE_DIMENSIONS.end())
        }
    }
}

/// A plan as it is sent.
pub(crate) fn render(plan: &AccountPlan) -> pb::AccountPlan {
    let AccountPlan {
        federation,
        accounts,
        parties,
        recipients,
        grants,
        party_dimension,
        voucher_series,
        revision: _, // The etag.
    } = plan;
    pb::AccountPlan {
        name: name(federation),
        accounts: accounts.iter().map(render_account).collect(),
        parties: parties
            .iter()
            .map(|Mapped { name, code }| pb::MappedParty {
                party: name.to_string(),
                code: code.clone(),
            })
            .collect(),
        recipients: recipients
            .iter()
            .map(|Mapped { name, code }| pb::MappedRecipient {
                recipient: name.to_string(),
                code: code.clone(),
            })
            .collect(),
        grants: grants
            .iter()
            .map(|Mapped { name, code }| pb::MappedGrant {
                grant: name.to_string(),
                code: code.clone(),
            })
            .collect(),
        party_dimension: party_dimension.unwrap_or_default(),
        voucher_series: voucher_series.clone(),
        etag: plan.etag(),
    }
}

fn render_account(mapped: &MappedAccount) -> pb::MappedAccount {
    let MappedAccount { account, cost_kind, number, title } = mapped;
    let cost_kind = cost_kind.map(cost_line::render_kind).unwrap_or_default();
    pb::MappedAccount {
        account: ledger::render_account(*account).into(),
        cost_kind: cost_kind.into(),
        number: number.clone(),
        title: title.clone(),
    }
}
