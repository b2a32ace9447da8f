//! Questionnaires, as data with a licence note. The texts here are made up.

use platform::testing::on_both;
use proto::participant::{
    CreateQuestionnaireRequest, GetQuestionnaireRequest, ListQuestionnairesRequest, Question,
    Questionnaire,
};
use tonic::Code;
use values::Role;

use crate::world::{HOME, World, expected, faults, problem};

pub(crate) fn questionnaire() -> Questionnaire {
    let question = |id: &str, least_halves, most_halves, half_steps| Question {
        id: id.to_owned(),
        text: "Hur ser du på veckan som kommer?".to_owned(),
        least_halves,
        most_halves,
        half_steps,
    };
    Questionnaire {
        name: String::new(),
        title: "Enkät vid inskrivning".to_owned(),
        licence_note: "Egen text, fri att använda".to_owned(),
        questions: vec![question("week", 2, 20, true), question("plan", 2, 10, false)],
    }
}

pub(crate) fn create(id: &str, questionnaire: Questionnaire) -> CreateQuestionnaireRequest {
    CreateQuestionnaireRequest {
        parent: HOME.to_owned(),
        questionnaire_id: id.to_owned(),
        questionnaire: Some(questionnaire),
        request_id: format!("create-{id}"),
        validate_only: false,
    }
}

#[tokio::test]
async fn a_questionnaire_is_entered_once_and_read_by_all() {
    on_both(|database| async {
        let world = World::new(database).await;
        for id in ["c", "a", "b"] {
            let request = world.office(create(id, questionnaire()));
            let created = world.questionnaires().create_questionnaire(request).await.unwrap();
            let get = GetQuestionnaireRequest { name: format!("{HOME}/questionnaires/{id}") };
            let request = world.with_role(Role::Coach, "team/sala", get.clone());
            let read = world.questionnaires().get_questionnaire(request).await.unwrap();
            let read = read.into_inner().questionnaire;
            assert_eq!(read, created.into_inner().questionnaire);
            assert_eq!(read, Some(Questionnaire { name: get.name.clone(), ..questionnaire() }));
            let strange = world.questionnaires().get_questionnaire(world.stranger(get)).await;
            assert_eq!(problem(strange).0, Code::NotFound);
        }
        let list = |page_token: String| ListQuestionnairesRequest {
            parent: HOME.to_owned(),
            page_size: 2,
            page_token,
        };
        let mut page_token = String::new();
        for ids in [&["a", "b"][..], &["c"]] {
            let request = world.with_role(Role::Evaluator, "federation", list(page_token));
            let page = world.questionnaires().list_questionnaires(request).await.unwrap();
            let page = page.into_inner();
            let names = ids.iter().map(|id| format!("{HOME}/questionnaires/{id}"));
            let found: Vec<_> = page.questionnaires.iter().map(|one| one.name.clone()).collect();
            assert_eq!(found, names.collect::<Vec<_>>());
            page_token = page.next_page_token;
        }
        assert_eq!(page_token, "");
        let taken = CreateQuestionnaireRequest {
            request_id: "taken".to_owned(),
            ..create("a", questionnaire())
        };
        let taken = world.questionnaires().create_questionnaire(world.office(taken)).await;
        assert_eq!(problem(taken).0, Code::AlreadyExists);
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn a_questionnaire_without_a_licence_note_or_with_a_wrong_scale_is_refused() {
    on_both(|database| async {
        let world = World::new(database).await;
        let mut bad = Questionnaire { licence_note: String::new(), ..questionnaire() };
        bad.questions[0].id = "Week".to_owned();
        bad.questions[0].most_halves = 2;
        bad.questions[1].least_halves = 3;
        let request = world.office(create("a", bad));
        let told = faults(world.questionnaires().create_questionnaire(request).await);
        assert_eq!(
            told,
            expected(&[
                ("questionnaire.licence_note", "TEXT_MISSING"),
                ("questionnaire.questions[0].id", "ID_MALFORMED"),
                ("questionnaire.questions[0].most_halves", "SCALE_REVERSED"),
                ("questionnaire.questions[1].least_halves", "SCALE_NOT_WHOLE"),
            ])
        );
        for (questions, fault) in [
            (Vec::new(), ("questionnaire.questions", "QUESTIONS_MISSING")),
            (
                vec![questionnaire().questions[0].clone(); 2],
                ("questionnaire.questions[1].id", "QUESTION_TWICE"),
            ),
        ] {
            let request = world.office(create("a", Questionnaire { questions, ..questionnaire() }));
            let told = faults(world.questionnaires().create_questionnaire(request).await);
            assert_eq!(told, expected(&[fault]));
        }
    })
    .await;
}
