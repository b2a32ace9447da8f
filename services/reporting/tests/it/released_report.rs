//! A report on its way out: accepted, then published with its text.

use std::collections::BTreeSet;

use platform::{failure::Problem, testing::on_both};
use proto::reporting::{
    AcceptReportRequest, CheckTextRequest, CreateReportTemplateRequest, FigureCell, FigureSource,
    PublishReportRequest, Release, ReleasedSource, ReportLanguage, ReportTemplate, StatedCell,
    SubmitReportRequest, SubmitReportedFiguresRequest, TeamSource, VerifyReleaseRequest,
};
use tonic::{Code, Response, Status};

use crate::publishing;
use crate::report::{checks, content, name};
use crate::world::{HOME, World, problem, submit, vastmanland};

const TEMPLATE: &str = r#"
version = 1
code = "short"
title_sv = "Kort rapport"
title_en = "Short report"
about = ["WHOM"]
due_days = 30

[[sections]]
code = "introduction"
title_sv = "Inledning"
title_en = "Introduction"

[[columns]]
code = "positions"
text_sv = "Tjänster"
text_en = "Positions"
"#;

/// Enters a short template of reports about one of a kind; twice is once.
pub(crate) async fn create_template(world: &World, id: &str, about: &str) {
    let source = TEMPLATE.replace("WHOM", about);
    let template = CreateReportTemplateRequest {
        parent: HOME.to_owned(),
        report_template_id: id.to_owned(),
        report_template: Some(ReportTemplate { source, ..Default::default() }),
        request_id: format!("template-{id}"),
        validate_only: false,
    };
    world.templates().create_report_template(world.office(template)).await.unwrap();
}

/// The name of the template.
pub(crate) fn template() -> String {
    format!("{HOME}/reportTemplates/short")
}

/// A report on Västmanland that says this, accepted.
pub(crate) async fn accepted(world: &World, text: &str) -> String {
    world.create_period().await;
    let drafted = drafted(world, text).await;
    let submitted = submitted(world, &drafted).await;
    accepted_as(world, &submitted).await
}

/// A report on Västmanland that says this.
pub(crate) async fn drafted(world: &World, text: &str) -> String {
    world.submit_vastmanland().await;
    create_template(world, "short", "federation").await;
    let mut report = content("short", HOME, "Första halvåret");
    report.dnr = "7/2025".to_owned();
    report.stated_cells = vec![StatedCell {
        subject: HOME.to_owned(),
        figure: "positions".to_owned(),
        category: "total".to_owned(),
        value: "6.5".to_owned(),
    }];
    world.draft_report("halvar", report).await;
    world.write_chapter("halvar", "introduction", text).await;
    let compiled = world.compiled("halvar").await;
    assert_eq!(checks(&compiled.findings), [""; 0], "{:#?}", compiled.findings);
    compiled.report.unwrap().etag
}

/// The same, submitted.
pub(crate) async fn submitted(world: &World, etag: &str) -> String {
    let (name, etag, request_id) = (name("halvar"), etag.to_owned(), "submit".to_owned());
    let submit = SubmitReportRequest { name, etag, request_id, validate_only: false };
    let answer = world.kept_reports().submit_report(world.office(submit)).await.unwrap();
    answer.into_inner().report.unwrap().etag
}

/// The same, accepted.
pub(crate) async fn accepted_as(world: &World, etag: &str) -> String {
    let (name, etag, request_id) = (name("halvar"), etag.to_owned(), "accept".to_owned());
    let accept = AcceptReportRequest { name, etag, request_id, validate_only: false };
    let answer = world.kept_reports().accept_report(world.accepter(accept)).await.unwrap();
    answer.into_inner().report.unwrap().etag
}

pub(crate) async fn published(world: &World, etag: &str) -> Result<Release, Status> {
    let message = PublishReportRequest {
        name: name("halvar"),
        etag: etag.to_owned(),
        request_id: format!("publish-{etag}"),
        ..Default::default()
    };
    let answer = world.releases().publish_report(world.office(message)).await?;
    Ok(answer.into_inner().release.unwrap())
}

