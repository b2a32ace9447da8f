//! Histories that go through the RPCs: whatever comes to somebody's mind is tried, what is
//! not refused has happened, and every table is what a naive interpreter makes of that.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use participant::domain::code::{Livelihood, Sex};
use platform::{Principal, convert::date_to_proto, testing::on_both};
use proto::participant::{
    CorrectExitRequest, DecideReferralRequest, DecisionReason, Dimension, ExitOutcome,
    GetEnrolmentRequest, GetParticipantRequest, Measure, ReceiveReferralRequest, Referral,
    ReferralState, RegisterEnrolmentInErrorRequest, RegisterReferralInErrorRequest,
    RevokeReferralRequest, TransferParticipantRequest,
};

use super::{
    history::{Dice, Event, History, PLACES, What},
    naive::{Asked, table},
    officer_of,
    random::{EXITS, check, measures, question},
};
use crate::{
    enrolment::{create, exit, leaves, name},
    people::{changed, decide, officer, organised, read, receive, sent, somebody},
    world::{HOME, World},
};

const CASES: usize = 15;
const TRIED: usize = 700;
const QUESTIONS: usize = 150;

const OUTCOMES: [ExitOutcome; 3] = [ExitOutcome::Work, ExitOutcome::Studies, ExitOutcome::Moved];

struct Driver {
    world: World,
    coordinator: Principal,
    dice: Dice,
    histories: Vec<History>,
    /// Of each case: the day of its last step, and its enrolment.
    days: Vec<NaiveDate>,
    enrolments: Vec<String>,
    requests: usize,
    /// How far the journal was after each step: within a step nothing is asked for.
    heads: Vec<i64>,
}

fn own() -> Vec<(&'static str, String)> {
    ["sala", "koping"].map(|party| (party, "norra".to_owned())).to_vec()
}

fn sent_day(day: NaiveDate) -> Option<proto::Date> {
    Some(date_to_proto(day))
}

impl Driver {
    async fn new(world: World, seed: u64) -> Self {
        let mut dice = Dice(seed);
        let mut histories = Vec::new();
        for number in 0..CASES {
            let mut history = History::referred(format!("c-{number}"), "norra", 0);
            history.referred = NaiveDate::from_ymd_opt(2025, 1, 1).unwrap() + dice.days(60);
            history.place = 1 + dice.below(2);
            history.sex = *dice.one_of(Sex::ALL);
            history.birth_year = Some(1980);
            history.sequence = world.sequence().await + 1;
            let mut person = somebody(number);
            person.sex = history.sex.number().into();
            let request = changed(&history.id, person, |referral| {
                referral.referral_date = sent_day(history.referred);
                let municipality = PLACES[history.place].0;
                referral.municipality = format!("{HOME}/municipalities/{municipality}");
            });
            sent(&world, request).await;
            let day = sent_day(history.referred);
            let received = ReceiveReferralRequest { day, ..receive(&history.id, "1") };
            let received = world.by(&officer_of(&own()), received);
            world.referrals().receive_referral(received).await.unwrap();
            histories.push(history);
        }
        let days = histories.iter().map(|history| history.referred).collect();
        let coordinator = officer_of(&own());
        let enrolments = vec![String::new(); CASES];
        let heads = vec![world.sequence().await];
        Self { world, coordinator, dice, histories, days, enrolments, requests: 0, heads }
    }

    /// Tries something with a case; what is refused has not happened.
    async fn try_something(&mut self) {
        let case = self.dice.below(CASES);
        let day = self.days[case] + self.dice.days(25);
        self.requests += 1;
        let id = self.histories[case].id.clone();
        let Ok(referral) = read(&self.world, &self.coordinator, &id).await else { return };
        let what = match self.dice.below(14) {
            0..=2 => self.accept(&id, &referral, day).await,
            3..=5 => self.enrol(case, day).await,
            6 | 7 => self.exit(case, day).await,
            8 | 13 => self.correct(case, day).await,
            9 => self.take_back(case).await,
            10 => self.transfer(&referral, day).await,
            11 if self.dice.below(2) == 0 => self.revoke(&id, &referral, day).await,
            12 if self.dice.below(4) == 0 => self.mistake(&id, &referral).await,
            _ => None,
        };
        let Some(what) = what else { return };
        let sequence = self.world.sequence().await;
        self.heads.push(sequence);
        self.histories[case].events.push(Event { sequence, what });
        self.days[case] = match what {
            What::Accepted(day)
            | What::LeftQueue(day)
            | What::Enrolled(day, _)
            | What::Transferred(day, _) => day,
            What::Exited(..) | What::Resumed | What::NotEnrolled | What::Sex(_) | What::Error => {
                self.days[case]
            }
        };
    }

