//! Releases: frozen once, with a commitment for each number that is shown.

use participant::{
    domain::{
        disclosure::{record_version::Frozen, table::Place},
        fact::Measure as Counted,
    },
    keyring::Keyring,
};
use platform::{convert::period_from_proto, testing::on_both};
use proto::participant::{Count, Dimension, Measure, ReleaseTablesRequest, ReleasedTable};
use sea_orm::{ConnectionTrait as _, QueryResult, Statement};
use sha2::{Digest as _, Sha256};
use tonic::Code;
use values::{Slug, name::TableLayoutName};

use super::{
    counted, cut,
    history::keep,
    protected::{FEW_OF_ONE, few, ledger, people, register, told, told_before},
    spring,
};
use crate::{
    people::refusal,
    world::{HOME, World, expected, faults, keyring, problem},
};

pub(crate) const REPORT: &str = "federations/vastmanland/halfYearReports/2025h1";

pub(crate) fn release(layouts: &[&str], request_id: &str) -> ReleaseTablesRequest {
    let layout = |id: &&str| format!("{HOME}/tableLayouts/{id}");
    ReleaseTablesRequest {
        parent: HOME.to_owned(),
        publication: REPORT.to_owned(),
        layouts: layouts.iter().map(layout).collect(),
        period: spring(),
        as_known_at: 0,
        request_id: request_id.to_owned(),
        validate_only: false,
        hide_more: false,
    }
}

pub(crate) async fn released(world: &World, release: ReleaseTablesRequest) -> Vec<ReleasedTable> {
    let answer = world.tabulation().release_tables(world.office(release)).await.unwrap();
    answer.into_inner().tables
}

/// Every count of a table.
fn counts(table: &ReleasedTable) -> Vec<Count> {
    let table = table.table.clone().unwrap();
    let cells = table.cells.into_iter().flat_map(|cell| cell.counts);
    let margins = table.margins.into_iter().flat_map(|margin| margin.counts);
    cells.chain(margins).chain(table.totals).collect()
}

#[tokio::test]
async fn a_release_is_frozen_whatever_is_recorded_later() {
    on_both(|database| async {
        let world = counted(database).await;
        let mut all = few(&world).await;
        let both = vec![cut(Dimension::Team), cut(Dimension::Sex)];
        register(&world, "by-sex", &[Measure::Referred], both).await;
        let first = released(&world, release(&["by-team", "by-sex"], "1")).await;
        assert_eq!(first.len(), 2);
        for table in &first {
            assert_eq!(table.publication, REPORT);
            for Count { value, commitment } in counts(table) {
                assert_eq!(value.is_some(), commitment.len() == 32, "none for what is hidden");
                assert_eq!(value.is_none(), commitment.is_empty());
            }
        }
        all.extend(people("norra", 2, world.sequence().await));
        keep(&world, &all).await;
        let again = released(&world, release(&["by-team", "by-sex"], "1")).await;
        assert_eq!(again, first, "a repetition gets the first answer");
        let again = released(&world, release(&["by-team", "by-sex"], "2")).await;
        assert_eq!(again, first, "a publication is frozen once");
        let other = release(&["by-team"], "1");
        let reused = problem(world.tabulation().release_tables(world.office(other)).await);
        assert_eq!(reused.1, "REQUEST_ID_REUSED");
        let mut entered = ledger(&world, REPORT).await;
        entered.reverse();
        assert_eq!(entered, first);
        assert_eq!(ledger(&world, &format!("{REPORT}x")).await, []);
    })
    .await;
}

#[tokio::test]
async fn what_would_tell_a_small_count_beside_an_earlier_table_is_not_released() {
    on_both(|database| async {
        let world = counted(database).await;
        let mut all = few(&world).await;
        let read = told(&world, "by-team").await;
        all.extend(people("vastra", 1, world.sequence().await));
        keep(&world, &all).await;
        let now = world.tabulation().release_tables(world.office(release(&["by-team"], "1"))).await;
        let (reason, facts) = refusal(now);
        assert_eq!(reason, "RELEASE_WOULD_REVEAL");
        let layout = format!("{HOME}/tableLayouts/by-team");
        assert!(facts.contains(&("layout".to_owned(), layout)), "{facts:?}");
        assert_eq!(ledger(&world, REPORT).await, []);

        let then =
            ReleaseTablesRequest { as_known_at: read.sequence, ..release(&["by-team"], "2") };
        let frozen = released(&world, then).await;
        let plain = |table: &ReleasedTable| {
            counts(table).into_iter().map(|count| count.value).collect::<Vec<_>>()
        };
        assert_eq!(plain(&frozen[0]), plain(&read), "what was read is what is released");
    })
    .await;
}

#[tokio::test]
async fn what_would_tell_a_small_count_is_released_with_more_hidden_when_that_is_asked_for() {
    on_both(|database| async {
        let world = counted(database).await;
        let first = told_before(&world, FEW_OF_ONE).await;
        let whole = world.office(release(&["by-team"], "1"));
        let refused = world.tabulation().release_tables(whole).await;
        assert_eq!(refusal(refused).0, "RELEASE_WOULD_REVEAL");
        let hiding = ReleaseTablesRequest { hide_more: true, ..release(&["by-team"], "2") };
        let frozen = released(&world, hiding.clone()).await;
        assert!(frozen[0].sequence > first.sequence);
        let shown = counts(&frozen[0]).into_iter().filter_map(|count| count.value);
        let shown: Vec<i64> = shown.collect();
        assert!(shown.contains(&75) && !shown.contains(&13), "{shown:?}");
        assert_eq!(shown.len(), 2, "75 and that of one team: {shown:?}");
        let again = ReleaseTablesRequest { request_id: "3".to_owned(), ..hiding };
        assert_eq!(released(&world, again).await, frozen, "a publication is frozen once");
    })
    .await;
}

