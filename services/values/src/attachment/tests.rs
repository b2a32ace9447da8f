//! What may be attached.

use proptest::prelude::*;

use super::*;

/// A zip as Office writes it: the first file's header, and names in the clear.
fn zip(names: &[&str]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for name in names {
        bytes.extend(b"PK\x03\x04\x14\x00\x00\x00\x00\x00");
        bytes.extend([0; 16]);
        bytes.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        bytes.extend([0, 0]);
        bytes.extend(name.as_bytes());
    }
    bytes
}

#[test]
fn a_content_must_be_what_it_is_told_to_be() {
    let latin1 = b"slag;belopp\r\nl\xF6n;100\r\n".to_vec();
    let contents = [
        (b"%PDF-1.7\n".to_vec(), Some(MediaType::Pdf)),
        (b"\x89PNG\r\n\x1a\n".to_vec(), Some(MediaType::Png)),
        (b"\xFF\xD8\xFF\xE0".to_vec(), Some(MediaType::Jpeg)),
        ("slag;belopp\nlön;100\n".as_bytes().to_vec(), Some(MediaType::Csv)),
        (latin1, Some(MediaType::Csv)),
        (zip(&["[Content_Types].xml", "_rels/.rels", "xl/workbook.xml"]), Some(MediaType::Xlsx)),
        (zip(&["docProps/app.xml", "customXml/a", "word/document.xml"]), Some(MediaType::Docx)),
        (zip(&["anything.txt"]), None),
        (b"<!DOCTYPE html><html><script>".to_vec(), None),
        (b"slag;bel\0opp".to_vec(), None),
        (b"MZ\x90\x00".to_vec(), None),
        (b"GIF89a".to_vec(), None),
    ];
    for (content, is) in contents {
        for told in MediaType::ALL {
            let fault = check_content(*told, &content).err();
            assert_eq!(fault.is_none(), Some(*told) == is, "{told:?} {content:?} {fault:?}");
        }
    }
}

#[test]
fn a_content_has_one_byte_to_five_mebibytes() {
    let text = |length| vec![b'a'; length];
    assert_eq!(check_content(MediaType::Csv, &[]), Err(ContentFault::Empty));
    assert_eq!(check_content(MediaType::Csv, &text(1)), Ok(()));
    assert_eq!(check_content(MediaType::Csv, &text(LARGEST_CONTENT)), Ok(()));
    let larger = LARGEST_CONTENT + 1;
    let refused = check_content(MediaType::Csv, &text(larger));
    assert_eq!(refused, Err(ContentFault::TooLarge(larger)));
}

#[test]
fn types_read_back_from_their_codes() {
    for media_type in MediaType::ALL {
        assert_eq!(MediaType::from_code(media_type.code()), Some(*media_type));
    }
}

proptest! {
    #[test]
    fn whatever_is_sent_is_at_most_one_type(content in prop::collection::vec(any::<u8>(), 0..400)) {
        let types = MediaType::ALL.iter();
        let fitting = types.filter(|told| check_content(**told, &content).is_ok()).count();
        prop_assert!(fitting <= 1);
    }
}
