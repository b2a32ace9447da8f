//! How many secrets are checked at a time.

use futures::poll;
use platform::testing::{SqliteHome, TestKeys};
use sea_orm::ConnectionTrait as _;

use super::*;
use crate::{Config, Deps, Migrator};

/// A gateway whose services are not there.
async fn state(home: &SqliteHome) -> State {
    let database = home.open().await;
    database.migrate::<Migrator>().await.unwrap();
    let clock = platform::Clock::fixed("2025-06-10T10:00:00Z".parse().unwrap());
    let keys = TestKeys::new(&clock);
    let nowhere = platform::Transport::local(axum::Router::new());
    let deps = Deps {
        clock,
        database,
        signer: keys.signer,
        verifier: keys.verifier,
        organisation: nowhere.clone(),
        finance: nowhere.clone(),
        reporting: nowhere,
    };
    crate::state(&Config::default(), deps).await.unwrap()
}

#[test]
fn whatever_is_typed_as_an_id_no_more_are_checked_at_a_time() {
    // One thread for what is slow, and it is busy: checks begin, and do not end.
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_all().max_blocking_threads(1).build().unwrap();
    runtime.block_on(async {
        let home = SqliteHome::new();
        let state = state(&home).await;
        let (go_on, wait) = std::sync::mpsc::channel::<()>();
        let busy = tokio::task::spawn_blocking(move || wait.recv());
        let free = || state.checks.0.available_permits();
        let mut calls = Vec::new();
        for _ in 0..5 {
            let call = authenticate(&state, "no id at all!", "secret", AccountKind::Person);
            let mut call = Box::pin(call);
            assert!(poll!(&mut call).is_pending());
            calls.push(call);
        }
        assert_eq!(free(), 0);
        // Whoever goes away leaves the check behind, and its place is taken until it ends.
        drop(calls);
        assert_eq!(free(), 0);
        drop(go_on);
        busy.await.unwrap().unwrap_err();
        let all = u32::try_from(CHECKS_AT_ONCE).unwrap();
        drop(state.checks.0.acquire_many(all).await.unwrap());
        // Nothing of it is kept.
        let kept = "SELECT account_id FROM sign_in_failure";
        let database = &state.journal.database().read;
        assert!(
            database
                .query_one_raw(sea_orm::Statement::from_string(
                    database.get_database_backend(),
                    kept
                ))
                .await
                .unwrap()
                .is_none()
        );
    });
}