    async fn accept(&self, id: &str, referral: &Referral, day: NaiveDate) -> Option<What> {
        let (accepted, reason) = (ReferralState::Accepted, DecisionReason::MeetsCriteria);
        let request = decide(id, &referral.etag, accepted, reason);
        let request_id = format!("accept-{}", self.requests);
        let request = DecideReferralRequest { day: sent_day(day), request_id, ..request };
        let request = self.world.by(&self.coordinator, request);
        let answer = self.world.referrals().decide_referral(request).await;
        answer.ok().map(|_| What::Accepted(day))
    }

    async fn enrol(&mut self, case: usize, day: NaiveDate) -> Option<What> {
        let id = format!("e-{}", self.requests);
        let mut request = create(&id, &self.histories[case].id);
        let enrolment = request.enrolment.as_mut().unwrap();
        (enrolment.first_day, enrolment.planned_last_day) =
            (sent_day(day), sent_day(day + chrono::Days::new(180)));
        let request = self.world.by(&self.coordinator, request);
        self.world.enrolments().create_enrolment(request).await.ok()?;
        self.enrolments[case] = id;
        Some(What::Enrolled(day, Livelihood::SicknessBenefit))
    }

    /// The version of a case's enrolment, when it has one.
    async fn version(&self, case: usize) -> Option<String> {
        let get = GetEnrolmentRequest { name: name(&self.enrolments[case]) };
        let get = self.world.by(&self.coordinator, get);
        let got = self.world.enrolments().get_enrolment(get).await.ok()?;
        Some(got.into_inner().enrolment.unwrap().etag)
    }

    async fn exit(&mut self, case: usize, day: NaiveDate) -> Option<What> {
        let outcome = *self.dice.one_of(&OUTCOMES);
        let etag = self.version(case).await?;
        let leaves = leaves(&day.to_string(), outcome);
        let request = exit(&self.enrolments[case], &etag, leaves);
        let request = self.world.by(&self.coordinator, request);
        self.world.enrolments().exit_enrolment(request).await.ok()?;
        Some(exited(day, outcome))
    }

    async fn correct(&mut self, case: usize, day: NaiveDate) -> Option<What> {
        let outcome = *self.dice.one_of(&OUTCOMES);
        let has_left = self.dice.below(2) == 0;
        let request = CorrectExitRequest {
            name: name(&self.enrolments[case]),
            etag: self.version(case).await?,
            exit: has_left.then(|| leaves(&day.to_string(), outcome)),
            reason: "Fel registrerat".to_owned(),
            request_id: format!("correct-{}", self.requests),
            validate_only: false,
        };
        let request = self.world.by(&self.coordinator, request);
        self.world.enrolments().correct_exit(request).await.ok()?;
        Some(if has_left { exited(day, outcome) } else { What::Resumed })
    }

    async fn take_back(&self, case: usize) -> Option<What> {
        let request = RegisterEnrolmentInErrorRequest {
            name: name(&self.enrolments[case]),
            etag: self.version(case).await?,
            reason: "Fel person".to_owned(),
            request_id: format!("take-back-{}", self.requests),
            validate_only: false,
        };
        let request = self.world.by(&self.coordinator, request);
        let answer = self.world.enrolments().register_enrolment_in_error(request).await;
        answer.ok().map(|_| What::NotEnrolled)
    }

