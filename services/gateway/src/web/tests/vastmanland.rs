//! Prepared answers: Västmanland's first half of 2025.

pub(super) mod course;
mod due_report;
mod ledger;
mod lists;
pub(super) mod people;
pub(super) mod planning;
pub(super) mod report;
mod reporting;
pub(super) mod restatement;
pub(super) mod statistics;
mod year;

pub(super) use ledger::show_recovery;
pub(super) use reporting::show_only_own_chapter;

use proto::{
    Date,
    common::Period,
    finance::{
        CostKind, CostLine, FundingAmounts, FundingRow, FundingTable, FundingWarning,
        FundingWarningKind, GetFundingTableResponse, GetGrantResponse, GetRecipientResponse,
        GetRequisitionResponse, Grant, GrantDecision, ListGrantsResponse, ListRecipientsResponse,
        ListRequisitionsResponse, Recipient, Requisition, RequisitionState, RequisitionStep,
    },
    organisation::{
        GetPartyResponse, GetTeamResponse, ListPartiesResponse, ListTeamsResponse, Party,
        PartyKind, Team,
    },
};
use values::Role;

use super::services::Services;

/// Somebody with an account.
pub(super) struct Person {
    pub(super) id: &'static str,
    pub(super) display_name: &'static str,
    pub(super) role: Role,
    /// What the role is held for, as accounts store it.
    pub(super) scope: &'static str,
}

const fn person(
    id: &'static str,
    display_name: &'static str,
    role: Role,
    scope: &'static str,
) -> Person {
    Person { id, display_name, role, scope }
}

/// Who there is.
pub(super) const PEOPLE: [Person; 8] = [
    person("anna", "Anna Ek", Role::PartyEconomist, "party/hallstahammar"),
    person("erik", "Erik Lund", Role::FederationEconomist, "federation"),
    person("maria", "Maria Holm", Role::FederationAdministrator, "federation"),
    person("leila", "Leila Berg", Role::TeamLead, "team/hallstahammar"),
    person("olle", "Olle Revisor", Role::Auditor, "federation"),
    person("karin", "Karin Admin", Role::PartyAdministrator, "party/hallstahammar"),
    person("sofia", "Sofia Sand", Role::Coordinator, "party/hallstahammar/team/hallstahammar"),
    person("nils", "Nils Nord", Role::ReferringOfficer, "party/hallstahammar"),
];

const TKR: i64 = 100_000;
const FEDERATION: &str = "federations/vastmanland";

/// Recipient, its id, granted and requisitioned in tkr, share in percent.
type FundingFacts = (&'static str, &'static str, i64, i64, i32);

const FUNDING: [FundingFacts; 7] = [
    ("Psykiatriresurs från Region Västmanland", "psykiatriresurs", 321, 116, 36),
    ("Samordningsteam FNS", "fns", 1650, 589, 36),
    ("Samordningsteam Hallstahammar", "hallstahammar", 1250, 580, 46),
    ("Samordningsteam Sala", "sala", 1720, 787, 46),
    ("Samordningsteam Surahammar", "surahammar", 1250, 505, 40),
    ("Samordningsteam Västerås", "vasteras", 6100, 2359, 39),
    ("Teamsamverkan Västra Mälardalen", "vastra-malardalen", 1550, 937, 60),
];

pub(super) fn prepare(services: &Services) {
    prepare_organisation(services);
    prepare_finance(services);
    course::prepare(services);
    due_report::prepare(services);
    ledger::prepare(services);
    super::national_follow_up::prepare(services);
    lists::prepare(services);
    people::prepare(services);
    planning::prepare(services);
    report::prepare(services);
    reporting::prepare(services);
    super::report_template::prepare(services);
    restatement::prepare(services);
    statistics::prepare(services);
    year::prepare(services);
}

pub(super) fn name(collection: &str, id: &str) -> String {
    format!("{FEDERATION}/{collection}/{id}")
}

