//! Reads the sheets of one workbook (.xlsx). Nothing is read past in silence: a merged
//! cell and a formula without a value are faults, since each may hold what somebody meant.

mod archive;
mod format;
mod sheet;

use std::io::Cursor;

use calamine::{Reader as _, SheetType, SheetVisible, Xlsx, XlsxError};
use values::Fault;

use crate::{cell::shown, record::Record};

pub use archive::{LARGEST_FILE, Limits};

/// An open workbook.
pub struct Workbook<'a> {
    xlsx: Xlsx<Cursor<&'a [u8]>>,
    budget: sheet::Budget,
}

/// One worksheet with something in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// True when whoever opens the workbook does not see it.
    pub is_hidden: bool,
}

impl<'a> Workbook<'a> {
    /// Opens a workbook, after looking at how much is packed into it.
    ///
    /// # Errors
    /// `WORKBOOK_TOO_LARGE`, and `WORKBOOK_UNREADABLE` for what is no workbook, or
    /// one behind a password.
    pub fn open(bytes: &'a [u8], limits: &Limits) -> Result<Self, Fault> {
        archive::check(bytes, limits)?;
        let xlsx = Xlsx::new(Cursor::new(bytes)).map_err(|error| unreadable(&error))?;
        Ok(Self { xlsx, budget: sheet::Budget::of(limits) })
    }

    /// The worksheets with anything in them. A new workbook may come with empty
    /// ones, and a chart is no table.
    ///
    /// # Errors
    /// When a sheet cannot be read.
    pub fn filled_sheets(&mut self) -> Result<Vec<Sheet>, Fault> {
        let all = self.xlsx.sheets_metadata().to_vec();
        let mut filled = Vec::new();
        for calamine::Sheet { name, typ, visible } in all {
            let is_hidden = match visible {
                SheetVisible::Visible => false,
                SheetVisible::Hidden | SheetVisible::VeryHidden => true,
            };
            if typ == SheetType::WorkSheet && !sheet::is_empty(&mut self.xlsx, &name)? {
                filled.push(Sheet { name, is_hidden });
            }
        }
        Ok(filled)
    }

    /// Reads the rows of a sheet in which anything stands.
    ///
    /// # Errors
    /// `SHEET_HIDDEN`, `SHEET_TOO_LARGE`, and when it cannot be read.
    pub fn records(&mut self, sheet: &Sheet) -> Result<Vec<Record>, Fault> {
        if sheet.is_hidden {
            return Err(Fault::new("", "SHEET_HIDDEN").with("sheet", &sheet.name));
        }
        sheet::records(&mut self.xlsx, &sheet.name, &mut self.budget)
    }
}

/// What is wrong with a workbook that its reader gave up on.
fn unreadable(error: &XlsxError) -> Fault {
    match error {
        // One of the errors that newer programs know.
        XlsxError::CellError(text) => Fault::new("", "CELL_ERROR").with("error", shown(text)),
        _ => Fault::new("", "WORKBOOK_UNREADABLE"),
    }
}
