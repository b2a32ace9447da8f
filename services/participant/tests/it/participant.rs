//! People, to those who work with them.

mod let_go;
pub(crate) mod merged;
pub(crate) mod moved;
mod protected;

use platform::{Principal, testing::on_both};
use proto::participant::{
    FindParticipantRequest, GetParticipantRequest, ListParticipantsRequest, Participant, Sex,
    UpdateParticipantRequest,
};
use sea_orm::{ConnectionTrait as _, Statement};
use tonic::{Code, Status};

use crate::people::{
    NUMBER, OTHER_NUMBER, THIRD_NUMBER, coach, organised, other_coach, person, protected, read,
    referral, refusal, sent,
};
use crate::world::{HOME, World, expected, faults, problem};

async fn found(world: &World, caller: &Principal, number: &str) -> Result<Participant, Status> {
    let find =
        FindParticipantRequest { parent: HOME.to_owned(), personal_number: number.to_owned() };
    let found = world.participants().find_participant(world.by(caller, find)).await?;
    Ok(found.into_inner().participant.unwrap())
}

fn update(
    current: &Participant,
    change: impl FnOnce(&mut Participant),
) -> UpdateParticipantRequest {
    let mut participant = current.clone();
    change(&mut participant);
    UpdateParticipantRequest {
        name: current.name.clone(),
        etag: current.etag.clone(),
        participant: Some(participant),
        reason: "Rättat mot intyget".to_owned(),
        request_id: format!("update-{}", current.etag),
        validate_only: false,
    }
}

#[tokio::test]
async fn a_person_is_read_found_and_listed_by_those_who_work_with_it() {
    on_both(|database| async {
        let world = organised(database).await;
        for (id, number) in [("r-1", NUMBER), ("r-2", OTHER_NUMBER), ("r-3", THIRD_NUMBER)] {
            sent(&world, referral(id, person(number))).await;
        }
        let coach = coach();
        let name = read(&world, &coach, "r-1").await.unwrap().participant;
        let get = || GetParticipantRequest { name: name.clone() };
        let got = world.participants().get_participant(world.by(&coach, get())).await.unwrap();
        let got = got.into_inner().participant.unwrap();
        assert_eq!(got.identity, person(NUMBER).identity);
        assert_eq!(
            (got.birth_year, got.party.as_str()),
            (1970, "federations/vastmanland/parties/sala")
        );
        assert_eq!(found(&world, &coach, "701063-2391").await.unwrap(), got);
        let foreign = world.participants().get_participant(world.by(&other_coach(), get())).await;
        assert_eq!(problem(foreign).0, Code::NotFound);
        let unseen = found(&world, &other_coach(), NUMBER).await.unwrap_err();
        assert_eq!(unseen.code(), Code::NotFound);
        let find = FindParticipantRequest {
            parent: HOME.to_owned(),
            personal_number: "19701063-2392".to_owned(),
        };
        let wrong = world.participants().find_participant(world.by(&coach, find)).await;
        assert_eq!(faults(wrong), expected(&[("personal_number", "PERSONAL_NUMBER_WRONG")]));

        let list = |page_token: String, team: &str| ListParticipantsRequest {
            parent: HOME.to_owned(),
            team: format!("{HOME}/teams/{team}"),
            page_size: 2,
            page_token,
        };
        let page = async |list| {
            let page = world.participants().list_participants(world.by(&coach, list)).await;
            let page = page.unwrap().into_inner();
            let years: Vec<i32> = page.participants.iter().map(|one| one.birth_year).collect();
            (years, page.next_page_token)
        };
        let (years, next) = page(list(String::new(), "norra")).await;
        assert_eq!(years, [1981, 1890], "newest first");
        let (years, next) = page(list(next, "norra")).await;
        assert_eq!((years, next.as_str()), (vec![1970], ""));
        assert_eq!(page(list(String::new(), "vastra")).await, (vec![], String::new()));
    })
    .await;
}

#[tokio::test]
async fn what_was_wrong_about_a_person_is_put_right_and_counted_anew() {
    on_both(|database| async {
        let world = organised(database).await;
        sent(&world, referral("r-1", person(NUMBER))).await;
        let coach = coach();
        let before = found(&world, &coach, NUMBER).await.unwrap();
        let request = update(&before, |person| {
            person.identity.as_mut().unwrap().personal_number = OTHER_NUMBER.to_owned();
            person.sex = Sex::Man.into();
            person.birth_year = 0;
        });
        let answer = world.by(&coach, request.clone());
        let answer = world.participants().update_participant(answer).await.unwrap().into_inner();
        let after = answer.participant.clone().unwrap();
        assert_eq!((after.etag.as_str(), after.birth_year, after.sex()), ("2", 1890, Sex::Man));
        assert_eq!(after.change_reason, "Rättat mot intyget");
        assert_eq!(found(&world, &coach, OTHER_NUMBER).await.unwrap(), after);
        assert_eq!(found(&world, &coach, NUMBER).await.unwrap_err().code(), Code::NotFound);
        let sql = "SELECT sex, age, known_from FROM case_fact ORDER BY known_from";
        let statement = Statement::from_string(world.database.backend(), sql);
        let rows = world.database.read.query_all_raw(statement).await.unwrap();
        let rows: Vec<(i16, i16, i64)> = rows
            .iter()
            .map(|row| {
                let get = |column| row.try_get("", column).unwrap();
                (get("sex"), get("age"), row.try_get("", "known_from").unwrap())
            })
            .collect();
        assert_eq!(rows, [(1, 55, 9), (2, 135, 11)]);
        let again = world.by(&coach, request);
        let again = world.participants().update_participant(again).await.unwrap().into_inner();
        assert_eq!(again, answer);
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn a_change_of_a_person_is_refused_with_its_reason() {
    on_both(|database| async {
        let world = organised(database).await;
        sent(&world, referral("r-1", person(NUMBER))).await;
        sent(&world, referral("r-2", person(OTHER_NUMBER))).await;
        sent(&world, referral("r-3", protected())).await;
        let coach = coach();
        let first = found(&world, &coach, NUMBER).await.unwrap();
        let second = found(&world, &coach, OTHER_NUMBER).await.unwrap();
        let put = async |caller: &Principal, request| {
            world.participants().update_participant(world.by(caller, request)).await
        };
        let twice = update(&first, |person| person.identity = second.identity.clone());
        let (reason, facts) = refusal(put(&coach, twice).await);
        assert_eq!(reason, "PERSON_EXISTS");
        assert_eq!(
            facts,
            [("participant".to_owned(), second.name.rsplit('/').next().unwrap().to_owned())]
        );
        let protection = update(&first, |person| {
            *person = Participant { name: person.name.clone(), ..protected() };
        });
        let told = faults(put(&coach, protection).await);
        let field = "participant.protected_identity";
        assert_eq!(told, expected(&[(field, "PROTECTION_NOT_CHANGED_HERE")]));
        let mut stale = update(&first, |_| {});
        stale.etag = "9".to_owned();
        assert_eq!(problem(put(&coach, stale).await).0, Code::Aborted);
        let mut bad = update(&first, |person| person.birth_year = 2026);
        bad.reason.clear();
        let told = faults(put(&coach, bad).await);
        let year = ("participant.birth_year", "BIRTH_YEAR_OUT_OF_RANGE");
        assert_eq!(told, expected(&[year, ("reason", "TEXT_MISSING")]));
        let foreign = put(&other_coach(), update(&first, |_| {})).await;
        assert_eq!(problem(foreign).0, Code::NotFound);
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}
