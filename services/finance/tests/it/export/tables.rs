//! Tables as workbooks and as text.

use platform::testing::on_both;
use proto::finance as pb;
use tonic::Code;

use super::{export, paid, rows};
use crate::{
    staffing_financing::record_sormland,
    world::{
        HOME, World, administrator, day, days, economist, economist_of, expected, faults, problem,
    },
};

const XLSX: i32 = pb::TableFormat::Xlsx as i32;
const CSV: i32 = pb::TableFormat::Csv as i32;

/// The texts of some cells.
fn cells(row: &[String], places: &[usize]) -> Vec<String> {
    places.iter().map(|place| row[*place].clone()).collect()
}

#[tokio::test]
async fn the_funding_table_is_the_same_in_both_formats() {
    on_both(|database| async move {
        let world = World::with_grant(database, 155_000).await;
        world.approved("r1", "koping", 93_705).await;
        let table = pb::GetFundingTableRequest {
            parent: HOME.to_owned(),
            year: 2025,
            period: Some(days("2025-01-01", "2025-06-30")),
            ..Default::default()
        };
        let ask = |format| pb::ExportFundingTableRequest { table: Some(table.clone()), format };
        // Every role may read the table, and so its file.
        let caller = economist_of("sala");
        let file = export!(world, &caller, export_funding_table(ask(XLSX))).unwrap();
        assert_eq!(file.file_name, "finansieringstabell-2025-01-01--2025-06-30.xlsx");
        assert_eq!(file.sequence, world.sequence().await);
        let book = rows(&file);
        assert_eq!(cells(&book[0], &[0, 1, 4]), ["Mottagare", "Beviljat", "Rekvirerat hittills"]);
        let row = ["Samordningsteam sala", "1550", "937.05", "612.95", "0.6"];
        assert_eq!(cells(&book[1], &[0, 1, 4, 5, 6]), row);
        assert_eq!(cells(&book[2], &[0, 1, 4]), ["Totalt", "1550", "937.05"]);
        assert_eq!(book.len(), 3);
        let again = export!(world, &caller, export_funding_table(ask(XLSX))).unwrap();
        assert_eq!(again, file);

        let file = export!(world, &caller, export_funding_table(ask(CSV))).unwrap();
        assert_eq!(file.file_name, "finansieringstabell-2025-01-01--2025-06-30.csv");
        let text = rows(&file);
        assert_eq!(text[0], book[0]);
        let row = ["Samordningsteam sala", "1550,00", "937,05", "612,95", "60%"];
        assert_eq!(cells(&text[1], &[0, 1, 4, 5, 6]), row);
        assert_eq!(text[1][13], "Prognosen går 324,10 kr över det beviljade");

        let by_party = pb::GetFundingTableRequest { cut: pb::FundingCut::Party.into(), ..table };
        let ask = pb::ExportFundingTableRequest { table: Some(by_party), format: CSV };
        let text = rows(&export!(world, &caller, export_funding_table(ask)).unwrap());
        assert_eq!(text[1], ["Huvudman koping", "0,00", "937,05", "937,05", "100%"]);
    })
    .await;
}

#[tokio::test]
async fn requisitions_come_with_their_lines_and_a_party_gets_its_own() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        world.approved("r1", "koping", 100).await;
        world.submitted("r2", "sala", 200).await;
        let ask = |state: pb::RequisitionState, format| pb::ExportRequisitionsRequest {
            parent: HOME.to_owned(),
            period: Some(days("2025-01-01", "2025-12-31")),
            state: state.into(),
            format,
        };
        let office = administrator();
        let all = ask(pb::RequisitionState::Unspecified, CSV);
        let file = export!(world, &office, export_requisitions(all.clone())).unwrap();
        assert_eq!(file.file_name, "rekvisitioner-2025-01-01--2025-12-31.csv");
        let told = rows(&file);
        let places = [0, 4, 5, 8, 9, 10, 13];
        let first = ["r1", "Samordningsteam sala", "Huvudman koping", "2025-06-30"];
        let first = [&first[..], &["Beslutsattesterad", "Övrigt", "1,00"]].concat();
        assert_eq!(cells(&told[1], &places), first);
        assert_eq!(cells(&told[3], &[0, 13]), ["Summa", "3,00"]);

        let own = export!(world, &economist_of("sala"), export_requisitions(all)).unwrap();
        let told = rows(&own);
        assert_eq!(cells(&told[1], &[0, 13]), ["r2", "2,00"]);
        assert_eq!(told.len(), 3);

        let approved = ask(pb::RequisitionState::Approved, XLSX);
        let told = rows(&export!(world, &office, export_requisitions(approved)).unwrap());
        assert_eq!(cells(&told[1], &[0, 13]), ["r1", "1"]);
        assert_eq!(told.len(), 3);
    })
    .await;
}

