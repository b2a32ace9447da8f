//! Prepared answers about what is posted and exported, recoveries and staffing.

use proto::{
    finance::{
        AccountBalance, AccountPlan, Attachment, CostKind, CostLine, ExportFundingTableResponse,
        ExportPaymentsResponse, ExportRequisitionsResponse, ExportSieResponse,
        ExportStaffingMatrixResponse, ExportedFile, GetAccountPlanResponse, GetAttachmentResponse,
        GetRecoveryResponse, GetStaffingFinancingResponse, GetStaffingMatrixResponse,
        LedgerAccount, ListBalancesResponse, ListPostingsResponse, ListRecoveriesResponse,
        ListStaffingFinancingsResponse, MappedAccount, Posting, Recovery, RecoveryState,
        RecoveryStep, StaffingAmounts, StaffingFinancing, StaffingMatrix, StaffingMatrixArea,
        StaffingMatrixRow,
    },
    organisation::{Area, ListAreasResponse, ListMunicipalitiesResponse, Municipality},
};

use super::{TKR, date, name};
use crate::web::tests::services::Services;

pub(super) fn prepare(services: &Services) {
    prepare_ledger(services);
    prepare_staffing(services);
    prepare_exports(services);
    show_recovery(services, RecoveryState::Proposed);
    services.answer(
        "/samordna.finance.v1.AttachmentService/GetAttachment",
        &GetAttachmentResponse { attachment: Some(attachment()), content: b"%PDF-1.7".to_vec() },
    );
}

/// The file of the one requisition there is.
pub(super) fn attachment() -> Attachment {
    Attachment {
        name: name("requisitions", "hallstahammar-2025-06-abc/attachments/lon"),
        file_name: "Lönespecifikation.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        size_bytes: 16_500,
        sha256: "ab".repeat(32),
    }
}

/// The one recovery there is stands in that state.
pub(in crate::web::tests) fn show_recovery(services: &Services, state: RecoveryState) {
    let recovery = Recovery {
        name: name("recoveries", "r1"),
        requisition: name("requisitions", "hallstahammar-2025-06-abc"),
        party: name("parties", "hallstahammar"),
        cost_lines: vec![CostLine {
            kind: CostKind::Premises.into(),
            description: "Lokal som inte användes".to_owned(),
            fte_percent: 0,
            amount_ore: 500_000,
        }],
        reason: "Lokalen var uppsagd.".to_owned(),
        dnr: "SFV 2025/31".to_owned(),
        amount_ore: 500_000,
        state: state.into(),
        steps: vec![RecoveryStep {
            state: RecoveryState::Proposed.into(),
            actor: name("accounts", "erik"),
            time: Some(platform::convert::timestamp("2025-07-10T08:30:00Z".parse().unwrap())),
            comment: String::new(),
        }],
        etag: "recovery-etag".to_owned(),
        ..Recovery::default()
    };
    services.answer(
        "/samordna.finance.v1.RecoveryService/ListRecoveries",
        &ListRecoveriesResponse {
            recoveries: vec![recovery.clone()],
            next_page_token: String::new(),
        },
    );
    services.answer(
        "/samordna.finance.v1.RecoveryService/GetRecovery",
        &GetRecoveryResponse { recovery: Some(recovery) },
    );
}

fn prepare_ledger(services: &Services) {
    let balance = |account: LedgerAccount, balance_ore: i64| AccountBalance {
        account: account.into(),
        grant: String::new(),
        party: name("parties", "hallstahammar"),
        balance_ore,
    };
    services.answer(
        "/samordna.finance.v1.LedgerService/ListBalances",
        &ListBalancesResponse {
            balances: vec![
                balance(LedgerAccount::Contributions, -14_000 * TKR),
                balance(LedgerAccount::Receivable, 5_250 * TKR),
            ],
            sequence: 61,
        },
    );
    let posting = |line: i32, account: LedgerAccount, amount_ore: i64| Posting {
        sequence: 48,
        line,
        year: 2025,
        account: account.into(),
        grant: name("grants", "hallstahammar-2025"),
        party: name("parties", "hallstahammar"),
        cost_kind: CostKind::Staff.into(),
        day: date(2025, 6, 30),
        amount_ore,
        subject: name("requisitions", "hallstahammar-2025-06-abc"),
        event: "requisition.approved".to_owned(),
        actor: name("accounts", "maria"),
        record_time: Some(platform::convert::timestamp("2025-07-03T09:00:00Z".parse().unwrap())),
    };
    services.answer(
        "/samordna.finance.v1.LedgerService/ListPostings",
        &ListPostingsResponse {
            postings: vec![
                posting(1, LedgerAccount::Initiatives, 10_345_650),
                posting(2, LedgerAccount::Payable, -10_345_650),
            ],
            next_page_token: "page 2".to_owned(),
        },
    );
    let plan = AccountPlan {
        accounts: vec![MappedAccount {
            account: LedgerAccount::Bank.into(),
            cost_kind: 0,
            number: "1930".to_owned(),
            title: "Bank".to_owned(),
        }],
        voucher_series: "S".to_owned(),
        etag: "plan-etag".to_owned(),
        ..AccountPlan::default()
    };
    services.answer(
        "/samordna.finance.v1.AccountPlanService/GetAccountPlan",
        &GetAccountPlanResponse { account_plan: Some(plan) },
    );
}

