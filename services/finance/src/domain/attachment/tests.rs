//! When a file is attached, and taken off.

use chrono::DateTime;
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
