//! Files: the same figures as the services answer, in the formats that an office
//! opens.

mod sie;
mod tables;

use platform::Principal;
use proto::finance as pb;

use crate::world::World;

/// A workbook's or a text's rows, as text: numbers as they are stored.
fn rows(file: &pb::ExportedFile) -> Vec<Vec<String>> {
    if file.file_name.ends_with(".csv") {
        let text = String::from_utf8(file.content.clone()).unwrap();
        let text = text.strip_prefix('\u{feff}').unwrap();
        return text
            .split_terminator("\r\n")
            .map(|line| line.split(';').map(str::to_owned).collect())
            .collect();
    }
    use calamine::{Reader as _, Xlsx, open_workbook_from_rs};
    let content = std::io::Cursor::new(file.content.clone());
    let mut workbook: Xlsx<_> = open_workbook_from_rs(content).unwrap();
    let name = workbook.sheet_names()[0].clone();
    let sheet = workbook.worksheet_range(&name).unwrap();
    sheet.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect()
}

/// Asks for a file.
macro_rules! export {
    ($world:expr, $caller:expr, $method:ident($message:expr)) => {{
        let request = $world.by($caller, $message);
        $world.exports().$method(request).await.map(|answer| answer.into_inner().file.unwrap())
    }};
}
use export;

/// Pays an approved requisition.
async fn paid(world: &World, approved: &pb::Requisition, payer: &Principal) -> pb::Requisition {
    world.take("pay", approved, payer).await.unwrap()
}
