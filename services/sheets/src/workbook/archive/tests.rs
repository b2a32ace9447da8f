//! What a workbook may hold, tried with limits that a test reaches.

use std::io::Write as _;

use zip::{ZipWriter, write::SimpleFileOptions};

use super::*;

const SMALL: Limits =
    Limits { file: 2_000, unpacked: 3_000, part: 2_000, styles: 100, texts: 10, ..Limits::SMALL };

fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn reason(bytes: &[u8]) -> &'static str {
    check(bytes, &SMALL).unwrap_err().reason
}

#[test]
fn a_small_workbook_passes() {
    let parts: [(&str, &[u8]); 3] = [
        ("xl/worksheets/sheet1.xml", &[b'x'; 2_000]),
        ("xl/sharedStrings.xml", b"<sst count='9' uniqueCount='9'/>"),
        ("xl/styles.xml", &[b'x'; 100]),
    ];
    assert_eq!(check(&archive(&parts), &SMALL), Ok(()));
}

#[test]
fn what_unpacks_to_too_much_is_refused_before_anything_is_kept() {
    let one = archive(&[("xl/worksheets/sheet1.xml", &[b'x'; 2_001])]);
    let three = archive(&[("a", &[b'x'; 1_100]), ("b", &[b'x'; 1_100]), ("c", &[b'x'; 1_100])]);
    let styles = archive(&[("XL/Styles.xml", &[b'x'; 101])]);
    for bomb in [one, three, styles] {
        assert!(bomb.len() < 600);
        assert_eq!(reason(&bomb), "WORKBOOK_TOO_LARGE");
    }
}

#[test]
fn a_part_that_lies_about_its_size_is_counted_all_the_same() {
    let mut bytes = archive(&[("xl/worksheets/sheet1.xml", &[b'x'; 2_001])]);
    // The size unpacked stands in the archive's list of parts, after its mark.
    let entry = bytes.windows(4).position(|four| four == b"PK\x01\x02").unwrap();
    bytes[entry + 24..entry + 28].copy_from_slice(&5_u32.to_le_bytes());
    assert!(check(&bytes, &SMALL).is_err());
}

#[test]
fn memory_is_not_set_aside_for_more_texts_than_a_workbook_can_have() {
    for said in ["uniqueCount=\"11\"", "uniqueCount = '99999999999999999999999'"] {
        let part = format!("<sst count=\"1\" {said}><si><t>x</t></si></sst>");
        let bytes = archive(&[("xl/sharedStrings.xml", part.as_bytes())]);
        assert_eq!(reason(&bytes), "WORKBOOK_TOO_LARGE", "{said}");
    }
}

#[test]
fn texts_that_are_not_told_of_are_counted_all_the_same() {
    for (text, most) in [("<si/>", 10), ("<si><t>x</t></si>", 10), ("<x:si  />", 10)] {
        let part = |count: usize| format!("<sst uniqueCount='1'>{}</sst>", text.repeat(count));
        let checked = |count: usize| {
            let bytes = archive(&[("xl/sharedStrings.xml", part(count).as_bytes())]);
            check(&bytes, &SMALL)
        };
        assert_eq!(checked(most), Ok(()), "{text}");
        assert_eq!(checked(most + 1).unwrap_err().reason, "WORKBOOK_TOO_LARGE", "{text}");
    }
}

#[test]
fn a_file_that_is_too_large_or_no_archive_is_refused() {
    assert_eq!(reason(&[b'x'; 2_001]), "WORKBOOK_TOO_LARGE");
    for bytes in [&b""[..], b"grant;recipient", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", b"PK\x03\x04"]
    {
        assert_eq!(reason(bytes), "WORKBOOK_UNREADABLE");
    }
    let mut broken = archive(&[("xl/workbook.xml", &[b'x'; 500])]);
    broken.truncate(60);
    assert_eq!(reason(&broken), "WORKBOOK_UNREADABLE");
}
