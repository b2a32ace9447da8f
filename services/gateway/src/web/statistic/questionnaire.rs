//! A questionnaire with its questions and scales, and the form that registers one.

use axum::{extract::Path, response::Response};
use proto::participant::{
    CreateQuestionnaireRequest, Question, Questionnaire,
    questionnaire_service_client::QuestionnaireServiceClient,
};
use tonic::Status;

use super::{
    definitions::LIST,
    register::{Registered, show_registered},
};
use crate::web::{
    code,
    error_page::Trouble,
    form::{
        Fields, Posted,
        fields::Form,
        inputs::{Group, Input, Kind, line_id},
        page::{Back, Fact, form_page},
    },
    format,
    layout::Visit,
    reads::{self, id_of},
    rights,
    sign_in::see_other,
};

const ACTION: &str = "/statistics/definitions/new-questionnaire";
const FIRST_LINES: usize = 3;
const MOST_LINES: usize = 100;
const OF_LINE: [&str; 4] = ["id", "text", "least", "most"];
/// Hundredths in a half.
const HALF: i32 = 50;

/// One questionnaire.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    let questionnaires = reads::questionnaires(&visit).await;
    let questionnaires = questionnaires.map_err(|status| Trouble::of(&visit, &status))?;
    let found = questionnaires.into_iter().find(|it| id_of(&it.name) == id);
    let Questionnaire { name: _, title, licence_note, questions } =
        found.ok_or_else(|| Trouble::no_such_page(&visit))?;
    let row = |question: &Question| {
        let (least, most) = (question.least_halves, question.most_halves);
        let scale = format!("{}–{}", format::halves(least), format::halves(most));
        let half_steps = visit.t(if question.half_steps { "yes" } else { "no" });
        vec![question.text.clone(), question.id.clone(), scale, half_steps]
    };
    let columns = ["question-text", "question-id", "question-scale", "question-half-steps"];
    let registered = Registered {
        facts: vec![
            Fact::new(&visit, "definition-id", id),
            Fact::new(&visit, "questionnaire-licence", licence_note),
        ],
        caption: visit.t("questionnaire-caption"),
        columns: columns.map(|it| visit.t(it)).into(),
        rows: questions.iter().map(row).collect(),
        ..Registered::default()
    };
    Ok(show_registered(&visit, title, registered))
}

/// The form.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show_new(visit: Visit) -> Result<Response, Trouble> {
    let form = form(&visit, FIRST_LINES)?;
    Ok(page(&visit, form))
}

/// Registers it and shows the list; or shows the form again.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn save(visit: Visit, fields: Fields) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let mut form = form(&visit, posted.lines(FIRST_LINES, MOST_LINES))?;
    form.fill(&posted);
    if posted.adds_line() {
        form.focus_last_line();
        return Ok(page(&visit, form));
    }
    let answer = create(&visit, &posted, &mut form).await;
    if form.kept(answer).is_some() {
        return Ok(see_other(LIST, None));
    }
    Ok(page(&visit, form))
}

async fn create(visit: &Visit, posted: &Posted, form: &mut Form) -> Result<(), Status> {
    let mut questions = Vec::new();
    for line in 0..form.lines {
        let id = |field: &str| line_id(line, field);
        if form.is_blank(&OF_LINE.map(id)) {
            continue;
        }
        let field = format!("questionnaire.questions[{}]", questions.len());
        form.note_source(&id("text"), &field);
        questions.push(Question {
            id: form.text(&id("id"), &format!("{field}.id")),
            text: form.text(&id("text"), &format!("{field}.text")),
            least_halves: halves(form, &id("least"), &format!("{field}.least_halves")),
            most_halves: halves(form, &id("most"), &format!("{field}.most_halves")),
            half_steps: form.text(&id("half_steps"), &format!("{field}.half_steps")) == code::YES,
        });
    }
    if questions.is_empty() {
        form.note_source(&line_id(0, "id"), "questionnaire.questions");
    }
    let title = form.text("title", "questionnaire.title");
    let request = CreateQuestionnaireRequest {
        parent: visit.federation(),
        questionnaire_id: posted.new_id(&[&title]),
        questionnaire: Some(Questionnaire {
            name: String::new(),
            title,
            licence_note: form.text("licence_note", "questionnaire.licence_note"),
            questions,
        }),
        request_id: posted.get("request_id").to_owned(),
        validate_only: form.is_faulty(),
    };
    let mut client = QuestionnaireServiceClient::new(visit.state.organisation.clone());
    client.create_questionnaire(visit.request(request)?).await.map(|_| ())
}

/// An end of a scale, in halves: `8,5` is 17.
fn halves(form: &mut Form, id: &str, field: &str) -> i32 {
    let hundredths = form.posts(id, field);
    if hundredths % HALF != 0 {
        let typed = form.typed(id).to_owned();
        form.wrong(id, "NUMBER_MALFORMED", &typed);
    }
    hundredths / HALF
}

fn form(visit: &Visit, lines: usize) -> Result<Form, Trouble> {
    Trouble::unless(visit, rights::registers_definitions)?;
    let language = visit.reader.language;
    let mut form =
        Form::new(visit, ACTION, "definition-save").with_lines(lines, "questionnaire-add");
    form.groups.push(Group::plain(vec![
        Input::new(language, "title", "definition-title", Kind::Text(200)),
        Input::new(language, "licence_note", "questionnaire-licence", Kind::Lines(1000))
            .help(language, "questionnaire-licence-help"),
    ]));
    for line in 0..lines {
        let input = |field: &str, label_id: &str, kind: Kind| {
            Input::new(language, line_id(line, field), label_id, kind)
        };
        let legend = visit.t1("question-line", "number", &(line + 1).to_string());
        let inputs = vec![
            input("id", "question-id", Kind::Text(63)),
            input("text", "question-text", Kind::Lines(1000)),
            input("least", "question-least", Kind::Decimal),
            input("most", "question-most", Kind::Decimal),
            input("half_steps", "question-half-steps", Kind::Tick),
        ];
        form.groups.push(Group::line(legend, inputs));
    }
    Ok(form)
}

fn page(visit: &Visit, form: Form) -> Response {
    let back = Back::to(LIST, visit.t("definitions-heading"));
    let intro = visit.t("questionnaire-new-intro");
    form_page(visit, visit.t("questionnaire-new"), back, intro, form)
}
