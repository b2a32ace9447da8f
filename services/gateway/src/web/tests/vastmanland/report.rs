//! Prepared answers of reporting about a report as it is written: an introduction, a
//! chapter of one team with a number that is bound to nothing, and a finding that is
//! explained.

use proto::reporting::{
    Attachment, Chapter, CheckTextResponse, Comment, FigureCell, FigureSource, FiguresBefore,
    FiguresStamp, FindingExplanation, FindingPlace, FindingRemedy, GetReportResponse,
    ListCommentsResponse, ListReleasesResponse, ListReportTemplatesResponse, ListReportsResponse,
    PlanVersionOfReport, Release, ReleaseFormat, ReleasedFile, Report, ReportColumn, ReportFinding,
    ReportLanguage, ReportSection, ReportState, ReportStep, ReportSubjectKind, ReportTemplate,
    ReportingStatus, ShownChapter, ShownReference, SubjectFigures, TeamSource, WordProposal,
};

use super::{FEDERATION, funding_table, name};
use crate::web::tests::services::Services;

pub(in crate::web::tests) const GET: &str = "/samordna.reporting.v1.ReportService/GetReport";

/// The text of the introduction.
const INTRODUCTION: &str = "Teamen har haft [](figure:participants) deltagare. <b>Fler</b> väntar.";
/// The text of the team's chapter.
pub(in crate::web::tests) const CHAPTER: &str = "Av deltagarna är 57 % kvinnor.";

pub(super) fn prepare(services: &Services) {
    show_written_report(services, ReportState::Draft, "leila");
    let report = report(ReportState::Draft, "leila");
    services.answer(
        "/samordna.reporting.v1.ReportService/ListReports",
        &ListReportsResponse { reports: vec![report], next_page_token: "r1".to_owned() },
    );
    services.answer(
        "/samordna.reporting.v1.ReportTemplateService/ListReportTemplates",
        &ListReportTemplatesResponse {
            report_templates: vec![template()],
            next_page_token: String::new(),
        },
    );
    services.answer(
        "/samordna.reporting.v1.ReportService/CheckText",
        &CheckTextResponse {
            references: vec![],
            findings: vec![unbound(None)],
            words: vec![word()],
        },
    );
    let comment = |id: &str, text: &str| Comment {
        name: format!("{}/comments/{id}", name("reports", "r1")),
        text: text.to_owned(),
        author: name("accounts", "leila"),
        create_time: time("2025-07-03T08:00:00Z"),
        ..Comment::default()
    };
    let on_section =
        Comment { section: "introduction".to_owned(), ..comment("c1", "Nämn den nya styrelsen.") };
    let on_figure = Comment {
        subject: name("teams", "hallstahammar"),
        figure: "participants".to_owned(),
        category: "woman".to_owned(),
        resolver: name("accounts", "maria"),
        resolve_time: time("2025-07-04T08:00:00Z"),
        ..comment("c2", "Stämmer siffran?")
    };
    services.answer(
        "/samordna.reporting.v1.CommentService/ListComments",
        &ListCommentsResponse {
            comments: vec![on_section, on_figure],
            next_page_token: String::new(),
        },
    );
}

/// The report in a state, handed in last by somebody.
pub(in crate::web::tests) fn show_written_report(
    services: &Services,
    state: ReportState,
    submitter: &str,
) {
    services.answer(GET, &compiled(state, submitter, CHAPTER));
}

/// The report with another text of the team's chapter, as somebody saved it meanwhile.
pub(in crate::web::tests) fn show_other_text(services: &Services, text: &str) {
    services.answer(GET, &compiled(ReportState::Draft, "leila", text));
}

/// The report with its explanation written by somebody.
pub(in crate::web::tests) fn show_explained_by(services: &Services, account: &str) {
    let mut report = compiled(ReportState::Draft, "leila", CHAPTER);
    for given in report.findings.iter_mut().filter_map(|finding| finding.explanation.as_mut()) {
        given.account = name("accounts", account);
    }
    services.answer(GET, &report);
}

/// The report as it was published, with its files.
pub(in crate::web::tests) fn show_published_report(services: &Services) {
    show_written_report(services, ReportState::Published, "leila");
    let file = |format: ReleaseFormat| ReleasedFile {
        format: format.into(),
        sha256: "ab".repeat(32),
        size: 3,
    };
    let release = Release {
        name: name("releases", "r1-1"),
        publish_time: time("2025-08-01T08:00:00Z"),
        files: vec![file(ReleaseFormat::Json), file(ReleaseFormat::Pdf)],
        sha256: "cd".repeat(32),
        ..Release::default()
    };
    services.answer(
        "/samordna.reporting.v1.ReleaseService/ListReleases",
        &ListReleasesResponse { releases: vec![release], next_page_token: String::new() },
    );
}

/// The same report without anything to see to.
pub(in crate::web::tests) fn show_clean_report(services: &Services, submitter: &str) {
    let clean = GetReportResponse {
        findings: vec![],
        open_findings: 0,
        ..compiled(ReportState::Submitted, submitter, CHAPTER)
    };
    services.answer(GET, &clean);
}

