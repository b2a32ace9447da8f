//! The check of the database finds what was changed behind the service's back.

use platform::testing::on_both;
use proto::participant::ReferringKind;
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};

use crate::criteria;
use crate::enrolment;
use crate::import::whole;
use crate::people::{NUMBER, accept, coach, organised, person, read, referral, sent};
use crate::world::{World, teams::date};
use crate::{group_activity, intake_pause, position, questionnaire, reserved_places};

#[tokio::test]
async fn a_changed_a_removed_an_added_and_an_impossible_row_are_found() {
    for (tampering, found) in [
        (
            "UPDATE party SET display_name = 'Kungsörs kommun'",
            "federations/vastmanland/parties/koping is not in its table as the journal has it",
        ),
        (
            "UPDATE federation SET synthetic = false",
            "federations/vastmanland is not in its table as the journal has it",
        ),
        (
            "DELETE FROM team_municipality WHERE municipality_id = '1984'",
            "federations/vastmanland/teams/vastra-malardalen is not in its table as the journal has it",
        ),
        (
            "DELETE FROM party",
            "federations/vastmanland/parties/koping is in the journal and not in its table",
        ),
        (
            "INSERT INTO area (federation_id, area_id, display_name) VALUES ('sormland', 'norra', 'Norra')",
            "federations/sormland/areas/norra is in its table and not in the journal",
        ),
        (
            "UPDATE party SET kind = 'club'",
            "a table of vastmanland has a row that no one wrote: party.kind club is no kind",
        ),
    ] {
        on_both(|database| async move {
            let world = World::new(database).await;
            let request = world.office(whole("1"));
            world.imports().import_organisation(request).await.unwrap();
            assert_eq!(world.problems().await, Vec::<String>::new());
            world.database.write.execute_unprepared(tampering).await.unwrap();
            let problems = world.problems().await;
            assert!(problems.iter().any(|problem| problem == found), "{problems:?}");
        })
        .await;
    }
}

/// One of everything whose table is an index over the journal.
pub(crate) async fn with_one_of_each(world: &World) {
    let request = world.coordinator(position::create("coach-1", position::coach("sala")));
    world.positions().create_position(request).await.unwrap();
    let request = world.coordinator(intake_pause::create("summer", "sala", date(2025, 6, 15)));
    world.intake_pauses().create_intake_pause(request).await.unwrap();
    let five = reserved_places::five("sala", ReferringKind::JointAfFk, 2);
    let request = world.coordinator(reserved_places::set("five", five));
    world.reserved_places().set_reserved_places(request).await.unwrap();
    let occasion = group_activity::occasion("sala", date(2025, 6, 30), [12, 9, 7]);
    let request = world.coordinator(group_activity::create("a", occasion));
    world.group_activities().create_group_activity(request).await.unwrap();
    let request = world.office(questionnaire::create("enrolment", questionnaire::questionnaire()));
    world.questionnaires().create_questionnaire(request).await.unwrap();
}

#[tokio::test]
async fn an_index_that_finds_otherwise_than_the_journal_has_it_is_found() {
    const OTHERWISE: &str = "is not in its table as the journal has it";
    for (tampering, of, found) in [
        ("UPDATE \"position\" SET team_id = 'fns'", "positions/coach-1", OTHERWISE),
        ("UPDATE \"position\" SET revision = 7", "positions/coach-1", OTHERWISE),
        ("UPDATE intake_pause SET last_day = '2025-06-20'", "intakePauses/summer", OTHERWISE),
        (
            "DELETE FROM reserved_places",
            "reservedPlaces/sala.JOINT_AF_FK.2025-02-01",
            "is in the journal and not in its table",
        ),
        ("UPDATE group_activity SET day = '2025-06-29'", "groupActivities/a", OTHERWISE),
        ("UPDATE group_activity SET sequence = sequence - 1", "groupActivities/a", OTHERWISE),
        (
            "INSERT INTO questionnaire (federation_id, questionnaire_id, sequence) \
             VALUES ('vastmanland', 'b', 1)",
            "questionnaires/b",
            "is in its table and not in the journal",
        ),
    ] {
        on_both(|database| async move {
            let world = World::with(database, &["fns", "sala"], &["sala"]).await;
            with_one_of_each(&world).await;
            assert_eq!(world.problems().await, Vec::<String>::new());
            world.database.write.execute_unprepared(tampering).await.unwrap();
            let problems = world.problems().await;
            assert_eq!(problems, [format!("federations/vastmanland/{of} {found}")]);
        })
        .await;
    }
}

/// Someone is referred and enrolled, so that there are rows of every table of people.
async fn with_people(database: platform::Database) -> World {
    let world = organised(database).await;
    world
        .criteria()
        .create_criteria(world.office(criteria::create("norra", "vastra")))
        .await
        .unwrap();
    sent(&world, referral("r-1", person(NUMBER))).await;
    accept(&world, &coach(), "r-1").await;
    enrolment::enrolled(&world, enrolment::create("e-1", "r-1")).await;
    read(&world, &coach(), "r-1").await.unwrap();
    world
}

