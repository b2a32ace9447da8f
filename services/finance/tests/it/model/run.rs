//! A run: rounds of calls that wait at the same time, each followed in the
//! journal's order and held against the model.

use std::{collections::BTreeMap, sync::Arc};

use futures::{StreamExt as _, stream::FuturesUnordered};
use sea_orm::{ConnectionTrait as _, Statement};

use super::{
    actor::office,
    calendar::{YEAR, day, months, today},
    call::{Answer, Call, is_away, said},
    carry_out::carry_out,
    compare::{compare, compare_all},
    dice::Dice,
    reference::{Asks, Reference, grant, money::Asks as Money, year},
    trouble::Ground,
};
use crate::world::World;

/// The grants there are from the start: one is soon spent, one lasts.
const GRANTS: [(&str, i64); 3] = [("g0", 150), ("g1", 400), ("g2", 2000)];

/// How often a call is asked again until it is answered.
const TRIES: usize = 20;

pub(super) struct Run {
    pub(super) world: Arc<World>,
    ground: Arc<Ground>,
    pub(super) dice: Dice,
    pub(super) model: Reference,
    /// What passed, each with its answer.
    passed: Vec<(Call, Vec<u8>)>,
    /// How often each answer was given.
    pub(super) outcomes: BTreeMap<String, u32>,
    /// How often a caller was told to come back.
    away: i64,
}

impl Run {
    /// A federation with a year, contributions and some grants.
    pub(super) async fn start(ground: Ground, seed: usize) -> Self {
        println!("seed {seed}");
        let time = format!("{}T10:00:00Z", today());
        let world = World::new(ground.open().await).await.later(&time);
        let message = world.recipient("sala");
        world.recipients().create_recipient(world.office(message)).await.unwrap();
        let mut run = Self {
            world: Arc::new(world),
            ground: Arc::new(ground),
            dice: Dice(20_250_630 + seed as u64),
            model: Reference::default(),
            passed: Vec::new(),
            outcomes: BTreeMap::new(),
            away: 0,
        };
        let (year, equity) = (YEAR, 1000);
        let id = "d0".to_owned();
        let decision = super::invent::all_pay(&mut run.dice, id, YEAR);
        let mut first = vec![
            Asks::Year(year::Asks::Open { year, equity }),
            Asks::Money(Money::DecideContributions(decision)),
        ];
        first.extend(GRANTS.map(|(id, ore)| {
            let (id, days, decided) = (id.to_owned(), months(YEAR, 1, 12), day(YEAR - 1, 11, 28));
            Asks::Grant(grant::Asks::Create { id, parent: None, days, ore, decided })
        }));
        for asks in first {
            assert_eq!(run.one(asks).await, "OK");
        }
        run
    }

    /// Calls that come to somebody's mind at the same time.
    pub(super) fn invent(
        &mut self,
        count: usize,
        one: impl Fn(&mut Dice, &Reference, String) -> Call,
    ) -> Vec<Call> {
        (0..count).map(|_| one(&mut self.dice, &self.model, self.world.id())).collect()
    }

    /// One call of the office's alone, and what was said.
    pub(super) async fn one(&mut self, asks: Asks) -> String {
        let actor = self.dice.pick(&office());
        self.one_by(actor, asks).await
    }

    /// One call alone, and what was said.
    pub(super) async fn one_by(&mut self, actor: super::actor::Actor, asks: Asks) -> String {
        let expected = self.model.say(actor, &asks);
        let call = Call { actor, asks, request_id: self.world.id() };
        self.round(vec![call], false).await;
        expected
    }

    /// Asks all of it at once, beside a repetition of something that passed
    /// before, and holds everything against the model.
    pub(super) async fn round(&mut self, round: Vec<Call>, is_troubled: bool) {
        let sequence = self.world.sequence().await;
        let repeated = (!self.passed.is_empty())
            .then(|| self.passed[self.dice.roll(self.passed.len())].clone());
        let all = round.iter().chain(repeated.iter().map(|(call, _)| call)).cloned().collect();
        if is_troubled {
            self.ground.begin(&self.world.database, &mut self.dice).await;
        }
        let mut answers = self.answers(all).await;
        if is_troubled {
            self.ground.end(&self.world.database).await;
        }
        if let Some((call, first)) = &repeated {
            let again = answers.pop().unwrap();
            assert_eq!(again.as_ref().ok(), Some(first), "{call:?} {again:?}");
        }
        let round: Vec<(Call, Answer)> = round.into_iter().zip(answers).collect();
        follow(&mut self.model, &round, &recorded_after(&self.world, sequence).await);
        compare(&self.world, &self.model).await;
        for (call, answer) in round {
            *self.outcomes.entry(said(&answer)).or_default() += 1;
            self.passed.extend(answer.ok().map(|answer| (call, answer)));
        }
    }