#[tokio::test]
async fn a_dry_run_enters_nothing_and_tells_no_number() {
    on_both(|database| async {
        let world = counted(database).await;
        few(&world).await;
        let dry = ReleaseTablesRequest { validate_only: true, ..release(&["by-team"], "1") };
        let tables = released(&world, dry).await;
        assert_eq!(tables.len(), 1);
        assert_eq!(tables[0].table, None);
        assert_eq!(ledger(&world, "").await, []);
    })
    .await;
}

#[tokio::test]
async fn every_fault_of_a_release_is_told_at_once() {
    on_both(|database| async {
        let world = counted(database).await;
        few(&world).await;
        let mut client = world.tabulation();
        let wrong = ReleaseTablesRequest {
            publication: "federations/other/halfYearReports/2025h1".to_owned(),
            period: super::period("2025-01-01", "2025-03-31"),
            as_known_at: -1,
            ..release(&["by-team", "by-team"], "1")
        };
        let told = faults(client.release_tables(world.office(wrong)).await);
        assert_eq!(
            told,
            expected(&[
                ("publication", "NAME_MALFORMED"),
                ("layouts[1]", "LAYOUT_TWICE"),
                ("period", "PERIOD_NOT_RELEASED"),
                ("as_known_at", "SEQUENCE_NEGATIVE"),
            ])
        );
        let none = faults(client.release_tables(world.office(release(&[], "1"))).await);
        assert_eq!(none, expected(&[("layouts", "LAYOUTS_MISSING")]));
        let unknown = release(&["by-team", "none"], "1");
        let unknown = faults(client.release_tables(world.office(unknown)).await);
        assert_eq!(unknown, expected(&[("layouts[1]", "LAYOUT_UNKNOWN")]));
        let ahead = ReleaseTablesRequest { as_known_at: 10_000, ..release(&["by-team"], "1") };
        let ahead = faults(client.release_tables(world.office(ahead)).await);
        assert_eq!(ahead, expected(&[("as_known_at", "SEQUENCE_AHEAD")]));
        let by_coach = world.coach(release(&["by-team"], "1"));
        assert_eq!(problem(client.release_tables(by_coach).await).0, Code::PermissionDenied);
    })
    .await;
}

/// The root as the contract describes it, made of rows of the database and salts that
/// the parties tell.
async fn proven(world: &World, keyring: &Keyring, table: &ReleasedTable, team: &str) -> Vec<u8> {
    let sql = format!(
        "SELECT f.case_id AS case_id, f.known_from AS sequence, j.hash AS hash FROM case_fact f \
         JOIN journal j ON j.federation_id = f.federation_id AND j.sequence = f.known_from \
         WHERE f.team_id = '{team}'"
    );
    let statement = Statement::from_string(world.database.backend(), sql);
    let rows = world.database.read.query_all_raw(statement).await.unwrap();
    let federation = crate::world::administrator("vastmanland").federation;
    let salts = keyring.salts(&federation, &Slug::parse("party", "sala").unwrap());
    let frozen = Frozen {
        publication: REPORT,
        layout: &TableLayoutName::parse("layout", &table.layout).unwrap(),
        period: period_from_proto("period", table.period).unwrap(),
        sequence: table.sequence,
    };
    let keys = vec![Some(format!("{HOME}/teams/{team}"))];
    let count = frozen.count(&Place { keys, measure: Counted::Referred });
    let leaf = |row: &QueryResult| {
        let case: String = row.try_get("", "case_id").unwrap();
        let sequence: i64 = row.try_get("", "sequence").unwrap();
        let hash: Vec<u8> = row.try_get("", "hash").unwrap();
        let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        let version = format!("{HOME}/referrals/{case}\n0\n{sequence}\n{hash}");
        let salt = salts.of(&count, &version);
        Sha256::digest([&[0], salt.as_slice(), version.as_bytes()].concat()).to_vec()
    };
    let mut level: Vec<Vec<u8>> = rows.iter().map(leaf).collect();
    level.sort();
    while level.len() > 1 {
        let node = |pair: &[Vec<u8>]| match pair {
            [left, right] => {
                Sha256::digest([&[1], left.as_slice(), right.as_slice()].concat()).to_vec()
            }
            alone => alone[0].clone(),
        };
        level = level.chunks(2).map(node).collect();
    }
    level.pop().unwrap()
}

#[tokio::test]
async fn a_commitment_is_made_again_from_the_records_and_their_salts() {
    on_both(|database| async {
        let world = counted(database).await;
        let sequence = world.sequence().await;
        let all = [people("norra", 12, sequence), people("sodra", 7, sequence - 1)];
        keep(&world, &all.concat()).await;
        register(&world, "by-team", &[Measure::Referred], vec![cut(Dimension::Team)]).await;
        let tables = released(&world, release(&["by-team"], "1")).await;
        let cells = &tables[0].table.as_ref().unwrap().cells;
        for (cell, team) in cells.iter().zip(["norra", "sodra"]) {
            assert!(cell.keys[0].ends_with(team));
            let proven = proven(&world, &keyring(), &tables[0], team).await;
            assert_eq!(cell.counts[0].commitment, proven, "{team}");
        }
        let again = released(&world, release(&["by-team"], "2")).await;
        assert_eq!(
            again[0].table.as_ref().unwrap().cells.len(),
            cells.len(),
            "a table may be released again"
        );
    })
    .await;
}