fn prepare_staffing(services: &Services) {
    let area = Area { name: name("areas", "norra"), display_name: "Norra".to_owned() };
    services.answer(
        "/samordna.organisation.v1.AreaService/ListAreas",
        &ListAreasResponse { areas: vec![area.clone()], next_page_token: String::new() },
    );
    let municipality = Municipality {
        name: name("municipalities", "1981"),
        scb_code: "1981".to_owned(),
        display_name: "Sala".to_owned(),
        area: area.name.clone(),
        party: String::new(),
    };
    services.answer(
        "/samordna.organisation.v1.MunicipalityService/ListMunicipalities",
        &ListMunicipalitiesResponse {
            municipalities: vec![municipality.clone()],
            next_page_token: String::new(),
        },
    );
    prepare_matrix(services, area, &municipality);
    let financing = StaffingFinancing {
        name: name("staffingFinancings", "sala-coacher"),
        municipality: municipality.name,
        title: "Coacher".to_owned(),
        first_day: date(2025, 1, 1),
        last_day: None,
        paid_by_municipality_fte_percent: 625,
        paid_by_federation_fte_percent: 950,
        etag: "staffing-etag".to_owned(),
        synthetic: true,
    };
    services.answer(
        "/samordna.finance.v1.StaffingFinancingService/ListStaffingFinancings",
        &ListStaffingFinancingsResponse {
            staffing_financings: vec![financing.clone()],
            next_page_token: String::new(),
        },
    );
    services.answer(
        "/samordna.finance.v1.StaffingFinancingService/GetStaffingFinancing",
        &GetStaffingFinancingResponse { staffing_financing: Some(financing) },
    );
}

fn prepare_matrix(services: &Services, area: Area, municipality: &Municipality) {
    let paid = StaffingAmounts {
        paid_by_municipality_fte_percent: 625,
        paid_by_federation_fte_percent: 950,
        fte_percent: 1575,
    };
    let amounts = Some(paid);
    let row = StaffingMatrixRow {
        municipality: municipality.name.clone(),
        display_name: municipality.display_name.clone(),
        amounts,
    };
    let outside = StaffingMatrixRow {
        municipality: String::new(),
        display_name: "Tre samordnare hos regionen".to_owned(),
        amounts: Some(StaffingAmounts { paid_by_federation_fte_percent: 300, ..paid }),
    };
    let matrix = StaffingMatrix {
        day: date(2025, 7, 15),
        areas: vec![StaffingMatrixArea {
            area: area.name,
            display_name: area.display_name,
            rows: vec![row],
            total: amounts,
        }],
        total: amounts,
        outside_areas: vec![outside],
        sequence: 61,
    };
    services.answer(
        "/samordna.finance.v1.StaffingFinancingService/GetStaffingMatrix",
        &GetStaffingMatrixResponse { staffing_matrix: Some(matrix) },
    );
}

fn prepare_exports(services: &Services) {
    let file = |file_name: &str, media_type: &str| {
        Some(ExportedFile {
            file_name: file_name.to_owned(),
            media_type: media_type.to_owned(),
            content: b"innehall".to_vec(),
            sequence: 61,
        })
    };
    services.answer(
        "/samordna.finance.v1.ExportService/ExportSie",
        &ExportSieResponse { file: file("samordna-2025.se", "application/x-sie") },
    );
    services.answer(
        "/samordna.finance.v1.ExportService/ExportPayments",
        &ExportPaymentsResponse { file: file("betalningar.csv", "text/csv; charset=utf-8") },
    );
    services.answer(
        "/samordna.finance.v1.ExportService/ExportRequisitions",
        &ExportRequisitionsResponse { file: file("rekvisitioner.csv", "text/csv; charset=utf-8") },
    );
    services.answer(
        "/samordna.finance.v1.ExportService/ExportFundingTable",
        &ExportFundingTableResponse { file: file("finansiering.csv", "text/csv; charset=utf-8") },
    );
    services.answer(
        "/samordna.finance.v1.ExportService/ExportStaffingMatrix",
        &ExportStaffingMatrixResponse { file: file("bemanning.csv", "text/csv; charset=utf-8") },
    );
}
