//! Many accounts at once against a model: whatever they ask for, the answers,
//! the journal and the tables are those of some order in which each was alone,
//! and that order is the journal's.

mod reference;

use std::{collections::BTreeMap, env, sync::Arc};

use chrono::{Months, NaiveDate};
use futures::future::join_all;
use platform::{Principal, failure::Problem, testing::on_both};
use proto::{common::Period, finance as pb};
use sea_orm::{ConnectionTrait as _, Statement};
use tonic::Status;

use crate::world::{Asked, HOME, World, days, economist, economist_of};
use reference::{Actor, Asks, GRANTS, Reference};

const PARTIES: [&str; 3] = ["party-00", "party-01", "party-02"];
const STEPS: [&str; 7] = ["submit", "review", "approve", "return", "reject", "withdraw", "pay"];

const fn actor(account: &'static str, party: Option<&'static str>, is_office: bool) -> Actor {
    Actor { account, party, is_office }
}

const ACTORS: [Actor; 7] = [
    actor("ekonom-party-00", Some("party-00"), false),
    actor("ekonom-party-01", Some("party-01"), false),
    actor("ekonom-party-02", Some("party-02"), false),
    actor("anna", Some("party-00"), true),
    actor("bo", None, true),
    actor("cecilia", None, true),
    actor("david", None, true),
];

fn principal(actor: Actor) -> Principal {
    let mut principal = match (actor.is_office, actor.party) {
        (false, Some(party)) => return economist_of(party),
        (_, _) => economist(actor.account),
    };
    principal.grants.extend(actor.party.into_iter().flat_map(|party| economist_of(party).grants));
    principal
}

/// A small generator of its own, so that a run can be had again.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % sides as u64).unwrap()
    }
}

/// One call: by whom, for what, under which request id.
#[derive(Debug, Clone)]
struct Call {
    actor: Actor,
    asks: Asks,
    request_id: String,
}

type Answer = Result<pb::Requisition, Status>;

/// A call that mostly makes sense, so that the rules behind the first ones are
/// come to.
fn invent(dice: &mut Dice, model: &Reference, request_id: String) -> Call {
    let is_open = |id: &&String| {
        let state = model.requisitions[*id].state();
        !["paid", "rejected", "withdrawn"].contains(&state)
    };
    let open: Vec<&String> = model.requisitions.keys().filter(is_open).collect();
    if open.is_empty() || dice.roll(4) == 0 {
        let actor = ACTORS[dice.roll(ACTORS.len() - 2)];
        let own = actor.party.filter(|_| dice.roll(10) > 0);
        let asks = Asks::Draft {
            id: format!("r{}", dice.roll(6 * (model.requisitions.len() + 9))),
            party: own.unwrap_or(PARTIES[dice.roll(PARTIES.len())]),
            grant: dice.roll(GRANTS.len()),
            month: u32::try_from(dice.roll(12)).unwrap() + 1,
            ore: i64::try_from(dice.roll(150)).unwrap() + 1,
        };
        return Call { actor, asks, request_id };
    }
    let id = open[dice.roll(open.len())].clone();
    let kept = &model.requisitions[&id];
    let usual: &[&'static str] = match kept.state() {
        "draft" | "returned" => &["submit", "submit", "submit", "withdraw"],
        "submitted" => &["review", "review", "review", "return", "withdraw"],
        "reviewed" => &["approve", "approve", "approve", "reject"],
        _ => &["pay"],
    };
    let any = dice.roll(8) == 0;
    let step = if any { STEPS[dice.roll(STEPS.len())] } else { usual[dice.roll(usual.len())] };
    let is_the_partys = ["submit", "withdraw"].contains(&step);
    let fits = |actor: &&Actor| {
        if is_the_partys { actor.party == Some(kept.party) } else { actor.is_office }
    };
    let fitting: Vec<&Actor> = ACTORS.iter().filter(fits).collect();
    let any = dice.roll(8) == 0;
    let actor =
        if any { ACTORS[dice.roll(ACTORS.len())] } else { *fitting[dice.roll(fitting.len())] };
    let seen = kept.steps.len();
    let etag = if dice.roll(12) == 0 { seen + 1 } else { seen };
    let asks = Asks::Step { id, step, etag: etag.to_string() };
    Call { actor, asks, request_id }
}

fn month_of(month: u32) -> Period {
    let first = NaiveDate::from_ymd_opt(2025, month, 1).unwrap();
    let last = (first + Months::new(1)).pred_opt().unwrap();
    days(&first.to_string(), &last.to_string())
}

async fn carry_out(world: &World, call: &Call) -> Answer {
    let caller = principal(call.actor);
    match &call.asks {
        Asks::Draft { id, party, grant, month, ore } => {
            let mut message = world.claim(id, party, *ore);
            message.request_id = call.request_id.clone();
            let content = message.requisition.as_mut().unwrap();
            content.grant = format!("{HOME}/grants/{}", GRANTS[*grant].0);
            content.period = Some(month_of(*month));
            let answer =
                world.requisitions().create_requisition(world.by(&caller, message)).await?;
            Ok(answer.into_inner().requisition.unwrap())
        }
        Asks::Step { id, step, etag } => {
            let asked = Asked {
                name: format!("{HOME}/requisitions/{id}"),
                etag: etag.clone(),
                comment: "because".to_owned(),
                request_id: call.request_id.clone(),
            };
            world.ask(step, asked, &caller).await
        }
    }
}

