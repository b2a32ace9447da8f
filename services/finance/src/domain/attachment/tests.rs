//! What may be attached, and when.

use chrono::DateTime;
use proptest::prelude::*;
use values::{
    Ore, Period,
    name::{AccountName, GrantName, PartyName, RequisitionName},
};

use super::*;
use crate::domain::{
    cost_line::{CostKind, CostLine, CostLines},
    requisition::{Claim, State, Step},
};

fn slug(id: &str) -> Slug {
    Slug::parse("id", id).unwrap()
}

fn in_state(state: State) -> Requisition {
    let line = CostLine::new(CostKind::Other, String::new(), 0, Ore::new(1)).unwrap();
    let claim = Claim {
        name: RequisitionName::new(slug("f"), slug("r1")),
        grant: GrantName::new(slug("f"), slug("sala-2025")),
        party: PartyName::new(slug("f"), slug("sala")),
        corrects: None,
        organisation_number: None,
        period: Period::year(2025).unwrap(),
        cost_lines: CostLines::new(vec![line]).unwrap(),
        payment_reference: String::new(),
        dnr: String::new(),
        forecast_rest: None,
        synthetic: false,
    };
    let actor = AccountName::new(slug("f"), slug("anna"));
    let step = Step { state, actor, time: DateTime::UNIX_EPOCH, comment: String::new() };
    Requisition::begun(claim, step, Ore::ZERO)
}

fn file(id: &str) -> Attachment {
    let requisition = RequisitionName::new(slug("f"), slug("r1"));
    Attachment {
        name: AttachmentName::new(requisition, slug(id)),
        file_name: "Löner mars.pdf".to_owned(),
        media_type: MediaType::Pdf,
        size_bytes: 9,
        sha256: "00".repeat(32),
    }
}

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
fn files_are_attached_and_taken_off_while_the_party_writes() {
    for state in State::ALL {
        let requisition = in_state(*state);
        let is_open = matches!(state, State::Draft | State::Returned);
        let attached = attach(requisition, "1", file("a"));
        assert_eq!(attached.is_ok(), is_open, "{state:?}");
        let Ok(attached) = attached else { continue };
        assert_eq!(
            (attached.attachments(), attached.etag().as_str()),
            ([file("a")].as_slice(), "2")
        );
        let stale = detach(attached.clone(), "1", &slug("a"));
        assert_eq!(stale, Err(DetachRefusal::NotOpen(NotOpen::Stale)));
        let unknown = detach(attached.clone(), "2", &slug("b"));
        assert_eq!(unknown, Err(DetachRefusal::Unknown));
        let detached = detach(attached, "2", &slug("a")).unwrap();
        assert_eq!((detached.attachments().len(), detached.etag().as_str()), (0, "3"));
    }
}

#[test]
fn a_requisition_has_at_most_twenty_files_each_with_a_name_of_its_own() {
    let mut requisition = in_state(State::Draft);
    for number in 0..MOST_ATTACHMENTS {
        let etag = requisition.etag();
        requisition = attach(requisition, &etag, file(&format!("a{number}"))).unwrap();
    }
    let etag = requisition.etag();
    let again = attach(requisition.clone(), &etag, file("a3"));
    assert_eq!(again, Err(AttachRefusal::Taken));
    assert_eq!(attach(requisition, &etag, file("b")), Err(AttachRefusal::TooMany));
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
