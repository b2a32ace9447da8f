//! Placements: a person's time at an employer, from its first day to its end.

use platform::{Principal, testing::on_both};
use proto::participant::{
    CreatePlacementRequest, EndPlacementRequest, GetPlacementRequest, ListPlacementsRequest,
    Placement, PlacementEnd, RemovePlacementRequest, Sector,
};
use tonic::{Code, Status};

use crate::enrolment::name as enrolment;
use crate::milestone::with_enrolment;
use crate::people::{coach, date, other_coach, refusal};
use crate::world::{HOME, World, expected, faults, problem};

pub(crate) fn name(id: &str) -> String {
    format!("{HOME}/placements/{id}")
}

/// Half a week in the private sector, of the first enrolment.
pub(crate) fn create(id: &str, first_day: &str) -> CreatePlacementRequest {
    CreatePlacementRequest {
        parent: HOME.to_owned(),
        placement_id: id.to_owned(),
        placement: Some(Placement {
            enrolment: enrolment("e-1"),
            sector: Sector::Private.into(),
            extent_percent: 50,
            first_day: date(first_day),
            ..Placement::default()
        }),
        request_id: format!("place-{id}"),
        validate_only: false,
    }
}

/// Enters it by Sala's coach.
pub(crate) async fn entered(world: &World, request: CreatePlacementRequest) -> Placement {
    let answer = world.placements().create_placement(world.by(&coach(), request)).await.unwrap();
    answer.into_inner().placement.unwrap()
}

pub(crate) fn end(id: &str, etag: &str, last_day: &str) -> EndPlacementRequest {
    EndPlacementRequest {
        name: name(id),
        etag: etag.to_owned(),
        last_day: date(last_day),
        end: PlacementEnd::LedToWork.into(),
        request_id: format!("end-{id}-{etag}"),
        validate_only: false,
    }
}

pub(crate) async fn ended(world: &World, request: EndPlacementRequest) -> Placement {
    let answer = world.placements().end_placement(world.by(&coach(), request)).await.unwrap();
    answer.into_inner().placement.unwrap()
}

pub(crate) fn remove(id: &str, etag: &str) -> RemovePlacementRequest {
    RemovePlacementRequest {
        name: name(id),
        etag: etag.to_owned(),
        reason: "Blev aldrig av".to_owned(),
        request_id: format!("remove-{id}-{etag}"),
        validate_only: false,
    }
}

pub(crate) async fn read(world: &World, caller: &Principal, id: &str) -> Result<Placement, Status> {
    let get = world.by(caller, GetPlacementRequest { name: name(id) });
    Ok(world.placements().get_placement(get).await?.into_inner().placement.unwrap())
}

async fn listed(world: &World, caller: &Principal, open_only: bool) -> Vec<String> {
    let request = ListPlacementsRequest {
        parent: HOME.to_owned(),
        open_only,
        ..ListPlacementsRequest::default()
    };
    let answer = world.placements().list_placements(world.by(caller, request)).await.unwrap();
    let answer = answer.into_inner();
    assert_eq!(answer.next_page_token, "");
    let id = |one: &Placement| one.name.rsplit('/').next().unwrap().to_owned();
    answer.placements.iter().map(id).collect()
}

#[tokio::test]
async fn a_placement_goes_on_until_it_ends_for_a_reason() {
    on_both(|database| async {
        let world = with_enrolment(database).await;
        let begun = entered(&world, create("p-1", "2025-05-05")).await;
        assert_eq!((begun.last_day, begun.end()), (None, PlacementEnd::Unspecified));
        let mut whole = create("p-2", "2025-04-07");
        let placement = whole.placement.as_mut().unwrap();
        placement.last_day = date("2025-04-30");
        placement.end = PlacementEnd::AsPlanned.into();
        entered(&world, whole).await;
        assert_eq!(listed(&world, &coach(), true).await, ["p-1"]);
        let over = ended(&world, end("p-1", "1", "2025-06-30")).await;
        assert_eq!((over.last_day, over.end()), (date("2025-06-30"), PlacementEnd::LedToWork));
        assert_eq!(over.etag, "2");
        assert_eq!(read(&world, &coach(), "p-1").await.unwrap(), over);
        assert_eq!(listed(&world, &coach(), true).await, [""; 0]);
        assert_eq!(listed(&world, &coach(), false).await, ["p-1", "p-2"]);
        assert_eq!(listed(&world, &other_coach(), false).await, [""; 0]);
        let again = world.by(&coach(), end("p-1", "2", "2025-06-30"));
        let (reason, facts) = refusal(world.placements().end_placement(again).await);
        assert_eq!(reason, "PLACEMENT_ENDED");
        assert_eq!(facts, [("last_day".to_owned(), "2025-06-30".to_owned())]);
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn every_fault_of_a_placement_is_told_at_once() {
    on_both(|database| async {
        let world = with_enrolment(database).await;
        let asked = async |change: fn(&mut Placement)| {
            let mut request = create("p-1", "2025-05-05");
            change(request.placement.as_mut().unwrap());
            world.placements().create_placement(world.by(&coach(), request)).await
        };
        let faulty = asked(|placement| {
            placement.sector = 0;
            placement.extent_percent = 101;
            placement.end = PlacementEnd::Health.into();
        });
        assert_eq!(
            faults(faulty.await),
            expected(&[
                ("placement.sector", "ENUM_UNSPECIFIED"),
                ("placement.extent_percent", "PLACEMENT_EXTENT_OUT_OF_RANGE"),
                ("placement.last_day", "FIELD_MISSING"),
            ])
        );
        let endless = asked(|placement| placement.last_day = date("2025-06-01")).await;
        assert_eq!(faults(endless), expected(&[("placement.end", "ENUM_UNSPECIFIED")]));
        let early = asked(|placement| placement.first_day = date("2025-03-01")).await;
        assert_eq!(faults(early), expected(&[("placement.first_day", "DAY_TOO_EARLY")]));
        let reversed = asked(|placement| {
            placement.last_day = date("2025-05-04");
            placement.end = PlacementEnd::Other.into();
        });
        assert_eq!(faults(reversed.await), expected(&[("placement.last_day", "DAY_TOO_EARLY")]));
        entered(&world, create("p-1", "2025-05-05")).await;
        let late = world.by(&coach(), end("p-1", "1", "2025-07-02"));
        let late = world.placements().end_placement(late).await;
        assert_eq!(faults(late), expected(&[("last_day", "DAY_IN_FUTURE")]));
        let stale = world.by(&coach(), end("p-1", "7", "2025-06-02"));
        assert_eq!(problem(world.placements().end_placement(stale).await).0, Code::Aborted);
    })
    .await;
}

#[tokio::test]
async fn a_placement_that_never_was_is_taken_away() {
    on_both(|database| async {
        let world = with_enrolment(database).await;
        entered(&world, create("p-1", "2025-05-05")).await;
        let request = world.by(&coach(), remove("p-1", "1"));
        let removed = world.placements().remove_placement(request).await.unwrap();
        let removed = removed.into_inner().placement.unwrap();
        assert_eq!((removed.removed, removed.etag.as_str()), (true, "2"));
        let late = world.by(&coach(), end("p-1", "2", "2025-06-30"));
        assert_eq!(refusal(world.placements().end_placement(late).await).0, "ALREADY_REMOVED");
        assert_eq!(listed(&world, &coach(), false).await, [""; 0]);
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}