/// What an answer says, in the model's words.
fn said(answer: &Answer) -> String {
    let Err(status) = answer else {
        return "OK".to_owned();
    };
    let problem = Problem::of(status);
    let faults: Vec<&str> = problem.faults.iter().map(|fault| fault.reason.as_str()).collect();
    if faults.is_empty() { problem.reason } else { faults.join(" ") }
}

/// Request ids in the order in which the journal has recorded them.
async fn recorded_after(world: &World, sequence: i64) -> Vec<String> {
    let sql = "SELECT request_id FROM journal WHERE federation_id = 'vastmanland' AND sequence > $1 ORDER BY sequence";
    let values = [sequence.into()];
    let statement = Statement::from_sql_and_values(world.database.backend(), sql, values);
    let rows = world.database.read.query_all_raw(statement).await.unwrap();
    rows.iter().map(|row| row.try_get("", "request_id").unwrap()).collect()
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
        assert_eq!(times, usize::from(said == "OK"), "recorded once or not at all: {call:?}");
        if said != "OK" {
            let could_be = |moment: &Reference| moment.clone().ask(call.actor, &call.asks) == said;
            assert!(moments.iter().any(could_be), "{said}, never: {call:?}");
        }
    }
}

/// Holds the tables against the model.
async fn compare(world: &World, model: &Reference) {
    for (number, (id, granted)) in GRANTS.iter().enumerate() {
        let name = format!("{HOME}/grants/{id}");
        let request = world.office(pb::GetGrantRequest { name });
        let read = world.grants().get_grant(request).await.unwrap().into_inner().grant.unwrap();
        let stands = (read.amount_ore, read.left_ore, read.reserved_ore, read.requisitioned_ore);
        let (left, reserved) = (model.left(number), model.reserved(number));
        assert_eq!(stands, (*granted, left, reserved, model.requisitioned(number)), "{id}");
        assert!(left >= 0, "{id}");
    }
    let message = pb::ListRequisitionsRequest {
        parent: HOME.to_owned(),
        page_size: 1000,
        ..Default::default()
    };
    let listed = world.requisitions().list_requisitions(world.office(message)).await.unwrap();
    let listed = listed.into_inner();
    assert_eq!(listed.requisitions.len(), model.requisitions.len().min(1000));
    for read in listed.requisitions {
        let kept = &model.requisitions[read.name.rsplit('/').next().unwrap()];
        let steps: Vec<_> = read
            .steps
            .iter()
            .map(|step| (step.state().as_str_name(), step.actor.rsplit('/').next().unwrap()))
            .collect();
        let state = |state: &str| format!("REQUISITION_STATE_{}", state.to_uppercase());
        let expected: Vec<_> = kept.steps.iter().map(|(code, by)| (state(code), *by)).collect();
        let expected: Vec<_> = expected.iter().map(|(code, by)| (code.as_str(), *by)).collect();
        assert_eq!(steps, expected, "{}", read.name);
    }
}

async fn set_up(database: platform::Database) -> World {
    let world = World::new(database).await;
    let message = world.recipient("sala");
    world.recipients().create_recipient(world.office(message)).await.unwrap();
    for (id, ore) in GRANTS {
        let message = world.grant(id, "sala", ore);
        world.grants().create_grant(world.office(message)).await.unwrap();
    }
    world
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_at_once_do_what_the_model_does_in_the_journals_order() {
    let calls = if env::var("SAMORDNA_TEST_LONG").is_ok() { 10_000 } else { 320 };
    on_both(|database| async move {
        let world = Arc::new(set_up(database).await);
        let mut dice = Dice(20_250_630);
        let mut model = Reference::default();
        let mut passed: Vec<(Call, pb::Requisition)> = Vec::new();
        let mut outcomes = BTreeMap::<String, u32>::new();
        for _ in 0..calls / 16 {
            let sequence = world.sequence().await;
            let round: Vec<Call> = (0..16).map(|_| invent(&mut dice, &model, world.id())).collect();
            // One repetition of something that passed before.
            let repeated = (!passed.is_empty()).then(|| passed[dice.roll(passed.len())].clone());
            let all = round.iter().chain(repeated.iter().map(|(call, _)| call)).cloned();
            let answers = join_all(all.map(|call| {
                let world = world.clone();
                tokio::spawn(async move { carry_out(&world, &call).await })
            }));
            let mut answers: Vec<Answer> = answers.await.into_iter().map(Result::unwrap).collect();
            if let Some((call, first)) = &repeated {
                let again = answers.pop().unwrap();
                assert_eq!(again.as_ref().ok(), Some(first), "{call:?} {again:?}");
            }
            let round: Vec<(Call, Answer)> = round.into_iter().zip(answers).collect();
            follow(&mut model, &round, &recorded_after(&world, sequence).await);
            compare(&world, &model).await;
            for (call, answer) in round {
                *outcomes.entry(said(&answer)).or_default() += 1;
                passed.extend(answer.ok().map(|answer| (call, answer)));
            }
        }
        for come_to in ["OK", "STALE", "GRANT_OVERDRAWN"] {
            assert!(outcomes.contains_key(come_to), "never {come_to}: {outcomes:?}");
        }
        assert_eq!(world.problems().await, [""; 0]);
    })
    .await;
}
