//! What the cells of a row become, and what is said of those that cannot be read.

use proto::organisation::{Municipality, Party};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Worksheet};
use sheets::testing::{book, edited, texts};

use super::*;
use crate::web::list::file;

const HEADINGS: &str = "Personnummer;Kön;Skyddad identitet;Födelseår;Kommun;Aktualiserad;\
                        Försörjning;Omfattning;Inskriven;Id";

fn read_all(bytes: &[u8]) -> Vec<Read> {
    let table = file::read(bytes).unwrap();
    let columns = Columns::guessed(&table);
    let municipality = Municipality {
        name: "federations/f/municipalities/1981".to_owned(),
        display_name: "Sala".to_owned(),
        ..Municipality::default()
    };
    let places = Places::of(vec![municipality], Vec::<Party>::new());
    let ground = Ground {
        language: Language::Swedish,
        federation: "federations/f".to_owned(),
        columns: &columns,
        places: &places,
    };
    let rows = table.rows.iter().map(|row| row.cells.as_ref().unwrap());
    rows.map(|cells| read(&ground, cells, "own".to_owned())).collect()
}

fn of_text(row: &str) -> Read {
    read_all(format!("{HEADINGS}\n{row}\n").as_bytes()).remove(0)
}

fn sheet(write: impl Fn(&mut Worksheet)) -> Vec<u8> {
    book(&[("Blad1", &|sheet| {
        texts(sheet, &[HEADINGS, "19811228-9874;man;;;Sala;2025-01-09;lön;;;"]);
        write(sheet);
    })])
}

fn told(read: &Read) -> Vec<(&'static str, &'static str)> {
    read.faults.iter().map(|(field, fault)| (*field, fault.reason)).collect()
}

#[test]
fn numbers_and_days_of_a_workbook_are_taken_and_what_is_lost_is_told() {
    let bytes = sheet(|sheet| {
        let day = Format::new().set_num_format("yyyy\\-mm\\-dd");
        let date = ExcelDateTime::from_ymd(2025, 2, 1).unwrap();
        sheet.write(1, 0, 198_112_289_874_f64).unwrap();
        sheet.write(1, 3, 1981).unwrap();
        sheet.write(1, 4, 1981).unwrap();
        sheet.write_with_format(1, 8, &date, &day).unwrap();
    });
    let read = read_all(&bytes).remove(0);
    assert_eq!(told(&read), []);
    let person = read.case.person.unwrap();
    assert_eq!(person.identity.unwrap().personal_number, "198112289874");
    assert_eq!(person.birth_year, 1981);
    assert_eq!(read.case.referral.unwrap().municipality, "federations/f/municipalities/1981");
    let first_day = read.case.enrolment.unwrap().first_day;
    assert_eq!(first_day, Some(Date { year: 2025, month: 2, day: 1 }));

    let bytes = sheet(|sheet| {
        sheet.write_formula(1, 5, Formula::new("=2*2.5").set_result("5")).unwrap();
        sheet.write(1, 8, "1 februari").unwrap();
        sheet.write(1, 9, 12).unwrap();
    });
    let (value, nothing) = ("<f>2*2.5</f><v>5</v>", "<f>2*2.5</f>");
    let bytes = edited(&bytes, "xl/worksheets/sheet1.xml", value, nothing);
    let read = read_all(&bytes).remove(0);
    let expected = [
        ("id", "CELL_NOT_TEXT"),
        ("referral_day", "FORMULA_NOT_CALCULATED"),
        ("first_day", "DATE_MALFORMED"),
    ];
    assert_eq!(told(&read), expected);
}

#[test]
fn protected_identity_takes_the_person_without_identity_and_drops_nothing_told() {
    let read = of_text(";kvinna;ja;;Sala;2025-01-09;lön;;;");
    let person = read.case.person.unwrap();
    assert!(person.protected_identity && person.identity.is_none());
    let read = of_text("198112289874;man;X;;Sala;2025-01-09;lön;;;");
    assert!(read.case.person.unwrap().identity.is_some(), "the service refuses it");
    let read = of_text(";man;kanske;;Sala;2025-01-09;lön;;;");
    assert_eq!(told(&read), [("protected", "CODE_UNKNOWN")]);
}

#[test]
fn livelihoods_have_their_extents_within_the_cell_or_beside_it() {
    for (cells, expected) in [
        ("lön;", vec![(Livelihood::Salary, 0)]),
        ("lön;75", vec![(Livelihood::Salary, 75)]),
        ("Lön 75 %;", vec![(Livelihood::Salary, 75)]),
        (
            "sjukpenning 50%, lön 50 %;",
            vec![(Livelihood::SicknessBenefit, 50), (Livelihood::Salary, 50)],
        ),
        (
            "CSN + a-kassa;",
            vec![(Livelihood::StudySupport, 0), (Livelihood::UnemploymentBenefit, 0)],
        ),
    ] {
        let read = of_text(&format!("198112289874;man;;;Sala;2025-01-09;{cells};;"));
        assert_eq!(told(&read), [], "{cells}");
        let livelihoods = read.case.referral.unwrap().livelihoods;
        let shares: Vec<_> =
            livelihoods.iter().map(|it| (it.livelihood(), it.extent_percent)).collect();
        assert_eq!(shares, expected, "{cells}");
    }
    let read = of_text("198112289874;man;;;Sala;2025-01-09;lön, guld;;;");
    assert_eq!(told(&read), [("livelihood", "CODE_UNKNOWN")]);
}

#[test]
fn a_row_keeps_its_own_id_and_has_another_where_it_has_none() {
    assert_eq!(of_text(";;;;;;;;;a-12").case.id, "a-12");
    let empty = of_text(";man;;;;;;;;");
    assert_eq!((empty.case.id.as_str(), told(&empty).len()), ("own", 0));
    assert!(empty.case.enrolment.is_none() && empty.case.exit.is_none());
}

#[test]
fn extents_follow_a_word_with_a_sign() {
    for (text, expected) in [
        ("lön 50 %", ("lön", 50)),
        ("lön 50%", ("lön", 50)),
        ("lön", ("lön", 0)),
        ("lön 500 %", ("lön 500 %", 0)),
        ("lön %", ("lön %", 0)),
        ("å50%", ("å", 50)),
        ("", ("", 0)),
    ] {
        assert_eq!(with_extent(text), expected, "{text}");
    }
}
