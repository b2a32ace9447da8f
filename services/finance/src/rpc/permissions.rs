//! Which roles may call which RPC, and how far each caller reaches.

use platform::{Permission, Permissions, Principal};
use values::{Role, Scope};

use crate::domain::requisition::{Action, Reach};

/// Everybody in the federation.
const ALL: &[Role] = Role::ALL;
/// The federation's office, as far as it handles money.
const OFFICE: &[Role] = &[Role::FederationAdministrator, Role::FederationEconomist];
/// The party's own economist.
const PARTY: &[Role] = &[Role::PartyEconomist];
/// Those who see requisitions: all of them, or a party's own.
const READERS: &[Role] = &[
    Role::FederationAdministrator,
    Role::FederationEconomist,
    Role::Auditor,
    Role::PartyEconomist,
];
/// Those who see the whole ledger.
const LEDGER_READERS: &[Role] =
    &[Role::FederationAdministrator, Role::FederationEconomist, Role::Auditor];
/// Those who take in what was kept elsewhere.
const IMPORTERS: &[Role] = &[Role::FederationAdministrator];

macro_rules! permissions {
    ($($service:ident { $($method:ident: $roles:ident),* $(,)? })*) => {
        /// One line for each RPC; an RPC without a line is closed to all.
        pub const PERMISSIONS: Permissions = &[$($(
            Permission {
                method: concat!("/samordna.finance.v1.", stringify!($service), "/", stringify!($method)),
                roles: $roles,
            },
        )*)*];
    };
}

permissions! {
    RecipientService {
        CreateRecipient: OFFICE,
        GetRecipient: ALL,
        ListRecipients: ALL,
    }
    GrantService {
        AmendGrant: OFFICE,
        CreateGrant: OFFICE,
        GetGrant: ALL,
        ListGrants: ALL,
    }
    RequisitionService {
        CreateRequisition: PARTY,
        UpdateRequisition: PARTY,
        GetRequisition: READERS,
        ListRequisitions: READERS,
        SubmitRequisition: PARTY,
        ReturnRequisition: OFFICE,
        ReviewRequisition: OFFICE,
        ApproveRequisition: OFFICE,
        RejectRequisition: OFFICE,
        WithdrawRequisition: PARTY,
        PayRequisition: OFFICE,
    }
    FundingTableService {
        GetFundingTable: ALL,
    }
    FinanceImportService {
        ImportFinance: IMPORTERS,
        StreamFinanceImport: IMPORTERS,
    }
    AttachmentService {
        AttachFile: PARTY,
        DetachFile: PARTY,
        GetAttachment: READERS,
    }
    RecoveryService {
        CreateRecovery: OFFICE,
        DecideRecovery: OFFICE,
        CancelRecovery: OFFICE,
        SettleRecovery: OFFICE,
        GetRecovery: READERS,
        ListRecoveries: READERS,
    }
    ContributionService {
        DecideContributions: OFFICE,
        GetContributionDecision: ALL,
        ListContributionDecisions: ALL,
        RecordContributionPayment: OFFICE,
        ListContributionPayments: ALL,
        GetContributionTable: ALL,
    }
    FinancialYearService {
        OpenFinancialYear: OFFICE,
        SetEquityPolicy: OFFICE,
        CloseFinancialYear: OFFICE,
        GetFinancialYear: ALL,
        ListFinancialYears: ALL,
        GetEquityOutlook: ALL,
    }
    BudgetService {
        DecideBudget: OFFICE,
        GetBudget: ALL,
        ListBudgets: ALL,
        RecordBudgetForecast: OFFICE,
        GetBudgetTable: ALL,
    }
    OwnCostService {
        RecordOwnCost: OFFICE,
        GetOwnCost: ALL,
        ListOwnCosts: ALL,
    }
    LedgerService {
        ListBalances: LEDGER_READERS,
        ListPostings: LEDGER_READERS,
    }
    StaffingFinancingService {
        CreateStaffingFinancing: OFFICE,
        EndStaffingFinancing: OFFICE,
        GetStaffingFinancing: ALL,
        ListStaffingFinancings: ALL,
        GetStaffingMatrix: ALL,
    }
    AccountPlanService {
        SetAccountPlan: OFFICE,
        GetAccountPlan: LEDGER_READERS,
    }
    ExportService {
        ExportSie: LEDGER_READERS,
        ExportFundingTable: ALL,
        ExportRequisitions: READERS,
        ExportPayments: LEDGER_READERS,
        ExportStaffingMatrix: ALL,
    }
    EventService {
        StreamEvents: ALL,
    }
}

/// Whose requisitions a caller sees.
pub(super) fn reading(principal: &Principal) -> Reach {
    let sees_all = [Role::FederationAdministrator, Role::FederationEconomist, Role::Auditor];
    if principal.has_any(&sees_all) { Reach::Federation } else { own_parties(principal) }
}

/// Whose requisitions a caller takes a step with.
pub(super) fn acting(principal: &Principal, action: Action) -> Reach {
    if action.is_the_partys() { own_parties(principal) } else { Reach::Federation }
}

/// The parties that a caller is the economist of.
pub(super) fn own_parties(principal: &Principal) -> Reach {
    let parties = principal.scopes(Role::PartyEconomist);
    let ids = parties.filter_map(|scope| match scope {
        Scope::Party(id) => Some(id.clone()),
        Scope::Federation | Scope::Area(_) | Scope::Team(_) | Scope::PartyTeam { .. } => None,
    });
    Reach::Parties(ids.collect())
}
