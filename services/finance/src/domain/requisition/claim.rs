//! What a party claims, and what is wrong with it when it is seen against the
//! record.

use values::{
    Ore, OrganisationNumber, Period,
    name::{GrantName, PartyName, RequisitionName},
};

use super::{
    Corrected, CorrectionFault, Movement, Payment, State, correction::correction_faults, period,
};
use crate::domain::{
    cost_line::{CostKind, CostLine, CostLines},
    grant::GrantPeriod,
    ledger::{Amount, Voucher, vouchers},
};

/// What a party claims, or takes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The requisition's name.
    pub name: RequisitionName,
    /// The grant claimed on.
    pub grant: GrantName,
    /// The party that claims.
    pub party: PartyName,
    /// The requisition it takes back from; none of a claim.
    pub corrects: Option<RequisitionName>,
    /// The party's number, as far as it is known.
    pub organisation_number: Option<OrganisationNumber>,
    /// The days the costs are for.
    pub period: Period,
    /// What the money went to; of a correction, what is taken back.
    pub cost_lines: CostLines,
    /// Where the party wants the money; may be empty.
    pub payment_reference: String,
    /// The registry number (diarienummer); may be empty.
    pub dnr: String,
    /// What the party expects to claim after this until the year's end.
    pub forecast_rest: Option<Ore>,
    /// True when facts were made up for a demonstration.
    pub synthetic: bool,
}

impl Claim {
    /// Its costs, as the ledger takes them.
    #[must_use]
    pub fn costs(&self) -> vouchers::Costs {
        vouchers::Costs {
            grant: self.grant.id.clone(),
            party: self.party.id.clone(),
            day: self.period.last_day(),
            by_kind: self.cost_lines.by_kind(),
        }
    }

    /// The whole amount: below zero for a correction.
    #[must_use]
    pub fn amount(&self) -> Ore {
        self.signed(self.cost_lines.total())
    }

    /// An amount of it: below zero for a correction.
    #[must_use]
    pub fn signed(&self, amount: Amount) -> Ore {
        match self.corrects {
            Some(_) => Ore::new(-amount.ore().get()),
            None => amount.ore(),
        }
    }

    /// What a movement of the whole amount does to the ledger. A correction
    /// reserves nothing.
    #[must_use]
    pub fn voucher(&self, movement: Movement, payment: Option<&Payment>) -> Option<Voucher> {
        let costs = self.costs();
        match (movement, &self.corrects) {
            (Movement::Reserve, None) => Some(vouchers::reserve(&costs)),
            (Movement::Release, None) => Some(vouchers::release(&costs)),
            (Movement::Reserve | Movement::Release, Some(_)) => None,
            (Movement::Post, None) => Some(vouchers::post(&costs)),
            (Movement::Post, Some(_)) => Some(vouchers::correct(&costs)),
            (Movement::Pay, _) => {
                payment.map(|payment| vouchers::pay(&costs.party, payment.day, self.amount()))
            }
        }
    }

    /// What it claims or takes back, cost by cost, in a state.
    pub fn costs_in(&self, state: State) -> impl Iterator<Item = ClaimedCost> {
        self.cost_lines.as_slice().iter().map(move |line| ClaimedCost {
            requisition: self.name.clone(),
            corrects: self.corrects.clone(),
            state,
            kind: line.kind(),
            amount: line.amount(),
            period: self.period,
            recovered: Ore::ZERO,
        })
    }
}

/// A claim as far as it could be read: what could not is told by the reader.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClaimParts {
    /// The requisition's name.
    pub name: Option<RequisitionName>,
    /// The grant claimed on.
    pub grant: Option<GrantName>,
    /// The party that claims.
    pub party: Option<PartyName>,
    /// The requisition it takes back from, when one is named and can be read.
    pub corrects: Option<RequisitionName>,
    /// The party's number, when it is sent and can be read.
    pub organisation_number: Option<OrganisationNumber>,
    /// The days the costs are for.
    pub period: Option<Period>,
    /// What the money went to.
    pub cost_lines: Option<CostLines>,
    /// Where the party wants the money.
    pub payment_reference: Option<String>,
    /// The registry number.
    pub dnr: Option<String>,
    /// What the party expects to claim after this, when it is sent and can be
    /// read.
    pub forecast_rest: Option<Ore>,
    /// True when facts were made up for a demonstration.
    pub synthetic: bool,
}

