//! The status report of an area, entered as it was reported: what is wrong in it is
//! found, nothing else is, and it is accepted when each finding is explained.

use platform::{failure::Problem, testing::on_both};
use proto::reporting::{
    AcceptReportRequest, CreateReportTemplateRequest, ExplainFindingRequest, GetReportResponse,
    Report, ReportState, ReportTemplate, StatedCell, SubmitReportRequest, UpdateReportRequest,
};
use tonic::Code;

use super::{checks, content, name};
use crate::programme_plan::{enter, sikta};
use crate::world::{HOME, World, problem};

const FIGURES: &str = include_str!("../data/sikta/norra-2025-06-30.csv");
const PLAN: &str = include_str!("../data/sikta/plan.toml");
const TEMPLATE: &str = include_str!("../data/sikta/status-report.toml");
const AREA: &str = "federations/vastmanland/areas/norra";
const ID: &str = "norra-2025h1";

/// A code of a column's name.
fn code(text: &str) -> String {
    let mut code = String::new();
    for character in text.to_lowercase().chars() {
        match character {
            'å' | 'ä' => code.push('a'),
            'ö' => code.push('o'),
            'a'..='z' | '0'..='9' => code.push(character),
            _ if code.ends_with('_') || code.is_empty() => {}
            _ => code.push('_'),
        }
    }
    code.trim_end_matches('_').to_owned()
}

/// Everything that the report states, but what it states in words.
fn stated() -> Vec<StatedCell> {
    let cell = |line: &str| {
        let [_, figure, category, value] = line.split(';').collect::<Vec<_>>().try_into().unwrap();
        value.starts_with(|first: char| first.is_ascii_digit()).then(|| StatedCell {
            subject: AREA.to_owned(),
            figure: figure.to_owned(),
            category: code(category),
            value: value.to_owned(),
        })
    };
    FIGURES.lines().skip(1).filter_map(cell).collect()
}

/// The goals, each word for word.
fn goals() -> Vec<String> {
    let plan: toml::Table = toml::from_str(PLAN).unwrap();
    let goals = plan["goal"].as_array().unwrap();
    goals.iter().map(|goal| goal["title"].as_str().unwrap().to_owned()).collect()
}

fn chapter_of_goals() -> String {
    let list: String = goals().iter().map(|goal| format!("- {goal}\n")).collect();
    list.replace("sex", "[sex](no-statistic \"Målets lydelse\")")
}

/// The template of the federation's own and the report, with its text.
async fn entered(world: &World) -> Report {
    entered_with(world, Report::default()).await
}

/// The same as belongs to a version of the plan and reports on goals.
async fn entered_with(world: &World, Report { plan_version, goals, .. }: Report) -> Report {
    world.create_period().await;
    let request = world.office(CreateReportTemplateRequest {
        parent: HOME.to_owned(),
        report_template_id: "lagesrapport-lansdel".to_owned(),
        report_template: Some(ReportTemplate { source: TEMPLATE.to_owned(), ..Default::default() }),
        request_id: "template".to_owned(),
        validate_only: false,
    });
    world.templates().create_report_template(request).await.unwrap();
    let report = content("lagesrapport-lansdel", AREA, "Lägesrapport Norra");
    let report = Report { stated_cells: stated(), plan_version, goals, ..report };
    let report = world.draft_report(ID, report).await;
    for (section, text) in [
        ("goals", chapter_of_goals().as_str()),
        ("participants", include_str!("../data/sikta/participants.md")),
        ("age_and_sex", include_str!("../data/sikta/age-and-sex.md")),
        ("staff", include_str!("../data/sikta/staff.md")),
    ] {
        world.write_chapter(ID, &format!("{section}.norra"), text).await;
    }
    report
}

