//! What is typed becomes the message it stands for, and back.

use super::*;

const REQUEST_ID: &str = "01971b7e-0000-7000-8000-0000deadbeef";

fn typed() -> DraftForm {
    let mut form = DraftForm::blank("sala-2025", "sala");
    form.first_day = "2025-01-01".to_owned();
    form.last_day = "2025-06-30".to_owned();
    form.lines[1] = LineFields {
        kind: "staff".to_owned(),
        description: "Samordnare".to_owned(),
        fte: "50 %".to_owned(),
        amount: "1 200,50 kr".to_owned(),
    };
    form
}

#[test]
fn a_filled_form_is_read_and_blank_lines_are_left_out() {
    let mut errors = FormErrors::default();
    let requisition = typed().read(Language::Swedish, "federations/vastmanland", &mut errors);
    assert!(errors.is_empty(), "{errors:?}");
    assert_eq!(requisition.grant, "federations/vastmanland/grants/sala-2025");
    assert_eq!(requisition.cost_lines.len(), 1);
    let line = &requisition.cost_lines[0];
    assert_eq!((line.kind(), line.fte_percent, line.amount_ore), (CostKind::Staff, 50, 120_050));
}

#[test]
fn everything_that_cannot_be_read_is_told_at_once() {
    let mut form = typed();
    form.grant.clear();
    form.last_day = "2025-06-31".to_owned();
    form.lines[1].amount = "tolv".to_owned();
    form.lines[1].fte = "12,5".to_owned();
    form.lines[3].amount = "10".to_owned();
    let mut errors = FormErrors::default();
    let requisition = form.read(Language::Swedish, "federations/vastmanland", &mut errors);
    let ids: Vec<&str> = errors.fields.iter().map(|error| error.place.id.as_str()).collect();
    assert_eq!(ids, ["grant", "last_day", "line-1-fte", "line-1-amount", "line-3-kind"]);
    assert_eq!(requisition.cost_lines.len(), 2);
}

#[test]
fn what_stands_in_for_a_missing_kind_makes_no_fault_of_its_own() {
    let mut form = typed();
    form.lines[1].kind.clear();
    let mut errors = FormErrors::default();
    let with_share = form.read(Language::Swedish, "federations/vastmanland", &mut errors);
    assert_eq!(with_share.cost_lines[0].kind(), CostKind::Staff);
    form.lines[1].fte.clear();
    let without = form.read(Language::Swedish, "federations/vastmanland", &mut errors);
    assert_eq!(without.cost_lines[0].kind(), CostKind::Other);
}

#[test]
fn a_fault_of_finance_finds_the_line_it_is_about() {
    let form = typed();
    let place = |field: &str| form.place(Language::Swedish, field).map(|place| place.id);
    assert_eq!(place("requisition.cost_lines[0].amount_ore").as_deref(), Some("line-1-amount"));
    assert_eq!(place("requisition.cost_lines[0]").as_deref(), Some("line-1-kind"));
    assert_eq!(place("requisition.cost_lines[7].kind"), None);
    assert_eq!(place("requisition.period").as_deref(), Some("first_day"));
    assert_eq!(place("requisition_id"), None);
}

#[test]
fn the_id_is_readable_and_the_same_for_the_same_request() {
    let form = typed();
    assert_eq!(form.requisition_id(REQUEST_ID), "sala-2025-06-deadbeef");
    let mut nameless = form.clone();
    nameless.party.clear();
    nameless.last_day = "åäöåäöåäö".to_owned();
    assert_eq!(nameless.requisition_id(REQUEST_ID), "deadbeef");
}

#[test]
fn lines_are_added_up_to_what_a_requisition_may_have() {
    let mut form = typed();
    for _ in 0..100 {
        form.add_line();
    }
    assert_eq!(form.lines.len(), MOST_LINES);
}
