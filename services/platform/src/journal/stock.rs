//! Takes stock of PostgreSQL's tables when they have doubled. The server does so by
//! itself, but up to a minute late; until then it plans for the tables that it last saw,
//! and may read one from end to end, for each group that is written, that was empty then
//! and holds a hundred thousand rows now. An import is over by that time.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use sea_orm::{ConnectionTrait as _, DbBackend, DbErr, Statement};

use crate::db::Connections;

/// Rows recorded before stock is first taken.
const FIRST: u64 = 500;

/// What this process has recorded, and when stock is next to be taken.
pub(super) struct Stock {
    recorded: AtomicU64,
    due_at: AtomicU64,
}

impl Default for Stock {
    fn default() -> Self {
        Self { recorded: AtomicU64::new(0), due_at: AtomicU64::new(FIRST) }
    }
}

impl Stock {
    /// Counts rows that were recorded. When stock is due, it is taken in the background:
    /// nobody waits for it, and writes go on beside it.
    pub(super) fn grew(self: &Arc<Self>, connection: &Connections, rows: usize) {
        let rows = u64::try_from(rows).unwrap_or(u64::MAX);
        let recorded = self.recorded.fetch_add(rows, Ordering::Relaxed).saturating_add(rows);
        if connection.get_database_backend() == DbBackend::Postgres && self.is_due(recorded) {
            let connection = connection.clone();
            tokio::spawn(async move {
                // The server's own stocktaking comes all the same.
                if let Err(error) = take(&connection).await {
                    tracing::warn!(%error, "stock of the tables could not be taken");
                }
            });
        }
    }

    /// True for one of those who ask at the same time.
    fn is_due(&self, recorded: u64) -> bool {
        let due_at = self.due_at.load(Ordering::Relaxed);
        let next = recorded.saturating_mul(2);
        let take = |order| self.due_at.compare_exchange(due_at, next, order, order).is_ok();
        recorded >= due_at && take(Ordering::Relaxed)
    }
}

/// The tables of the service alone: of the server's own it would be refused.
async fn take(connection: &Connections) -> Result<(), DbErr> {
    let names = "SELECT format('%I', tablename) AS name FROM pg_tables \
                 WHERE schemaname = current_schema() ORDER BY tablename";
    let names = Statement::from_string(DbBackend::Postgres, names);
    let rows = connection.query_all_raw(names).await?;
    let names: Vec<String> =
        rows.iter().map(|row| row.try_get("", "name")).collect::<Result<_, _>>()?;
    connection.execute_unprepared(&format!("ANALYZE {}", names.join(", "))).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stock_is_due_when_what_is_recorded_has_doubled() {
        let stock = Stock::default();
        let due: Vec<u64> = (0..9_000).filter(|recorded| stock.is_due(*recorded)).collect();
        assert_eq!(due, [500, 1_000, 2_000, 4_000, 8_000]);
    }
}