/// The report as a draft that says so of its plan, with two versions of it to belong to.
pub(in crate::web::tests) fn show_planned_report(
    services: &Services,
    plan_version: &str,
    goals: &[&str],
) {
    let version = |number: &str, goal: &str| PlanVersionOfReport {
        name: name("programmePlans", "sikta"),
        number: number.to_owned(),
        title: "Sikta".to_owned(),
        goals: vec![goal.to_owned(), "Bättre hälsa".to_owned()],
    };
    let mut planned = compiled(ReportState::Draft, "leila", CHAPTER);
    if let Some(head) = &mut planned.report {
        plan_version.clone_into(&mut head.plan_version);
        head.goals = goals.iter().map(|goal| (*goal).to_owned()).collect();
    }
    planned.plan_versions = vec![version("2.0", "Fler i arbete"), version("1.0", "Fler i studier")];
    services.answer(GET, &planned);
}

/// The report with figures of a team that are counted from records, fetched then.
pub(in crate::web::tests) fn counted(
    state: ReportState,
    fetched: Option<&str>,
) -> GetReportResponse {
    let mut report = compiled(state, "leila", CHAPTER);
    if let Some(stamp) = &mut report.stamp {
        stamp.fetch_time = fetched.and_then(time);
    }
    report
}

fn compiled(state: ReportState, submitter: &str, text: &str) -> GetReportResponse {
    let start = i32::try_from(INTRODUCTION.find("[]").unwrap()).unwrap();
    let end = start + i32::try_from("[](figure:participants)".len()).unwrap();
    let reference = ShownReference {
        start,
        end,
        reference: "figure:participants".to_owned(),
        value: "150".to_owned(),
    };
    let chapter = |id: &str, text: &str, references| ShownChapter {
        chapter: Some(Chapter {
            name: format!("{}/chapters/{id}", name("reports", "r1")),
            language: ReportLanguage::Swedish.into(),
            text: text.to_owned(),
            authors: vec![name("accounts", "sofia")],
            etag: "3".to_owned(),
            attachments: vec![Attachment {
                name: format!("{}/chapters/{id}/attachments/enkat", name("reports", "r1")),
                file_name: "Enkät våren.pdf".to_owned(),
                media_type: "application/pdf".to_owned(),
                size_bytes: 8,
                sha256: "ab".repeat(32),
            }],
            ..Chapter::default()
        }),
        shown_text: String::new(),
        references,
    };
    let explained = FindingExplanation {
        finding: "f2".to_owned(),
        check: "parts_and_whole".to_owned(),
        text: "En deltagare har inte angett sin ålder.".to_owned(),
        account: name("accounts", "leila"),
        time: time("2025-07-02T08:00:00Z"),
    };
    // What was accepted has an explanation for each.
    let still_open = if state == ReportState::Accepted { 0 } else { 2 };
    GetReportResponse {
        report: Some(report(state, submitter)),
        template: Some(template()),
        chapters: vec![
            chapter("introduction", INTRODUCTION, vec![reference]),
            chapter("participants.hallstahammar", text, vec![]),
        ],
        figures: figures(),
        funding_table: Some(funding_table()),
        findings: vec![unbound(None), parts(explained)],
        open_findings: still_open,
        plan_versions: Vec::new(),
        stamp: Some(FiguresStamp {
            reporting_sequence: 12,
            reporting_head_hash: vec![0xab; 32],
            finance_sequence: 57,
            participant_sequence: 61,
            participant_oldest_sequence: 58,
            definitions_version: 1,
            fetch_time: time("2025-07-10T08:00:00Z"),
            before: vec![
                FiguresBefore { release: name("releases", "2024h2-1"), ..before("hallstahammar") },
                FiguresBefore { participant_sequence: 31, ..before("sala") },
                FiguresBefore {
                    reported_figures: name("reportingPeriods", "2024h2/reportedFigures/fns"),
                    ..before("fns")
                },
            ],
            ..FiguresStamp::default()
        }),
    }
}

/// Of a team that is no longer there, the service tells no name.
fn before(team: &str) -> FiguresBefore {
    let display_name = match team {
        "hallstahammar" => "Samordningsteam Hallstahammar",
        "sala" => "Samordningsteam Sala",
        _ => "",
    };
    let (team, display_name) = (name("teams", team), display_name.to_owned());
    FiguresBefore { team, display_name, ..FiguresBefore::default() }
}

fn report(state: ReportState, submitter: &str) -> Report {
    let step = ReportStep {
        state: ReportState::Submitted.into(),
        account: name("accounts", submitter),
        time: time("2025-07-10T08:00:00Z"),
        reason: String::new(),
        newest_table: String::new(),
    };
    Report {
        name: name("reports", "r1"),
        template: name("reportTemplates", "half-year-report-1"),
        reporting_period: name("reportingPeriods", "2025h1"),
        subject: FEDERATION.to_owned(),
        title: "Delårsrapport 2025".to_owned(),
        dnr: "SFV 2025/41".to_owned(),
        goals: vec!["Fler i arbete eller studier".to_owned()],
        sources: vec![TeamSource {
            team: name("teams", "sala"),
            source: FigureSource::Derived.into(),
        }],
        state: state.into(),
        steps: if state == ReportState::Draft { vec![] } else { vec![step] },
        etag: "7".to_owned(),
        ..Report::default()
    }
}

