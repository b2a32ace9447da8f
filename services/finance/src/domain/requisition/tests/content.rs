//! What a change of content may change, and whose number it must be.

use super::*;

#[test]
fn a_change_replaces_the_content_but_for_grant_party_and_what_it_corrects() {
    let facts = ClaimFacts {
        party: &PartyFact::Known(None),
        grant: on_grant_for(period((1, 1), (12, 31))),
        claimed: &[],
        corrected: None,
    };
    let returned = at(&[(State::Draft, "a"), (State::Submitted, "a"), (State::Returned, "b")]);
    let changed = Claim { dnr: "2025/9".to_owned(), ..claim(&[(CostKind::Premises, 7)]) };
    let after = update(returned.clone(), "3", parts(&changed), facts).unwrap();
    assert_eq!((after.claim(), after.etag().as_str()), (&changed, "4"));
    assert_eq!(after.steps(), returned.steps());

    assert_eq!(update(returned.clone(), "2", parts(&changed), facts), Err(UpdateRefusal::Stale));
    let submitted = at(&[(State::Draft, "a"), (State::Submitted, "a")]);
    let refused = update(submitted, "2", parts(&changed), facts);
    assert_eq!(refused, Err(UpdateRefusal::StateForbids(State::Submitted)));
    let other = GrantName::new(slug("f"), slug("other"));
    let moved = Claim { grant: other, corrects: Some(name("r0")), ..changed };
    let Err(UpdateRefusal::Faulty(faults)) = update(returned, "3", parts(&moved), facts) else {
        panic!("it stays");
    };
    let stays = |field, value: &str| ClaimFault::Stays { field, value: value.to_owned() };
    let grant = "federations/f/grants/sala-2025";
    assert_eq!(faults[..2], [stays("grant", grant), stays("corrects", "")]);
}

#[test]
fn the_partys_number_is_right_or_filled_in() {
    let number = |text| values::OrganisationNumber::parse("n", text).unwrap();
    let (right, wrong) = (number("999900-0137"), number("999900-0129"));
    let known = PartyFact::Known(Some(right.clone()));
    let facts = ClaimFacts {
        party: &known,
        grant: on_grant_for(period((1, 1), (12, 31))),
        claimed: &[],
        corrected: None,
    };
    let sent = |organisation_number| {
        let claim = Claim { organisation_number, ..claim(&[(CostKind::Staff, 1)]) };
        draft(parts(&claim), false, facts, account("anna"), DateTime::UNIX_EPOCH)
    };
    for organisation_number in [None, Some(right.clone())] {
        let drafted = sent(organisation_number).unwrap();
        assert_eq!(drafted.claim().organisation_number, Some(right.clone()));
    }
    let expected = vec![ClaimFault::NotThePartysNumber(right.clone())];
    assert_eq!(sent(Some(wrong)), Err(DraftRefusal::Faulty(expected)));
}
