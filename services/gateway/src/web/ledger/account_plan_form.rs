//! The form of the account plan: what the ledger's accounts, the parties, the
//! recipients and the grants are called in the office's general ledger.

use proto::finance::{
    AccountPlan, LedgerAccount, MappedAccount, MappedGrant, MappedParty, MappedRecipient,
};

use super::{account_choices, account_code};
use crate::web::{
    form::{
        fields::Form,
        inputs::{Choice, Group, Input, Kind, line_id},
    },
    layout::Visit,
    names::Names,
    reads::id_of,
    requisition::{COST_KINDS, cost_kind_code, cost_kind_text_id},
};

/// The accounts that are exported.
const MAPPED: [LedgerAccount; 5] = [
    LedgerAccount::Contributions,
    LedgerAccount::Receivable,
    LedgerAccount::Bank,
    LedgerAccount::Payable,
    LedgerAccount::Initiatives,
];
const OF_LINE: [&str; 4] = ["account", "kind", "number", "title"];

/// The codes of one collection: parties, recipients or grants.
struct Codes {
    prefix: &'static str,
    legend_id: &'static str,
    choices: Vec<Choice>,
}

/// The form, with the plan in force.
#[must_use]
pub(super) fn form(visit: &Visit, plan: &AccountPlan, names: &Names, lines: usize) -> Form {
    let language = visit.reader.language;
    let mut form = Form::new(visit, "/ledger/account-plan", "account-plan-save")
        .with_lines(lines, "draft-add-line");
    form.etag.clone_from(&plan.etag);
    let dimension = if plan.party_dimension == 0 { 20 } else { plan.party_dimension };
    form.groups.push(Group::plain(vec![
        Input::new(language, "voucher_series", "account-plan-series", Kind::Text(5))
            .value(&plan.voucher_series),
        Input::new(language, "party_dimension", "account-plan-dimension", Kind::Whole)
            .help(language, "account-plan-dimension-help")
            .value(dimension.to_string()),
    ]));
    let heading = Group::heading(visit.t("account-plan-accounts"));
    form.groups.push(heading.help(language, "account-plan-accounts-help"));
    for line in 0..lines {
        // A plan that is not begun begins with a line for each account.
        let proposed = MAPPED.get(line).filter(|_| plan.accounts.is_empty());
        form.groups.push(account_line(visit, line, plan.accounts.get(line), proposed));
    }
    for codes in collections(names) {
        let input = |choice: &Choice| {
            let id = format!("{}-{}", codes.prefix, choice.code);
            let now = code_now(plan, codes.prefix, &choice.code);
            Input::called(id, choice.text.clone(), Kind::Text(10)).value(now)
        };
        let inputs: Vec<Input> = codes.choices.iter().map(input).collect();
        if !inputs.is_empty() {
            form.groups.push(Group::counts(visit.t(codes.legend_id), inputs));
        }
    }
    form
}

fn account_line(
    visit: &Visit,
    line: usize,
    now: Option<&MappedAccount>,
    proposed: Option<&LedgerAccount>,
) -> Group {
    let language = visit.reader.language;
    let mut accounts = account_choices(visit, &MAPPED);
    accounts.insert(0, Choice::new("", visit.t("choose")));
    let mut kinds = vec![Choice::new("", visit.t("account-plan-every-kind"))];
    kinds.extend(
        COST_KINDS.map(|kind| Choice::new(cost_kind_code(kind), visit.t(cost_kind_text_id(kind)))),
    );
    let input = |part: &str, label_id: &str, kind: Kind, value: &str| {
        Input::new(language, line_id(line, part), label_id, kind).value(value)
    };
    let text = |part: fn(&MappedAccount) -> &str| now.map_or("", part);
    let account = now.map(MappedAccount::account).or_else(|| proposed.copied());
    let inputs = vec![
        input(
            "account",
            "ledger-account",
            Kind::Choice(accounts),
            account.map_or("", account_code),
        ),
        input(
            "kind",
            "funding-cost-kind",
            Kind::Choice(kinds),
            now.map_or("", |it| cost_kind_code(it.cost_kind())),
        ),
        input("number", "account-plan-number", Kind::Text(4), text(|it| &it.number)),
        input("title", "account-plan-title", Kind::Text(100), text(|it| &it.title)),
    ];
    Group::line(visit.t1("draft-line", "number", &(line + 1).to_string()), inputs)
}

