//! How long the generated people wait and stay, and what becomes of them.

use chrono::{Days, NaiveDate};
use proto::participant::{
    DecisionReason, ExitOutcome, Livelihood, ReferralState, ReferringKind, Sex,
};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};

use super::{
    number,
    organisation::{EMPLOYMENT_SERVICE, INSURANCE_AGENCY, REGION, serving},
};

/// The first day that anybody is referred.
const FIRST: NaiveDate = NaiveDate::from_ymd_opt(2019, 1, 1).expect("a day");
/// The last day that anything happens.
const LAST: NaiveDate = NaiveDate::from_ymd_opt(2025, 12, 31).expect("a day");

/// Somebody, and what has happened.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    /// Which one.
    pub(crate) ordinal: usize,
    /// The number in [`super::organisation::MUNICIPALITIES`] of the one that was responsible first.
    pub(crate) municipality: usize,
    /// The sex.
    pub(crate) sex: Sex,
    /// The twelve digits and the year of birth; none with protected identity.
    pub(crate) born: Option<(String, i32)>,
    /// The referrals and what followed, one after the other; of no two anything
    /// happened on the same day.
    pub(crate) cases: Vec<Case>,
}

/// A referral and what followed.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    /// The number in [`super::organisation::TEAMS`].
    pub(crate) team: usize,
    /// The party that sent it.
    pub(crate) sender: usize,
    /// The kind of authority that sent it.
    pub(crate) kind: ReferringKind,
    /// The day.
    pub(crate) referred: NaiveDate,
    /// What the person lived on.
    pub(crate) livelihoods: Livelihoods,
    /// What was decided; none while the person waits for it.
    pub(crate) decision: Option<Decision>,
    /// The time in the team; none before.
    pub(crate) enrolment: Option<Enrolment>,
    /// The moves to other municipalities, each with its day, one after the other. None
    /// comes with an import.
    pub(crate) transfers: Vec<(NaiveDate, usize)>,
}

/// What somebody lives on, and how many percent of it.
pub(crate) type Livelihoods = Vec<(Livelihood, i32)>;

/// A decision on a referral.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Decision {
    /// The day.
    pub(crate) day: NaiveDate,
    /// To what.
    pub(crate) state: ReferralState,
    /// Why.
    pub(crate) reason: DecisionReason,
}

/// A time in a team.
#[derive(Debug, Clone)]
pub(crate) struct Enrolment {
    /// The first day.
    pub(crate) first: NaiveDate,
    /// What the person lived on then, when it had changed since the referral.
    pub(crate) livelihoods: Option<Livelihoods>,
    /// Which of the team's coaches.
    pub(crate) coach: u32,
    /// How it ended; none while it goes on.
    pub(crate) exit: Option<Exit>,
}

/// An end of a time in a team.
#[derive(Debug, Clone)]
pub(crate) struct Exit {
    /// The last day.
    pub(crate) day: NaiveDate,
    /// To what.
    pub(crate) outcome: ExitOutcome,
    /// Whether the work is subsidised.
    pub(crate) subsidised: bool,
    /// The extent of work or studies in percent.
    pub(crate) extent: i32,
    /// What the person lives on.
    pub(crate) livelihoods: Livelihoods,
}

/// The life of the person with an ordinal, in a municipality.
pub(super) fn live(seed: u64, municipality: usize, ordinal: usize) -> Person {
    let mut chance =
        StdRng::seed_from_u64(seed.wrapping_mul(1_000_000_007).wrapping_add(ordinal as u64));
    let number = number::number(ordinal);
    let is_protected = ordinal % 200 == 137;
    let sex = match chance.random_range(0..500_u32) {
        0 => Sex::NonBinary,
        1 | 2 => Sex::NotStated,
        _ if number.is_man => Sex::Man,
        _ => Sex::Woman,
    };
    let first = after(FIRST, chance_day(&mut chance, 0, (LAST - FIRST).num_days()));
    let mut cases = vec![case(&mut chance, municipality, first)];
    // Nobody knows that somebody with protected identity is the same person.
    if !is_protected && chance.random_range(0..8_u32) == 0 {
        let again = cases.last().and_then(ended);
        let again = again.map(|day| after(day, chance_day(&mut chance, 30, 600)));
        cases.extend(
            again.filter(|day| *day <= LAST).map(|day| case(&mut chance, municipality, day)),
        );
    }
    let born = (!is_protected).then_some((number.digits, number.birth_year));
    Person { ordinal, municipality, sex, born, cases }
}