impl ClaimParts {
    /// All of it, when all of it could be read.
    #[must_use]
    pub fn whole(self) -> Option<Claim> {
        Some(Claim {
            name: self.name?,
            grant: self.grant?,
            party: self.party?,
            corrects: self.corrects,
            organisation_number: self.organisation_number,
            period: self.period?,
            cost_lines: self.cost_lines?,
            payment_reference: self.payment_reference?,
            dnr: self.dnr?,
            forecast_rest: self.forecast_rest,
            synthetic: self.synthetic,
        })
    }

    /// The same with the party's number, when none was sent.
    #[must_use]
    pub fn with_number(mut self, party: &PartyFact) -> Self {
        if let PartyFact::Known(number) = party {
            self.organisation_number = self.organisation_number.or_else(|| number.clone());
        }
        self
    }

    /// What it would keep others from claiming once it is submitted.
    #[must_use]
    pub fn costs(&self) -> Vec<ClaimedCost> {
        let (Some(requisition), Some(period), Some(lines)) =
            (&self.name, self.period, &self.cost_lines)
        else {
            return Vec::new();
        };
        let cost = |line: &CostLine| ClaimedCost {
            requisition: requisition.clone(),
            corrects: self.corrects.clone(),
            state: State::Submitted,
            kind: line.kind(),
            amount: line.amount(),
            period,
            recovered: Ore::ZERO,
        };
        lines.as_slice().iter().map(cost).collect()
    }
}

/// A cost that a requisition of the same party claims on the same grant, or takes
/// back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedCost {
    /// The requisition.
    pub requisition: RequisitionName,
    /// The requisition it takes back from; none of a claim.
    pub corrects: Option<RequisitionName>,
    /// Where it stands.
    pub state: State,
    /// The kind of cost.
    pub kind: CostKind,
    /// What is claimed; of a correction, what is taken back.
    pub amount: Amount,
    /// The days it is for.
    pub period: Period,
    /// What of the kind the party is to pay back of the requisition by decision,
    /// whichever of its lines it is of.
    pub recovered: Ore,
}

/// What is wrong with a claim, seen against the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClaimFault {
    /// There is no such party.
    PartyUnknown(PartyName),
    /// The party's number is another, which is told.
    NotThePartysNumber(OrganisationNumber),
    /// There is no such grant.
    GrantUnknown(GrantName),
    /// The days are not all within the grant's.
    PeriodOutsideGrant {
        /// The claim's days.
        period: Period,
        /// The grant's days.
        grant_period: Period,
    },
    /// The days are no calendar month, quarter or half-year, nor what the grant's
    /// days leave of one.
    PeriodNotWhole {
        /// The claim's days.
        period: Period,
        /// The days nearest to them that are.
        nearest: Period,
    },
    /// What is wrong with it as a correction.
    Correction(CorrectionFault),
    /// A correction has no forecast.
    ForecastNotAllowed,
    /// What a change cannot change: the field, and what it has.
    Stays {
        /// The field.
        field: &'static str,
        /// What it has.
        value: String,
    },
    /// The same kind of cost for some of the same days is claimed already.
    ClaimedBefore {
        /// The first line of that kind.
        line: usize,
        /// The requisition that claims it.
        requisition: RequisitionName,
        /// The kind of cost.
        kind: CostKind,
    },
}

/// What is known of the grant that is claimed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GrantFact {
    /// There is no such grant.
    Unknown,
    /// It comes with the claim, and its days cannot be read, which is told
    /// elsewhere.
    Unreadable,
    /// It is there, or comes with the claim.
    Known(GrantPeriod),
}

/// What is known of the party that claims.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum PartyFact {
    /// There is no such party.
    Unknown,
    /// Which party is meant cannot be read, which is told elsewhere.
    #[default]
    Unreadable,
    /// It is there, or about to be, with its number as far as it is known.
    Known(Option<OrganisationNumber>),
}

