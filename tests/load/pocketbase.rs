//! Creating and reading a record through the all-in-one process on SQLite, with
//! permission check and journal, against PocketBase, with an account's role
//! checked by its rules. A rival's client needs a connection for each call under way;
//! those of a partner's system go over one, so ours is called both ways.

mod http;
mod rival;

use std::{path::Path, sync::Arc, time::Duration};

use anyhow::Context as _;
use proto::finance::{
    CreateRecipientRequest, GetRecipientRequest, Recipient, RecipientKind,
    recipient_service_client::RecipientServiceClient,
};
use rival::Rival;

use crate::{
    calls::{self, Done},
    credential::{Caller, Credential},
    installation::{FEDERATION, Installation},
    spread,
    table::{self, heading},
};

const CLIENTS: usize = 32;
const ROUNDS: usize = 3;
const CREATED: usize = 4000;
const READ: usize = 12_000;
/// In the first round, which is for warming up.
const WARM_UP: usize = 500;
/// What clients with a connection of their own create; the others number theirs after it.
const ALL: usize = WARM_UP + ROUNDS * CREATED;
const GOAL: f64 = 3.0;

type Client = RecipientServiceClient<Caller>;

/// Measures both in turn and prints the figures.
///
/// # Errors
/// When a process cannot be started or a call fails.
pub(crate) async fn measure() -> anyhow::Result<()> {
    heading(&format!(
        "pocketbase: {CREATED} creates and {READ} reads of a recipient by {CLIENTS} clients on \
         SQLite, {ROUNDS} rounds in turn with PocketBase {}",
        rival::VERSION
    ));
    let folder = tempfile::TempDir::new()?;
    let rival = Rival::start(folder.path()).await?;
    let ours = Ours::start(folder.path()).await?;
    let mut rounds = Vec::with_capacity(1 + ROUNDS);
    let mut first = 0;
    for (created, read) in std::iter::once((WARM_UP, WARM_UP)).chain([(CREATED, READ); ROUNDS]) {
        let [own, one] = [&ours.own, &ours.one];
        rounds.push(Round {
            creates: Beside {
                own: ours.create(own, first, created).await?,
                one: ours.create(one, ALL + first, created).await?,
                rival: rival.create(first, created).await?,
            },
            reads: Beside {
                own: ours.read(own, first, created, read).await?,
                one: ours.read(one, first, created, read).await?,
                rival: rival.read(first, created, read).await?,
            },
        });
        first += created;
    }
    ours.installation.stop().await?;
    rival.stop().await?;
    print(rounds.get(1..).unwrap_or_default());
    Ok(())
}

/// The ids of a record, on both sides.
fn id(number: usize) -> String {
    format!("team-{number}")
}

/// The all-in-one process, and its clients.
struct Ours {
    installation: Installation,
    /// Each with a connection of its own.
    own: Arc<Vec<Client>>,
    /// All with one connection.
    one: Arc<Vec<Client>>,
}

impl Ours {
    async fn start(folder: &Path) -> anyhow::Result<Self> {
        let installation = Installation::start("samordna", folder, &[]).await?;
        let credential = Credential::token(&installation.economist)?;
        let client = |channel| Client::new(Caller::new(channel, credential.clone()));
        let mut own = Vec::with_capacity(CLIENTS);
        for _ in 0..CLIENTS {
            own.push(client(installation.connect().await?));
        }
        let one = vec![client(installation.connect().await?); CLIENTS];
        Ok(Self { installation, own: Arc::new(own), one: Arc::new(one) })
    }

    async fn create(
        &self,
        clients: &Arc<Vec<Client>>,
        first: usize,
        count: usize,
    ) -> anyhow::Result<Measured> {
        let clients = Arc::clone(clients);
        let before = self.installation.processor_time()?;
        let work =
            calls::share((first..first + count).collect(), CLIENTS, move |caller, number| {
                create(clients[caller].clone(), number)
            });
        let (_, done) = work.await?;
        Ok(Measured { done, processor: self.installation.processor_time()? - before })
    }