/// The day that a case came to an end after which the person may come again.
fn ended(case: &Case) -> Option<NaiveDate> {
    let for_good = [ExitOutcome::Deceased, ExitOutcome::Moved];
    match (&case.enrolment, case.decision) {
        (Some(Enrolment { exit: Some(exit), .. }), _) => {
            (!for_good.contains(&exit.outcome)).then_some(exit.day)
        }
        (Some(_), _) | (None, None) => None,
        (None, Some(Decision { day, state, reason: _ })) => {
            let is_no = matches!(state, ReferralState::NotEligible | ReferralState::Declined);
            is_no.then_some(day)
        }
    }
}

fn case(chance: &mut StdRng, municipality: usize, referred: NaiveDate) -> Case {
    let teams = serving(municipality);
    let which = chance.random_range(0..teams.len() as u32) as usize;
    let kind = pick(chance, KINDS);
    let lives_on = livelihoods(chance, usual_livelihood(kind));
    let day = after(referred, chance_day(chance, 3, 45).min(chance_day(chance, 3, 90)));
    let decision = (day <= LAST).then(|| decide(chance, day));
    let accepted = decision.filter(|decision| decision.state == ReferralState::Accepted);
    let first = accepted.map(|decision| {
        let waits = [chance_day(chance, 0, 200), chance_day(chance, 0, 200)];
        after(decision.day, waits[0].min(waits[1]))
    });
    let enrolment = first.filter(|day| *day <= LAST).map(|day| enrol(chance, day, &lives_on));
    Case {
        team: teams[which],
        sender: sender(chance, kind, municipality),
        kind,
        referred,
        livelihoods: lives_on,
        decision,
        enrolment,
        transfers: Vec::new(),
    }
}

fn decide(chance: &mut StdRng, day: NaiveDate) -> Decision {
    let (state, reason) = pick(chance, DECISIONS);
    let is_long_ago = (LAST - day).num_days() > 120;
    if state == ReferralState::Reconsidering && is_long_ago {
        let (state, reason) = (ReferralState::Declined, DecisionReason::NotReached);
        return Decision { day, state, reason };
    }
    Decision { day, state, reason }
}

fn enrol(chance: &mut StdRng, first: NaiveDate, before: &Livelihoods) -> Enrolment {
    let has_changed = chance.random_range(0..7_u32) == 0;
    let changed = has_changed.then(|| livelihoods(chance, Livelihood::ActivitySupport));
    let outcome = pick(chance, OUTCOMES);
    let days = match outcome {
        // Some never come a second time.
        ExitOutcome::DroppedOut => chance_day(chance, 0, 150),
        _ => 90 + chance_day(chance, 0, 230) + chance_day(chance, 0, 230),
    };
    let day = after(first, days);
    let exit = (day <= LAST).then(|| {
        let is_work = outcome == ExitOutcome::Work;
        let has_extent = is_work || outcome == ExitOutcome::Studies;
        let extents = [(25, 2), (50, 6), (75, 4), (100, 8), (0, 1)];
        let extent = pick(chance, &extents);
        let lived_on = changed.as_ref().unwrap_or(before);
        Exit {
            day,
            outcome,
            subsidised: is_work && chance.random_range(0..5_u32) < 2,
            extent: if has_extent { extent } else { 0 },
            livelihoods: lives_on_after(chance, outcome, lived_on),
        }
    });
    Enrolment { first, livelihoods: changed, coach: chance.random_range(0..6), exit }
}

fn lives_on_after(chance: &mut StdRng, outcome: ExitOutcome, before: &Livelihoods) -> Livelihoods {
    match outcome {
        ExitOutcome::Work => livelihoods(chance, Livelihood::Salary),
        ExitOutcome::Studies => livelihoods(chance, Livelihood::StudySupport),
        ExitOutcome::JobSeeking => livelihoods(chance, Livelihood::UnemploymentBenefit),
        ExitOutcome::SicknessCompensation => vec![(Livelihood::SicknessCompensation, 100)],
        ExitOutcome::Deceased => vec![(Livelihood::None, 0)],
        ExitOutcome::NotMeasured => vec![(Livelihood::NotStated, 0)],
        _ => before.clone(),
    }
}

/// Mostly one thing, sometimes two.
fn livelihoods(chance: &mut StdRng, usual: Livelihood) -> Livelihoods {
    let first = if chance.random_range(0..3_u32) > 0 { usual } else { pick(chance, LIVELIHOODS) };
    let second = pick(chance, LIVELIHOODS);
    let shares = pick(chance, &[([100, 0], 7), ([50, 50], 1), ([25, 75], 1), ([0, 0], 1)]);
    let has_second = shares[1] > 0 && second != first;
    let all = [(first, shares[0]), (second, shares[1])];
    all[..1 + usize::from(has_second)].to_vec()
}