/// What is wrong in the report as it was reported.
const FACTS: [(&str, &str); 5] = [
    ("stated_twice", "Samma uppgift anges som 2024-10 och som 2023-10-01."),
    ("share_and_rounding", "Andelen anges som 62 procent men är 63 (62,6)."),
    ("age_bands", "Samma grupp heter ”30 or younger” och ”under 30”, som är olika åldrar."),
    (
        "plan_and_time",
        "Planen anges som 195, men blir 87–97 från den angivna starten. \
         Antalet passar en start den 2024-01-01.",
    ),
    ("text_against_figure", "”domineras av” stämmer inte: måttet är 58,8."),
];

fn facts(compiled: &GetReportResponse) -> Vec<(&str, &str)> {
    let findings = compiled.findings.iter();
    findings.map(|finding| (finding.check.as_str(), finding.fact_sv.as_str())).collect()
}

#[tokio::test]
async fn norra_as_reported_has_the_five_findings_that_are_in_it_and_no_other() {
    on_both(|database| async {
        let world = World::new(database).await;
        entered(&world).await;
        let compiled = world.compiled(ID).await;
        assert_eq!(facts(&compiled), FACTS);
        assert_eq!(compiled.open_findings, 5);
        let word = &compiled.findings[4];
        assert_eq!(word.remedies[0].words_sv, ["majoritet", "jämn"]);
        assert_eq!(word.subject, AREA);
        assert_eq!(word.places[0].section, "age_and_sex");
    })
    .await;
}

#[tokio::test]
async fn norra_with_the_goals_of_its_plan_has_the_same_five_and_no_other() {
    on_both(|database| async {
        let world = World::new(database).await;
        enter(&world, sikta("2.0")).await;
        let bound = Report { plan_version: "2.0".to_owned(), goals: goals(), ..Report::default() };
        entered_with(&world, bound).await;
        assert_eq!(facts(&world.compiled(ID).await), FACTS);
    })
    .await;
}

#[tokio::test]
async fn a_report_is_offered_the_plan_for_its_teams_and_days_while_it_is_open() {
    on_both(|database| async {
        let world = World::new(database).await;
        let draft = entered(&world).await;
        assert_eq!(world.compiled(ID).await.plan_versions, []);
        enter(&world, sikta("2.0")).await;
        let offered = world.compiled(ID).await.plan_versions;
        let [version] = offered.as_slice() else { panic!("{offered:?}") };
        assert_eq!(version.name, format!("{}/versions/2-0", crate::programme_plan::PLAN));
        assert_eq!(
            (version.number.as_str(), version.title.as_str()),
            ("2.0", "Sikta mot arbetslivet")
        );
        assert_eq!(version.goals, goals());
        let submit = SubmitReportRequest {
            name: name(ID),
            etag: draft.etag,
            request_id: "submit".to_owned(),
            validate_only: false,
        };
        world.kept_reports().submit_report(world.office(submit)).await.unwrap();
        assert_eq!(world.compiled(ID).await.plan_versions, []);
    })
    .await;
}

#[tokio::test]
async fn goals_that_are_not_those_of_the_plans_version_are_found() {
    on_both(|database| async {
        let world = World::new(database).await;
        enter(&world, sikta("2.0")).await;
        let mut deviating = goals();
        deviating[0] = "Fler ska må bättre".to_owned();
        let bound =
            Report { plan_version: "2.0".to_owned(), goals: deviating, ..Report::default() };
        let drafted = entered_with(&world, bound).await;
        let told = |compiled: &GetReportResponse| {
            let finding = compiled.findings.iter().find(|finding| finding.check == "goals");
            finding.map(|finding| finding.fact_sv.clone()).unwrap_or_default()
        };
        let compiled = world.compiled(ID).await;
        assert_eq!(compiled.findings.len(), 6);
        let fact = told(&compiled);
        assert!(fact.contains(&goals()[0]) && fact.contains("Fler ska må bättre"), "{fact}");

        let update = UpdateReportRequest {
            name: name(ID),
            etag: drafted.etag.clone(),
            report: Some(Report {
                plan_version: "3.0".to_owned(),
                goals: goals(),
                stated_cells: stated(),
                ..drafted
            }),
            request_id: "update".to_owned(),
            validate_only: false,
        };
        world.kept_reports().update_report(world.office(update)).await.unwrap();
        let fact = told(&world.compiled(ID).await);
        assert!(fact.contains("3.0"), "{fact}");
    })
    .await;
}