fn collections(names: &Names) -> [Codes; 3] {
    [
        Codes { prefix: "party", legend_id: "account-plan-parties", choices: names.parties() },
        Codes {
            prefix: "recipient",
            legend_id: "account-plan-recipients",
            choices: names.recipients(),
        },
        Codes { prefix: "grant", legend_id: "account-plan-grants", choices: names.grants() },
    ]
}

fn code_now(plan: &AccountPlan, prefix: &str, id: &str) -> String {
    let found = match prefix {
        "party" => plan.parties.iter().find(|it| id_of(&it.party) == id).map(|it| &it.code),
        "recipient" => {
            plan.recipients.iter().find(|it| id_of(&it.recipient) == id).map(|it| &it.code)
        }
        _ => plan.grants.iter().find(|it| id_of(&it.grant) == id).map(|it| &it.code),
    };
    found.cloned().unwrap_or_default()
}

/// The plan that was typed. What cannot be read is noted in the form.
#[must_use]
pub(super) fn read(form: &mut Form, names: &Names, federation: &str) -> AccountPlan {
    let voucher_series = form.text("voucher_series", "account_plan.voucher_series");
    let party_dimension = form.small("party_dimension", "account_plan.party_dimension");
    let [parties, recipients, grants] = collections(names);
    let parties = read_codes(form, &parties, "account_plan.parties");
    let recipients = read_codes(form, &recipients, "account_plan.recipients");
    let grants = read_codes(form, &grants, "account_plan.grants");
    let name = |collection: &str, id: &str| format!("{federation}/{collection}/{id}");
    AccountPlan {
        accounts: read_accounts(form),
        parties: parties
            .into_iter()
            .map(|(id, code)| MappedParty { party: name("parties", &id), code })
            .collect(),
        recipients: recipients
            .into_iter()
            .map(|(id, code)| MappedRecipient { recipient: name("recipients", &id), code })
            .collect(),
        grants: grants
            .into_iter()
            .map(|(id, code)| MappedGrant { grant: name("grants", &id), code })
            .collect(),
        // Without a party nothing is put in the dimension.
        party_dimension,
        voucher_series,
        ..AccountPlan::default()
    }
}

fn read_accounts(form: &mut Form) -> Vec<MappedAccount> {
    let mut accounts = Vec::new();
    for line in 0..form.lines {
        if form.is_blank(&OF_LINE.map(|part| line_id(line, part))) {
            continue;
        }
        let field = |part: &str| format!("account_plan.accounts[{}].{part}", accounts.len());
        let of_line = |part: &str| line_id(line, part);
        let account = form.chosen(&of_line("account"), &field("account"), &MAPPED, account_code);
        let kind = of_line("kind");
        form.note_source(&kind, &field("cost_kind"));
        let kind = COST_KINDS.into_iter().find(|it| cost_kind_code(*it) == form.typed(&kind));
        let row = MappedAccount {
            account: account.unwrap_or(LedgerAccount::Bank).into(),
            cost_kind: kind.map_or(0, i32::from),
            number: form.text(&of_line("number"), &field("number")),
            title: form.text(&of_line("title"), &field("title")),
        };
        accounts.push(row);
    }
    accounts
}

/// The codes that were typed, each with the id it is the code of.
fn read_codes(form: &mut Form, codes: &Codes, field: &str) -> Vec<(String, String)> {
    let mut typed = Vec::new();
    for choice in &codes.choices {
        let id = format!("{}-{}", codes.prefix, choice.code);
        if !form.typed(&id).trim().is_empty() {
            let code = form.text(&id, &format!("{field}[{}].code", typed.len()));
            typed.push((choice.code.clone(), code));
        }
    }
    typed
}
