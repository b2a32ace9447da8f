//! What people write of plans, goals, groups and meetings names no person by number.

use platform::testing::on_both;
use proto::reporting::{TargetGroup, steering_decision::About};

use crate::programme_plan::{create as create_version, sikta};
use crate::steering_group_meeting::{create as create_meeting, meeting};
use crate::world::{World, expected, faults};
use crate::{held_activities, local_goal, steering_group};

const TEXT: &str = "Gäller 900101-9802.";
const REASON: &str = "PERSONAL_NUMBER_IN_TEXT";

#[tokio::test]
async fn a_text_with_a_personal_number_is_refused_wherever_it_is_written() {
    on_both(|database| async {
        let world = World::new(database).await;
        let mut version = sikta("2.0");
        version.method = TEXT.to_owned();
        version.goals[0].title = TEXT.to_owned();
        let description = TEXT.to_owned();
        version.target_group =
            version.target_group.map(|group| TargetGroup { description, ..group });
        let request = world.office(create_version(version));
        let told = faults(world.plans().create_programme_plan_version(request).await);
        let fields =
            ["version.method", "version.target_group.description", "version.goals[0].title"];
        assert_eq!(told, expected(&fields.map(|field| (field, REASON))));

        let mut activity = held_activities::held("styrgruppsmoten", "", 2);
        activity.comment = TEXT.to_owned();
        let request = world.office(held_activities::record("", "held", vec![activity]));
        let told = faults(world.held().record_held_activities(request).await);
        assert_eq!(told, expected(&[("held_activities.activities[0].comment", REASON)]));

        let mut goal = local_goal::goal("sala", 2025);
        goal.target = TEXT.to_owned();
        let request = world.office(local_goal::create("studier", goal));
        let told = faults(world.local_goals().create_local_goal(request).await);
        assert_eq!(told, expected(&[("local_goal.target", REASON)]));

        let mut group = steering_group::group("");
        group.members[1] = TEXT.to_owned();
        let request = world.office(steering_group::create("centrala", group));
        let told = faults(world.groups().create_steering_group(request).await);
        assert_eq!(told, expected(&[("steering_group.members[1]", REASON)]));

        let mut held = meeting(9, true, vec![About::GrantDnr(TEXT.to_owned())]);
        held.decisions[0].text = TEXT.to_owned();
        let request = world.office(create_meeting("maj", held));
        let told = faults(world.meetings().create_steering_group_meeting(request).await);
        let fields = ["meeting.decisions[0].text", "meeting.decisions[0].grant_dnr"];
        assert_eq!(told, expected(&fields.map(|field| (field, REASON))));
    })
    .await;
}
