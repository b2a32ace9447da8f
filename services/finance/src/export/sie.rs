//! Vouchers for the office's general ledger, as SIE type 4 (format 4C): code page
//! 437, CRLF.
//!
//! A voucher's number is the journal's sequence: the ledger is asked by it, and it
//! is the same whichever days a file is about. Numbers are rising and not without
//! gaps, for not everything in the journal is a voucher; the series is the file's
//! own.
//!
//! Texts name resources and never people.

use std::fmt::Write as _;

use chrono::NaiveDate;
use values::{OrganisationNumber, Period};

use super::{code_page, decimals, words};
use crate::domain::general_ledger::{COST_CENTRE, Entry, GeneralLedger, Line, PROJECT};

/// The type of the file.
pub(crate) const MEDIA_TYPE: &str = "application/x-sie";

/// Whose file it is, and what it is about.
#[derive(Debug, Clone)]
pub(crate) struct Header {
    /// The federation's name.
    pub(crate) display_name: String,
    /// The federation's number.
    pub(crate) organisation_number: OrganisationNumber,
    /// The year.
    pub(crate) year: Period,
    /// The day its figures were last changed.
    pub(crate) as_of: NaiveDate,
}

/// Writes the vouchers.
pub(crate) fn write(header: &Header, ledger: &GeneralLedger) -> Vec<u8> {
    let mut text = String::new();
    // Writing into a text cannot fail.
    let _ = identification(&mut text, header);
    let _ = plan(&mut text, ledger);
    for entry in &ledger.entries {
        let _ = voucher(&mut text, &ledger.series, entry);
    }
    code_page::encode(&text.replace('\n', "\r\n"))
}

fn identification(text: &mut String, header: &Header) -> std::fmt::Result {
    let Header { display_name, organisation_number, year, as_of } = header;
    writeln!(text, "#FLAGGA 0")?;
    writeln!(text, "#PROGRAM \"Samordna\" \"{}\"", env!("CARGO_PKG_VERSION"))?;
    writeln!(text, "#FORMAT PC8")?;
    writeln!(text, "#GEN {}", day(*as_of))?;
    writeln!(text, "#SIETYP 4")?;
    writeln!(text, "#ORGNR {organisation_number}")?;
    writeln!(text, "#FNAMN {}", quoted(display_name))?;
    writeln!(text, "#RAR 0 {} {}", day(year.first_day()), day(year.last_day()))
}

fn plan(text: &mut String, ledger: &GeneralLedger) -> std::fmt::Result {
    for (number, title) in &ledger.accounts {
        writeln!(text, "#KONTO {number} {}", quoted(title))?;
    }
    let mut last = None;
    for ((dimension, code), names) in &ledger.objects {
        if last.replace(*dimension) != Some(*dimension) {
            writeln!(text, "#DIM {dimension} {}", quoted(words::dimension(*dimension)))?;
        }
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        writeln!(text, "#OBJEKT {dimension} {} {}", quoted(code), quoted(&names.join(", ")))?;
    }
    Ok(())
}

fn voucher(text: &mut String, series: &str, entry: &Entry) -> std::fmt::Result {
    let Entry { number, day: first_day, recorded_on, event, subject, lines } = entry;
    let said = quoted(&words::voucher(event, subject));
    let (booked, registered) = (day(*first_day), day(*recorded_on));
    writeln!(text, "#VER {} \"{number}\" {booked} {said} {registered}", quoted(series))?;
    writeln!(text, "{{")?;
    for Line { account, objects, amount, day: counted } in lines {
        let objects: Vec<String> = objects
            .iter()
            .map(|(dimension, code)| format!("{dimension} {}", quoted(code)))
            .collect();
        let amount = decimals(amount.get(), '.');
        write!(text, "#TRANS {account} {{{}}} {amount}", objects.join(" "))?;
        // A line counts on its voucher's day unless it says another.
        match counted == first_day {
            true => writeln!(text)?,
            false => writeln!(text, " {}", day(*counted))?,
        }
    }
    writeln!(text, "}}")
}

fn day(day: NaiveDate) -> String {
    day.format("%Y%m%d").to_string()
}

/// A text in quotes, on one line.
fn quoted(text: &str) -> String {
    let plain = |character: char| match character {
        '\\' => '/',
        control if control.is_control() => ' ',
        other => other,
    };
    let plain: String = text.chars().map(plain).collect();
    // Typographic quotes become plain ones in the code page.
    let escaped = plain.replace(['"', '”', '“', '„'], "\\\"");
    format!("\"{escaped}\"")
}

const _: () = assert!(COST_CENTRE == 1 && PROJECT == 6, "the numbers that the format gives them");

#[cfg(test)]
mod tests;