#[tokio::test]
async fn payments_are_what_is_due_or_what_was_paid_with_a_sum_for_each_party() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        let approved = world.approved("r1", "sala", 100).await;
        world.approved("r2", "koping", 250).await;
        paid(&world, &approved, &economist("bo")).await;
        let ask = |paid_in: Option<(&str, &str)>| pb::ExportPaymentsRequest {
            parent: HOME.to_owned(),
            paid_in: paid_in.map(|(first, last)| days(first, last)),
            format: CSV,
        };
        let office = administrator();
        let file = export!(world, &office, export_payments(ask(None))).unwrap();
        assert_eq!(file.file_name, "att-betala.csv");
        let told = rows(&file);
        assert_eq!(
            cells(&told[1], &[0, 2, 3, 5]),
            ["Huvudman koping", "bg 5050-1055", "r2", "2,50"]
        );
        assert_eq!(cells(&told[2], &[0, 5, 6]), ["Summa Huvudman koping", "2,50", "2,50"]);
        assert_eq!(cells(&told[3], &[0, 5, 6]), ["Totalt", "2,50", "2,50"]);
        assert_eq!(told.len(), 4);

        let july = Some(("2025-07-01", "2025-07-31"));
        let file = export!(world, &office, export_payments(ask(july))).unwrap();
        assert_eq!(file.file_name, "utbetalningar-2025-07-01--2025-07-31.csv");
        let told = rows(&file);
        assert_eq!(cells(&told[1], &[3, 5, 6]), ["r1", "1,00", "2025-07-01"]);
        let june = Some(("2025-06-01", "2025-06-30"));
        let told = rows(&export!(world, &office, export_payments(ask(june))).unwrap());
        assert_eq!(told[1][0], "Totalt");
        let refused = export!(world, &economist_of("sala"), export_payments(ask(None)));
        assert_eq!(problem(refused).0, Code::PermissionDenied);
    })
    .await;
}

#[tokio::test]
async fn the_staffing_matrix_has_sums_for_each_area_and_posts_in_full_time() {
    on_both(|database| async move {
        let world = World::new(database).await;
        record_sormland(&world).await;
        let ask = |format| pb::ExportStaffingMatrixRequest {
            parent: HOME.to_owned(),
            day: Some(day("2025-06-30")),
            format,
        };
        let office = administrator();
        let file = export!(world, &office, export_staffing_matrix(ask(CSV))).unwrap();
        assert_eq!(file.file_name, "bemanning-2025-06-30.csv");
        let told = rows(&file);
        assert_eq!(told[3], ["Summa Norra", "", "300%", "350%", "650%", "6,50"]);
        let total = told.iter().find(|row| row[0] == "Totalt").unwrap();
        assert_eq!(*total, ["Totalt", "", "625%", "950%", "1575%", "15,75"]);
        let last = told.last().unwrap();
        let title = "Tre samordnare hos regionen";
        assert_eq!(*last, ["Utanför kommunerna", title, "0%", "300%", "300%", "3,00"]);
        let file = export!(world, &office, export_staffing_matrix(ask(XLSX))).unwrap();
        let book = rows(&file);
        let total = book.iter().find(|row| row[0] == "Totalt").unwrap();
        assert_eq!(cells(total, &[2, 3, 4, 5]), ["6.25", "9.5", "15.75", "15.75"]);
    })
    .await;
}

#[tokio::test]
async fn every_fault_of_a_wish_for_a_file_is_told_at_once() {
    on_both(|database| async move {
        let world = World::new(database).await;
        let table = pb::GetFundingTableRequest { parent: HOME.to_owned(), ..Default::default() };
        let ask = pb::ExportFundingTableRequest { table: Some(table), format: 0 };
        let told = faults(world.exports().export_funding_table(world.office(ask)).await);
        let all = [
            ("format", "ENUM_UNSPECIFIED"),
            ("table.year", "YEAR_OUT_OF_RANGE"),
            ("table.period", "PERIOD_MISSING"),
        ];
        assert_eq!(told, expected(&all));
        let ask = pb::ExportFundingTableRequest { table: None, format: CSV };
        let told = faults(world.exports().export_funding_table(world.office(ask)).await);
        assert_eq!(told, expected(&[("table", "FIELD_MISSING")]));

        let ask = pb::ExportRequisitionsRequest {
            parent: HOME.to_owned(),
            period: Some(days("2022-01-01", "2025-01-01")),
            state: 99,
            format: 99,
        };
        let told = faults(world.exports().export_requisitions(world.office(ask)).await);
        let all = [
            ("period", "PERIOD_TOO_LONG"),
            ("state", "ENUM_UNSPECIFIED"),
            ("format", "ENUM_UNSPECIFIED"),
        ];
        assert_eq!(told, expected(&all));

        let ask = pb::ExportPaymentsRequest {
            parent: HOME.to_owned(),
            paid_in: Some(days("2025-12-31", "2025-01-01")),
            format: 0,
        };
        let told = faults(world.exports().export_payments(world.office(ask)).await);
        let all = [("paid_in", "PERIOD_REVERSED"), ("format", "ENUM_UNSPECIFIED")];
        assert_eq!(told, expected(&all));

        let ask = pb::ExportStaffingMatrixRequest { parent: HOME.to_owned(), ..Default::default() };
        let told = faults(world.exports().export_staffing_matrix(world.office(ask)).await);
        assert_eq!(told, expected(&[("day", "DATE_MISSING"), ("format", "ENUM_UNSPECIFIED")]));
    })
    .await;
}
