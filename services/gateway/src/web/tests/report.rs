//! Reports as they are written: what is shown, to whom, and what each form sends.

mod attachment;
mod offered;
mod plan;
mod records;

use http::StatusCode;
use platform::Failure;
use proto::reporting::{
    AcceptReportRequest, CheckTextRequest, CreateCommentRequest, CreateCommentResponse,
    CreateReportRequest, CreateReportResponse, DownloadReleaseRequest, DownloadReleaseResponse,
    ExplainFindingRequest, ExplainFindingResponse, FigureSource, ListReportsRequest,
    PublishReportRequest, PublishReportResponse, ReleaseFormat, Report, ReportState,
    ResolveCommentRequest, ResolveCommentResponse, ReturnReportRequest, ReturnReportResponse,
    SubmitReportRequest, SubmitReportResponse, UpdateChapterRequest, UpdateChapterResponse,
    UpdateReportRequest, UpdateReportResponse, WithdrawExplanationRequest,
    WithdrawExplanationResponse,
};
use values::Fault;

use super::{
    browser::World,
    vastmanland::{
        name,
        report::{
            CHAPTER, show_clean_report, show_other_text, show_published_report, show_written_report,
        },
    },
};

const REPORTS: &str = "/samordna.reporting.v1.ReportService";
const UPDATE_CHAPTER: &str = "/samordna.reporting.v1.ChapterService/UpdateChapter";
const CREATE_COMMENT: &str = "/samordna.reporting.v1.CommentService/CreateComment";
const RESOLVE: &str = "/samordna.reporting.v1.CommentService/ResolveComment";
const SUBMIT: &str = "/samordna.reporting.v1.ReportService/SubmitReport";
const RETURN: &str = "/samordna.reporting.v1.ReportService/ReturnReport";
const EXPLAIN: &str = "/samordna.reporting.v1.ReportService/ExplainFinding";
const WITHDRAW: &str = "/samordna.reporting.v1.ReportService/WithdrawExplanation";
const UPDATE: &str = "/samordna.reporting.v1.ReportService/UpdateReport";
const CREATE: &str = "/samordna.reporting.v1.ReportService/CreateReport";

const PUBLISH: &str = "/samordna.reporting.v1.ReleaseService/PublishReport";
const DOWNLOAD: &str = "/samordna.reporting.v1.ReleaseService/DownloadRelease";

const ONE: &str = "/reports/r1";
const EDITOR: &str = "/reports/r1/chapters/participants.hallstahammar/edit";

