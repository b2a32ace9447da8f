//! Who grants what, on which days it holds, and what excludes what.

use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

use super::*;

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 6, day).unwrap()
}

fn noon() -> DateTime<Utc> {
    "2025-06-10T10:00:00Z".parse().unwrap()
}

fn role(role: Role, scope: &str) -> RoleGrant {
    RoleGrant { role, scope: Scope::parse("scope", scope).unwrap() }
}

fn asked(role: RoleGrant, first_day: u32, last_day: Option<u32>) -> Grant {
    Grant {
        account: AccountName::parse("", "federations/f/accounts/eva").unwrap(),
        role,
        first_day: day(first_day),
        last_day: last_day.map(day),
        reason: "vikarie".to_owned(),
    }
}

fn name(id: &str) -> RoleGrantName {
    RoleGrantName::parse("", &format!("federations/f/roleGrants/{id}")).unwrap()
}

fn facts(held: &[Granted]) -> GrantFacts<'_> {
    GrantFacts {
        is_taken: false,
        has_account: true,
        has_party: true,
        has_team: true,
        held,
        today: day(10),
    }
}

fn granted(role: RoleGrant, first_day: u32, last_day: Option<u32>) -> Granted {
    Granted {
        name: name("held"),
        grant: asked(role, first_day, last_day),
        grantor: "federations/f/accounts/operator".to_owned(),
        at: noon(),
        revocation: None,
    }
}

fn revocation() -> Revocation {
    Revocation { revoker: "a".to_owned(), at: noon(), reason: "slutat".to_owned() }
}

