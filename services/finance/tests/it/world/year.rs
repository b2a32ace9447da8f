//! What a year is made of, as the tests ask for it.

use platform::Transport;
use proto::finance::{
    self as pb, budget_service_client::BudgetServiceClient,
    contribution_service_client::ContributionServiceClient,
    financial_year_service_client::FinancialYearServiceClient,
    ledger_service_client::LedgerServiceClient, own_cost_service_client::OwnCostServiceClient,
};
use sea_orm::ConnectionTrait as _;
use tonic::Status;

use super::{HOME, World, day};

impl World {
    /// What stands on an account, over all years.
    pub(crate) async fn on_account(&self, account: &str) -> i64 {
        self.sum(&format!("account = '{account}'")).await
    }

    /// What a year has on an account.
    pub(crate) async fn in_year(&self, account: &str, year: i32) -> i64 {
        self.sum(&format!("account = '{account}' AND year = {year}")).await
    }

    async fn sum(&self, which: &str) -> i64 {
        let sql = format!(
            "SELECT CAST(COALESCE(SUM(amount_ore), 0) AS bigint) AS sum_ore FROM posting WHERE {which}"
        );
        let statement = sea_orm::Statement::from_string(self.database.backend(), sql);
        let row = self.database.read.query_one_raw(statement).await.unwrap().unwrap();
        row.try_get("", "sum_ore").unwrap()
    }

    /// Closes a year, as the decision of the board would.
    pub(crate) async fn close_year(&self, year: i32) {
        let sql = format!(
            "INSERT INTO financial_year (federation_id, year, is_closed, opening_equity_ore, opening_dnr, \
                 opening_deciding_body, closing_dnr, closing_deciding_body, contributions_ore, \
                 initiatives_ore, own_costs_ore, closing_equity_ore, lapsed_ore, unpaid_ore, \
                 outstanding_ore, revision, synthetic) \
             VALUES ('vastmanland', {year}, TRUE, 0, '', '', '', '', 0, 0, 0, 0, 0, 0, 0, 1, FALSE)"
        );
        self.database.write.execute_unprepared(&sql).await.unwrap();
    }

    pub(crate) fn budgets(&self) -> BudgetServiceClient<Transport> {
        BudgetServiceClient::new(self.transport.clone())
    }

    pub(crate) fn contributions(&self) -> ContributionServiceClient<Transport> {
        ContributionServiceClient::new(self.transport.clone())
    }

    pub(crate) fn financial_years(&self) -> FinancialYearServiceClient<Transport> {
        FinancialYearServiceClient::new(self.transport.clone())
    }

    pub(crate) fn ledger(&self) -> LedgerServiceClient<Transport> {
        LedgerServiceClient::new(self.transport.clone())
    }

    pub(crate) fn own_costs(&self) -> OwnCostServiceClient<Transport> {
        OwnCostServiceClient::new(self.transport.clone())
    }

    /// Opens a year with an equity from elsewhere.
    pub(crate) async fn open(&self, year: i32, equity: i64) -> Result<pb::FinancialYear, Status> {
        let message = pb::OpenFinancialYearRequest {
            parent: HOME.to_owned(),
            financial_year: Some(financial_year(year, equity)),
            request_id: self.id(),
            validate_only: false,
        };
        let answer = self.financial_years().open_financial_year(self.office(message)).await?;
        Ok(answer.into_inner().financial_year.unwrap())
    }

    /// Closes a year by the version last seen.
    pub(crate) async fn close(
        &self,
        year: i32,
        etag: &str,
        decided: &str,
    ) -> Result<pb::FinancialYear, Status> {
        let message = pb::CloseFinancialYearRequest {
            name: format!("{HOME}/financialYears/{year}"),
            etag: etag.to_owned(),
            decision: Some(decision(decided)),
            request_id: self.id(),
            validate_only: false,
        };
        let answer = self.financial_years().close_financial_year(self.office(message)).await?;
        Ok(answer.into_inner().financial_year.unwrap())
    }

    /// Decides what the parties pay for 2025.
    pub(crate) async fn decide(
        &self,
        id: &str,
        total_ore: i64,
        shares: &[(&str, i64)],
    ) -> Result<pb::ContributionDecision, Status> {
        let message = self.contribution_decision(id, total_ore, shares);
        let answer = self.contributions().decide_contributions(self.office(message)).await?;
        Ok(answer.into_inner().contribution_decision.unwrap())
    }

    pub(crate) fn contribution_decision(
        &self,
        id: &str,
        total_ore: i64,
        shares: &[(&str, i64)],
    ) -> pb::DecideContributionsRequest {
        let share = |(party, weight): &(&str, i64)| pb::ContributionShare {
            party: format!("{HOME}/parties/{party}"),
            weight: *weight,
            amount_ore: 0,
        };
        let content = pb::ContributionDecision {
            year: 2025,
            total_ore,
            shares: shares.iter().map(share).collect(),
            dnr: "2024/18".to_owned(),
            decision_date: Some(day("2024-11-28")),
            deciding_body: "Styrelsen".to_owned(),
            ..Default::default()
        };
        pb::DecideContributionsRequest {
            parent: HOME.to_owned(),
            contribution_decision_id: id.to_owned(),
            contribution_decision: Some(content),
            request_id: self.id(),
            validate_only: false,
        }
    }

