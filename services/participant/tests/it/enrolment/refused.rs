//! What is refused when a person is enrolled, and while the enrolment goes on.

use platform::testing::{caller, on_both};
use proto::participant::{
    Consent, ConsentKind, Exit, ExitOutcome, LivelihoodShare, ReferringKind, delivery::Recipient,
};
use tonic::Code;
use values::{Role, Scope};

use super::{
    consent, create, create_on, deliver, ended, enrolled, exit, extend, leaves, transfer_coach,
};
use crate::intake_pause;
use crate::people::{
    NUMBER, OTHER_NUMBER, THIRD_NUMBER, accept, accepted, changed, coach, date, officer, organised,
    other_coach, person, protected, referral, refusal, sent,
};
use crate::reserved_places;
use crate::world::{HOME, World, administrator, expected, faults, problem};

async fn refused(
    world: &World,
    request: proto::participant::CreateEnrolmentRequest,
) -> (String, Vec<(String, String)>) {
    refusal(world.enrolments().create_enrolment(world.by(&coach(), request)).await)
}

fn facts(facts: &[(&str, &str)]) -> Vec<(String, String)> {
    expected(facts)
}

#[tokio::test]
async fn nobody_is_enrolled_before_those_who_were_referred_earlier() {
    on_both(|database| async {
        let world = organised(database).await;
        let on = |id: &str, number: &str, day: &str| {
            changed(id, person(number), |referral| referral.referral_date = date(day))
        };
        accepted(&world, on("late", NUMBER, "2025-03-03")).await;
        accepted(&world, on("early", OTHER_NUMBER, "2025-03-01")).await;
        // Whoever is referred on the same day and entered later is later.
        accepted(&world, on("same-day", THIRD_NUMBER, "2025-03-01")).await;
        let before = |count: &'static str| facts(&[("before", count), ("day", "2025-04-01")]);
        let not_next = "NOT_NEXT".to_owned();
        assert_eq!(refused(&world, create("e", "late")).await, (not_next.clone(), before("2")));
        assert_eq!(refused(&world, create("e", "same-day")).await, (not_next, before("1")));
        for (id, referral) in [("e-1", "early"), ("e-2", "same-day"), ("e-3", "late")] {
            enrolled(&world, create(id, referral)).await;
        }
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn each_municipality_has_a_queue_of_its_own() {
    on_both(|database| async {
        let world = organised(database).await;
        let at_koping = changed("r-1", person(NUMBER), |referral| {
            referral.municipality = format!("{HOME}/municipalities/1983");
            referral.referral_date = date("2025-02-01");
        });
        sent(&world, at_koping).await;
        accept(&world, &other_coach(), "r-1").await;
        accepted(&world, referral("r-2", person(NUMBER))).await;
        enrolled(&world, create("e-1", "r-2")).await;
    })
    .await;
}

#[tokio::test]
async fn a_pause_and_places_that_are_reserved_for_others_stop_the_intake() {
    on_both(|database| async {
        let world = organised(database).await;
        accepted(&world, referral("r-1", person(NUMBER))).await;
        let joint = changed("r-2", person(OTHER_NUMBER), |referral| {
            referral.referring_kind = ReferringKind::JointAfFk.into();
            referral.referral_date = date("2025-03-04");
        });
        accepted(&world, joint).await;
        let pause = intake_pause::create("spring", "norra", date("2025-03-20"));
        let request = world.with_role(Role::Coordinator, "team/norra", pause);
        world.intake_pauses().create_intake_pause(request).await.unwrap();
        let (reason, told) = refused(&world, create("e-1", "r-1")).await;
        let why = [("first_day", "2025-03-20"), ("last_day", ""), ("why", "En tjänst är vakant")];
        assert_eq!((reason.as_str(), told), ("INTAKE_PAUSED", facts(&why)));

        // One place in all, which is kept for those who are referred by both.
        let mut one = reserved_places::five("norra", ReferringKind::JointAfFk, 2);
        (one.places, one.team_places) = (1, 1);
        let request =
            world.with_role(Role::Coordinator, "team/norra", reserved_places::set("one", one));
        world.reserved_places().set_reserved_places(request).await.unwrap();
        let (reason, told) = refused(&world, create_on("e-1", "r-1", "2025-03-19")).await;
        let reserved = [("reserved", "REFERRING_KIND_JOINT_AF_FK:1")];
        assert_eq!((reason.as_str(), told), ("PLACES_RESERVED", facts(&reserved)));
        // They pass the one whom no place is left for.
        enrolled(&world, create_on("e-2", "r-2", "2025-03-19")).await;
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn an_enrolment_fits_its_referral_and_the_calendar() {
    on_both(|database| async {
        let world = organised(database).await;
        sent(&world, referral("r-1", person(NUMBER))).await;
        let (reason, told) = refused(&world, create("e-1", "r-1")).await;
        let state = [("referral_state", "REFERRAL_STATE_SENT")];
        assert_eq!((reason.as_str(), told), ("REFERRAL_STATE_FORBIDS", facts(&state)));
        accept(&world, &coach(), "r-1").await;
        let by_coach =
            async |request| world.enrolments().create_enrolment(world.by(&coach(), request)).await;
        for (first, planned, field, reason) in [
            ("2025-03-09", "2025-09-30", "first_day", "DAY_TOO_EARLY"),
            ("2025-07-02", "2025-09-30", "first_day", "DAY_IN_FUTURE"),
            ("2025-04-01", "2025-03-31", "planned_last_day", "PERIOD_REVERSED"),
            ("2025-04-01", "2026-04-02", "planned_last_day", "PLANNED_TOO_LONG"),
        ] {
            let mut request = create_on("e-1", "r-1", first);
            request.enrolment.as_mut().unwrap().planned_last_day = date(planned);
            let field = format!("enrolment.{field}");
            assert_eq!(faults(by_coach(request).await), expected(&[(&field, reason)]));
        }
        enrolled(&world, create("e-1", "r-1")).await;
        let again = refused(&world, create("e-2", "r-1")).await;
        let named = facts(&[("enrolment", "e-1")]);
        assert_eq!(again, ("ALREADY_ENROLLED".to_owned(), named));
        accepted(&world, referral("r-2", person(OTHER_NUMBER))).await;
        let mut taken = create("e-1", "r-2");
        taken.request_id = "again".to_owned();
        assert_eq!(problem(by_coach(taken).await).0, Code::AlreadyExists);
        assert_eq!(problem(by_coach(create("e-3", "r-9")).await).0, Code::NotFound);
    })
    .await;
}

#[tokio::test]
async fn every_bad_field_is_told_at_once() {
    on_both(|database| async {
        let world = organised(database).await;
        let mut request = create(NUMBER, "r-1");
        let given = Consent {
            kind: ConsentKind::FollowUp.into(),
            parties: vec![format!("{HOME}/parties/sala"), format!("{HOME}/parties/sala")],
            given: date("2025-04-01"),
            withdrawn: None,
        };
        let enrolment = request.enrolment.as_mut().unwrap();
        enrolment.referral = "r-1".to_owned();
        enrolment.planned_last_day = None;
        enrolment.coaches[0].first_day = date("2025-05-01");
        enrolment.consents =
            vec![Consent { parties: vec![], ..given.clone() }, Consent { kind: 0, ..given }];
        enrolment.consents.push(enrolment.consents[0].clone());
        enrolment.livelihoods = vec![LivelihoodShare::default()];
        let answer = world.enrolments().create_enrolment(world.by(&coach(), request)).await;
        assert_eq!(
            faults(answer),
            expected(&[
                ("enrolment_id", "TELLS_WHO"),
                ("enrolment.referral", "NAME_MALFORMED"),
                ("enrolment.planned_last_day", "DATE_MISSING"),
                ("enrolment.coaches[0].first_day", "COACH_DAY_NOT_FIRST"),
                ("enrolment.consents[1].kind", "ENUM_UNSPECIFIED"),
                ("enrolment.consents[1].parties[1]", "PARTY_TWICE"),
                ("enrolment.consents[2].kind", "CONSENT_TWICE"),
                ("enrolment.livelihoods[0].livelihood", "ENUM_UNSPECIFIED"),
            ])
        );
        let mut alone = create("e-1", "r-1");
        alone.enrolment.as_mut().unwrap().coaches.clear();
        let answer = world.enrolments().create_enrolment(world.by(&coach(), alone)).await;
        assert_eq!(faults(answer), expected(&[("enrolment.coaches", "COACH_NOT_ONE")]));
        let mut empty = exit("e-1", "", Exit::default());
        let answer = world.enrolments().exit_enrolment(world.by(&coach(), empty.clone())).await;
        assert_eq!(
            faults(answer),
            expected(&[
                ("etag", "FIELD_MISSING"),
                ("exit.day", "DATE_MISSING"),
                ("exit.outcome", "ENUM_UNSPECIFIED"),
                ("exit.livelihoods", "LIVELIHOODS_MISSING"),
            ])
        );
        empty.exit = None;
        let answer = world.enrolments().exit_enrolment(world.by(&coach(), empty)).await;
        let missing = [("etag", "FIELD_MISSING"), ("exit", "FIELD_MISSING")];
        assert_eq!(faults(answer), expected(&missing));
    })
    .await;
}

#[tokio::test]
async fn a_change_is_refused_with_its_reason() {
    on_both(|database| async {
        let world = organised(database).await;
        accepted(&world, referral("r-1", person(NUMBER))).await;
        enrolled(&world, create("e-1", "r-1")).await;
        let coach = coach();
        let mut enrolments = world.enrolments();
        for (to, day, field, reason) in [
            ("coach", "2025-05-01", "coach", "COACH_SAME"),
            ("annan", "2025-04-01", "day", "DAY_TOO_EARLY"),
            ("annan", "2025-07-02", "day", "DAY_IN_FUTURE"),
        ] {
            let request = world.by(&coach, transfer_coach("e-1", "1", to, day));
            let told = faults(enrolments.transfer_coach(request).await);
            assert_eq!(told, expected(&[(field, reason)]));
        }
        let request = world.by(&coach, extend("e-1", "1", "2025-09-30"));
        let told = faults(enrolments.extend_enrolment(request).await);
        assert_eq!(told, expected(&[("planned_last_day", "EXTENSION_NOT_LONGER")]));
        let late = world.by(&coach, consent("e-1", "1", "2025-07-02"));
        let told = faults(enrolments.set_consent(late).await);
        assert_eq!(told, expected(&[("consent.given", "DAY_IN_FUTURE")]));
        let mut unknown = consent("e-1", "1", "2025-04-01");
        let sent = unknown.consent.as_mut().unwrap();
        sent.parties.push(format!("{HOME}/parties/ingen"));
        sent.withdrawn = date("2025-03-31");
        let request = world.by(&coach, unknown.clone());
        let told = faults(enrolments.set_consent(request).await);
        assert_eq!(told, expected(&[("consent.parties[2]", "PARTY_UNKNOWN")]));
        unknown.consent.as_mut().unwrap().parties.pop();
        let told = faults(enrolments.set_consent(world.by(&coach, unknown)).await);
        assert_eq!(told, expected(&[("consent.withdrawn", "DAY_TOO_EARLY")]));
        let left = |day: &str| leaves(day, ExitOutcome::Moved);
        for (out, field, reason) in [
            (left("2025-03-31"), "exit.day", "DAY_TOO_EARLY"),
            (left("2025-07-02"), "exit.day", "DAY_IN_FUTURE"),
            (
                Exit { subsidised: true, ..left("2025-06-01") },
                "exit.subsidised",
                "SUBSIDY_NOT_WORK",
            ),
            (
                Exit { extent_percent: 50, ..left("2025-06-01") },
                "exit.extent_percent",
                "EXTENT_NOT_FITTING",
            ),
        ] {
            let request = world.by(&coach, exit("e-1", "1", out));
            let told = faults(enrolments.exit_enrolment(request).await);
            assert_eq!(told, expected(&[(field, reason)]));
        }
        let early = world.by(&coach, deliver("e-1", "1", Recipient::Participant));
        let early = enrolments.deliver_documentation(early).await;
        assert_eq!(problem(early).1, "ENROLMENT_NOT_ENDED");
        ended(&world, exit("e-1", "1", left("2025-06-01"))).await;
        let over = world.by(&coach, extend("e-1", "2", "2025-12-31"));
        assert_eq!(problem(enrolments.extend_enrolment(over).await).1, "ENROLMENT_NOT_OPEN");
        let request = world.by(&coach, deliver("e-1", "2", Recipient::Participant));
        enrolments.deliver_documentation(request).await.unwrap();
        let twice = world.by(&coach, deliver("e-1", "3", Recipient::Participant));
        let twice = enrolments.deliver_documentation(twice).await;
        assert_eq!(problem(twice).1, "DOCUMENTATION_DELIVERED");
        let stale = world.by(&coach, consent("e-1", "2", "2025-04-01"));
        assert_eq!(problem(enrolments.set_consent(stale).await).0, Code::Aborted);
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn only_those_who_work_with_the_owners_people_in_the_team_reach_it() {
    on_both(|database| async {
        let world = organised(database).await;
        accepted(&world, referral("r-1", protected())).await;
        let by = async |caller: &platform::Principal, request| {
            problem(world.enrolments().create_enrolment(world.by(caller, request)).await).0
        };
        assert_eq!(by(&other_coach(), create("e-1", "r-1")).await, Code::NotFound);
        assert_eq!(by(&officer(), create("e-1", "r-1")).await, Code::PermissionDenied);
        let office = administrator("vastmanland");
        assert_eq!(by(&office, create("e-1", "r-1")).await, Code::PermissionDenied);
        // One who referred the person sees the referral, and enrols nobody.
        let roles =
            [(Role::ReferringOfficer, "party/agency"), (Role::Coach, "party/koping/team/vastra")];
        let roles = roles.map(|(role, scope)| (role, Scope::parse("scope", scope).unwrap()));
        let double = caller("vastmanland", "dubbel", &roles);
        assert_eq!(by(&double, create("e-1", "r-1")).await, Code::PermissionDenied);
        enrolled(&world, create("e-1", "r-1")).await;
        let out = || exit("e-1", "1", leaves("2025-06-01", ExitOutcome::Other));
        for stranger in [&other_coach(), &double] {
            let left = world.enrolments().exit_enrolment(world.by(stranger, out())).await;
            assert_eq!(problem(left).0, Code::NotFound);
        }
    })
    .await;
}