fn prepare_organisation(services: &Services) {
    let party = Party {
        name: name("parties", "hallstahammar"),
        display_name: "Hallstahammars kommun".to_owned(),
        organisation_number: "2120002064".to_owned(),
        kind: PartyKind::Municipality.into(),
        ..Party::default()
    };
    let teams: Vec<Team> = FUNDING[1..]
        .iter()
        .map(|(display_name, id, ..)| Team {
            name: name("teams", id),
            display_name: (*display_name).to_owned(),
            municipalities: vec![],
        })
        .collect();
    let own_team = teams.iter().find(|team| team.name.ends_with("hallstahammar")).cloned();
    services.answer(
        "/samordna.organisation.v1.PartyService/GetParty",
        &GetPartyResponse { party: Some(party.clone()) },
    );
    services.answer(
        "/samordna.organisation.v1.PartyService/ListParties",
        &ListPartiesResponse { parties: vec![party], next_page_token: String::new() },
    );
    services.answer(
        "/samordna.organisation.v1.TeamService/GetTeam",
        &GetTeamResponse { team: own_team },
    );
    services.answer(
        "/samordna.organisation.v1.TeamService/ListTeams",
        &ListTeamsResponse { teams, next_page_token: String::new() },
    );
}

fn prepare_finance(services: &Services) {
    let recipients: Vec<Recipient> = FUNDING
        .iter()
        .map(|(display_name, id, ..)| Recipient {
            name: name("recipients", id),
            display_name: (*display_name).to_owned(),
            ..Recipient::default()
        })
        .collect();
    let own_recipient = recipients[2].clone();
    services.answer(
        "/samordna.finance.v1.RecipientService/ListRecipients",
        &ListRecipientsResponse { recipients, next_page_token: String::new() },
    );
    services.answer(
        "/samordna.finance.v1.RecipientService/GetRecipient",
        &GetRecipientResponse { recipient: Some(own_recipient) },
    );
    services.answer(
        "/samordna.finance.v1.GrantService/GetGrant",
        &GetGrantResponse { grant: Some(grant()) },
    );
    services.answer(
        "/samordna.finance.v1.GrantService/ListGrants",
        &ListGrantsResponse { grants: vec![grant()], next_page_token: String::new() },
    );
    show_requisition(services, RequisitionState::Submitted);
    services.answer(
        "/samordna.finance.v1.FundingTableService/GetFundingTable",
        &GetFundingTableResponse { funding_table: Some(funding_table()) },
    );
}

fn grant() -> Grant {
    Grant {
        name: name("grants", "hallstahammar-2025"),
        recipient: name("recipients", "hallstahammar"),
        period: Some(Period { first_day: date(2025, 1, 1), last_day: date(2025, 12, 31) }),
        amount_ore: 1250 * TKR,
        dnr: "SFV 2024/17".to_owned(),
        decision_date: date(2024, 11, 28),
        deciding_body: "Styrelsen".to_owned(),
        synthetic: true,
        reserved_ore: 12_345_650,
        requisitioned_ore: 580 * TKR,
        left_ore: 670 * TKR - 12_345_650,
        decisions: vec![GrantDecision {
            version: 1,
            period: Some(Period { first_day: date(2025, 1, 1), last_day: date(2025, 12, 31) }),
            amount_ore: 1250 * TKR,
            dnr: "SFV 2024/17".to_owned(),
            decision_date: date(2024, 11, 28),
            deciding_body: "Styrelsen".to_owned(),
            reason: String::new(),
            actor: name("accounts", "erik"),
            record_time: None,
        }],
        etag: "grant-etag".to_owned(),
        ..Default::default()
    }
}

/// The one requisition there is stands in that state.
pub(super) fn show_requisition(services: &Services, state: RequisitionState) {
    let requisition = requisition(state);
    services.answer(
        "/samordna.finance.v1.RequisitionService/ListRequisitions",
        &ListRequisitionsResponse {
            requisitions: vec![requisition.clone()],
            next_page_token: "next page/2".to_owned(),
        },
    );
    services.answer(
        "/samordna.finance.v1.RequisitionService/GetRequisition",
        &GetRequisitionResponse { requisition: Some(requisition) },
    );
}

