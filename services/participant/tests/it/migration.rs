//! What was kept before a column was there is filled in as it would be kept today.

use participant::Migrator;
use platform::testing::on_both;
use sea_orm::{ConnectionTrait as _, QueryResult, Statement};
use sea_orm_migration::MigratorTrait as _;

/// How many steps came before `m0014_owned_fact`.
const BEFORE_OWNED: u32 = 13;

/// Answers of those who are gone: of Köping in Norra, where one whom Sala owned by then had
/// been Köping's; of Köping in Västra and of Sala in Norra, who had not moved; and of Köping
/// in another federation.
const ANSWERS: &str = "\
    INSERT INTO case_fact (federation_id, case_id, part, known_from, known_to, participant_id,
        team_id, municipality_id, party_id, sex, referring_kind, sender_id, is_new, livelihood)
        VALUES ('f', 'moved', 0, 3, 7, '', 'norra', '1983', 'koping', 1, 1, 'agency', TRUE, 1),
            ('f', 'moved', 1, 3, 7, '', 'norra', '1981', 'sala', 1, 1, 'agency', FALSE, 1),
            ('f', 'stayed', 0, 4, 9, '', 'vastra', '1983', 'koping', 2, 1, 'agency', TRUE, 1),
            ('g', 'moved', 0, 3, 7, '', 'norra', '1983', 'koping', 1, 1, 'agency', TRUE, 1);
    INSERT INTO disposed (federation_id, collection, id, person_id, party_id, is_protected)
        VALUES ('f', 'referrals', 'moved', 'p-1', 'sala', FALSE),
            ('f', 'referrals', 'stayed', 'p-2', 'koping', FALSE),
            ('f', 'enrolments', 'stayed', 'p-2', 'sala', FALSE),
            ('g', 'referrals', 'moved', 'p-1', 'koping', FALSE);
    INSERT INTO disposed_fact (federation_id, disposed_fact_id, collection, team_id, party_id,
        code, day, known_from, known_to)
        VALUES ('f', '1', 'surveyAnswers', 'norra', 'koping', 1, '2025-05-01', 5, 9),
            ('f', '2', 'surveyAnswers', 'norra', 'sala', 1, '2025-05-01', 5, 9),
            ('f', '3', 'surveyAnswers', 'vastra', 'koping', 1, '2025-05-01', 5, 9),
            ('g', '1', 'surveyAnswers', 'norra', 'koping', 1, '2025-05-01', 5, 9);";

#[tokio::test]
async fn whose_answers_were_is_told_of_what_went_before_that_was_kept() {
    on_both(|database| async move {
        Migrator::up(database.write.pool(), Some(BEFORE_OWNED)).await.unwrap();
        database.write.execute_unprepared(ANSWERS).await.unwrap();
        database.migrate::<Migrator>().await.unwrap();
        let sql = "SELECT federation_id, disposed_fact_id, is_owned FROM disposed_fact \
                   ORDER BY federation_id, disposed_fact_id";
        let statement = Statement::from_string(database.backend(), sql);
        let rows = database.read.query_all_raw(statement).await.unwrap();
        let told = |row: &QueryResult| -> (String, String, bool) {
            let text = |column: &str| row.try_get::<String>("", column).unwrap();
            (text("federation_id"), text("disposed_fact_id"), row.try_get("", "is_owned").unwrap())
        };
        let told: Vec<_> = rows.iter().map(told).collect();
        let expected = [("f", "1", false), ("f", "2", true), ("f", "3", true), ("g", "1", true)];
        let expected = expected.map(|(home, id, is_owned)| (home.into(), id.into(), is_owned));
        assert_eq!(told, expected);
    })
    .await;
}
