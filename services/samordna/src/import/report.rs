//! Prints what an import found and did, for a person at a terminal. Decides
//! nothing.

use std::io::{self, Write};

use gateway::text::{self, Language};
use proto::common::ImportEffect;

use super::{ImportReport, RowFault, RowOutcome, Section};

/// Writes a report, one line for each row.
///
/// # Errors
/// When `out` does not take it.
pub fn print(report: &ImportReport, language: Language, out: &mut impl Write) -> io::Result<()> {
    if report.is_good() {
        print_outcomes(report, language, out)
    } else {
        print_faults(report, language, out)
    }
}

fn print_faults(report: &ImportReport, language: Language, out: &mut impl Write) -> io::Result<()> {
    print_places(&report.faults, language, out)?;
    writeln!(out)?;
    print_doubts(report, language, out)?;
    let (count, written) = (report.faults.len(), sections(language, &report.written));
    let id = match (count, report.written.is_empty()) {
        (1, true) => "fault",
        (1, false) => "fault-written",
        (_, true) => "faults",
        (_, false) => "faults-written",
    };
    let told = told(language, id, &[("count", &count.to_string()), ("written", &written)]);
    writeln!(out, "{told}")
}

fn print_outcomes(
    report: &ImportReport,
    language: Language,
    out: &mut impl Write,
) -> io::Result<()> {
    let rows: Vec<[String; 4]> = report
        .outcomes
        .iter()
        .map(|outcome| {
            [
                file(language, &outcome.file, &outcome.sheet),
                lines(outcome),
                effect(language, outcome.effect, report.apply),
                short_name(outcome),
            ]
        })
        .collect();
    print_aligned(&rows, out)?;
    let of = |effect| {
        let count = report.outcomes.iter().filter(|outcome| outcome.effect == effect).count();
        count.to_string()
    };
    writeln!(out)?;
    print_doubts(report, language, out)?;
    let counts: &[(&str, &str)] = &[
        ("created", &of(ImportEffect::Created)),
        ("unchanged", &of(ImportEffect::Unchanged)),
        ("replaced", &of(ImportEffect::Replaced)),
    ];
    if report.apply {
        return writeln!(out, "{}", told(language, "done", counts));
    }
    writeln!(out, "{}", told(language, "would", counts))?;
    writeln!(out, "{}", told(language, "dry-run", &[]))
}

/// What somebody should look at, and stops nothing.
fn print_doubts(report: &ImportReport, language: Language, out: &mut impl Write) -> io::Result<()> {
    if report.doubts.is_empty() {
        return Ok(());
    }
    writeln!(out, "{}", told(language, "doubts", &[]))?;
    print_places(&report.doubts, language, out)?;
    writeln!(out)
}

/// One line for each, with its place, what stands there and what to do.
fn print_places(places: &[RowFault], language: Language, out: &mut impl Write) -> io::Result<()> {
    let row = |fault| [place(language, fault), value(fault), remedy(language, fault)];
    let rows: Vec<[String; 3]> = places.iter().map(row).collect();
    print_aligned(&rows, out)
}

/// What a file is answered with that is no workbook.
pub(super) fn no_folder_or_workbook(language: Language, from: &str) -> String {
    told(language, "no-tables-at", &[("from", from)])
}

/// What a folder or a workbook without any table is answered with.
pub(super) fn nothing_to_import(language: Language, from: &str) -> String {
    told(language, "nothing-at", &[("from", from)])
}

/// What comes before the error of a service that could not be asked.
pub(super) fn not_asked(language: Language, section: Section) -> String {
    told(language, "not-asked", &[("section", &section_name(language, section))])
}

/// What comes before the error that stopped the writing.
pub(super) fn interrupted(language: Language, written: &[Section], at: Section) -> String {
    let id = if written.is_empty() { "interrupted" } else { "interrupted-written" };
    let (written, at) = (sections(language, written), section_name(language, at));
    told(language, id, &[("written", &written), ("section", &at)])
}

/// One of the texts of this command.
fn told(language: Language, id: &str, facts: &[(&str, &str)]) -> String {
    text::message(language, &format!("import-report-{id}"), facts)
}