fn reasons(asked: Grant, facts: &GrantFacts<'_>) -> Vec<&'static str> {
    match grant(name("new"), asked, facts, "a".to_owned(), noon()) {
        Ok(_) => Vec::new(),
        Err(Refusal::Taken) => vec!["TAKEN"],
        Err(Refusal::Faulty(faults)) => faults.as_slice().iter().map(|it| it.reason).collect(),
    }
}

#[test]
fn a_partys_administrator_grants_what_the_party_owns_and_nothing_else() {
    let sala = Reach::of(&[role(Role::PartyAdministrator, "party/sala")]);
    let office = Reach::of(&[role(Role::FederationAdministrator, "federation")]);
    let nobody = Reach::of(&[role(Role::Coach, "party/sala/team/norra")]);
    for (asked, by_sala, by_office) in [
        (role(Role::Coordinator, "party/sala/team/norra"), true, false),
        (role(Role::Coach, "party/sala/team/norra"), true, false),
        (role(Role::TeamLead, "party/sala/team/norra"), true, false),
        (role(Role::ReferringOfficer, "party/sala"), true, false),
        (role(Role::PartyEconomist, "party/sala"), true, false),
        (role(Role::PartyAdministrator, "party/sala"), false, false),
        (role(Role::Coach, "party/koping/team/norra"), false, false),
        (role(Role::ReferringOfficer, "party/koping"), false, false),
        (role(Role::TeamLead, "team/norra"), false, false),
        (role(Role::FederationEconomist, "federation"), false, true),
        (role(Role::Auditor, "federation"), false, true),
    ] {
        assert_eq!(sala.grants(&asked), by_sala, "{asked:?}");
        assert_eq!(office.grants(&asked), by_office, "{asked:?}");
        assert!(!nobody.grants(&asked), "{asked:?}");
    }
}

#[test]
fn the_federation_takes_back_what_the_operator_has_granted_of_areas_and_teams() {
    let office = Reach::of(&[role(Role::FederationAdministrator, "federation")]);
    let sala = Reach::of(&[role(Role::PartyAdministrator, "party/sala")]);
    for (granted, by_office, by_sala) in [
        (role(Role::TeamLead, "team/norra"), true, false),
        (role(Role::SteeringGroupMember, "area/norr"), true, false),
        (role(Role::Auditor, "federation"), true, false),
        (role(Role::PartyAdministrator, "party/sala"), false, false),
        (role(Role::Coach, "party/sala/team/norra"), false, true),
    ] {
        assert_eq!(office.revokes(&granted), by_office, "{granted:?}");
        assert_eq!(sala.revokes(&granted), by_sala, "{granted:?}");
    }
}

#[test]
fn nobody_lets_a_password_be_chosen_for_roles_that_are_not_theirs_to_grant() {
    let sala = Reach::of(&[role(Role::PartyAdministrator, "party/sala")]);
    let office = Reach::of(&[role(Role::FederationAdministrator, "federation")]);
    let economist = || granted(role(Role::PartyEconomist, "party/sala"), 1, None);
    let coach = || granted(role(Role::Coach, "party/koping/team/norra"), 1, Some(12));
    let administrator = || granted(role(Role::PartyAdministrator, "party/sala"), 1, None);
    let auditor = || granted(role(Role::Auditor, "federation"), 20, None);
    for (held, by_sala, by_office) in [
        (vec![], true, true),
        (vec![economist()], true, false),
        (vec![economist(), coach()], false, false),
        (vec![administrator()], false, false),
        (vec![auditor()], false, true),
    ] {
        assert_eq!(check_invitation(&sala, &held, day(10)).is_ok(), by_sala, "{held:?}");
        assert_eq!(check_invitation(&office, &held, day(10)).is_ok(), by_office, "{held:?}");
    }
    let fault = check_invitation(&sala, &[coach()], day(12)).unwrap_err();
    assert_eq!(fault.reason, "ACCOUNT_HOLDS_OTHER_ROLES");
    assert!(check_invitation(&sala, &[coach()], day(13)).is_ok(), "it is over");
}

#[test]
fn an_account_of_no_party_holds_no_role_of_a_party() {
    let of_office = GrantFacts { has_party: false, ..facts(&[]) };
    let coach = role(Role::Coach, "party/sala/team/norra");
    assert_eq!(reasons(asked(coach, 10, None), &of_office), ["ACCOUNT_WITHOUT_PARTY"]);
    let auditor = role(Role::Auditor, "federation");
    assert!(reasons(asked(auditor, 10, None), &of_office).is_empty());
}

#[test]
fn accounts_are_kept_by_their_own_party_and_offices_by_the_federation() {
    let slug = |id| Slug::parse("", id).unwrap();
    let sala = Reach::of(&[role(Role::PartyAdministrator, "party/sala")]);
    assert!(sala.keeps(Some(&slug("sala"))) && !sala.keeps(Some(&slug("koping"))));
    assert!(!sala.keeps(None) && Reach::Federation.keeps(None));
    assert!(!Reach::Federation.keeps(Some(&slug("sala"))));
    let elsewhere = role(Role::Coach, "party/koping/team/norra");
    assert!(sala.sees(&elsewhere, Some(&slug("sala"))) && !sala.sees(&elsewhere, None));
}

#[test]
fn a_role_gives_something_on_its_days_and_nothing_once_taken_back() {
    let coach = role(Role::Coach, "party/sala/team/norra");
    let substitute = granted(coach, 12, Some(14));
    let held: Vec<u32> = (10..20).filter(|on| substitute.holds(day(*on))).collect();
    assert_eq!(held, [12, 13, 14]);
    let revoked = revoke(substitute.clone(), day(13), revocation()).unwrap();
    assert!((10..20).all(|on| !revoked.holds(day(on))));
    assert_eq!(revoke(revoked, day(13), revocation()), Err(Over));
    assert_eq!(revoke(substitute, day(15), revocation()), Err(Over));
}

#[test]
fn everything_wrong_with_a_grant_is_told_at_once() {
    let coach = || role(Role::Coach, "party/sala/team/norra");
    let unknown = GrantFacts { has_account: false, has_team: false, ..facts(&[]) };
    assert_eq!(
        reasons(asked(coach(), 9, Some(8)), &unknown),
        ["ACCOUNT_UNKNOWN", "TEAM_UNKNOWN", "ROLE_BEFORE_TODAY", "PERIOD_REVERSED"]
    );
    let taken = GrantFacts { is_taken: true, ..facts(&[]) };
    assert_eq!(reasons(asked(coach(), 10, None), &taken), ["TAKEN"]);
    let misfit = asked(role(Role::Coach, "party/sala"), 10, None);
    assert_eq!(reasons(misfit, &facts(&[])), ["ROLE_SCOPE_MISMATCH"]);
    let held = [granted(coach(), 1, Some(12))];
    assert_eq!(reasons(asked(coach(), 12, None), &facts(&held)), ["ROLE_HELD"]);
    assert!(reasons(asked(coach(), 13, None), &facts(&held)).is_empty());
}

proptest! {
    /// Whichever comes first, on days that meet, and never otherwise.
    #[test]
    fn office_and_participant_officer_exclude_each_other_in_both_directions(
        first in 10..30_u32, length in 0..10_u32,
        other in 10..30_u32, other_length in 0..10_u32,
        is_open in any::<bool>(), is_revoked in any::<bool>(),
    ) {
        let officer = role(Role::Coordinator, "party/sala/team/norra");
        let office = role(Role::FederationEconomist, "federation");
        let last = (!is_open).then(|| (first + length).min(30));
        let other_last = (other + other_length).min(30);
        let meets = !is_revoked && other <= last.unwrap_or(30) && first <= other_last;
        for (one, next) in [(officer.clone(), office.clone()), (office, officer)] {
            let mut held = granted(one, first, last);
            held.revocation = is_revoked.then(revocation);
            let held = [held];
            let told = reasons(asked(next, other, Some(other_last)), &facts(&held));
            if meets {
                prop_assert_eq!(told, ["ROLES_EXCLUDE_EACH_OTHER"]);
            } else {
                prop_assert!(told.is_empty());
            }
        }
    }
}