    async fn transfer(&mut self, referral: &Referral, day: NaiveDate) -> Option<What> {
        let place = 1 + self.dice.below(2);
        let get = GetParticipantRequest { name: referral.participant.clone() };
        let get = self.world.by(&self.coordinator, get);
        let got = self.world.participants().get_participant(get).await.ok()?;
        let request = TransferParticipantRequest {
            name: referral.participant.clone(),
            etag: got.into_inner().participant.unwrap().etag,
            municipality: format!("{HOME}/municipalities/{}", PLACES[place].0),
            day: sent_day(day),
            reason: "Flyttat".to_owned(),
            request_id: format!("transfer-{}", self.requests),
            validate_only: false,
        };
        let request = self.world.by(&self.coordinator, request);
        let answer = self.world.participants().transfer_participant(request).await;
        answer.ok().map(|_| What::Transferred(day, place))
    }

    async fn revoke(&self, id: &str, referral: &Referral, day: NaiveDate) -> Option<What> {
        let request = RevokeReferralRequest {
            name: format!("{HOME}/referrals/{id}"),
            etag: referral.etag.clone(),
            day: sent_day(day),
            comment: "Återtagen".to_owned(),
            request_id: format!("revoke-{}", self.requests),
            validate_only: false,
        };
        let request = self.world.by(&officer(), request);
        let answer = self.world.referrals().revoke_referral(request).await;
        answer.ok().map(|_| What::LeftQueue(day))
    }

    async fn mistake(&self, id: &str, referral: &Referral) -> Option<What> {
        let request = RegisterReferralInErrorRequest {
            name: format!("{HOME}/referrals/{id}"),
            etag: referral.etag.clone(),
            comment: "Fel person".to_owned(),
            request_id: format!("mistake-{}", self.requests),
            validate_only: false,
        };
        let request = self.world.by(&self.coordinator, request);
        let answer = self.world.referrals().register_referral_in_error(request).await;
        answer.ok().map(|_| What::Error)
    }
}

fn exited(day: NaiveDate, outcome: ExitOutcome) -> What {
    let outcome = participant::domain::code::ExitOutcome::from_number(outcome.into()).unwrap();
    What::Exited(day, outcome, Livelihood::Salary)
}

fn asked(dice: &mut Dice, heads: &[i64]) -> Asked {
    let of_exits = dice.below(3) == 0;
    let possible = if of_exits { EXITS.to_vec() } else { measures() };
    let first = dice.below(possible.len());
    let measures: Vec<Measure> = possible[first..].to_vec();
    let always = [Dimension::Municipality, Dimension::Party, Dimension::Sex, Dimension::Team];
    let mut cuts = vec![(always[dice.below(4)], false)];
    if of_exits && dice.below(2) == 0 {
        cuts.push((Dimension::ExitOutcome, false));
    }
    let first = NaiveDate::from_ymd_opt(2024, 12, 15).unwrap() + dice.days(180);
    let last = first + dice.days(120);
    let own = own().into_iter().filter(|_| dice.below(4) > 0).collect();
    let sequence = *dice.one_of(heads);
    Asked { measures, cuts, first, last, sequence, own }
}

/// Lets cases live for a while: people of two parties.
pub(crate) async fn lived(world: World, tried: usize) -> World {
    let mut driver = Driver::new(world, 7).await;
    for _ in 0..tried {
        driver.try_something().await;
    }
    driver.world
}

#[tokio::test]
async fn every_table_of_what_came_through_the_rpcs_is_what_a_naive_interpreter_counts() {
    on_both(|database| async {
        let mut driver = Driver::new(organised(database).await, 11).await;
        for _ in 0..TRIED {
            driver.try_something().await;
        }
        let Driver { world, mut dice, histories, heads, .. } = driver;
        let events = histories.iter().flat_map(|history| &history.events);
        let kinds: BTreeSet<_> = events
            .map(|event| format!("{:?}", event.what).split('(').next().unwrap().to_owned())
            .collect();
        assert_eq!(kinds.len(), 8, "{kinds:?}");
        let head = world.sequence().await;
        for _ in 0..QUESTIONS {
            let asked = asked(&mut dice, &heads);
            let request = world.by(&officer_of(&asked.own), question(&asked, head));
            if asked.own.is_empty() {
                continue;
            }
            let answer = world.tabulation().tabulate(request).await.unwrap().into_inner();
            check(&answer.table.unwrap(), &table(&histories, &asked), &asked);
        }
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}
