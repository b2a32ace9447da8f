//! Milestones: noted within the enrolment, read by those who work with the person, and
//! taken away when they were a mistake.

use platform::{Principal, testing::on_both};
use proto::participant::{
    CreateMilestoneRequest, GetMilestoneRequest, ListMilestonesRequest, ListMilestonesResponse,
    Milestone, MilestoneKind, RemoveMilestoneRequest,
};
use tonic::{Code, Status};

use crate::enrolment::{create as enrol, ended, enrolled, exit, leaves, name as enrolment};
use crate::people::{
    NUMBER, accepted, coach, date, officer, organised, other_coach, person, protected, referral,
    refusal,
};
use crate::world::{HOME, World, expected, faults, problem};

pub(crate) fn name(id: &str) -> String {
    format!("{HOME}/milestones/{id}")
}

/// Guidance of the first enrolment.
pub(crate) fn create(id: &str, day: &str) -> CreateMilestoneRequest {
    CreateMilestoneRequest {
        parent: HOME.to_owned(),
        milestone_id: id.to_owned(),
        milestone: Some(Milestone {
            enrolment: enrolment("e-1"),
            kind: MilestoneKind::Guidance.into(),
            day: date(day),
            ..Milestone::default()
        }),
        request_id: format!("note-{id}"),
        validate_only: false,
    }
}

/// The same of another kind and enrolment.
pub(crate) fn of(id: &str, of: &str, kind: MilestoneKind, day: &str) -> CreateMilestoneRequest {
    let mut request = create(id, day);
    let milestone = request.milestone.as_mut().unwrap();
    milestone.enrolment = enrolment(of);
    milestone.kind = kind.into();
    request
}

/// Notes it by Sala's coach.
pub(crate) async fn noted(world: &World, request: CreateMilestoneRequest) -> Milestone {
    let answer = world.milestones().create_milestone(world.by(&coach(), request)).await.unwrap();
    answer.into_inner().milestone.unwrap()
}

pub(crate) fn remove(id: &str, etag: &str) -> RemoveMilestoneRequest {
    RemoveMilestoneRequest {
        name: name(id),
        etag: etag.to_owned(),
        reason: "Fel person".to_owned(),
        request_id: format!("remove-{id}-{etag}"),
        validate_only: false,
    }
}

pub(crate) async fn read(world: &World, caller: &Principal, id: &str) -> Result<Milestone, Status> {
    let get = world.by(caller, GetMilestoneRequest { name: name(id) });
    Ok(world.milestones().get_milestone(get).await?.into_inner().milestone.unwrap())
}

pub(crate) fn all() -> ListMilestonesRequest {
    ListMilestonesRequest { parent: HOME.to_owned(), ..ListMilestonesRequest::default() }
}

/// The page that somebody is answered, and the ids on it.
pub(crate) async fn listed(
    world: &World,
    caller: &Principal,
    request: ListMilestonesRequest,
) -> (ListMilestonesResponse, Vec<String>) {
    let answer = world.milestones().list_milestones(world.by(caller, request)).await.unwrap();
    let answer = answer.into_inner();
    let id = |one: &Milestone| one.name.rsplit('/').next().unwrap().to_owned();
    let ids = answer.milestones.iter().map(id).collect();
    (answer, ids)
}

/// Somebody of Sala who is enrolled in Norra.
pub(crate) async fn with_enrolment(database: platform::Database) -> World {
    let world = organised(database).await;
    accepted(&world, referral("r-1", person(NUMBER))).await;
    enrolled(&world, enrol("e-1", "r-1")).await;
    world
}

