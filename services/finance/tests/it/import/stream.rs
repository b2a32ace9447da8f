//! Many imports over one stream.

use futures::{channel::mpsc, stream};
use platform::{failure::Problem, testing::on_both};
use proto::{common::ImportEffect, finance as pb};
use tonic::{Code, Status, Streaming};

use super::{claimed, effects, faults::told, granted, import, recipient};
use crate::world::{HOME, World};

type Answers = Streaming<pb::StreamFinanceImportResponse>;

async fn open<S>(world: &World, batches: S) -> Answers
where
    S: futures::Stream<Item = pb::ImportFinanceRequest> + Send + 'static,
{
    use futures::StreamExt as _;
    let sent = batches.map(|batch| pb::StreamFinanceImportRequest { batch: Some(batch) });
    let request = world.office(()).map(|()| sent);
    world.imports().stream_finance_import(request).await.unwrap().into_inner()
}

async fn next(answers: &mut Answers) -> Result<Option<pb::ImportFinanceResponse>, Status> {
    let answer = answers.message().await?;
    Ok(answer.map(|answer| answer.batch.unwrap()))
}

fn batch(world: &World) -> pb::ImportFinanceRequest {
    pb::ImportFinanceRequest {
        parent: HOME.to_owned(),
        request_id: world.id(),
        ..Default::default()
    }
}

/// A recipient with a grant, then claims on it: the second is too much.
fn batches(world: &World) -> [pb::ImportFinanceRequest; 4] {
    let claim = |id, party, ore| pb::ImportFinanceRequest {
        requisitions: vec![claimed(id, "g1", party, ore)],
        ..batch(world)
    };
    let opening = pb::ImportFinanceRequest {
        recipients: vec![recipient("sala")],
        grants: vec![granted("g1", "sala", 1000)],
        ..batch(world)
    };
    [opening, claim("r1", "sala", 600), claim("r2", "region", 401), claim("r3", "koping", 400)]
}

#[tokio::test]
async fn each_batch_gets_its_own_answer_in_order_and_a_faulty_one_changes_nothing() {
    on_both(|database| async move {
        let world = World::new(database).await;
        let sent = batches(&world);
        let mut answers = open(&world, stream::iter(sent.clone())).await;
        let mut told_of = Vec::new();
        while let Some(answer) = next(&mut answers).await.unwrap() {
            told_of.push(answer);
        }
        assert_eq!(told_of.len(), 4);
        assert_eq!(effects(&told_of[0]), [ImportEffect::Created; 2]);
        assert_eq!(effects(&told_of[1]), [ImportEffect::Created]);
        let overdrawn = ("requisitions[0].amount_ore".to_owned(), "GRANT_OVERDRAWN".to_owned());
        assert_eq!(told(&told_of[2]), [overdrawn]);
        assert_eq!(effects(&told_of[3]), [ImportEffect::Created]);
        assert_eq!(world.sequence().await, 4);

        // Sent again, over either RPC, each gets its first answer.
        let again = import(&world, sent[1].clone()).await;
        assert_eq!(again, told_of[1]);
        let mut answers = open(&world, stream::iter(sent)).await;
        assert_eq!(next(&mut answers).await.unwrap().as_ref(), Some(&told_of[0]));
        assert_eq!(world.sequence().await, 4);
        assert_eq!(world.problems().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn a_sender_may_wait_for_each_answer_before_it_sends_more() {
    on_both(|database| async move {
        let world = World::new(database).await;
        let (mut send, sent) = mpsc::channel(0);
        let mut answers = open(&world, sent).await;
        for batch in batches(&world) {
            send.try_send(batch).unwrap();
            next(&mut answers).await.unwrap().unwrap();
        }
        drop(send);
        assert_eq!(next(&mut answers).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_batch_that_is_too_large_ends_the_stream_and_what_was_answered_stands() {
    on_both(|database| async move {
        let world = World::new(database).await;
        let [opening, claim, ..] = batches(&world);
        let row = claim.requisitions[0].clone();
        let large = pb::ImportFinanceRequest { requisitions: vec![row; 5001], ..batch(&world) };
        let mut answers = open(&world, stream::iter([opening, large, claim])).await;
        let first = next(&mut answers).await.unwrap().unwrap();
        assert_eq!(effects(&first), [ImportEffect::Created; 2]);
        let status = next(&mut answers).await.unwrap_err();
        let problem = Problem::of(&status);
        assert_eq!(problem.code, Code::InvalidArgument);
        assert_eq!(problem.faults[0].reason, "BATCH_TOO_LARGE");
        assert_eq!(world.sequence().await, 2);
    })
    .await;
}

#[tokio::test]
async fn an_account_has_a_few_streams_open_and_is_told_how_many() {
    on_both(|database| async move {
        let world = World::new(database).await;
        let request = || world.office(()).map(|()| stream::pending());
        let mut streams = Vec::new();
        for _ in 0..8 {
            streams.push(world.imports().stream_finance_import(request()).await.unwrap());
        }
        let refused = world.imports().stream_finance_import(request()).await.unwrap_err();
        let problem = Problem::of(&refused);
        assert_eq!(
            (problem.code, problem.reason.as_str()),
            (Code::ResourceExhausted, "TOO_MANY_STREAMS")
        );
        assert_eq!(problem.fact("most"), "8");
    })
    .await;
}
