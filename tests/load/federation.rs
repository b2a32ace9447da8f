//! A federation to measure in: its parties, recipients and grants, made over the
//! API, and the requisitions that can be made on them.

use anyhow::Context as _;
use chrono::{Datelike as _, Days, Months, NaiveDate};
use proto::{
    Date,
    common::Period,
    finance::{
        CostKind, CostLine, CreateGrantRequest, CreateRecipientRequest, Grant, Recipient,
        RecipientKind, Requisition, grant_service_client::GrantServiceClient,
        recipient_service_client::RecipientServiceClient,
    },
    organisation::{
        CreateFederationRequest, CreatePartyRequest, Federation as Organisation, Party, PartyKind,
        federation_service_client::FederationServiceClient,
        party_service_client::PartyServiceClient,
    },
};
use values::number::luhn_check_digit;

use crate::credential::Caller;

/// The year of everything.
pub(crate) const YEAR: i32 = 2025;
/// What a requisition claims, in three lines of the same amount.
pub(crate) const LINE_ORE: i64 = 10_000;

const RECIPIENTS: usize = 8;
/// Enough for every requisition of a run.
const GRANTED_ORE: i64 = 1_000_000_000_000;
/// Half of the kinds of cost each: a month may be claimed twice, once with each.
const KINDS: [[CostKind; 3]; 2] = [
    [CostKind::Staff, CostKind::Premises, CostKind::Activities],
    [CostKind::Training, CostKind::Overhead, CostKind::Other],
];
const MONTHS: usize = 12;

/// How large a federation is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Federation {
    /// Its id.
    pub(crate) id: &'static str,
    /// The parties that requisition.
    pub(crate) parties: usize,
    /// The grants they requisition on.
    pub(crate) grants: usize,
}

/// A party's id.
pub(crate) fn party(number: usize) -> String {
    format!("party-{number}")
}

/// A grant's id.
pub(crate) fn grant(number: usize) -> String {
    format!("grant-{number}")
}

impl Federation {
    /// Its resource name.
    pub(crate) fn name(&self) -> String {
        format!("federations/{}", self.id)
    }

    /// Makes it and its parties.
    ///
    /// # Errors
    /// When a call fails.
    pub(crate) async fn create_organisation(&self, office: Caller) -> anyhow::Result<()> {
        let request = CreateFederationRequest {
            federation: Some(Organisation {
                name: self.name(),
                display_name: "Load".to_owned(),
                organisation_number: organisation_number(0),
                synthetic: true,
                smallest_shown_count: 0,
            }),
            request_id: "load-federation".to_owned(),
            validate_only: false,
        };
        let mut federations = FederationServiceClient::new(office.clone());
        federations.create_federation(request).await?;
        let mut parties = PartyServiceClient::new(office);
        for number in 0..self.parties {
            let request = CreatePartyRequest {
                parent: self.name(),
                party_id: party(number),
                party: Some(Party {
                    name: String::new(),
                    display_name: format!("Party {number}"),
                    organisation_number: organisation_number(number + 1),
                    kind: PartyKind::Municipality.into(),
                    synthetic: true,
                }),
                request_id: format!("load-party-{number}"),
                validate_only: false,
            };
            parties.create_party(request).await?;
        }
        Ok(())
    }

    /// Makes its recipients and grants.
    ///
    /// # Errors
    /// When a call fails.
    pub(crate) async fn create_money(&self, office: Caller) -> anyhow::Result<()> {
        let mut recipients = RecipientServiceClient::new(office.clone());
        for number in 0..RECIPIENTS {
            let request = CreateRecipientRequest {
                parent: self.name(),
                recipient_id: recipient(number),
                recipient: Some(Recipient {
                    name: String::new(),
                    display_name: format!("Recipient {number}"),
                    kind: RecipientKind::Resource.into(),
                    team: String::new(),
                }),
                request_id: format!("load-recipient-{number}"),
                validate_only: false,
            };
            recipients.create_recipient(request).await?;
        }
        let mut grants = GrantServiceClient::new(office);
        for number in 0..self.grants {
            let recipient = recipient(number % RECIPIENTS);
            let request = CreateGrantRequest {
                parent: self.name(),
                grant_id: grant(number),
                grant: Some(Grant {
                    recipient: format!("{}/recipients/{recipient}", self.name()),
                    period: Some(Period {
                        first_day: Some(day(1, 1)),
                        last_day: Some(day(12, 31)),
                    }),
                    amount_ore: GRANTED_ORE,
                    dnr: format!("LOAD {YEAR}/{number}"),
                    decision_date: Some(day(1, 1)),
                    deciding_body: "Styrelsen".to_owned(),
                    synthetic: true,
                    ..Default::default()
                }),
                request_id: format!("load-grant-{number}"),
                validate_only: false,
            };
            grants.create_grant(request).await?;
        }
        Ok(())
    }

    /// The party of the requisition with a number.
    pub(crate) fn party_of(&self, number: usize) -> usize {
        number / self.grants % self.parties
    }

    /// The requisition of a number, without its name: another grant each, then
    /// another party, then another month.
    ///
    /// # Errors
    /// When every month is claimed.
    pub(crate) fn requisition(&self, number: usize) -> anyhow::Result<Requisition> {
        let turn = number / self.grants / self.parties;
        let (month, half) = (turn % MONTHS + 1, turn / MONTHS);
        let kinds = KINDS.get(half).context("every month is claimed")?;
        Ok(self.claim(number % self.grants, self.party_of(number), days_of(month)?, *kinds))
    }

    /// The requisition of a number when they come grant by grant: each party
    /// twelve in a row, one a month.
    ///
    /// # Errors
    /// When there is no such month.
    pub(crate) fn monthly(&self, number: usize) -> anyhow::Result<Requisition> {
        let (month, turn) = (number % MONTHS + 1, number / MONTHS);
        Ok(self.claim(turn / self.parties, turn % self.parties, days_of(month)?, KINDS[0]))
    }

    fn claim(
        &self,
        grant_number: usize,
        party_number: usize,
        [first_day, last_day]: [Date; 2],
        kinds: [CostKind; 3],
    ) -> Requisition {
        Requisition {
            grant: format!("{}/grants/{}", self.name(), grant(grant_number)),
            party: format!("{}/parties/{}", self.name(), party(party_number)),
            period: Some(Period { first_day: Some(first_day), last_day: Some(last_day) }),
            cost_lines: kinds.into_iter().map(cost_line).collect(),
            payment_reference: "BG 000-0000".to_owned(),
            synthetic: true,
            ..Default::default()
        }
    }
}

fn recipient(number: usize) -> String {
    format!("recipient-{number}")
}

fn cost_line(kind: CostKind) -> CostLine {
    let fte_percent = if kind == CostKind::Staff { 100 } else { 0 };
    CostLine {
        kind: kind.into(),
        description: "Load".to_owned(),
        fte_percent,
        amount_ore: LINE_ORE,
    }
}

/// The first and the last day of a month.
fn days_of(month: usize) -> anyhow::Result<[Date; 2]> {
    let first = NaiveDate::from_ymd_opt(YEAR, u32::try_from(month)?, 1).context("no such month")?;
    let last = first + Months::new(1) - Days::new(1);
    let month = i32::try_from(month)?;
    Ok([day(month, 1), day(month, i32::try_from(last.day())?)])
}

fn day(month: i32, day: i32) -> Date {
    Date { year: YEAR, month, day }
}

/// A number that nobody has, with the right check digit.
fn organisation_number(number: usize) -> String {
    let digits = format!("222000{number:03}");
    format!("{digits}{}", luhn_check_digit(&digits))
}