#[tokio::test]
async fn the_list_tells_what_is_late_and_is_narrowed_by_period_and_state() {
    let world = World::new().await;
    let mut browser = world.signed_in("maria").await;
    let page = browser.get("/reports?period=2025h1&state=draft").await;
    let text = page.text();
    for shown in ["Delårsrapport 2025", "Utkast", "Hela förbundet", "2025-07-01", "Försenad"] {
        assert!(text.contains(shown), "{shown} in {text}");
    }
    assert!(page.html.contains("href=\"/reports/new\""));
    assert!(page.html.contains("rel=\"next\" href=\"/reports?period=2025h1&#38;state=draft"));
    let asked: Vec<ListReportsRequest> = world.services.asked(&format!("{REPORTS}/ListReports"));
    let asked = asked.last().unwrap();
    assert_eq!(asked.reporting_period, name("reportingPeriods", "2025h1"));
    assert_eq!(asked.state(), ReportState::Draft);
    let auditor = world.signed_in("olle").await.get("/reports").await;
    assert!(!auditor.html.contains("href=\"/reports/new\""));
    let outside = world.signed_in("anna").await.get("/reports").await;
    assert_eq!(outside.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_report_shows_figures_with_their_sources_and_text_with_its_values() {
    let world = World::new().await;
    let page = world.signed_in("maria").await.get(ONE).await;
    let text = page.text();
    for shown in [
        "SFV 2025/41",
        "Teamen har haft 150 Σ (summa av teamens) deltagare.",
        "5 av 6 team. Varav 120 rapporterat och 30 ur register.",
        "6,5 A angivet i rapporten",
        "dold",
        "Fler i arbete eller studier",
        "13 841",
        "Kommentera kapitlet",
        "Nämn den nya styrelsen.",
        "Åtgärdad av Maria Holm, 2025-07-04",
        "Samordningsteam Hallstahammar Publiceringen 2024h2-1",
        "Samordningsteam Sala Uppgifter ur register som har lämnats ut",
        "fns Det som teamet rapporterade",
    ] {
        assert!(text.contains(shown), "{shown} in {text}");
    }
    assert!(!page.html.contains("<b>Fler"), "a text brings no marks of its own");
}

#[tokio::test]
async fn a_finding_says_where_and_what_resolves_it_and_is_explained_in_a_form() {
    let world = World::new().await;
    world.services.answer(EXPLAIN, &ExplainFindingResponse::default());
    world.services.answer(WITHDRAW, &WithdrawExplanationResponse::default());
    let mut browser = world.signed_in("leila").await;
    let page = browser.get(ONE).await;
    let text = page.text();
    assert!(text.contains("Deltagare, Samordningsteam Hallstahammar: ”57 %”"), "{text}");
    assert!(text.contains("Därtill 1 i delar av rapporten som du inte ser."));
    assert!(text.contains("En deltagare har inte angett sin ålder."));
    assert!(page.html.contains("href=\"#chapter-participants.hallstahammar\""));
    let form = browser.get("/reports/r1/explain?finding=f1").await;
    let done = browser
        .submit(
            &form,
            "/reports/r1/explain",
            &[("text", "Avrundat i underlaget."), ("step", "save")],
        )
        .await;
    assert_eq!(done.location, "/reports/r1#findings");
    let asked: Vec<ExplainFindingRequest> = world.services.asked(EXPLAIN);
    assert_eq!(
        (asked[0].finding.as_str(), asked[0].text.as_str()),
        ("f1", "Avrundat i underlaget.")
    );

    let withdrawn = browser.submit(&page, "/reports/r1/explain/withdraw", &[]).await;
    assert_eq!(withdrawn.status, StatusCode::SEE_OTHER);
    let asked: Vec<WithdrawExplanationRequest> = world.services.asked(WITHDRAW);
    assert_eq!(asked[0].finding, "f2");

    let auditor = world.signed_in("olle").await.get(ONE).await;
    assert!(!auditor.html.contains("/explain?finding="));
    let unknown = browser.get("/reports/r1/explain?finding=other").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_report_is_handed_in_and_given_back_with_a_reason() {
    let world = World::new().await;
    world.services.answer(SUBMIT, &SubmitReportResponse::default());
    world.services.answer(RETURN, &ReturnReportResponse::default());
    let mut browser = world.signed_in("maria").await;
    let page = browser.get(ONE).await;
    let done = browser.submit(&page, "/reports/r1/steps", &[("step", "submit")]).await;
    assert_eq!(done.location, ONE);
    let asked: Vec<SubmitReportRequest> = world.services.asked(SUBMIT);
    assert_eq!(
        (asked[0].name.as_str(), asked[0].etag.as_str()),
        (name("reports", "r1").as_str(), "7")
    );

    show_written_report(&world.services, ReportState::Submitted, "leila");
    let page = browser.get(ONE).await;
    assert!(!page.html.contains("value=\"accept\""), "a finding is open");
    let fields = [("step", "return"), ("reason", "Kapitlet om kön saknas.")];
    browser.submit(&page, "/reports/r1/steps", &fields).await;
    let asked: Vec<ReturnReportRequest> = world.services.asked(RETURN);
    assert_eq!(asked[0].reason, "Kapitlet om kön saknas.");
    let lead = world.signed_in("leila").await.get(ONE).await;
    assert!(!lead.html.contains("action=\"/reports/r1/steps\""));
}

#[tokio::test]
async fn a_report_is_accepted_by_somebody_else_and_a_refusal_is_told() {
    let world = World::new().await;
    show_clean_report(&world.services, "maria");
    let mut browser = world.signed_in("maria").await;
    let own = browser.get(ONE).await;
    assert!(!own.html.contains("value=\"accept\""));
    assert!(own.text().contains("Du har skickat in rapporten. Någon annan måste godkänna den."));

    show_clean_report(&world.services, "leila");
    let accept = format!("{REPORTS}/AcceptReport");
    let refusal = Failure::refused("REPORT_FOUR_EYES");
    world.services.refuse("/samordna.reporting.v1.ReportService/AcceptReport", refusal);
    let page = browser.get(ONE).await;
    let refused = browser.submit(&page, "/reports/r1/steps", &[("step", "accept")]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text().contains("Be någon annan att godkänna den."), "{}", refused.text());
    assert_eq!(world.services.asked::<AcceptReportRequest>(&accept).len(), 1);
}

#[tokio::test]
async fn a_report_is_drafted_by_template_period_and_subject() {
    let world = World::new().await;
    let drafted = Report { name: name("reports", "new"), ..Report::default() };
    world.services.answer(CREATE, &CreateReportResponse { report: Some(drafted) });
    let mut browser = world.signed_in("maria").await;
    let form = browser.get("/reports/new").await;
    let fields = [
        ("template", "half-year-report-1"),
        ("period", "2025h1"),
        ("subject", "federation"),
        ("title", "Delårsrapport"),
        ("dnr", "SFV 2025/41"),
    ];
    let done = browser.submit(&form, "/reports/new", &fields).await;
    assert_eq!(done.location, "/reports/new");
    let asked: Vec<CreateReportRequest> = world.services.asked(CREATE);
    let sent = asked[0].report.as_ref().unwrap();
    assert_eq!(sent.subject, "federations/vastmanland");
    assert_eq!(sent.template, name("reportTemplates", "half-year-report-1"));
    assert!(asked[0].report_id.starts_with("half-year-report-1-2025h1-vastmanland-"));
    let own = world.signed_in("leila").await.get("/reports/new").await;
    assert!(own.html.contains("value=\"teams/hallstahammar\""));
    assert!(
        !own.html.contains("value=\"teams/sala\"") && !own.html.contains("value=\"federation\"")
    );
    let coordinator = world.signed_in("sofia").await.get("/reports/new").await;
    assert_eq!(coordinator.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn what_a_report_states_is_typed_as_offices_write_it() {
    let world = World::new().await;
    world.services.answer(UPDATE, &UpdateReportResponse::default());
    let mut browser = world.signed_in("maria").await;
    let path = "/reports/r1/change";
    let form = browser.get(path).await;
    assert!(form.html.contains("Fler i arbete eller studier</textarea>"));
    let more = browser.submit(&form, path, &[("step", "add_line")]).await;
    assert!(more.html.contains("id=\"line-1-value\""));
    let fields = [
        ("title", "Delårsrapport 2025"),
        ("goals", "Fler i arbete\r\n\r\nFärre i kö"),
        ("source-hallstahammar", "derived"),
        ("line-0-subject", "hallstahammar"),
        ("line-0-cell", "positions.total"),
        ("line-0-value", "6,5"),
        ("step", "save"),
    ];
    let done = browser.submit(&form, path, &fields).await;
    assert_eq!(done.location, ONE);
    let asked: Vec<UpdateReportRequest> = world.services.asked(UPDATE);
    let sent = asked[0].report.as_ref().unwrap();
    assert_eq!((asked[0].etag.as_str(), sent.subject.as_str()), ("7", "federations/vastmanland"));
    assert_eq!(sent.goals, ["Fler i arbete", "Färre i kö"]);
    assert_eq!(sent.sources[0].source(), FigureSource::Derived);
    let cell = &sent.stated_cells[0];
    assert_eq!(cell.subject, name("teams", "hallstahammar"));
    assert_eq!((cell.figure.as_str(), cell.category.as_str()), ("positions", "total"));
    assert_eq!(cell.value, "6.5");
    let unclear = [("line-0-value", "6,5"), ("step", "save")];
    let unclear = browser.submit(&form, path, &unclear).await;
    assert!(unclear.html.contains("id=\"line-0-subject-error\""));
    let lead = world.signed_in("leila").await.get(path).await;
    assert_eq!(lead.status, StatusCode::FORBIDDEN, "the federation's report is the office's");
}

#[tokio::test]
async fn the_editor_checks_the_text_and_binds_a_number_at_a_button() {
    let world = World::new().await;
    let mut browser = world.signed_in("leila").await;
    let page = browser.get(EDITOR).await;
    let text = page.text();
    for shown in [
        "1 anmärkning i texten.",
        "57 % är inte bundet till någon uppgift.",
        "[](figure:participants.woman)",
        "[](share:participants.woman/participants)",
    ] {
        assert!(text.contains(shown), "{shown} in {text}");
    }
    let start = CHAPTER.find("57").unwrap();
    let bind = format!("bind {start} {} share:participants.woman/participants", start + 4);
    assert!(page.html.contains(&format!("value=\"{bind}\"")), "{}", page.html);
    // As a browser sends it.
    let typed = format!("{CHAPTER}\r\nMer.");
    let bound = browser.submit(&page, EDITOR, &[("text", &typed), ("step", &bind)]).await;
    assert!(bound.html.contains(
        "Av deltagarna är [57 %](share:participants.woman/participants) kvinnor.\nMer.</textarea>"
    ));
    assert!(bound.text().contains("Texten är ändrad här."));
    let asked: Vec<CheckTextRequest> =
        world.services.asked("/samordna.reporting.v1.ReportService/CheckText");
    assert!(asked.iter().all(|request| !request.text.contains('\r')));

    let stale = [("text", "Kort."), ("step", bind.as_str())];
    let stale = browser.submit(&page, EDITOR, &stale).await;
    assert!(stale.html.contains(">Kort.</textarea>"), "the text stays as it is");
    assert!(stale.text().contains("ingenting är bundet"));
    let checked = browser.submit(&page, EDITOR, &[("text", "Annat.")]).await;
    assert!(checked.html.contains(">Annat.</textarea>") && checked.html.contains("id=\"checked\""));
    assert!(world.services.asked::<UpdateChapterRequest>(UPDATE_CHAPTER).is_empty());
}

#[tokio::test]
async fn a_chapter_is_saved_and_its_authors_stay_unless_somebody_in_charge_changes_them() {
    let world = World::new().await;
    world.services.answer(UPDATE_CHAPTER, &UpdateChapterResponse::default());
    let mut lead = world.signed_in("leila").await;
    let page = lead.get(EDITOR).await;
    assert!(page.html.contains("id=\"authors\" name=\"authors\" value=\"sofia\""));
    let fields = [("text", "Ny text."), ("authors", "sofia, erik"), ("step", "save")];
    let done = lead.submit(&page, EDITOR, &fields).await;
    assert_eq!(done.location, "/reports/r1#chapter-participants.hallstahammar");

    let mut author = world.signed_in("sofia").await;
    let page = author.get(EDITOR).await;
    assert!(!page.html.contains("id=\"authors\""));
    author.submit(&page, EDITOR, &[("text", "Annan text."), ("step", "save")]).await;
    let asked: Vec<UpdateChapterRequest> = world.services.asked(UPDATE_CHAPTER);
    let [first, second] = asked.as_slice() else { panic!("{asked:?}") };
    assert_eq!(
        (first.etag.as_str(), first.name.ends_with("participants.hallstahammar")),
        ("3", true)
    );
    let authors = |request: &UpdateChapterRequest| request.chapter.clone().unwrap().authors;
    assert_eq!(authors(first), [name("accounts", "sofia"), name("accounts", "erik")]);
    assert_eq!(authors(second), [name("accounts", "sofia")]);
}

#[tokio::test]
async fn a_conflict_shows_both_texts_and_what_is_refused_stands_at_the_text() {
    let world = World::new().await;
    let mut browser = world.signed_in("leila").await;
    let page = browser.get(EDITOR).await;
    show_other_text(&world.services, "Deras text.");
    let stale = Failure::Stale { name: name("reports", "r1") };
    world.services.refuse(UPDATE_CHAPTER, stale);
    let fields = [("text", "Min text."), ("step", "save")];
    let both = browser.submit(&page, EDITOR, &fields).await;
    assert_eq!(both.status, StatusCode::CONFLICT);
    assert!(both.html.contains("Deras text.</pre>") && both.html.contains(">Min text.</textarea>"));

    let fault = Fault::new("chapter.text", "PERSONAL_NUMBER_IN_TEXT").with("place", 5);
    world.services.refuse(UPDATE_CHAPTER, Failure::from(fault));
    let refused = browser.submit(&page, EDITOR, &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.html.contains("id=\"text-error\"") && refused.html.contains("aria-invalid"));
}

#[tokio::test]
async fn comments_are_written_on_chapters_and_figures_and_dealt_with() {
    let world = World::new().await;
    world.services.answer(CREATE_COMMENT, &CreateCommentResponse::default());
    world.services.answer(RESOLVE, &ResolveCommentResponse::default());
    let mut browser = world.signed_in("leila").await;
    let action = "/reports/r1/comments/new";
    let form = browser.get(&format!("{action}?section=introduction&subject=")).await;
    let done = browser.submit(&form, action, &[("text", "Bra."), ("step", "save")]).await;
    assert_eq!(done.location, "/reports/r1#chapter-introduction");
    let form = browser.get(&format!("{action}?subject=hallstahammar")).await;
    let unchosen = browser.submit(&form, action, &[("text", "Hm."), ("figure", "")]).await;
    assert!(unchosen.html.contains("id=\"figure-error\""));
    let fields = [("text", "Hm."), ("figure", "participants.woman")];
    let done = browser.submit(&form, action, &fields).await;
    assert_eq!(done.location, "/reports/r1#figures-hallstahammar");
    let asked: Vec<CreateCommentRequest> = world.services.asked(CREATE_COMMENT);
    let sent = |number: usize| asked[number].comment.clone().unwrap();
    assert_eq!((sent(0).section.as_str(), sent(0).subject.as_str()), ("introduction", ""));
    assert!(asked[1].validate_only, "a form with something missing is only checked");
    let on_figure = sent(2);
    assert_eq!(on_figure.subject, name("teams", "hallstahammar"));
    assert_eq!((on_figure.figure.as_str(), on_figure.category.as_str()), ("participants", "woman"));

    let page = browser.get(ONE).await;
    let resolve = "/reports/r1/comments/c1/resolve";
    assert_eq!(browser.submit(&page, resolve, &[]).await.location, ONE);
    let asked: Vec<ResolveCommentRequest> = world.services.asked(RESOLVE);
    assert!(asked[0].name.ends_with("/reports/r1/comments/c1"));
    assert!(!page.html.contains("/comments/c2/resolve"), "it is dealt with");
    let auditor = world.signed_in("olle").await.get(ONE).await;
    assert!(!auditor.html.contains("/comments/new") && !auditor.html.contains("/resolve"));
}

#[tokio::test]
async fn the_overview_leads_to_what_is_being_written() {
    let world = World::new().await;
    let page = world.signed_in("leila").await.get("/").await;
    assert!(page.html.contains("href=\"/reports/r1\""));
    let economist = world.signed_in("erik").await.get("/").await;
    assert!(!economist.html.contains("href=\"/reports/r1\""));
}

#[tokio::test]
async fn an_accepted_report_is_published_and_its_files_are_handed_out() {
    let world = World::new().await;
    show_written_report(&world.services, ReportState::Accepted, "leila");
    world.services.answer(PUBLISH, &PublishReportResponse::default());
    let mut browser = world.signed_in("maria").await;
    let page = browser.get(ONE).await;
    assert!(page.text().contains("fryses"));
    browser.submit(&page, "/reports/r1/steps", &[("step", "publish")]).await;
    let asked: Vec<PublishReportRequest> = world.services.asked(PUBLISH);
    assert_eq!(asked[0].name, name("reports", "r1"));

    show_published_report(&world.services);
    let page = browser.get(ONE).await;
    assert!(page.text().contains("Publicerad 2025-08-01 · PDF · JSON"), "{}", page.text());
    assert!(!page.html.contains("value=\"publish\""));
    let content = b"%PDF-1.7".to_vec();
    let (file_name, media_type) = ("r1-1.pdf".to_owned(), "application/pdf".to_owned());
    let file = DownloadReleaseResponse { file_name, media_type, content, sha256: String::new() };
    world.services.answer(DOWNLOAD, &file);
    let file = browser.get("/releases/r1-1/pdf").await;
    assert_eq!((file.status, file.html.as_str()), (StatusCode::OK, "%PDF-1.7"));
    let asked: Vec<DownloadReleaseRequest> = world.services.asked(DOWNLOAD);
    assert_eq!(asked[0].format(), ReleaseFormat::Pdf);
    assert_eq!(browser.get("/releases/r1-1/doc").await.status, StatusCode::NOT_FOUND);
}