#[tokio::test]
async fn a_changed_index_of_people_and_a_changed_read_log_are_found() {
    let referral = "federations/vastmanland/referrals/r-1";
    let enrolment = "federations/vastmanland/enrolments/e-1";
    let differs = "is not in its table as the journal has it";
    for (tampering, found) in [
        ("UPDATE referral SET state = 6", format!("{referral} {differs}")),
        ("UPDATE referral SET team_id = 'vastra'", format!("{referral} {differs}")),
        ("UPDATE referral SET sequence = 1", format!("{referral} {differs}")),
        ("UPDATE referral SET goes_first = true", format!("{referral} {differs}")),
        ("UPDATE enrolment SET is_open = false", format!("{enrolment} {differs}")),
        ("UPDATE enrolment SET coach_id = 'annan'", format!("{enrolment} {differs}")),
        ("UPDATE enrolment SET party_id = 'koping'", format!("{enrolment} {differs}")),
        ("UPDATE enrolment SET sequence = 1", format!("{enrolment} {differs}")),
        ("DELETE FROM enrolment", format!("{enrolment} is in the journal and not in its table")),
        (
            "UPDATE case_fact SET known_from = known_from + 1 WHERE queue_first IS NULL",
            format!("{referral} is not counted as the journal has it"),
        ),
        (
            "UPDATE case_fact SET enrolled_first = NULL",
            format!("{referral} is not counted as the journal has it"),
        ),
        (
            "UPDATE case_fact SET sex = 2",
            format!("{referral} is not counted as the journal has it"),
        ),
        ("DELETE FROM case_fact", format!("{referral} is not counted as the journal has it")),
        (
            "UPDATE case_fact SET case_id = 'r-2'",
            "federations/vastmanland/referrals/r-2 is counted and not there".to_owned(),
        ),
        (
            "DELETE FROM enrolment; DELETE FROM referral",
            format!("{referral} is in the journal and not in its table"),
        ),
        ("UPDATE person SET is_protected = true", differs.to_owned()),
        ("UPDATE person SET lookup = NULL", differs.to_owned()),
        ("UPDATE person SET party_id = 'koping'", "cannot be opened".to_owned()),
        (
            "UPDATE criteria SET team_id = ''",
            format!("federations/vastmanland/criteria/norra {differs}"),
        ),
        (
            "UPDATE read_log_head SET number = 7",
            "the read log of federations/vastmanland/parties/sala does not end where its head says"
                .to_owned(),
        ),
    ] {
        let found = &found;
        on_both(|database| async move {
            let world = with_people(database).await;
            assert_eq!(world.problems().await, Vec::<String>::new());
            world.database.write.execute_unprepared(tampering).await.unwrap();
            let problems = world.problems().await;
            assert!(problems.iter().any(|problem| problem.contains(found)), "{problems:?}");
        })
        .await;
    }
}

#[tokio::test]
async fn the_read_log_cannot_be_changed_and_people_cannot_be_checked_without_a_key() {
    on_both(|database| async {
        let world = with_people(database).await;
        for sql in ["UPDATE read_log SET actor = 'annan'", "DELETE FROM read_log"] {
            assert!(world.database.write.execute_unprepared(sql).await.is_err());
        }
        let problems = participant::verify(&world.database, None).await.unwrap();
        assert_eq!(problems, ["people are here, and there is no key to check them with"]);
        assert!(participant::has_people(&world.database).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn facts_that_an_older_process_writes_are_counted_when_they_are_filled() {
    on_both(|database| async move {
        let world = with_people(database).await;
        if world.database.backend() != DbBackend::Postgres {
            assert_eq!(participant::fill_party_teams(&world.database).await.unwrap(), 0);
            return;
        }
        let facts = async || {
            let sql = "SELECT CAST(party_team AS text) AS found_by FROM case_fact ORDER BY part, known_from";
            let statement = Statement::from_string(world.database.backend(), sql);
            let rows = world.database.read.query_all_raw(statement).await.unwrap();
            rows.iter().map(|row| row.try_get("", "found_by").unwrap()).collect::<Vec<String>>()
        };
        let before = facts().await;
        assert!(!before.is_empty());
        let unfilled = "UPDATE case_fact SET party_team = '00000000-0000-0000-0000-000000000000'";
        world.database.write.execute_unprepared(unfilled).await.unwrap();
        assert_ne!(facts().await, before);
        assert_eq!(participant::fill_party_teams(&world.database).await.unwrap(), 1);
        assert_eq!(facts().await, before);
        assert_eq!(participant::fill_party_teams(&world.database).await.unwrap(), 0);
    })
    .await;
}
