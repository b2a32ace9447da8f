//! A process killed in the middle of writes: nothing half, nothing lost,
//! nothing twice.

use std::time::Duration;

use futures::future::join_all;
use platform::convert::date_to_proto;
use proto::finance::{
    CostKind, CostLine, CreateRequisitionRequest, GetRequisitionRequest, Requisition,
    RequisitionState, SubmitRequisitionRequest, WithdrawRequisitionRequest,
    requisition_service_client::RequisitionServiceClient,
};
use samordna::import::Gateway;
use tonic::{Code, Status};

use super::world::{FEDERATION, Installation, Shape, every_kind};

type Client = RequisitionServiceClient<Gateway>;

/// A request that was answered, with its answer.
#[derive(Clone)]
#[expect(clippy::large_enum_variant, reason = "there are few of them, and all are kept")]
enum Acknowledged {
    Created(CreateRequisitionRequest, Requisition),
    Submitted(SubmitRequisitionRequest, Requisition),
    Withdrawn(WithdrawRequisitionRequest, Requisition),
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_in_the_middle_of_writes_loses_and_doubles_nothing() {
    let rounds = if std::env::var("SAMORDNA_TEST_LONG").is_ok() { 25 } else { 2 };
    for (shape, store) in every_kind() {
        println!("{shape:?} on {store:?}");
        let mut installation = Installation::start(shape, store).await;
        installation.load().await;
        let mut acknowledged = Vec::new();
        // In split mode each process dies at least once.
        let rounds = if shape == Shape::Split { rounds * 2 } else { rounds };
        for round in 0..rounds {
            acknowledged.extend(kill_in_writes(&mut installation, round).await);
            installation.verify();
            check(&installation, &acknowledged).await;
        }
        assert!(
            acknowledged.len() > 10,
            "writes were answered before the kill: {}",
            acknowledged.len()
        );
        installation.stop().await;
    }
}

/// Eight callers write until the process is killed under them; then it is
/// started again.
async fn kill_in_writes(installation: &mut Installation, round: usize) -> Vec<Acknowledged> {
    // In split mode the rounds take turns at which process dies.
    let victim = match installation.shape {
        Shape::AllInOne => "samordna",
        Shape::Split => ["finance", "gateway", "participant", "reporting"][round % 4],
    };
    let client = RequisitionServiceClient::new(installation.client("koping-ekonom").await);
    let (told, _) = tokio::sync::watch::channel(0_usize);
    let (stop, stopping) = tokio::sync::watch::channel(false);
    let writers = (0..8).map(|writer| {
        let (client, told, stopping) = (client.clone(), told.clone(), stopping.clone());
        tokio::spawn(write(client, format!("{victim}-{round}-{writer}"), told, stopping))
    });
    let writers: Vec<_> = writers.collect();
    // The kill comes when writes are being answered, not after some time.
    let mut answered = told.subscribe();
    let patience = Duration::from_secs(60);
    tokio::time::timeout(patience, answered.wait_for(|count| *count >= 12)).await.unwrap().unwrap();
    installation.kill(victim);
    stop.send(true).unwrap();
    let acknowledged = join_all(writers).await.into_iter().flat_map(Result::unwrap).collect();
    installation.launch(victim).await;
    acknowledged
}

async fn write(
    mut client: Client,
    prefix: String,
    told: tokio::sync::watch::Sender<usize>,
    stopping: tokio::sync::watch::Receiver<bool>,
) -> Vec<Acknowledged> {
    let mut acknowledged = Vec::new();
    for number in 0..10_000 {
        if *stopping.borrow() {
            break;
        }
        match go_and_come_back(&mut client, &format!("{prefix}-{number}"), &mut acknowledged).await
        {
            Ok(()) => told.send_modify(|count| *count += 1),
            // A cost that is still claimed by what was under way at an earlier kill.
            Err(status) if status.code() == Code::InvalidArgument => {}
            // Whatever was under way when the process died.
            Err(_) => break,
        }
    }
    acknowledged
}

/// Drafts, submits and withdraws, so that the cost can be claimed again.
async fn go_and_come_back(
    client: &mut Client,
    id: &str,
    acknowledged: &mut Vec<Acknowledged>,
) -> Result<(), Status> {
    let create = CreateRequisitionRequest {
        parent: FEDERATION.to_owned(),
        requisition_id: id.to_owned(),
        requisition: Some(draft(id)),
        request_id: format!("create-{id}"),
        validate_only: false,
    };
    let created =
        client.create_requisition(create.clone()).await?.into_inner().requisition.unwrap();
    acknowledged.push(Acknowledged::Created(create, created.clone()));
    let submit = SubmitRequisitionRequest {
        name: created.name,
        etag: created.etag,
        comment: String::new(),
        request_id: format!("submit-{id}"),
        validate_only: false,
    };
    let submitted =
        client.submit_requisition(submit.clone()).await?.into_inner().requisition.unwrap();
    acknowledged.push(Acknowledged::Submitted(submit, submitted.clone()));
    let withdraw = WithdrawRequisitionRequest {
        name: submitted.name,
        etag: submitted.etag,
        comment: String::new(),
        request_id: format!("withdraw-{id}"),
        validate_only: false,
    };
    let withdrawn =
        client.withdraw_requisition(withdraw.clone()).await?.into_inner().requisition.unwrap();
    acknowledged.push(Acknowledged::Withdrawn(withdraw, withdrawn));
    Ok(())
}

/// A month and a kind of cost for each that none under way has.
fn draft(id: &str) -> Requisition {
    static DAY: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    let number = DAY.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let kinds = [
        CostKind::Premises,
        CostKind::Activities,
        CostKind::Training,
        CostKind::Overhead,
        CostKind::Other,
    ];
    let grants = ["vastra-malardalen", "fns", "hallstahammar", "sala", "surahammar", "vasteras"];
    let kind = kinds[usize::try_from(number / 6 % 5).unwrap()];
    let grant = grants[usize::try_from(number / (6 * 5) % 6).unwrap()];
    // The first half of the year is claimed by the demonstration.
    let first = chrono::NaiveDate::from_ymd_opt(2025, 7 + number % 6, 1).unwrap();
    let last = first + chrono::Months::new(1) - chrono::Days::new(1);
    let (first, last) = (date_to_proto(first), date_to_proto(last));
    Requisition {
        grant: format!("{FEDERATION}/grants/{grant}-2025"),
        party: format!("{FEDERATION}/parties/koping"),
        period: Some(proto::common::Period { first_day: Some(first), last_day: Some(last) }),
        cost_lines: vec![CostLine {
            kind: kind.into(),
            description: id.to_owned(),
            fte_percent: 0,
            amount_ore: 100,
        }],
        ..Default::default()
    }
}

/// Every acknowledged write is there, and a repetition of it gets its first
/// answer.
async fn check(installation: &Installation, acknowledged: &[Acknowledged]) {
    let mut client = RequisitionServiceClient::new(installation.client("koping-ekonom").await);
    for write in acknowledged {
        let (again, first) = match write {
            Acknowledged::Created(request, first) => (
                client.create_requisition(request.clone()).await.unwrap().into_inner().requisition,
                first,
            ),
            Acknowledged::Submitted(request, first) => (
                client.submit_requisition(request.clone()).await.unwrap().into_inner().requisition,
                first,
            ),
            Acknowledged::Withdrawn(request, first) => (
                client
                    .withdraw_requisition(request.clone())
                    .await
                    .unwrap()
                    .into_inner()
                    .requisition,
                first,
            ),
        };
        assert_eq!(again.as_ref(), Some(first));
        let message = GetRequisitionRequest { name: first.name.clone() };
        let read = client.get_requisition(message).await.unwrap().into_inner().requisition.unwrap();
        assert!(read.steps.starts_with(&first.steps), "{read:?} does not go on from {first:?}");
        if first.state() == RequisitionState::Withdrawn {
            assert_eq!(read.state(), RequisitionState::Withdrawn);
        }
    }
}