    /// Every call's answer. Who is told to come back does, and the trouble is over
    /// then.
    async fn answers(&mut self, calls: Vec<Call>) -> Vec<Answer> {
        let ask = |place: usize, call: Call| {
            let world = self.world.clone();
            tokio::spawn(async move {
                let answer = carry_out(&world, &call).await;
                (place, call, answer)
            })
        };
        let mut answers: Vec<Option<Answer>> = calls.iter().map(|_| None).collect();
        let mut waiting: FuturesUnordered<_> =
            calls.into_iter().enumerate().map(|(place, call)| ask(place, call)).collect();
        let mut away = 0;
        while let Some(answered) = waiting.next().await {
            let (place, call, answer) = answered.unwrap();
            if is_away(&answer) {
                away += 1;
                assert!(away < TRIES * answers.len(), "it never comes back: {call:?}");
                self.ground.end(&self.world.database).await;
                waiting.push(ask(place, call));
            } else {
                answers[place] = Some(answer);
            }
        }
        self.away += i64::try_from(away).unwrap();
        answers.into_iter().map(Option::unwrap).collect()
    }

    /// How often something was lost on the way.
    pub(super) async fn strikes(&self) -> i64 {
        self.away + self.ground.strikes(&self.world.database).await
    }

    /// The whole of it once more, from the database alone.
    pub(super) async fn finish(self) {
        compare_all(&self.world, &self.model).await;
        assert_eq!(self.world.problems().await, [""; 0]);
        let sql = "SELECT CAST(COALESCE(SUM(amount_ore), 0) AS bigint) AS sum FROM posting";
        let statement = Statement::from_string(self.world.database.backend(), sql);
        let row = self.world.database.read.query_one_raw(statement).await.unwrap().unwrap();
        assert_eq!(row.try_get::<i64>("", "sum").unwrap(), 0);
        println!("lost {} times; {:?}", self.strikes().await, self.outcomes);
        let database = self.world.database.clone();
        drop(self.world);
        Arc::into_inner(self.ground).unwrap().remove(database).await;
    }
}

/// Request ids in the order in which the journal has recorded them, each once: a
/// call may record several things, one after the other.
async fn recorded_after(world: &World, sequence: i64) -> Vec<String> {
    let sql = "SELECT request_id FROM journal WHERE federation_id = 'vastmanland' AND sequence > $1 ORDER BY sequence";
    let values = [sequence.into()];
    let statement = Statement::from_sql_and_values(world.database.backend(), sql, values);
    let rows = world.database.read.query_all_raw(statement).await.unwrap();
    let mut ids: Vec<String> =
        rows.iter().map(|row| row.try_get("", "request_id").unwrap()).collect();
    ids.dedup();
    ids
}

/// Carries the model through the round in the journal's order, and holds every
/// answer against it: a refusal must be the right one at some moment of it.
fn follow(model: &mut Reference, round: &[(Call, Answer)], order: &[String]) {
    let by_id: BTreeMap<&str, &Call> =
        round.iter().map(|(call, _)| (call.request_id.as_str(), call)).collect();
    let mut moments = vec![model.clone()];
    for request_id in order {
        let call = by_id[request_id.as_str()];
        assert_eq!(model.ask(call.actor, &call.asks), "OK", "{call:?}");
        moments.push(model.clone());
    }
    for (call, answer) in round {
        let said = said(answer);
        let times = order.iter().filter(|id| **id == call.request_id).count();
        let answered = usize::from(said == "OK");
        assert_eq!(times, answered, "recorded once or not at all, {said}: {call:?}");
        if said != "OK" {
            let could_be = |moment: &Reference| moment.say(call.actor, &call.asks) == said;
            let first = moments[0].say(call.actor, &call.asks);
            assert!(moments.iter().any(could_be), "{said}, never, but {first}: {call:?}");
        }
    }
}