fn template() -> ReportTemplate {
    let section = |code: &str, text: &str, per_subject| ReportSection {
        code: code.to_owned(),
        title_sv: text.to_owned(),
        title_en: format!("{code} in English"),
        per_subject,
    };
    ReportTemplate {
        name: name("reportTemplates", "half-year-report-1"),
        code: "half_year_report".to_owned(),
        version: 1,
        title_sv: "Delårsrapport".to_owned(),
        title_en: "Half-year report".to_owned(),
        subject_kinds: vec![ReportSubjectKind::Federation.into()],
        due_days: 1,
        sections: vec![
            section("introduction", "Inledning", false),
            section("participants", "Deltagare", true),
        ],
        columns: vec![ReportColumn {
            figure: "positions".to_owned(),
            text_sv: "Heltidstjänster".to_owned(),
            text_en: "Full-time positions".to_owned(),
            ..ReportColumn::default()
        }],
        ..ReportTemplate::default()
    }
}

fn figures() -> Vec<SubjectFigures> {
    let cell = |figure: &str, category: &str, value: &str, source: FigureSource| FigureCell {
        figure: figure.to_owned(),
        category: category.to_owned(),
        value: value.to_owned(),
        source: source.into(),
        hidden: value.is_empty(),
        ..FigureCell::default()
    };
    let sum = FigureCell {
        teams_covered: 5,
        team_count: 6,
        reported_part: "120".to_owned(),
        derived_part: "30".to_owned(),
        ..cell("participants", "total", "150", FigureSource::Sum)
    };
    vec![
        SubjectFigures {
            subject: FEDERATION.to_owned(),
            display_name: "Samordningsförbundet Västmanland".to_owned(),
            whole: true,
            status: ReportingStatus::Unspecified.into(),
            cells: vec![sum],
        },
        SubjectFigures {
            subject: name("teams", "hallstahammar"),
            display_name: "Samordningsteam Hallstahammar".to_owned(),
            whole: false,
            status: ReportingStatus::Reported.into(),
            cells: vec![
                cell("participants", "total", "30", FigureSource::Reported),
                cell("participants", "woman", "17", FigureSource::Reported),
                cell("participants", "not_stated", "", FigureSource::Derived),
                cell("positions", "total", "6.5", FigureSource::Stated),
            ],
        },
    ]
}

/// A number of the team's chapter that is bound to nothing, and what it could be.
fn unbound(explanation: Option<FindingExplanation>) -> ReportFinding {
    let start = i32::try_from(CHAPTER.find("57").unwrap()).unwrap();
    let place = FindingPlace {
        subject: name("teams", "hallstahammar"),
        section: "participants".to_owned(),
        start,
        end: start + 4,
        ..FindingPlace::default()
    };
    let bind = FindingRemedy {
        bind: "share:participants.woman/participants".to_owned(),
        ..FindingRemedy::default()
    };
    ReportFinding {
        key: "f1".to_owned(),
        check: "unbound_number".to_owned(),
        check_name_sv: "Obundet tal".to_owned(),
        check_explanation_sv: "Varje tal ska vara bundet.".to_owned(),
        resolution_sv: "Bind talet.".to_owned(),
        fact_sv: "57 % är inte bundet till någon uppgift.".to_owned(),
        subject: name("teams", "hallstahammar"),
        places: vec![place],
        remedies: vec![bind],
        explanation,
        ..ReportFinding::default()
    }
}

/// A word of the team's chapter that can be bound.
fn word() -> WordProposal {
    let start = i32::try_from(CHAPTER.find("kvinnor").unwrap()).unwrap();
    let references = vec!["change:participants.woman".to_owned()];
    WordProposal { start, end: start + 7, references }
}

fn parts(explanation: FindingExplanation) -> ReportFinding {
    let place = FindingPlace {
        subject: name("teams", "hallstahammar"),
        figure: "participants".to_owned(),
        category: "total".to_owned(),
        ..FindingPlace::default()
    };
    ReportFinding {
        key: "f2".to_owned(),
        check: "parts_and_whole".to_owned(),
        check_name_sv: "Delar och helhet".to_owned(),
        check_explanation_sv: "Delarna ska bli summan.".to_owned(),
        resolution_sv: "Rätta summan.".to_owned(),
        fact_sv: "Delarna är tillsammans 29.".to_owned(),
        subject: name("teams", "hallstahammar"),
        places: vec![place],
        explanation: Some(explanation),
        ..ReportFinding::default()
    }
}

pub(super) fn time(instant: &str) -> Option<prost_types::Timestamp> {
    Some(platform::convert::timestamp(instant.parse().unwrap()))
}
