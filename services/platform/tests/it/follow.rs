//! Following a journal: everything that may be seen, in order, once, and no
//! trace of what may not.

use std::{future, time::Duration};

use futures::{StreamExt as _, TryStreamExt as _, future::join_all, stream::BoxStream};
use platform::{
    Clock, Database, Entry, Failure, Journal, Principal,
    journal::{Pace, Shown, Told},
    stop::Stopping,
    testing::{caller, on_both},
};

use crate::world::{self, Add, Mishap, write};

type Stream = BoxStream<'static, Result<Told<String>, Failure>>;

/// Nothing but events, unless something else is asked for.
const QUIET: Pace = Pace {
    heartbeat: Duration::from_secs(3600),
    look: Duration::from_secs(3600),
    longest: Duration::from_secs(3600),
};
const HEARTBEATS: Pace = Pace { heartbeat: Duration::from_millis(5), ..QUIET };
/// Longer than anything takes that is not stuck.
const PATIENCE: Duration = Duration::from_secs(60);

/// A reader who is shown the counters whose names begin so.
async fn follow(journal: &Journal, shown: &'static str, after: &str, pace: Pace) -> Stream {
    begin(journal, &reader("bo"), shown, after, pace, Stopping::default()).await.unwrap()
}

async fn begin(
    journal: &Journal,
    reader: &Principal,
    shown: &'static str,
    after: &str,
    pace: Pace,
    stopping: Stopping,
) -> Result<Stream, Failure> {
    let one = move |entry: &Entry| {
        let (_, counter) = entry.subject.rsplit_once('/').unwrap();
        counter.starts_with(shown).then(|| format!("{counter} {}", entry.sequence))
    };
    let show = move |entries: Vec<Entry>| -> Shown<String> {
        Box::pin(future::ready(Ok(entries.iter().map(one).collect())))
    };
    journal.follow(reader, after, pace, stopping, show).await
}

fn reader(account: &str) -> Principal {
    caller("vastmanland", account, &[])
}

async fn add(journal: &Journal, counter: &str, id: &str) {
    Add::new(counter, 1, Mishap::None).run(journal, write(id, 1)).await.unwrap();
}

async fn next(stream: &mut Stream) -> Told<String> {
    let told = tokio::time::timeout(PATIENCE, stream.next()).await.unwrap();
    told.unwrap().unwrap()
}

async fn take(stream: &mut Stream, count: usize) -> Vec<Told<String>> {
    let told = stream.take(count).try_collect();
    tokio::time::timeout(PATIENCE, told).await.unwrap().unwrap()
}

async fn heartbeat(stream: &mut Stream) -> Told<String> {
    loop {
        let told = next(stream).await;
        if told.event.is_none() {
            return told;
        }
    }
}

fn events(told: &[Told<String>]) -> Vec<&str> {
    told.iter().filter_map(|told| told.event.as_deref()).collect()
}