#[tokio::test]
async fn norra_is_accepted_when_each_finding_is_explained_and_by_another_than_who_submitted() {
    on_both(|database| async {
        let world = World::new(database).await;
        let draft = entered(&world).await;
        let submit = SubmitReportRequest {
            name: name(ID),
            etag: draft.etag,
            request_id: "submit".to_owned(),
            validate_only: false,
        };
        let answer = world.kept_reports().submit_report(world.office(submit)).await.unwrap();
        let submitted = answer.into_inner().report.unwrap();
        let accept = |etag: &str, request_id: &str| AcceptReportRequest {
            name: name(ID),
            etag: etag.to_owned(),
            request_id: request_id.to_owned(),
            validate_only: false,
        };
        let request = world.accepter(accept(&submitted.etag, "too-early"));
        let refused = world.kept_reports().accept_report(request).await.unwrap_err();
        let problem_of = Problem::of(&refused);
        assert_eq!(problem_of.reason, "REPORT_FINDINGS_OPEN");
        assert_eq!(problem_of.fact("count"), "5");

        let mut explained = submitted;
        for finding in world.compiled(ID).await.findings {
            let request = world.office(ExplainFindingRequest {
                name: name(ID),
                finding: finding.key.clone(),
                text: "Uppgiften är teamets egen; den rättas i nästa rapport.".to_owned(),
                request_id: finding.key,
                validate_only: false,
            });
            let answer = world.kept_reports().explain_finding(request).await.unwrap();
            explained = answer.into_inner().report.unwrap();
        }
        assert_eq!(explained.explanations.len(), 5);
        let compiled = world.compiled(ID).await;
        assert_eq!((compiled.findings.len(), compiled.open_findings), (5, 0));
        assert!(compiled.findings.iter().all(|finding| finding.explanation.is_some()));

        let own = world.office(accept(&explained.etag, "own"));
        let refused = problem(world.kept_reports().accept_report(own).await);
        assert_eq!(refused, (Code::FailedPrecondition, "REPORT_FOUR_EYES".to_owned()));
        let request = world.accepter(accept(&explained.etag, "accept"));
        let answer = world.kept_reports().accept_report(request).await.unwrap();
        let accepted = answer.into_inner().report.unwrap();
        assert_eq!(accepted.state(), ReportState::Accepted);
        assert_eq!(accepted.steps.len(), 3);
        assert_eq!(reporting::verify(&world.database).await.unwrap(), Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn an_edit_elsewhere_in_the_text_leaves_an_explanation_with_its_finding() {
    on_both(|database| async {
        let world = World::new(database).await;
        entered(&world).await;
        let before = world.compiled(ID).await;
        let key = before.findings[4].key.clone();
        let request = world.office(ExplainFindingRequest {
            name: name(ID),
            finding: key.clone(),
            text: "Gruppen beskrivs så i verksamheten.".to_owned(),
            request_id: "explain".to_owned(),
            validate_only: false,
        });
        world.kept_reports().explain_finding(request).await.unwrap();
        let text = include_str!("../data/sikta/age-and-sex.md");
        let chapter = format!("{}/chapters/age_and_sex.norra", name(ID));
        let moved = super::write(&chapter, "1", &format!("Ny inledning. {text}"), &[]);
        world.chapters().update_chapter(world.office(moved)).await.unwrap();
        let after = world.compiled(ID).await;
        assert_eq!(checks(&after.findings), checks(&before.findings));
        assert_eq!(after.findings[4].key, key);
        assert_ne!(after.findings[4].places[0].start, before.findings[4].places[0].start);
        assert!(after.findings[4].explanation.is_some());
        assert_eq!(after.open_findings, 4);
    })
    .await;
}