/// Where a fault stands, in the words of the spreadsheet it is looked for in.
fn place(language: Language, fault: &RowFault) -> String {
    // A fault of the request itself has the name of a field and no place.
    if fault.file.is_empty() {
        return if fault.column.is_empty() { "–".to_owned() } else { fault.column.clone() };
    }
    let mut parts = vec![file(language, &fault.file, &fault.sheet)];
    if fault.row > 0 {
        parts.push(told(language, "row", &[("row", &fault.row.to_string())]));
    }
    let column = match (fault.letter.is_empty(), fault.column.is_empty()) {
        (true, true) => None,
        (true, false) => Some("column-named"),
        (false, true) => Some("column"),
        (false, false) => Some("column-both"),
    };
    let facts = [("letter", fault.letter.as_str()), ("name", fault.column.as_str())];
    parts.extend(column.map(|id| told(language, id, &facts)));
    parts.join(", ")
}

fn file(language: Language, file: &str, sheet: &str) -> String {
    if sheet.is_empty() {
        return file.to_owned();
    }
    told(language, "sheet", &[("file", file), ("sheet", sheet)])
}

fn value(fault: &RowFault) -> String {
    fault.value.as_deref().map(|value| format!("”{value}”")).unwrap_or_default()
}

fn remedy(language: Language, fault: &RowFault) -> String {
    let facts: Vec<(&str, &str)> =
        fault.facts.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    text::reason(language, &fault.reason, &facts)
}

fn lines(outcome: &RowOutcome) -> String {
    if outcome.first_row == outcome.last_row {
        outcome.first_row.to_string()
    } else {
        format!("{}–{}", outcome.first_row, outcome.last_row)
    }
}

/// The name without the federation, which is the same for every row.
fn short_name(outcome: &RowOutcome) -> String {
    let within = outcome.name.splitn(3, '/').nth(2);
    within.unwrap_or(&outcome.name).to_owned()
}

fn effect(language: Language, effect: ImportEffect, is_done: bool) -> String {
    let id = match (effect, is_done) {
        (ImportEffect::Created, false) => "would-create",
        (ImportEffect::Created, true) => "created",
        (ImportEffect::Replaced, false) => "would-replace",
        (ImportEffect::Replaced, true) => "replaced",
        (ImportEffect::Unchanged, _) => "unchanged",
        (ImportEffect::Unspecified, _) => return "?".to_owned(),
    };
    told(language, id, &[])
}

fn sections(language: Language, sections: &[Section]) -> String {
    let names = sections.iter().map(|section| section_name(language, *section));
    names.collect::<Vec<_>>().join(", ")
}

fn section_name(language: Language, section: Section) -> String {
    let id = match section {
        Section::Organisation => "organisation",
        Section::Finance => "finance",
        Section::Reporting => "reporting",
    };
    told(language, id, &[])
}

