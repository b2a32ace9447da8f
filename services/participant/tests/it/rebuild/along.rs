//! What happened along enrolments is made again, whatever became of it and of its people.

use platform::testing::on_both;
use proto::participant::{ExitOutcome, MilestoneKind, Participant, PlacementEnd};
use sea_orm::ConnectionTrait as _;

use super::{dump, emptied, rebuilt};
use crate::enrolment::{
    self, exit, leaves,
    mended::{correct, in_error},
    name as enrolment,
};
use crate::follow_up::{self, left, works};
use crate::participant::{
    merged::{found, merge, undo},
    moved::{protect, transfer},
};
use crate::people::{
    NUMBER, OTHER_NUMBER, THIRD_NUMBER, accepted, coach, date, organised, person, referral,
    somebody,
};
use crate::world::World;
use crate::{milestone, placement, survey};

/// The first three have a number; things go otherwise with each.
const MOVED: usize = 1;
const PARTED: usize = 2;
const HIDDEN: usize = 3;
const MISTAKEN: usize = 4;
const REOPENED: usize = 5;
const DECEASED: usize = 6;

/// Somebody who left in June with everything that can happen before.
async fn enrolled(world: &World, number: usize, who: Participant) {
    let (case, id) = (format!("r-{number}"), format!("e-{number}"));
    accepted(world, referral(&case, who)).await;
    left(world, &id, &case, leaves("2025-06-16", ExitOutcome::Work)).await;
    let own = |what: &str| format!("{what}-{number}");
    for what in ["guided", "removed"] {
        let noted = milestone::of(&own(what), &id, MilestoneKind::Guidance, "2025-05-02");
        milestone::noted(world, noted).await;
    }
    let remove = world.by(&coach(), milestone::remove(&own("removed"), "1"));
    world.milestones().remove_milestone(remove).await.unwrap();
    for what in ["whole", "open", "ended", "gone"] {
        let mut placed = placement::create(&own(what), "2025-05-05");
        let of = placed.placement.as_mut().unwrap();
        of.enrolment = enrolment(&id);
        if what == "whole" {
            (of.last_day, of.end) = (date("2025-06-02"), PlacementEnd::AsPlanned.into());
        }
        placement::entered(world, placed).await;
    }
    placement::ended(world, placement::end(&own("ended"), "1", "2025-06-03")).await;
    let remove = world.by(&coach(), placement::remove(&own("gone"), "1"));
    world.placements().remove_placement(remove).await.unwrap();
    for what in ["first", "again"] {
        let mut answers = survey::create(&own(what), 17, 10);
        answers.survey_answer.as_mut().unwrap().enrolment = enrolment(&id);
        survey::entered(world, answers).await;
        if what == "first" {
            let remove = world.by(&coach(), survey::remove(&own(what), "1"));
            world.surveys().remove_survey_answer(remove).await.unwrap();
        }
    }
}

async fn answered(world: &World, number: usize, etag: &str, day: &str) {
    let answer = works(&format!("e-{number}-6"), etag, day);
    follow_up::ended(world, answer).await.unwrap();
}

/// Six people a year after they left, with follow-ups that ended, that did and do no more,
/// and that are due; after exits were corrected, and people moved, turned out to be one
/// and not, and were protected.
async fn happened(database: platform::Database) -> World {
    let world = organised(database).await;
    survey::with_questionnaire(&world).await;
    for (number, who) in [
        (MOVED, person(NUMBER)),
        (PARTED, person(OTHER_NUMBER)),
        (HIDDEN, person(THIRD_NUMBER)),
        (MISTAKEN, somebody(1)),
        (REOPENED, somebody(2)),
        (DECEASED, somebody(3)),
    ] {
        enrolled(&world, number, who).await;
    }
    let world = world.later("2026-01-10");
    for number in MOVED..=DECEASED {
        answered(&world, number, "1", "2026-01-09").await;
    }
    let world = world.later("2026-02-10");
    let mut enrolments = world.enrolments();
    for (number, etag, out) in [
        (HIDDEN, "3", None),
        (REOPENED, "3", None),
        (DECEASED, "3", Some(leaves("2025-06-16", ExitOutcome::Deceased))),
        (DECEASED, "4", Some(leaves("2025-06-15", ExitOutcome::Work))),
    ] {
        let request = correct(&format!("e-{number}"), etag, out);
        enrolments.correct_exit(world.by(&coach(), request)).await.unwrap();
    }
    let mistake = world.by(&coach(), in_error(&format!("e-{MISTAKEN}"), "3"));
    enrolments.register_enrolment_in_error(mistake).await.unwrap();
    let again = exit(&format!("e-{REOPENED}"), "4", leaves("2026-02-01", ExitOutcome::Work));
    enrolment::ended(&world, again).await;
    answered(&world, DECEASED, "5", "2026-02-09").await;

    let mut people = world.participants();
    let (one, other) = (found(&world, NUMBER).await, found(&world, OTHER_NUMBER).await);
    let request = world.by(&coach(), merge(&one, &other));
    let one = people.merge_participants(request).await.unwrap().into_inner().participant;
    let request = world.by(&coach(), undo(&one.unwrap(), &other));
    people.undo_merge(request).await.unwrap();
    let hidden = protect(&found(&world, THIRD_NUMBER).await);
    people.protect_participant(world.by(&coach(), hidden)).await.unwrap();
    let moves = transfer(&found(&world, NUMBER).await, "1983", "2026-02-05");
    people.transfer_participant(world.by(&coach(), moves)).await.unwrap();
    world
}

#[tokio::test]
async fn what_happened_along_enrolments_is_made_again_whatever_became_of_it() {
    on_both(|database| async {
        let world = happened(database).await;
        assert_eq!(world.problems().await, Vec::<String>::new());
        let before = dump(&world.database).await;
        let rows = |table: &str| before[table].len();
        assert_eq!((rows("milestone"), rows("placement"), rows("survey_answer")), (12, 24, 12));
        assert_eq!((rows("follow_up"), rows("follow_up_end")), (12, 7));
        assert_eq!(rebuilt(&world).await, before);
        // How one ended that had not after all, of somebody who was protected then, is left.
        let damage = "UPDATE follow_up_end SET case_id = enrolment_id, known_to = 7";
        world.database.write.execute_unprepared(damage).await.unwrap();
        emptied(&world.database, &["person", "case_fact", "follow_up_end"]).await;
        assert_eq!(rebuilt(&world).await, before);
    })
    .await;
}