fn refused(answer: Result<Stream, Failure>) -> Failure {
    answer.err().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_gets_what_it_may_see_in_order_and_goes_on_after_any_position() {
    on_both(async |database| {
        let journal = world::journal(&database).await;
        for (id, counter) in ["a1", "b1", "a2", "b2", "b3", "a1"].into_iter().enumerate() {
            add(&journal, counter, &id.to_string()).await;
        }
        let whole = take(&mut follow(&journal, "a", "", QUIET).await, 3).await;
        assert_eq!(events(&whole), ["a1 1", "a2 3", "a1 6"]);
        assert_eq!(whole[0].previous_position, "");
        for (before, after) in whole.iter().zip(&whole[1..]) {
            assert_eq!(after.previous_position, before.position);
            // Taken up again, the same is told in the same words.
            let again = next(&mut follow(&journal, "a", &before.position, QUIET).await).await;
            assert_eq!(again, *after);
        }

        let mut live = follow(&journal, "a", &whole[2].position, QUIET).await;
        add(&journal, "b4", "other").await;
        add(&journal, "a3", "own").await;
        let new = next(&mut live).await;
        assert_eq!(new.event.as_deref(), Some("a3 8"));
        assert_eq!(new.previous_position, whole[2].position);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn heartbeats_lead_past_what_a_reader_may_not_see_and_tell_nothing_of_it() {
    on_both(async |database| {
        let journal = world::journal(&database).await;
        let mut stream = follow(&journal, "a", "", HEARTBEATS).await;
        let before_anything = next(&mut stream).await;
        assert_eq!((before_anything.position.as_str(), before_anything.event), ("", None));
        add(&journal, "a1", "1").await;
        let event = loop {
            let told = next(&mut stream).await;
            if told.event.is_some() {
                break told;
            }
        };
        let quiet = [heartbeat(&mut stream).await, heartbeat(&mut stream).await];
        // Nothing happened between these two, and they differ all the same.
        assert_ne!(quiet[0].position, quiet[1].position);
        for number in 0..300 {
            add(&journal, &format!("b{number}"), &format!("b{number}")).await;
        }
        let after = [heartbeat(&mut stream).await, heartbeat(&mut stream).await];
        for told in quiet.iter().chain(&after) {
            assert_eq!(told.previous_position, event.position);
            assert_eq!(told.position.len(), event.position.len());
        }
        // Whoever comes back after any of them misses nothing.
        add(&journal, "a2", "2").await;
        for told in quiet.iter().chain(&after) {
            let mut again = follow(&journal, "a", &told.position, QUIET).await;
            let next = next(&mut again).await;
            assert_eq!(next.event.as_deref(), Some("a2 302"));
            assert_eq!(next.previous_position, event.position);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_that_leave_and_come_back_while_others_write_get_each_event_once() {
    on_both(async |database| {
        let journal = world::journal(&database).await;
        // Writers in two processes, as far as the journal can tell.
        let elsewhere = Journal::new(database.clone(), Clock::system());
        let pace = Pace { look: Duration::from_millis(5), ..HEARTBEATS };
        let readers: Vec<_> =
            (2..6).map(|stay| tokio::spawn(read_in_parts(journal.clone(), stay, pace))).collect();
        let writers = (0..8).map(|writer| {
            let journal = if writer % 2 == 0 { journal.clone() } else { elsewhere.clone() };
            tokio::spawn(async move {
                for number in 0..30 {
                    let counter = if number % 3 == 0 { "b" } else { "a" };
                    let id = format!("{writer}-{number}");
                    add(&journal, &format!("{counter}{id}"), &id).await;
                }
            })
        });
        for writer in join_all(writers).await {
            writer.unwrap();
        }
        let recorded = recorded(&database).await;
        for reader in readers {
            let told = tokio::time::timeout(PATIENCE, reader).await.unwrap().unwrap();
            assert_eq!(told, recorded);
        }
    })
    .await;
}

/// Reads the 160 events, a few at a time, each time by a new stream.
async fn read_in_parts(journal: Journal, stay: usize, pace: Pace) -> Vec<String> {
    let (mut all, mut position, mut last_event) = (Vec::new(), String::new(), String::new());
    while all.len() < 160 {
        let mut stream = follow(&journal, "a", &position, pace).await;
        for told in take(&mut stream, stay).await {
            assert_eq!(told.previous_position, last_event);
            position = told.position;
            if let Some(event) = told.event {
                last_event.clone_from(&position);
                all.push(event);
            }
        }
    }
    all
}

async fn recorded(database: &Database) -> Vec<String> {
    let rows = crate::journal::rows(database).await.into_iter();
    let named = rows.map(|(sequence, _, subject, _)| {
        format!("{} {sequence}", subject.rsplit('/').next().unwrap())
    });
    named.filter(|event| event.starts_with('a')).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_process_recorded_is_found_without_being_told() {
    on_both(async |database| {
        let journal = world::journal(&database).await;
        let elsewhere = Journal::new(database.clone(), Clock::system());
        let pace = Pace { look: Duration::from_millis(5), ..QUIET };
        let mut stream = follow(&journal, "a", "", pace).await;
        for number in 0..3 {
            add(&elsewhere, "a", &number.to_string()).await;
            let expected = format!("a {}", number + 1);
            assert_eq!(next(&mut stream).await.event, Some(expected));
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_position_is_good_for_its_own_account_and_journal_only() {
    on_both(async |database| {
        let journal = world::journal(&database).await;
        let malformed = |answer: Result<Stream, Failure>| {
            let Failure::Invalid(faults) = refused(answer) else { panic!("it is a fault") };
            assert_eq!(faults.as_slice()[0].reason, "POSITION_MALFORMED");
        };
        let never = Stopping::default;
        // Nobody was given a position before anything was recorded.
        let (bo, anna) = (reader("bo"), reader("anna"));
        malformed(begin(&journal, &bo, "a", "AAAA", QUIET, never()).await);
        add(&journal, "a", "1").await;
        let position = next(&mut follow(&journal, "a", "", QUIET).await).await.position;
        malformed(begin(&journal, &anna, "a", &position, QUIET, never()).await);
        malformed(begin(&journal, &bo, "a", &position[1..], QUIET, never()).await);
        let of_elsewhere = caller("sormland", "bo", &[]);
        malformed(begin(&journal, &of_elsewhere, "a", &position, QUIET, never()).await);
        drop(begin(&journal, &bo, "a", &position, QUIET, never()).await.unwrap());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_ends_when_the_process_stops_and_when_its_time_is_over() {
    on_both(async |database| {
        let journal = world::journal(&database).await;
        let stopping = Stopping::default();
        let bo = reader("bo");
        let mut stream = begin(&journal, &bo, "a", "", QUIET, stopping.clone()).await.unwrap();
        let ended = tokio::spawn(async move { stream.next().await.is_none() });
        stopping.tell();
        assert!(tokio::time::timeout(PATIENCE, ended).await.unwrap().unwrap());

        let short = Pace { longest: Duration::from_millis(5), ..QUIET };
        let mut stream = follow(&journal, "a", "", short).await;
        assert!(tokio::time::timeout(PATIENCE, stream.next()).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_has_a_few_streams_and_gets_a_new_one_when_one_is_closed() {
    on_both(async |database| {
        let journal = world::journal(&database).await;
        let (bo, anna) = (reader("bo"), reader("anna"));
        let never = Stopping::default;
        let mut streams = Vec::new();
        for _ in 0..8 {
            streams.push(begin(&journal, &bo, "a", "", QUIET, never()).await.unwrap());
        }
        let limited = refused(begin(&journal, &bo, "a", "", QUIET, never()).await);
        assert!(matches!(limited, Failure::TooManyStreams { most: 8, .. }), "{limited:?}");
        drop(begin(&journal, &anna, "a", "", QUIET, never()).await.unwrap());
        streams.pop();
        drop(begin(&journal, &bo, "a", "", QUIET, never()).await.unwrap());
    })
    .await;
}