fn usual_livelihood(kind: ReferringKind) -> Livelihood {
    match kind {
        ReferringKind::SocialInsuranceAgency | ReferringKind::JointAfFk => {
            Livelihood::SicknessBenefit
        }
        ReferringKind::EmploymentService => Livelihood::ActivitySupport,
        ReferringKind::Region => Livelihood::ActivityCompensation,
        ReferringKind::Unspecified
        | ReferringKind::Municipality
        | ReferringKind::Other
        | ReferringKind::NotStated => Livelihood::SocialAssistance,
    }
}

fn sender(chance: &mut StdRng, kind: ReferringKind, municipality: usize) -> usize {
    match kind {
        ReferringKind::SocialInsuranceAgency => INSURANCE_AGENCY,
        ReferringKind::EmploymentService => EMPLOYMENT_SERVICE,
        ReferringKind::Region => REGION,
        ReferringKind::JointAfFk => pick(chance, &[(INSURANCE_AGENCY, 1), (EMPLOYMENT_SERVICE, 1)]),
        ReferringKind::Unspecified
        | ReferringKind::Municipality
        | ReferringKind::Other
        | ReferringKind::NotStated => municipality,
    }
}

/// One of several, by weight.
fn pick<T: Copy>(chance: &mut StdRng, of: &[(T, u32)]) -> T {
    let all: u32 = of.iter().map(|(_, weight)| weight).sum();
    let mut left = chance.random_range(0..all);
    for (one, weight) in of {
        if left < *weight {
            return *one;
        }
        left -= weight;
    }
    unreachable!("less than the sum of the weights")
}

fn chance_day(chance: &mut StdRng, from: i64, to: i64) -> i64 {
    chance.random_range(from..=to)
}

fn after(day: NaiveDate, days: i64) -> NaiveDate {
    day + Days::new(days.unsigned_abs())
}

const KINDS: &[(ReferringKind, u32)] = &[
    (ReferringKind::Municipality, 34),
    (ReferringKind::SocialInsuranceAgency, 27),
    (ReferringKind::Region, 15),
    (ReferringKind::EmploymentService, 14),
    (ReferringKind::JointAfFk, 6),
    (ReferringKind::Other, 3),
    (ReferringKind::NotStated, 1),
];

const LIVELIHOODS: &[(Livelihood, u32)] = &[
    (Livelihood::SocialAssistance, 30),
    (Livelihood::SicknessBenefit, 20),
    (Livelihood::ActivityCompensation, 12),
    (Livelihood::ActivitySupport, 10),
    (Livelihood::UnemploymentBenefit, 6),
    (Livelihood::SicknessCompensation, 5),
    (Livelihood::StudySupport, 3),
    (Livelihood::Salary, 5),
    (Livelihood::Other, 3),
    (Livelihood::None, 4),
    (Livelihood::NotStated, 2),
];

const DECISIONS: &[((ReferralState, DecisionReason), u32)] = &[
    ((ReferralState::Accepted, DecisionReason::MeetsCriteria), 74),
    ((ReferralState::Declined, DecisionReason::PersonDeclines), 7),
    ((ReferralState::Declined, DecisionReason::NotReached), 4),
    ((ReferralState::NotEligible, DecisionReason::NotReady), 5),
    ((ReferralState::NotEligible, DecisionReason::OutsideTargetGroup), 3),
    ((ReferralState::NotEligible, DecisionReason::OtherEffort), 3),
    ((ReferralState::NotEligible, DecisionReason::NoNeedOfCoordination), 1),
    ((ReferralState::Reconsidering, DecisionReason::Incomplete), 3),
];

const OUTCOMES: &[(ExitOutcome, u32)] = &[
    (ExitOutcome::Work, 27),
    (ExitOutcome::Studies, 9),
    (ExitOutcome::JobSeeking, 12),
    (ExitOutcome::StrengthenedCooperationAfFk, 5),
    (ExitOutcome::MunicipalLabourMarketUnit, 6),
    (ExitOutcome::DailyActivity, 2),
    (ExitOutcome::ContinuedRehabilitation, 7),
    (ExitOutcome::MedicalRehabilitation, 8),
    (ExitOutcome::SicknessCompensation, 4),
    (ExitOutcome::ReturnedToInsuranceAgency, 3),
    (ExitOutcome::DroppedOut, 8),
    (ExitOutcome::Moved, 3),
    (ExitOutcome::ParentalLeave, 2),
    (ExitOutcome::Deceased, 1),
    (ExitOutcome::Other, 2),
    (ExitOutcome::NotMeasured, 1),
];
