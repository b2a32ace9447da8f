//! Bandings: entered once, read by everybody, and partitions only.

use platform::testing::on_both;
use proto::participant::{
    Band, BandedDimension, Banding, CreateBandingRequest, GetBandingRequest, ListBandingsRequest,
};
use sea_orm::ConnectionTrait as _;
use tonic::Code;

use crate::world::{HOME, World, expected, faults, problem};

fn ages(id: &str, youngest: i32, oldest: i32) -> Band {
    Band {
        id: id.to_owned(),
        label: format!("{youngest}–{oldest} år"),
        label_en: format!("{youngest}–{oldest} years"),
        youngest,
        oldest,
        codes: Vec::new(),
    }
}

fn codes(id: &str, codes: &[&str]) -> Band {
    let codes = codes.iter().map(ToString::to_string).collect();
    Band { codes, ..ages(id, 0, 0) }
}

fn create(id: &str, dimension: BandedDimension, bands: Vec<Band>) -> CreateBandingRequest {
    let banding = Banding {
        name: String::new(),
        dimension: dimension.into(),
        bands,
        decision: "Board, 2025-01-15".to_owned(),
    };
    CreateBandingRequest {
        parent: HOME.to_owned(),
        banding_id: id.to_owned(),
        banding: Some(banding),
        request_id: id.to_owned(),
        validate_only: false,
    }
}

/// Two bands of ages.
pub(crate) fn two_ages(id: &str) -> CreateBandingRequest {
    let bands = vec![ages("under-30", 0, 29), ages("30-and-older", 30, 150)];
    create(id, BandedDimension::Age, bands)
}

/// All kinds of referring authorities in two columns.
pub(crate) fn two_kinds(id: &str) -> CreateBandingRequest {
    let state = ["REFERRING_KIND_SOCIAL_INSURANCE_AGENCY", "REFERRING_KIND_EMPLOYMENT_SERVICE"];
    let others = [
        "REFERRING_KIND_MUNICIPALITY",
        "REFERRING_KIND_REGION",
        "REFERRING_KIND_JOINT_AF_FK",
        "REFERRING_KIND_OTHER",
        "REFERRING_KIND_NOT_STATED",
    ];
    let bands = vec![codes("state", &state), codes("others", &others)];
    create(id, BandedDimension::ReferringKind, bands)
}

fn named(id: &str) -> GetBandingRequest {
    GetBandingRequest { name: format!("{HOME}/bandings/{id}") }
}

#[tokio::test]
async fn a_banding_that_the_office_enters_is_read_by_everybody_and_recorded_once() {
    on_both(|database| async {
        let world = World::new(database).await;
        let enter = || world.office(two_ages("ages-2025"));
        let entered = world.bandings().create_banding(enter()).await.unwrap().into_inner();
        let again = world.bandings().create_banding(enter()).await.unwrap().into_inner();
        assert_eq!(entered, again);
        assert_eq!(world.sequence().await, 1);
        let banding = entered.banding.unwrap();
        assert_eq!(banding.name, "federations/vastmanland/bandings/ages-2025");
        assert_eq!(banding.bands.len(), 2);
        let read = world.bandings().get_banding(world.coach(named("ages-2025"))).await.unwrap();
        assert_eq!(read.into_inner().banding, Some(banding));
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn a_gap_and_an_overlap_are_refused_with_every_other_fault() {
    on_both(|database| async {
        let world = World::new(database).await;
        let bands = vec![ages("young", 0, 30), ages("old", 30, 140)];
        let mut bad = create("ages", BandedDimension::Age, bands);
        bad.banding.as_mut().unwrap().decision = String::new();
        let told = faults(world.bandings().create_banding(world.office(bad)).await);
        assert_eq!(
            told,
            expected(&[
                ("banding.decision", "TEXT_MISSING"),
                ("banding.bands[1]", "BAND_OVERLAP"),
                ("banding.bands", "BAND_GAP"),
            ])
        );
        let nothing = create("Ages", BandedDimension::Unspecified, Vec::new());
        let told = faults(world.bandings().create_banding(world.office(nothing)).await);
        assert_eq!(
            told,
            expected(&[("banding_id", "ID_MALFORMED"), ("banding.dimension", "ENUM_UNSPECIFIED")])
        );
        let unread = create("ages", BandedDimension::Age, vec![ages("Young", 0, 150)]);
        let told = faults(world.bandings().create_banding(world.office(unread)).await);
        assert_eq!(told, expected(&[("banding.bands[0].id", "ID_MALFORMED")]));
    })
    .await;
}

#[tokio::test]
async fn a_banding_is_never_changed_and_a_trial_keeps_nothing() {
    on_both(|database| async {
        let world = World::new(database).await;
        let trial = CreateBandingRequest { validate_only: true, ..two_ages("ages") };
        world.bandings().create_banding(world.office(trial)).await.unwrap();
        let missing = problem(world.bandings().get_banding(world.office(named("ages"))).await);
        assert_eq!(missing.0, Code::NotFound);
        world.bandings().create_banding(world.office(two_ages("ages"))).await.unwrap();
        let again = CreateBandingRequest { request_id: "2".to_owned(), ..two_kinds("ages") };
        let taken = problem(world.bandings().create_banding(world.office(again)).await);
        assert_eq!(taken.0, Code::AlreadyExists);
    })
    .await;
}

#[tokio::test]
async fn bandings_are_listed_by_id_and_by_what_they_divide() {
    on_both(|database| async {
        let world = World::new(database).await;
        for request in [two_ages("b"), two_kinds("c"), two_ages("a"), two_ages("d")] {
            world.bandings().create_banding(world.office(request)).await.unwrap();
        }
        let list = |dimension: BandedDimension, page_token: String| ListBandingsRequest {
            parent: HOME.to_owned(),
            dimension: dimension.into(),
            page_size: 2,
            page_token,
        };
        let mut seen = Vec::new();
        for dimension in [BandedDimension::Unspecified, BandedDimension::Age] {
            let mut page_token = String::new();
            loop {
                let request = world.coach(list(dimension, page_token));
                let page = world.bandings().list_bandings(request).await.unwrap().into_inner();
                let ids = page.bandings.iter().map(|b| b.name.rsplit('/').next().unwrap());
                seen.push(ids.collect::<Vec<_>>().concat());
                page_token = page.next_page_token;
                if page_token.is_empty() {
                    break;
                }
            }
        }
        assert_eq!(seen, ["ab", "cd", "ab", "d"]);
        let elsewhere = world.stranger(list(BandedDimension::Age, String::new()));
        let refused = problem(world.bandings().list_bandings(elsewhere).await);
        assert_eq!(refused.0, Code::NotFound);
    })
    .await;
}

#[tokio::test]
async fn a_row_that_says_something_else_than_the_journal_is_found() {
    for (tampering, found) in [
        (
            "UPDATE banding SET dimension = 2",
            "the row of federations/vastmanland/bandings/ages is not what the journal makes of it",
        ),
        (
            "UPDATE banding SET dimension = 9",
            "a table of vastmanland has a row that no one wrote: banding.dimension 9 is no dimension",
        ),
        (
            "DELETE FROM banding",
            "federations/vastmanland/bandings/ages is in the journal and not in its table",
        ),
    ] {
        on_both(|database| async move {
            let world = World::new(database).await;
            world.bandings().create_banding(world.office(two_ages("ages"))).await.unwrap();
            world.database.write.execute_unprepared(tampering).await.unwrap();
            let problems = world.problems().await;
            assert!(problems.iter().any(|problem| problem == found), "{problems:?}");
        })
        .await;
    }
}
