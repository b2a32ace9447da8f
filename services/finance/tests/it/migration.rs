//! What was kept before the ledger had years is posted as it would be today.

use finance::Migrator;
use platform::{Database, testing::on_both};
use sea_orm::{ConnectionTrait as _, DbBackend, QueryResult, Statement};
use sea_orm_migration::MigratorTrait as _;

/// An approved and paid requisition of two kinds of cost, and one that is
/// submitted, as the tables had them.
const BEFORE: &str = "\
    INSERT INTO recipient (federation_id, recipient_id, display_name) VALUES ('f', 'sala', 'Sala');
    INSERT INTO \"grant\" (federation_id, grant_id, recipient_id, first_day, last_day, amount_ore, dnr,
        decision_date, deciding_body, synthetic, left_ore, reserved_ore, requisitioned_ore)
        VALUES ('f', 'g', 'sala', '2025-01-01', '2025-12-31', 1000, '2024/17', '2024-11-28', 'Styrelsen',
            FALSE, 600, 100, 300);
    INSERT INTO requisition (federation_id, requisition_id, grant_id, party_id, first_day, last_day,
        payment_reference, synthetic, amount_ore, state, created_sequence) VALUES
        ('f', 'r1', 'g', 'sala', '2025-01-01', '2025-06-30', '', FALSE, 300, 'paid', 3),
        ('f', 'r2', 'g', 'koping', '2025-01-01', '2025-06-30', '', FALSE, 100, 'submitted', 7);
    INSERT INTO requisition_cost_line (federation_id, requisition_id, line, kind, description, fte_percent,
        amount_ore) VALUES ('f', 'r1', 1, 'staff', '', 50, 150), ('f', 'r1', 2, 'staff', '', 20, 50),
        ('f', 'r1', 3, 'other', '', 0, 100), ('f', 'r2', 1, 'other', '', 0, 100);
    INSERT INTO requisition_step (federation_id, requisition_id, step, state, actor_id, taken_at, comment)
        VALUES ('f', 'r1', 1, 'draft', 'a', '2025-07-01T10:00:00+00:00', ''),
            ('f', 'r1', 2, 'paid', 'b', '2025-07-01T10:00:00+00:00', ''),
            ('f', 'r2', 1, 'submitted', 'a', '2025-07-01T10:00:00+00:00', '');
    INSERT INTO posting (federation_id, sequence, line, grant_id, requisition_id, account, effective_day,
        amount_ore) VALUES ('f', 2, 1, 'g', NULL, 'board', '2025-01-01', -1000),
        ('f', 2, 2, 'g', NULL, 'left', '2025-01-01', 1000),
        ('f', 4, 1, 'g', 'r1', 'left', '2025-06-30', -300),
        ('f', 4, 2, 'g', 'r1', 'reserved', '2025-06-30', 300),
        ('f', 5, 1, 'g', 'r1', 'reserved', '2025-06-30', -300),
        ('f', 5, 2, 'g', 'r1', 'requisitioned', '2025-06-30', 300),
        ('f', 7, 1, 'g', 'r2', 'left', '2025-06-30', -100),
        ('f', 7, 2, 'g', 'r2', 'reserved', '2025-06-30', 100);";

/// A row of the journal: of the chain nothing is looked at here.
fn recorded(backend: DbBackend, sequence: i64, kind: &str, subject: &str) -> String {
    let bytes = if backend == DbBackend::Postgres { "'\\x00'" } else { "x'00'" };
    format!(
        "INSERT INTO journal (federation_id, actor, client, rpc, request_id, kind, subject, request_hash,
            payload, salt, commitment, previous_hash, hash, sequence, recorded_at_us, item)
         VALUES ('f', 'federations/f/accounts/kansli', 'c', 'r', '{sequence}', '{kind}',
            'federations/f/{subject}', {bytes}, {bytes}, {bytes}, {bytes}, {bytes}, {bytes}, {sequence},
            1751364000000000, 0)"
    )
}

async fn query(database: &Database, sql: &str) -> Vec<QueryResult> {
    let statement = Statement::from_string(database.backend(), sql);
    database.read.query_all_raw(statement).await.unwrap()
}

#[tokio::test]
async fn what_was_posted_before_is_divided_by_kind_and_gets_the_years_accounts() {
    on_both(|database| async move {
        Migrator::up(database.write.pool(), Some(3)).await.unwrap();
        let backend = database.backend();
        database.write.execute_unprepared(BEFORE).await.unwrap();
        for (sequence, kind, subject) in
            [(2, "grant.created", "grants/g"), (6, "requisition.paid", "requisitions/r1")]
        {
            let sql = recorded(backend, sequence, kind, subject);
            database.write.execute_unprepared(&sql).await.unwrap();
        }
        database.migrate::<Migrator>().await.unwrap();

        let sql = "SELECT sequence, account, COALESCE(party_id, '') AS party, \
                   COALESCE(cost_kind, '') AS kind, amount_ore FROM posting ORDER BY sequence, line";
        let line = |row: &QueryResult| -> (i64, String, String, String, i64) {
            let text = |column: &str| row.try_get::<String>("", column).unwrap();
            let number = |column: &str| row.try_get::<i64>("", column).unwrap();
            (number("sequence"), text("account"), text("party"), text("kind"), number("amount_ore"))
        };
        let lines: Vec<_> = query(&database, sql).await.iter().map(line).collect();
        let lines: Vec<_> = lines
            .iter()
            .map(|(sequence, account, party, kind, ore)| {
                (*sequence, account.as_str(), party.as_str(), kind.as_str(), *ore)
            })
            .collect();
        let expected = [
            (2, "board", "", "", -1000),
            (2, "left", "", "", 1000),
            (4, "left", "", "", -300),
            (4, "reserved", "sala", "other", 100),
            (4, "reserved", "sala", "staff", 200),
            (5, "requisitioned", "sala", "other", 100),
            (5, "requisitioned", "sala", "staff", 200),
            (5, "reserved", "sala", "staff", -200),
            (5, "reserved", "sala", "other", -100),
            (5, "initiatives", "sala", "other", 100),
            (5, "initiatives", "sala", "staff", 200),
            (5, "payable", "sala", "", -300),
            (6, "payable", "sala", "", 300),
            (6, "bank", "", "", -300),
            (7, "left", "", "", -100),
            (7, "reserved", "koping", "other", 100),
        ];
        assert_eq!(lines, expected);

        let sql = "SELECT d.version AS version, d.actor_id AS actor, r.revision AS revision \
                   FROM grant_decision d JOIN requisition r ON r.requisition_id = 'r1' \
                   WHERE d.recorded_at = (SELECT MIN(taken_at) FROM requisition_step)";
        let rows = query(&database, sql).await;
        let version: i32 = rows[0].try_get("", "version").unwrap();
        let revision: i32 = rows[0].try_get("", "revision").unwrap();
        let actor: String = rows[0].try_get("", "actor").unwrap();
        assert_eq!((rows.len(), version, revision, actor.as_str()), (1, 1, 2, "kansli"));
    })
    .await;
}