    /// Records what a party has paid for 2025.
    pub(crate) async fn pay_in(
        &self,
        id: &str,
        party: &str,
        ore: i64,
        on: &str,
    ) -> Result<pb::ContributionPayment, Status> {
        let message = self.contribution_payment(id, party, ore, on);
        let answer = self.contributions().record_contribution_payment(self.office(message)).await?;
        Ok(answer.into_inner().contribution_payment.unwrap())
    }

    pub(crate) fn contribution_payment(
        &self,
        id: &str,
        party: &str,
        ore: i64,
        on: &str,
    ) -> pb::RecordContributionPaymentRequest {
        let content = pb::ContributionPayment {
            year: 2025,
            party: format!("{HOME}/parties/{party}"),
            amount_ore: ore,
            payment_date: Some(day(on)),
            bank_reference: "OCR 1".to_owned(),
            comment: if ore < 0 { "fel part".to_owned() } else { String::new() },
            ..Default::default()
        };
        pb::RecordContributionPaymentRequest {
            parent: HOME.to_owned(),
            contribution_payment_id: id.to_owned(),
            contribution_payment: Some(content),
            request_id: self.id(),
            validate_only: false,
        }
    }

    /// Records a cost of the federation itself.
    pub(crate) async fn spend(
        &self,
        id: &str,
        area: pb::BudgetArea,
        ore: i64,
        on: &str,
    ) -> Result<pb::OwnCost, Status> {
        let message = self.own_cost(id, area, ore, on);
        let answer = self.own_costs().record_own_cost(self.office(message)).await?;
        Ok(answer.into_inner().own_cost.unwrap())
    }

    pub(crate) fn own_cost(
        &self,
        id: &str,
        area: pb::BudgetArea,
        ore: i64,
        on: &str,
    ) -> pb::RecordOwnCostRequest {
        let content = pb::OwnCost {
            area: area.into(),
            amount_ore: ore,
            day: Some(day(on)),
            description: "Löner".to_owned(),
            reference: "A 17".to_owned(),
            ..Default::default()
        };
        pb::RecordOwnCostRequest {
            parent: HOME.to_owned(),
            own_cost_id: id.to_owned(),
            own_cost: Some(content),
            request_id: self.id(),
            validate_only: false,
        }
    }

    pub(crate) fn budget(&self, id: &str, rows: Vec<pb::BudgetRow>) -> pb::DecideBudgetRequest {
        let content = pb::Budget {
            year: 2025,
            rows,
            dnr: "2024/19".to_owned(),
            decision_date: Some(day("2024-11-28")),
            deciding_body: "Styrelsen".to_owned(),
            ..Default::default()
        };
        pb::DecideBudgetRequest {
            parent: HOME.to_owned(),
            budget_id: id.to_owned(),
            budget: Some(content),
            request_id: self.id(),
            validate_only: false,
        }
    }

    pub(crate) fn budget_forecast(
        &self,
        id: &str,
        area: pb::BudgetArea,
        ore: i64,
        on: &str,
    ) -> pb::RecordBudgetForecastRequest {
        let content = pb::BudgetForecast {
            year: 2025,
            area: area.into(),
            day: Some(day(on)),
            forecast_ore: ore,
            measures: "Vakansen tillsätts i höst".to_owned(),
            ..Default::default()
        };
        pb::RecordBudgetForecastRequest {
            parent: HOME.to_owned(),
            budget_forecast_id: id.to_owned(),
            budget_forecast: Some(content),
            request_id: self.id(),
            validate_only: false,
        }
    }

    /// The balances of a year's accounts, as they are asked for.
    pub(crate) async fn balances_of(
        &self,
        message: pb::ListBalancesRequest,
    ) -> Vec<(pb::LedgerAccount, String, i64)> {
        let message = pb::ListBalancesRequest { parent: HOME.to_owned(), ..message };
        let answer = self.ledger().list_balances(self.office(message)).await;
        let told = |balance: pb::AccountBalance| {
            let whose = format!("{}{}", balance.grant, balance.party);
            let id = whose.rsplit('/').next().unwrap_or_default().to_owned();
            (balance.account(), id, balance.balance_ore)
        };
        answer.unwrap().into_inner().balances.into_iter().map(told).collect()
    }
}

pub(crate) fn financial_year(year: i32, equity: i64) -> pb::FinancialYear {
    pb::FinancialYear {
        year,
        opening_equity_ore: equity,
        opening_decision: Some(decision("2024-11-28")),
        ..Default::default()
    }
}

/// A decision of the board on a day.
pub(crate) fn decision(on: &str) -> pb::Decision {
    pb::Decision {
        dnr: "2025/3".to_owned(),
        decision_date: Some(day(on)),
        deciding_body: "Styrelsen".to_owned(),
    }
}

/// The parties of a small federation, each with its weight.
pub(crate) const PARTIES: &[(&str, i64)] =
    &[("forsakringskassan", 0), ("region", 0), ("sala", 1), ("koping", 3)];