fn requisition(state: RequisitionState) -> Requisition {
    let line = |kind: CostKind, description: &str, fte_percent: i32, amount_ore: i64| CostLine {
        kind: kind.into(),
        description: description.to_owned(),
        fte_percent,
        amount_ore,
    };
    let step = |state: RequisitionState, account: &str, comment: &str| RequisitionStep {
        state: state.into(),
        actor: name("accounts", account),
        time: Some(platform::convert::timestamp("2025-07-02T08:30:00Z".parse().unwrap())),
        comment: comment.to_owned(),
    };
    let mut steps = vec![
        step(RequisitionState::Draft, "anna", ""),
        step(RequisitionState::Submitted, "anna", "Andra kvartalet.\nUnderlag skickas med post."),
    ];
    if state == RequisitionState::Reviewed {
        steps.push(step(RequisitionState::Reviewed, "erik", "Stämmer med avtalet <b>2024</b>."));
    }
    Requisition {
        name: name("requisitions", "hallstahammar-2025-06-abc"),
        grant: name("grants", "hallstahammar-2025"),
        party: name("parties", "hallstahammar"),
        period: Some(Period { first_day: date(2025, 4, 1), last_day: date(2025, 6, 30) }),
        cost_lines: vec![
            line(CostKind::Staff, "Arbetskonsulent", 60, 10_345_650),
            line(CostKind::Premises, "Lokal på Stationsgatan", 0, 2_000_000),
        ],
        payment_reference: "Bankgiro 5555-5551".to_owned(),
        organisation_number: "2120002064".to_owned(),
        synthetic: true,
        amount_ore: 12_345_650,
        state: state.into(),
        steps,
        etag: "etag-1".to_owned(),
        dnr: "HKS 2025/88".to_owned(),
        forecast_rest_ore: Some(21_000_000),
        attachments: vec![ledger::attachment()],
        ..Default::default()
    }
}

fn funding_table() -> FundingTable {
    let amounts = |granted: i64, requisitioned: i64, share_percent: i32| FundingAmounts {
        granted_ore: granted * TKR,
        reserved_ore: if [580, 5_873].contains(&requisitioned) { 12_345_650 } else { 0 },
        requisitioned_ore: requisitioned * TKR,
        requisitioned_to_date_ore: requisitioned * TKR,
        left_ore: (granted - requisitioned) * TKR,
        share_percent,
        forecast_ore: 2 * requisitioned * TKR,
        forecast_unspent_ore: (granted - 2 * requisitioned) * TKR,
        ..Default::default()
    };
    let row = |(display_name, id, granted, requisitioned, share): &(&str, &str, i64, i64, i32)| {
        let difference = granted - 2 * requisitioned;
        let warning = |kind: FundingWarningKind| FundingWarning {
            kind: kind.into(),
            amount_ore: difference.abs() * TKR,
        };
        let warnings = match difference {
            ..0 => vec![warning(FundingWarningKind::Over)],
            700.. => vec![warning(FundingWarningKind::Under)],
            _ => vec![],
        };
        FundingRow {
            recipient: name("recipients", id),
            display_name: (*display_name).to_owned(),
            team: String::new(),
            amounts: Some(amounts(*granted, *requisitioned, *share)),
            warnings,
            ..Default::default()
        }
    };
    FundingTable {
        parent: FEDERATION.to_owned(),
        year: 2025,
        period: Some(half_year()),
        rows: FUNDING.iter().map(row).collect(),
        total: Some(amounts(13_841, 5_873, 42)),
        sequence: 57,
        ..Default::default()
    }
}

fn half_year() -> Period {
    Period { first_day: date(2025, 1, 1), last_day: date(2025, 6, 30) }
}

fn date(year: i32, month: i32, day: i32) -> Option<Date> {
    Some(Date { year, month, day })
}
