//! Staffing: rows that are recorded and ended, and Sörmland's matrix.

use platform::{Principal, testing::on_both};
use proto::finance as pb;
use sea_orm::ConnectionTrait as _;
use tonic::{Code, Status};

use crate::world::{HOME, World, administrator, day, economist_of, expected, faults, problem};

fn row(municipality: &str, title: &str, posts: (i32, i32)) -> pb::StaffingFinancing {
    let municipality = match municipality {
        "" => String::new(),
        code => format!("{HOME}/municipalities/{code}"),
    };
    pb::StaffingFinancing {
        municipality,
        title: title.to_owned(),
        first_day: Some(day("2025-01-01")),
        paid_by_municipality_fte_percent: posts.0,
        paid_by_federation_fte_percent: posts.1,
        synthetic: true,
        ..Default::default()
    }
}

fn creation(
    world: &World,
    id: &str,
    row: pb::StaffingFinancing,
) -> pb::CreateStaffingFinancingRequest {
    pb::CreateStaffingFinancingRequest {
        parent: HOME.to_owned(),
        staffing_financing_id: id.to_owned(),
        staffing_financing: Some(row),
        request_id: world.id(),
        validate_only: false,
    }
}

async fn created(
    world: &World,
    id: &str,
    row: pb::StaffingFinancing,
) -> Result<pb::StaffingFinancing, Status> {
    let message = creation(world, id, row);
    let mut client = world.staffing_financings();
    let answer = client.create_staffing_financing(world.office(message)).await?;
    Ok(answer.into_inner().staffing_financing.unwrap())
}

async fn ended(
    world: &World,
    row: &pb::StaffingFinancing,
    last_day: &str,
    caller: &Principal,
) -> Result<pb::StaffingFinancing, Status> {
    let message = pb::EndStaffingFinancingRequest {
        name: row.name.clone(),
        etag: row.etag.clone(),
        last_day: Some(day(last_day)),
        request_id: world.id(),
        validate_only: false,
    };
    let mut client = world.staffing_financings();
    let answer = client.end_staffing_financing(world.by(caller, message)).await?;
    Ok(answer.into_inner().staffing_financing.unwrap())
}

async fn matrix(world: &World, on: &str) -> pb::StaffingMatrix {
    let message = pb::GetStaffingMatrixRequest { parent: HOME.to_owned(), day: Some(day(on)) };
    // Every role may read it.
    let request = world.by(&economist_of("sala"), message);
    let answer = world.staffing_financings().get_staffing_matrix(request).await;
    answer.unwrap().into_inner().staffing_matrix.unwrap()
}

/// Records the published rows; the region's coordinators belong to no
/// municipality.
pub(crate) async fn record_sormland(world: &World) {
    let text = include_str!("data/staffing.csv");
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(';').collect();
        let posts = |cell: &str| cell.parse().unwrap_or(0);
        let paid = (posts(cells[3]), posts(cells[4]));
        match cells[0] {
            "TOTALT" => {}
            "Region" => {
                let row = row("", "Tre samordnare hos regionen", paid);
                created(world, "region", row).await.unwrap();
            }
            _ => {
                created(world, &format!("s{}", cells[2]), row(cells[2], "Coacher", paid))
                    .await
                    .unwrap();
            }
        }
    }
}

fn sums(amounts: Option<&pb::StaffingAmounts>) -> (i32, i32, i32) {
    let amounts = amounts.unwrap();
    let paid = (amounts.paid_by_municipality_fte_percent, amounts.paid_by_federation_fte_percent);
    (paid.0, paid.1, amounts.fte_percent)
}