#[tokio::test]
async fn a_milestone_is_noted_once_and_read_by_those_who_work_with_the_person() {
    on_both(|database| async {
        let world = with_enrolment(database).await;
        let noted = noted(&world, create("m-1", "2025-05-02")).await;
        assert_eq!((noted.name.as_str(), noted.etag.as_str()), (name("m-1").as_str(), "1"));
        assert_eq!(noted.team, format!("{HOME}/teams/norra"));
        assert_eq!(self::noted(&world, create("m-1", "2025-05-02")).await, noted, "repeated");
        assert_eq!(read(&world, &coach(), "m-1").await.unwrap(), noted);
        assert_eq!(read(&world, &other_coach(), "m-1").await.unwrap_err().code(), Code::NotFound);
        let denied = read(&world, &officer(), "m-1").await.unwrap_err();
        assert_eq!(denied.code(), Code::PermissionDenied);
        let mut taken = create("m-1", "2025-05-03");
        taken.request_id = "again".to_owned();
        let taken = world.milestones().create_milestone(world.by(&coach(), taken)).await;
        assert_eq!(problem(taken).0, Code::AlreadyExists);
        let unseen = world.by(&other_coach(), create("m-2", "2025-05-02"));
        let unseen = world.milestones().create_milestone(unseen).await;
        assert_eq!(problem(unseen).0, Code::NotFound);
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn a_milestone_that_cannot_have_been_is_refused() {
    on_both(|database| async {
        let world = with_enrolment(database).await;
        ended(
            &world,
            exit("e-1", "1", leaves("2025-06-20", proto::participant::ExitOutcome::Work)),
        )
        .await;
        let asked = async |request: CreateMilestoneRequest| {
            world.milestones().create_milestone(world.by(&coach(), request)).await
        };
        for (day, reason) in [("2025-03-31", "DAY_TOO_EARLY"), ("2025-06-21", "DAY_AFTER_EXIT")] {
            let refused = faults(asked(create("m-1", day)).await);
            assert_eq!(refused, expected(&[("milestone.day", reason)]));
        }
        let mut empty = create("m-1", "2025-05-02");
        empty.milestone = Some(Milestone::default());
        assert_eq!(
            faults(asked(empty).await),
            expected(&[
                ("milestone.enrolment", "NAME_MALFORMED"),
                ("milestone.kind", "ENUM_UNSPECIFIED"),
                ("milestone.day", "DATE_MISSING"),
            ])
        );
        let telling = faults(asked(create(NUMBER, "2025-05-02")).await);
        assert_eq!(telling, expected(&[("milestone_id", "TELLS_WHO")]));
    })
    .await;
}

#[tokio::test]
async fn what_was_a_mistake_is_taken_away_and_read_by_its_name_alone() {
    on_both(|database| async {
        let world = with_enrolment(database).await;
        noted(&world, create("m-1", "2025-05-02")).await;
        let asked = async |caller: &Principal, request: RemoveMilestoneRequest| {
            world.milestones().remove_milestone(world.by(caller, request)).await
        };
        assert_eq!(problem(asked(&coach(), remove("m-1", "2")).await).0, Code::Aborted);
        let unseen = asked(&other_coach(), remove("m-1", "1")).await;
        assert_eq!(problem(unseen).0, Code::NotFound);
        let unreasoned = RemoveMilestoneRequest {
            name: "milestones/m-1".to_owned(),
            etag: String::new(),
            reason: String::new(),
            ..remove("m-1", "1")
        };
        assert_eq!(
            faults(asked(&coach(), unreasoned).await),
            expected(&[
                ("etag", "FIELD_MISSING"),
                ("reason", "TEXT_MISSING"),
                ("name", "NAME_MALFORMED"),
            ])
        );
        let removed = asked(&coach(), remove("m-1", "1")).await.unwrap().into_inner();
        let removed = removed.milestone.unwrap();
        assert!(removed.removed && removed.removal_reason == "Fel person" && removed.etag == "2");
        assert_eq!(read(&world, &coach(), "m-1").await.unwrap(), removed);
        assert_eq!(listed(&world, &coach(), all()).await.1, [""; 0]);
        assert_eq!(refusal(asked(&coach(), remove("m-1", "2")).await).0, "ALREADY_REMOVED");
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn milestones_are_listed_by_day_and_none_of_who_is_protected() {
    on_both(|database| async {
        let world = with_enrolment(database).await;
        accepted(&world, referral("r-2", protected())).await;
        enrolled(&world, enrol("e-2", "r-2")).await;
        use MilestoneKind::{Guidance, PlanAgreed, StudyVisit};
        for request in [
            of("a", "e-1", Guidance, "2025-05-02"),
            of("b", "e-1", PlanAgreed, "2025-04-02"),
            of("c", "e-1", Guidance, "2025-06-02"),
            of("d", "e-1", Guidance, "2025-05-02"),
            of("hidden", "e-2", StudyVisit, "2025-05-02"),
        ] {
            noted(&world, request).await;
        }
        let coach = coach();
        assert_eq!(listed(&world, &coach, all()).await.1, ["c", "d", "a", "b"]);
        let guidance = ListMilestonesRequest { kind: Guidance.into(), ..all() };
        assert_eq!(listed(&world, &coach, guidance).await.1, ["c", "d", "a"]);
        let hidden = ListMilestonesRequest { enrolment: enrolment("e-2"), ..all() };
        assert_eq!(listed(&world, &coach, hidden).await.1, [""; 0]);
        assert_eq!(read(&world, &coach, "hidden").await.unwrap().enrolment, enrolment("e-2"));
        assert_eq!(listed(&world, &other_coach(), all()).await.1, [""; 0]);

        let (mut page_token, mut paged) = (String::new(), Vec::new());
        loop {
            let request = ListMilestonesRequest { page_size: 2, page_token, ..all() };
            let (page, ids) = listed(&world, &coach, request).await;
            paged.extend(ids);
            page_token = page.next_page_token;
            if page_token.is_empty() {
                break;
            }
        }
        assert_eq!(paged, ["c", "d", "a", "b"]);
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}