/// What the content of a requisition is checked against.
#[derive(Debug, Clone, Copy)]
pub struct ClaimFacts<'a> {
    /// What is known of the party.
    pub party: &'a PartyFact,
    /// What is known of the grant.
    pub grant: GrantFact,
    /// What the same party claims on the same grant.
    pub claimed: &'a [ClaimedCost],
    /// What is to be corrected, when it is there.
    pub corrected: Option<Corrected<'a>>,
}

/// Every fault of a claim or a correction, as far as it could be read.
#[must_use]
pub fn claim_faults(parts: &ClaimParts, facts: ClaimFacts<'_>) -> Vec<ClaimFault> {
    let mut faults = Vec::new();
    match (&parts.party, facts.party) {
        (Some(party), PartyFact::Unknown) => faults.push(ClaimFault::PartyUnknown(party.clone())),
        (_, PartyFact::Known(Some(number))) => {
            let sent = parts.organisation_number.as_ref();
            let differs = sent.is_some_and(|sent| sent != number);
            faults.extend(differs.then(|| ClaimFault::NotThePartysNumber(number.clone())));
        }
        (_, PartyFact::Unknown | PartyFact::Unreadable | PartyFact::Known(None)) => {}
    }
    match (facts.grant, &parts.grant) {
        (GrantFact::Unknown, Some(grant)) => faults.push(ClaimFault::GrantUnknown(grant.clone())),
        (GrantFact::Known(_) | GrantFact::Unreadable | GrantFact::Unknown, _) => {}
    }
    if parts.corrects.is_some() {
        let found = correction_faults(parts, facts.corrected, facts.claimed);
        faults.extend(found.into_iter().map(ClaimFault::Correction));
        faults.extend(parts.forecast_rest.map(|_| ClaimFault::ForecastNotAllowed));
        return faults;
    }
    if let (GrantFact::Known(grant_period), Some(_), Some(period)) =
        (facts.grant, &parts.grant, parts.period)
    {
        faults.extend(period_fault(period, grant_period));
    }
    if let Some((period, lines)) = parts.period.zip(parts.cost_lines.as_ref()) {
        let others = facts.claimed.iter();
        let others = others.filter(|other| Some(&other.requisition) != parts.name.as_ref());
        faults.extend(claimed_before(period, lines, others));
    }
    faults
}

/// What is wrong with the days of a claim on a grant.
pub(super) fn period_fault(period: Period, grant_period: GrantPeriod) -> Option<ClaimFault> {
    if !grant_period.days().covers(period) {
        let grant_period = grant_period.days();
        return Some(ClaimFault::PeriodOutsideGrant { period, grant_period });
    }
    let nearest = period::nearest_whole(period, grant_period);
    nearest.map(|nearest| ClaimFault::PeriodNotWhole { period, nearest })
}

/// One fault for each kind of cost that another live requisition claims for
/// some of the same days, and of which something is left: it has not been taken
/// back or recovered whole.
pub(super) fn claimed_before<'a>(
    period: Period,
    lines: &CostLines,
    others: impl Iterator<Item = &'a ClaimedCost> + Clone,
) -> Vec<ClaimFault> {
    let stands = |other: &ClaimedCost| {
        let same_kind = others.clone().filter(|cost| cost.kind == other.kind);
        let sum = same_kind.map(|cost| {
            let is_claim = cost.requisition == other.requisition;
            let takes_back = cost.corrects.as_ref() == Some(&other.requisition);
            match (is_claim, takes_back && cost.state.has_posted()) {
                (true, _) => cost.amount.ore().get(),
                (false, true) => -cost.amount.ore().get(),
                (false, false) => 0,
            }
        });
        sum.map(i128::from).sum::<i128>() > i128::from(other.recovered.get())
    };
    let fault = |kind: &CostKind| {
        let mut lines = lines.as_slice().iter();
        let line = lines.position(|line| line.kind() == *kind)?;
        let other = others.clone().find(|other| {
            let is_claim = other.corrects.is_none() && other.state.is_live();
            is_claim && other.kind == *kind && other.period.overlaps(period) && stands(other)
        })?;
        Some(ClaimFault::ClaimedBefore {
            line,
            requisition: other.requisition.clone(),
            kind: *kind,
        })
    };
    CostKind::ALL.iter().filter_map(fault).collect()
}
