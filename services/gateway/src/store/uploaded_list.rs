//! Lists of people between their upload and their taking in: sealed, one for each session.
//! Their keys are not kept.

use sea_orm::{ConnectionTrait, DbErr, Value};

use super::statement;

/// Keeps the list of a session in place of the one before, and forgets those that have
/// waited too long.
pub(crate) async fn put(
    connection: &impl ConnectionTrait,
    token_hash: &str,
    sealed: Vec<u8>,
    (now_s, expires_at_s): (i64, i64),
) -> Result<(), DbErr> {
    let sql = "DELETE FROM uploaded_list WHERE expires_at_s <= $1";
    connection.execute_raw(statement(connection, sql, [now_s.into()])).await?;
    let sql = "INSERT INTO uploaded_list (token_hash, sealed, expires_at_s) VALUES ($1, $2, $3) \
               ON CONFLICT (token_hash) DO UPDATE \
               SET sealed = excluded.sealed, expires_at_s = excluded.expires_at_s";
    let values: [Value; 3] = [token_hash.into(), sealed.into(), expires_at_s.into()];
    connection.execute_raw(statement(connection, sql, values)).await.map(|_| ())
}

/// The list of a session, while it waits.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    token_hash: &str,
    now_s: i64,
) -> Result<Option<Vec<u8>>, DbErr> {
    let sql = "SELECT sealed FROM uploaded_list WHERE token_hash = $1 AND expires_at_s > $2";
    let values: [Value; 2] = [token_hash.into(), now_s.into()];
    let row = connection.query_one_raw(statement(connection, sql, values)).await?;
    row.map(|row| row.try_get("", "sealed")).transpose()
}

/// Forgets the list of a session.
pub(crate) async fn remove(
    connection: &impl ConnectionTrait,
    token_hash: &str,
) -> Result<(), DbErr> {
    let sql = "DELETE FROM uploaded_list WHERE token_hash = $1";
    connection.execute_raw(statement(connection, sql, [token_hash.into()])).await.map(|_| ())
}

#[cfg(test)]
mod tests {
    use platform::testing::on_both;
    use values::{Slug, name::AccountName};

    use super::*;
    use crate::{
        Migrator,
        store::session::{self, StoredSession},
    };

    #[tokio::test]
    async fn a_session_has_one_list_until_its_hour_or_the_session_is_over() {
        on_both(|database| async move {
            database.migrate::<Migrator>().await.unwrap();
            let write = &database.write;
            let account = "INSERT INTO account \
                           (federation_id, id, display_name, kind, secret_hash) \
                           VALUES ('f', 'eva', 'Eva', 'person', 'x')";
            write.execute_unprepared(account).await.unwrap();
            let slug = |id| Slug::parse("", id).unwrap();
            let account = AccountName::new(slug("f"), slug("eva"));
            for token_hash in ["s1", "s2"] {
                let (token_hash, csrf) = (token_hash.to_owned(), "c".to_owned());
                let session = account.clone();
                let session = StoredSession {
                    token_hash,
                    account: session,
                    csrf,
                    expires_at_s: 1000,
                    used_at_s: 1,
                };
                session::insert(write, &session).await.unwrap();
            }
            put(write, "s1", vec![0, 159, 1], (0, 100)).await.unwrap();
            put(write, "s1", vec![0, 159, 2], (10, 110)).await.unwrap();
            assert_eq!(find(write, "s1", 109).await.unwrap(), Some(vec![0, 159, 2]));
            assert_eq!(find(write, "s1", 110).await.unwrap(), None);
            assert_eq!(find(write, "s2", 10).await.unwrap(), None);
            put(write, "s2", vec![3], (110, 210)).await.unwrap();
            assert_eq!(find(write, "s1", 0).await.unwrap(), None, "its hour is over");
            session::remove(write, "s2", 0).await.unwrap();
            assert_eq!(find(write, "s2", 120).await.unwrap(), None, "nobody is signed in");
            put(write, "s1", vec![4], (120, 220)).await.unwrap();
            remove(write, "s1").await.unwrap();
            assert_eq!(find(write, "s1", 120).await.unwrap(), None);
        })
        .await;
    }
}