#[tokio::test]
async fn sormlands_matrix_is_the_published_one_by_area_and_in_total() {
    on_both(|database| async move {
        let world = World::new(database).await;
        record_sormland(&world).await;
        let matrix = matrix(&world, "2025-06-30").await;
        assert_eq!(sums(matrix.total.as_ref()), (625, 950, 1575));
        let areas: Vec<_> = matrix
            .areas
            .iter()
            .map(|area| (area.display_name.as_str(), area.rows.len(), sums(area.total.as_ref())))
            .collect();
        assert_eq!(
            areas,
            [
                ("Norra", 2, (300, 350, 650)),
                ("Södra", 4, (175, 300, 475)),
                ("Västra", 3, (150, 300, 450)),
            ]
        );
        let norra: Vec<_> =
            matrix.areas[0].rows.iter().map(|row| row.display_name.as_str()).collect();
        assert_eq!(norra, ["Eskilstuna", "Strängnäs"]);
        assert_eq!(matrix.areas[0].area, format!("{HOME}/areas/norra"));
        let outside = &matrix.outside_areas;
        assert_eq!(outside[0].display_name, "Tre samordnare hos regionen");
        assert_eq!(sums(outside[0].amounts.as_ref()), (0, 300, 300));
        assert_eq!(matrix.sequence, world.sequence().await);
        assert_eq!(world.problems().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn a_change_is_an_end_and_a_new_row_from_the_day_after() {
    on_both(|database| async move {
        let world = World::new(database).await;
        let office = administrator();
        let first = created(&world, "a", row("0480", "Coacher", (100, 0))).await.unwrap();
        let second = pb::StaffingFinancing {
            first_day: Some(day("2025-07-01")),
            ..row("0480", "Coacher", (75, 50))
        };
        // While the first goes on there is no room for the second.
        let told = [("staffing_financing.first_day", "STAFFING_OVERLAPS")];
        let message = creation(&world, "b", second.clone());
        let mut client = world.staffing_financings();
        let refused = client.create_staffing_financing(world.office(message)).await;
        assert_eq!(faults(refused), expected(&told));
        // Days that are none overlap nothing.
        let reversed =
            pb::StaffingFinancing { last_day: Some(day("2025-06-30")), ..second.clone() };
        let message = creation(&world, "b", reversed);
        let refused = client.create_staffing_financing(world.office(message)).await;
        let told = [("staffing_financing.last_day", "PERIOD_REVERSED")];
        assert_eq!(faults(refused), expected(&told));

        let over = ended(&world, &first, "2025-06-30", &office).await.unwrap();
        assert_eq!((over.last_day, over.etag.as_str()), (Some(day("2025-06-30")), "2"));
        created(&world, "b", second).await.unwrap();
        assert_eq!(sums(matrix(&world, "2025-06-30").await.total.as_ref()), (100, 0, 100));
        assert_eq!(sums(matrix(&world, "2025-07-01").await.total.as_ref()), (75, 50, 125));
        assert_eq!(matrix(&world, "2024-12-31").await.areas, []);

        // The version last read, a day in the row's days, and no way past the next.
        let stale = ended(&world, &first, "2025-06-30", &office).await;
        assert_eq!(problem(stale), (Code::Aborted, "STALE".to_owned()));
        let faulty = async |day: &str| {
            let message = pb::EndStaffingFinancingRequest {
                name: over.name.clone(),
                etag: over.etag.clone(),
                last_day: Some(crate::world::day(day)),
                request_id: world.id(),
                validate_only: false,
            };
            let mut client = world.staffing_financings();
            faults(client.end_staffing_financing(world.office(message)).await)
        };
        assert_eq!(faulty("2024-12-31").await, expected(&[("last_day", "PERIOD_REVERSED")]));
        assert_eq!(faulty("2025-12-31").await, expected(&[("last_day", "STAFFING_OVERLAPS")]));
        assert_eq!(world.problems().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn every_fault_of_a_row_is_told_at_once() {
    on_both(|database| async move {
        let world = World::new(database).await;
        let faulty = pb::StaffingFinancing {
            municipality: format!("{HOME}/municipalities/9999"),
            title: " ".to_owned(),
            first_day: None,
            last_day: Some(proto::Date { year: 2025, month: 13, day: 1 }),
            ..row("", "", (-1, 100_001))
        };
        let message = pb::CreateStaffingFinancingRequest {
            staffing_financing_id: "Å".to_owned(),
            ..creation(&world, "a", faulty)
        };
        let mut client = world.staffing_financings();
        let told = faults(client.create_staffing_financing(world.office(message)).await);
        let all = [
            ("staffing_financing_id", "ID_MALFORMED"),
            ("staffing_financing.title", "TEXT_MISSING"),
            ("staffing_financing.first_day", "DATE_MISSING"),
            ("staffing_financing.last_day", "DATE_INVALID"),
            ("staffing_financing.municipality", "MUNICIPALITY_UNKNOWN"),
            ("staffing_financing.paid_by_municipality_fte_percent", "POSTS_OUT_OF_RANGE"),
            ("staffing_financing.paid_by_federation_fte_percent", "POSTS_OUT_OF_RANGE"),
        ];
        assert_eq!(told, expected(&all));
        let alone = creation(&world, "a", row("", "Samordnare", (100, 0)));
        let told = faults(client.create_staffing_financing(world.office(alone)).await);
        let field = "staffing_financing.paid_by_municipality_fte_percent";
        assert_eq!(told, expected(&[(field, "MUNICIPALITY_MISSING")]));
        let nobody = creation(&world, "a", row("0480", "Samordnare", (0, 0)));
        let told = faults(client.create_staffing_financing(world.office(nobody)).await);
        let field = "staffing_financing.paid_by_federation_fte_percent";
        assert_eq!(told, expected(&[(field, "POSTS_MISSING")]));
        assert_eq!(world.sequence().await, 0);
    })
    .await;
}

#[tokio::test]
async fn rows_are_read_one_by_one_and_a_page_at_a_time() {
    on_both(|database| async move {
        let world = World::new(database).await;
        for number in 0..5 {
            let row = row("0480", &format!("Tjänst {number}"), (0, 100));
            created(&world, &format!("s{number}"), row).await.unwrap();
        }
        let again = created(&world, "s1", row("0481", "Annat", (0, 100))).await;
        assert_eq!(problem(again), (Code::AlreadyExists, "ALREADY_EXISTS".to_owned()));

        let mut names = Vec::new();
        let mut page_token = String::new();
        loop {
            let message = pb::ListStaffingFinancingsRequest {
                parent: HOME.to_owned(),
                page_size: 2,
                page_token,
            };
            let mut client = world.staffing_financings();
            let answer = client.list_staffing_financings(world.office(message)).await;
            let page = answer.unwrap().into_inner();
            assert!(page.staffing_financings.len() <= 2);
            names.extend(page.staffing_financings.into_iter().map(|row| row.name));
            page_token = page.next_page_token;
            if page_token.is_empty() {
                break;
            }
        }
        let name = |number: i32| format!("{HOME}/staffingFinancings/s{number}");
        assert_eq!(names, (0..5).map(name).collect::<Vec<_>>());

        let get = async |name: String| {
            let message = pb::GetStaffingFinancingRequest { name };
            let mut client = world.staffing_financings();
            client.get_staffing_financing(world.office(message)).await
        };
        let read = get(name(3)).await.unwrap().into_inner().staffing_financing.unwrap();
        assert_eq!((read.title.as_str(), read.etag.as_str()), ("Tjänst 3", "1"));
        assert_eq!(problem(get(name(9)).await).0, Code::NotFound);
        let elsewhere = "federations/elsewhere/staffingFinancings/s1".to_owned();
        assert_eq!(problem(get(elsewhere).await).0, Code::NotFound);
    })
    .await;
}

#[tokio::test]
async fn a_repeated_request_answers_the_same_and_a_changed_row_is_found_by_the_check() {
    on_both(|database| async move {
        let world = World::new(database).await;
        let message = creation(&world, "a", row("0480", "Coacher", (100, 0)));
        let ask = async || {
            let mut client = world.staffing_financings();
            let answer = client.create_staffing_financing(world.office(message.clone())).await;
            answer.unwrap().into_inner().staffing_financing.unwrap()
        };
        assert_eq!(ask().await, ask().await);
        assert_eq!(world.sequence().await, 1);
        let sql = "UPDATE staffing_financing SET by_federation_percent = 1";
        world.database.write.execute_unprepared(sql).await.unwrap();
        let name = format!("{HOME}/staffingFinancings/a");
        let found = format!("{name}: it is not what the journal recorded last");
        assert_eq!(world.problems().await, [found]);
    })
    .await;
}
