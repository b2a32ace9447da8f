//! Whether a referral may be sent, and what it is held against.

use chrono::{DateTime, NaiveDate, Utc};
use values::name::{
    AccountName, CriteriaName, MunicipalityName, ParticipantName, PartyName, ReferralName,
};

use super::{Content, Referral, State, Step};
use crate::domain::{
    criteria::{Applicant, Criteria, Unmet, in_force},
    fact::Responsible,
};

/// What is to be sent, about whom and by whom.
#[derive(Debug, Clone)]
pub struct Sending {
    /// The referral's name.
    pub name: ReferralName,
    /// The person.
    pub participant: ParticipantName,
    /// The content.
    pub content: Content,
    /// Who sends it.
    pub actor: AccountName,
    /// When it is recorded.
    pub now: DateTime<Utc>,
}

/// What a referral is held against when it is sent.
#[derive(Debug)]
pub struct SendFacts<'a> {
    /// True when there is a referral of that name.
    pub is_taken: bool,
    /// True when the sending party is there.
    pub is_sender_known: bool,
    /// True when the team is there and serves the municipality.
    pub is_served: bool,
    /// The party that is responsible for the municipality's people.
    pub party: Option<&'a PartyName>,
    /// An open case of the person with the team.
    pub open_case: Option<ReferralName>,
    /// The versions of criteria that the team may have.
    pub criteria: &'a [Criteria],
    /// The year of birth that was told, when it is known.
    pub birth_year: Option<i32>,
    /// Today.
    pub today: NaiveDate,
}

/// What forbids to send a referral.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SendRefusal {
    /// There is one of that name.
    Taken,
    /// The sending party is not there.
    SenderUnknown {
        /// Which.
        sender: PartyName,
    },
    /// The day is in the future.
    InFuture {
        /// The day.
        day: NaiveDate,
    },
    /// No such team, or it does not serve the municipality.
    TeamNotThere,
    /// Nobody is responsible for the municipality's people.
    WithoutParty {
        /// Which municipality.
        municipality: MunicipalityName,
    },
    /// The person has an open case with the team.
    Open {
        /// Which.
        referral: ReferralName,
    },
    /// Criteria that are not met, and no reason to override them.
    NotEligible {
        /// The criteria.
        criteria: CriteriaName,
        /// Each that is not met.
        unmet: Vec<Unmet>,
    },
}

/// Decides whether a referral may be sent.
///
/// # Errors
/// What forbids it.
pub fn send(sending: Sending, facts: &SendFacts<'_>) -> Result<Referral, SendRefusal> {
    let Sending { name, participant, content, actor, now } = sending;
    if facts.is_taken {
        return Err(SendRefusal::Taken);
    }
    if !facts.is_sender_known {
        return Err(SendRefusal::SenderUnknown { sender: content.sender });
    }
    if content.referral_date > facts.today {
        return Err(SendRefusal::InFuture { day: content.referral_date });
    }
    if !facts.is_served {
        return Err(SendRefusal::TeamNotThere);
    }
    let Some(party) = facts.party else {
        return Err(SendRefusal::WithoutParty { municipality: content.municipality });
    };
    if let Some(referral) = &facts.open_case {
        return Err(SendRefusal::Open { referral: referral.clone() });
    }
    let criteria = held_against(&content, facts)?;
    let sent = Step {
        state: State::Sent,
        actor,
        time: now,
        day: content.referral_date,
        comment: String::new(),
    };
    let responsible = Responsible {
        municipality: content.municipality.clone(),
        party: party.clone(),
        first_day: content.referral_date,
    };
    Ok(Referral {
        name,
        participant,
        content,
        responsible: vec![responsible],
        criteria,
        steps: vec![sent],
        decision: None,
        queue_exception: None,
        enrolment: None,
        merged_from: Vec::new(),
        import: None,
    })
}

/// The criteria in force, all of which are met or overridden.
fn held_against(
    content: &Content,
    facts: &SendFacts<'_>,
) -> Result<Option<CriteriaName>, SendRefusal> {
    let Some(criteria) = in_force(facts.criteria, &content.team, content.referral_date) else {
        return Ok(None);
    };
    let applicant = Applicant {
        birth_year: facts.birth_year,
        livelihoods: &content.livelihoods,
        ready: content.ready,
    };
    let unmet = criteria.unmet(applicant, content.referral_date);
    if !unmet.is_empty() && content.override_reason.is_empty() {
        return Err(SendRefusal::NotEligible { criteria: criteria.name.clone(), unmet });
    }
    Ok(Some(criteria.name.clone()))
}