    async fn read(
        &self,
        clients: &Arc<Vec<Client>>,
        first: usize,
        there: usize,
        count: usize,
    ) -> anyhow::Result<Measured> {
        let clients = Arc::clone(clients);
        let before = self.installation.processor_time()?;
        let work = calls::share((0..count).collect(), CLIENTS, move |caller, number| {
            read(clients[caller].clone(), first + number % there)
        });
        let (_, done) = work.await?;
        Ok(Measured { done, processor: self.installation.processor_time()? - before })
    }
}

async fn create(mut client: Client, number: usize) -> anyhow::Result<()> {
    let request = CreateRecipientRequest {
        parent: FEDERATION.name(),
        recipient_id: id(number),
        recipient: Some(Recipient {
            name: String::new(),
            display_name: format!("Recipient {number}"),
            kind: RecipientKind::Resource.into(),
            team: String::new(),
        }),
        request_id: format!("load-{number}"),
        validate_only: false,
    };
    let answer = client.create_recipient(request).await.context("a create")?.into_inner();
    answer.recipient.context("no recipient in the answer")?;
    Ok(())
}

async fn read(mut client: Client, number: usize) -> anyhow::Result<()> {
    let name = format!("{}/recipients/{}", FEDERATION.name(), id(number));
    let answer = client.get_recipient(GetRecipientRequest { name }).await.context("a read")?;
    answer.into_inner().recipient.context("no recipient in the answer")?;
    Ok(())
}

/// What was done, and what the server took for it.
struct Measured {
    done: Done,
    processor: Duration,
}

impl Measured {
    #[expect(clippy::cast_precision_loss, reason = "a count of calls is small")]
    fn processor_ms(&self) -> f64 {
        self.processor.as_secs_f64() * 1e3 / self.done.times_ms.len() as f64
    }
}

/// What one round gave.
struct Round {
    creates: Beside,
    reads: Beside,
}

/// The same call, both ways of ours and the rival's.
struct Beside {
    own: Measured,
    one: Measured,
    rival: Measured,
}

type Call = fn(&Round) -> &Beside;
type Way = fn(&Beside) -> &Measured;

fn print(rounds: &[Round]) {
    let calls: [(&str, Call); 2] =
        [("create", |round| &round.creates), ("read", |round| &round.reads)];
    let ways: [(&str, Way); 2] = [("own", |beside| &beside.own), ("one", |beside| &beside.one)];
    let row = |(call, of): (&str, Call), (connections, way): (&str, Way)| {
        let median = |figure: &dyn Fn(&Measured, &Measured) -> f64| {
            let figure = |round| {
                let beside = of(round);
                figure(way(beside), &beside.rival)
            };
            spread::median(&rounds.iter().map(figure).collect::<Vec<_>>())
        };
        vec![
            call.to_owned(),
            connections.to_owned(),
            format!("{:.0}", median(&|ours, _| ours.done.a_second())),
            format!("{:.0}", median(&|_, theirs| theirs.done.a_second())),
            format!("{:.2}", median(&|ours, theirs| ours.done.a_second() / theirs.done.a_second())),
            format!("≥ {GOAL}"),
            format!("{:.2}", median(&|ours, _| ours.done.median_ms())),
            format!("{:.2}", median(&|_, theirs| theirs.done.median_ms())),
            format!("{:.3}", median(&|ours, _| ours.processor_ms())),
            format!("{:.3}", median(&|_, theirs| theirs.processor_ms())),
        ]
    };
    let rows: Vec<_> =
        calls.iter().flat_map(|call| ways.iter().map(|way| row(*call, *way))).collect();
    let heads = [
        "call",
        "connection",
        "Samordna/s",
        "PocketBase/s",
        "ratio",
        "goal",
        "median ms",
        "PocketBase ms",
        "CPU ms",
        "PocketBase CPU ms",
    ];
    table::rows(&heads, &rows);
}