#[tokio::test]
async fn an_accepted_report_is_published_with_its_text_and_never_changes_again() {
    on_both(|database| async {
        let world = World::new(database).await;
        let etag = accepted(&world, "Teamen hade [](figure:participants) deltagare.").await;
        let stale = published(&world, "1").await;
        assert_eq!(problem(stale.map(Response::new)).0, Code::Aborted);
        let release = published(&world, &etag).await.unwrap();
        assert_eq!(release.name, format!("{HOME}/releases/halvar-1"));
        assert_eq!((release.title.as_str(), release.dnr.as_str()), ("Första halvåret", "7/2025"));
        assert_eq!(release.chapters.len(), 1);
        assert!(release.chapters[0].shown_text.contains("62"), "{:?}", release.chapters);
        let stated = release.figures.iter().find(|one| one.figure == "positions").unwrap();
        assert_eq!((stated.stated.as_str(), stated.source()), ("6.5", ReleasedSource::Stated));

        let report = world.compiled("halvar").await.report.unwrap();
        assert_eq!(report.state(), proto::reporting::ReportState::Published);
        let message = VerifyReleaseRequest { name: release.name };
        let answer = world.releases().verify_release(world.office(message)).await.unwrap();
        let answer = answer.into_inner();
        assert!(answer.intact, "{:?}", answer.differences);
        assert_eq!(reporting::verify(&world.database).await.unwrap(), [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn figures_that_are_counted_from_records_are_compiled_with_what_is_hidden() {
    on_both(|database| async {
        let world = World::new(database).await;
        world.create_period().await;
        world.submit_vastmanland().await;
        create_template(&world, "short", "federation").await;
        let mut report = content("short", HOME, "Första halvåret");
        let team = format!("{HOME}/teams/sala");
        let source = FigureSource::Derived.into();
        report.sources = vec![TeamSource { team: team.clone(), source }];
        world.draft_report("halvar", report).await;
        world.fetched("halvar", false).await;
        let compiled = world.compiled("halvar").await;
        let sala = compiled.figures.iter().find(|figures| figures.subject == team).unwrap();
        let cell = |figure: &str, category: &str| {
            let is_it = |cell: &&FigureCell| cell.figure == figure && cell.category == category;
            sala.cells.iter().find(is_it).unwrap()
        };
        let participants = cell("participants", "total");
        assert_eq!(participants.source(), FigureSource::Derived);
        assert_eq!((participants.value.as_str(), participants.hidden), ("12", false));
        assert!(cell("new_participants", "total").hidden, "what comes hidden stays hidden");
    })
    .await;
}

#[tokio::test]
async fn a_small_count_in_the_text_is_found_while_it_is_written_and_is_not_published() {
    on_both(|database| async {
        let world = publishing::reported(database).await;
        let text = "I Surahammar fanns [](figure:new_participants.woman@surahammar) nya kvinnor, \
                    och [](figure:new_participants.woman@hallstahammar) i Hallstahammar.";
        let report = publishing::about(HOME, &[]);
        let etag = publishing::accepted(&world, "halvar", report, text).await;
        let findings = world.compiled("halvar").await.findings;
        assert_eq!(checks(&findings), ["small_count"], "{findings:#?}");
        let [text, cell] = findings[0].places.as_slice() else {
            panic!("{:?}", findings[0].places)
        };
        assert_eq!(
            (text.section.as_str(), cell.figure.as_str()),
            ("introduction", "new_participants")
        );
        let problem = Problem::of(&published(&world, &etag).await.unwrap_err());
        assert_eq!(
            (problem.code, problem.reason.as_str()),
            (Code::FailedPrecondition, "RELEASE_TEXT_SHOWS_HIDDEN")
        );
        assert_eq!(problem.fact("chapters"), "introduction");
    })
    .await;
}

#[tokio::test]
async fn what_a_release_hides_is_found_in_the_text_while_it_is_written_and_nothing_else_is() {
    on_both(|database| async {
        let world = publishing::reported(database).await;
        let (_, counts) = vastmanland().into_iter().find(|(id, _)| *id == "hallstahammar").unwrap();
        for team in ["sala", "vastra-malardalen"] {
            let report = SubmitReportedFiguresRequest {
                request_id: format!("also-{team}"),
                ..submit(team, counts.clone())
            };
            world.figures().submit_reported_figures(world.office(report)).await.unwrap();
        }
        let sala = format!("{HOME}/teams/sala");
        for (id, derived) in [("reported", &[][..]), ("mixed", &[sala.as_str()][..])] {
            let report = publishing::about(HOME, derived);
            let etag = publishing::accepted(&world, id, report, "Det gick bra.").await;
            let asked = publishing::publish(id, &etag);
            let asked = PublishReportRequest { validate_only: true, ..asked };
            let release = publishing::published(&world, asked).await.unwrap();
            let hidden = release.figures.into_iter().filter(|figure| figure.hidden);
            let hidden: BTreeSet<_> =
                hidden.map(|it| (it.subject, it.figure, it.category)).collect();

            let (mut text, mut shown) = (String::new(), Vec::new());
            for of in world.compiled(id).await.figures {
                let at = of.subject.rsplit_once("/teams/").map(|(_, team)| format!("@{team}"));
                let at = at.unwrap_or_default();
                for cell in of.cells.into_iter().filter(|cell| !cell.hidden) {
                    let FigureCell { figure, category, value, .. } = cell;
                    text += &match category.as_str() {
                        "total" => format!("[](figure:{figure}{at}) "),
                        _ => format!("[](figure:{figure}.{category}{at}) "),
                    };
                    shown.push(((of.subject.clone(), figure, category), value));
                }
            }
            let name = format!("{}/chapters/introduction", name(id));
            let language = ReportLanguage::Swedish.into();
            let check = world.office(CheckTextRequest { name, language, text });
            let answer = world.kept_reports().check_text(check).await.unwrap().into_inner();
            let findings = answer.findings.into_iter();
            let places = findings.filter(|it| it.check == "small_count").flat_map(|it| it.places);
            let cells = places.filter(|place| !place.figure.is_empty());
            let found: BTreeSet<_> = cells.map(|it| (it.subject, it.figure, it.category)).collect();
            let mut others = 0;
            for (place, value) in shown {
                assert_eq!(found.contains(&place), hidden.contains(&place), "{id}: {place:?}");
                let count: Option<i64> = value.parse().ok();
                others += i32::from(found.contains(&place) && count.is_some_and(|it| it >= 5));
            }
            assert!(others > 0, "{id}: none is hidden for another's sake");
        }
    })
    .await;
}