/// Writes rows in columns as wide as their widest cell.
fn print_aligned<const N: usize>(rows: &[[String; N]], out: &mut impl Write) -> io::Result<()> {
    let width = |column: usize| {
        rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default()
    };
    let widths: [usize; N] = std::array::from_fn(width);
    for row in rows {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}"));
        let line = cells.collect::<Vec<_>>().join("  ");
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(report: &ImportReport, language: Language) -> String {
        let mut out = Vec::new();
        print(report, language, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn outcome(file: &str, rows: (u64, u64), name: &str, effect: ImportEffect) -> RowOutcome {
        RowOutcome {
            file: file.to_owned(),
            sheet: String::new(),
            first_row: rows.0,
            last_row: rows.1,
            name: format!("federations/vastmanland{name}"),
            effect,
        }
    }

    #[test]
    fn a_dry_run_says_row_by_row_what_would_happen_and_how_to_have_it_done() {
        let report = ImportReport {
            apply: false,
            outcomes: vec![
                outcome("federation.csv", (2, 2), "", ImportEffect::Unchanged),
                outcome("teams.csv", (2, 2), "/teams/sala", ImportEffect::Created),
                outcome(
                    "reported-figures.csv",
                    (2, 9),
                    "/reportingPeriods/2025h1/reportedFigures/sala",
                    ImportEffect::Replaced,
                ),
            ],
            faults: vec![],
            doubts: vec![],
            written: vec![],
        };
        let expected = "\
federation.csv        2    unchanged   federations/vastmanland
teams.csv             2    to create   teams/sala
reported-figures.csv  2–9  to replace  reportingPeriods/2025h1/reportedFigures/sala

1 to create, 1 unchanged, 1 to replace.
Dry run: nothing was changed. Run with --apply to carry it out.
";
        assert_eq!(printed(&report, Language::English), expected);
        assert!(
            printed(&report, Language::Swedish).contains("1 skapas, 1 oförändrade, 1 ersätts.")
        );
    }

    fn fault(file: &str, sheet: &str) -> RowFault {
        RowFault {
            file: file.to_owned(),
            sheet: sheet.to_owned(),
            row: 3,
            letter: "E".to_owned(),
            column: "amount_kronor".to_owned(),
            value: Some("-100".to_owned()),
            reason: "AMOUNT_NOT_POSITIVE".to_owned(),
            facts: vec![],
        }
    }

    fn faults(faults: Vec<RowFault>) -> ImportReport {
        ImportReport { apply: true, outcomes: vec![], faults, doubts: vec![], written: vec![] }
    }

    #[test]
    fn a_fault_is_printed_with_the_words_of_a_spreadsheet_for_its_place() {
        let report = faults(vec![fault("grants.csv", "")]);
        let text = printed(&report, Language::Swedish);
        let place = "grants.csv, rad 3, kolumn E ”amount_kronor”  ”-100”  ";
        assert!(text.starts_with(place), "{text}");
        assert!(text.ends_with("\n\n1 fel. Ingenting har ändrats.\n"), "{text}");

        let report = faults(vec![fault("bok.xlsx", "grants")]);
        let text = printed(&report, Language::English);
        let place = "bok.xlsx, sheet grants, row 3, column E ”amount_kronor”  ”-100”  ";
        assert!(text.starts_with(place), "{text}");
    }

    #[test]
    fn a_doubt_is_printed_before_the_end_and_is_no_fault() {
        let doubt = RowFault {
            column: "payment_reference".to_owned(),
            value: Some("2025-0015".to_owned()),
            reason: "PAYMENT_REFERENCE_LIKE_DNR".to_owned(),
            ..fault("requisitions.csv", "")
        };
        let report = ImportReport { doubts: vec![doubt], ..faults(vec![]) };
        assert!(report.is_good());
        let text = printed(&report, Language::Swedish);
        let told =
            "Se efter:\nrequisitions.csv, rad 3, kolumn E ”payment_reference”  ”2025-0015”  Detta";
        assert!(text.contains(told), "{text}");
        assert!(text.ends_with("\n\n0 skapade, 0 oförändrade, 0 ersatta.\n"), "{text}");
    }

    #[test]
    fn a_fault_without_row_or_column_names_what_there_is() {
        let whole = RowFault {
            row: 0,
            letter: String::new(),
            column: String::new(),
            value: None,
            ..fault("bok.xlsx", "Blad1")
        };
        let parent = RowFault { column: "parent".to_owned(), ..fault("", "") };
        let parent = RowFault { row: 0, letter: String::new(), ..parent };
        let unnamed = RowFault { column: String::new(), ..fault("grants.xlsx", "") };
        let places = [whole, parent, unnamed].map(|fault| place(Language::Swedish, &fault));
        assert_eq!(places, ["bok.xlsx, blad Blad1", "parent", "grants.xlsx, rad 3, kolumn E"]);
    }

    #[test]
    fn every_text_asked_for_is_there_and_every_one_there_is_asked_for() {
        let source = include_str!("report.rs").split("#[cfg(test)]").next().unwrap();
        let texts = include_str!("../../../gateway/text/en.ftl");
        let mut count = 0;
        for line in texts.lines() {
            let Some(rest) = line.strip_prefix("import-report-") else { continue };
            let (id, _) = rest.split_once(" = ").unwrap();
            assert!(source.contains(&format!("\"{id}\"")), "{id} is asked for by nobody");
            count += 1;
        }
        assert!(count > 20, "the test finds what it looks for");
        let written = [Section::Organisation, Section::Finance, Section::Reporting];
        for language in Language::ALL {
            for (count, written) in [(1, &written[..]), (2, &written[..]), (1, &[]), (2, &[])] {
                let all = vec![fault("grants.xlsx", "Blad1"); count];
                let report = ImportReport { written: written.to_vec(), ..faults(all) };
                assert!(!printed(&report, language).contains("import-report-"));
            }
        }
    }
}
