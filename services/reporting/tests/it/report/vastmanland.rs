//! The federation's half-year report: what its teams reported and what finance has,
//! with a text that is true of both.

use platform::testing::on_both;
use proto::reporting::{
    CheckTextRequest, FigureSource, GetReportRequest, GetReportResponse, ReportLanguage,
    ReportingStatus, SubjectFigures,
};
use tonic::Code;
use values::Role;

use super::{checks, content, name};
use crate::others;
use crate::world::{HOME, World, problem};

const ID: &str = "delarsrapport-2025h1";

const INTRODUCTION: &str = "\
Under perioden deltog [62](figure:participants) personer i teamen, \
[30](figure:participants.woman) kvinnor och [32](figure:participants.man) män; könsfördelningen är \
[jämn](share:participants.woman/participants). [](figure:new_participants) var nya och \
[13](figure:exits) avslutade.";

const FINANCE: &str = "\
Av beviljade [13 841](figure:granted_tkr) tkr har [5 873](figure:requisitioned_tkr) tkr \
rekvirerats, [42 %](share:requisitioned_to_date_tkr/granted_tkr).";

const HALLSTAHAMMAR: &str = "\
Teamet hade [30](figure:participants) deltagare, [57 %](share:participants.woman/participants) \
kvinnor. [Elva](figure:participants_by_age.under_30) var under \
[30](no-statistic \"Gruppens namn\") år.";

/// The report of the whole federation, with every chapter written.
pub(super) async fn written(world: &World) {
    world.create_period().await;
    world.submit_vastmanland().await;
    let report = content("half-year-report-1", HOME, "Delårsrapport");
    world.draft_report(ID, report).await;
    world.write_chapter(ID, "introduction", INTRODUCTION).await;
    world.write_chapter(ID, "finance", FINANCE).await;
    for (team, _, _) in others::TEAMS {
        let participants = match team {
            "hallstahammar" => HALLSTAHAMMAR,
            "sala" => "Teamet har inte rapporterat.",
            _ => "Teamet hade [](figure:participants) deltagare.",
        };
        world.write_chapter(ID, &format!("participants.{team}"), participants).await;
        for section in ["activities", "staff", "exits", "local_goals", "plans"] {
            let chapter = format!("{section}.{team}");
            world.write_chapter(ID, &chapter, "Arbetet har fortsatt som planerat.").await;
        }
    }
}

fn value(figures: &SubjectFigures, figure: &str, category: &str) -> Option<String> {
    let cell = figures.cells.iter().find(|cell| cell.figure == figure && cell.category == category);
    cell.map(|cell| cell.value.clone())
}

#[tokio::test]
async fn vastmanlands_half_year_report_has_no_finding_and_each_figure_tells_its_source() {
    on_both(|database| async {
        let world = World::new(database).await;
        written(&world).await;
        let compiled = world.compiled(ID).await;
        assert_eq!(compiled.findings, []);
        assert_eq!(compiled.open_findings, 0);
        let GetReportResponse { figures, chapters, stamp, funding_table, .. } = compiled;
        let whole = &figures[0];
        assert!(whole.whole && whole.display_name == "Samordningsförbundet Västmanland");
        assert_eq!(value(whole, "participants", "total").as_deref(), Some("62"));
        assert_eq!(value(whole, "granted_tkr", "total").as_deref(), Some("13841"));
        assert_eq!(value(whole, "participants_by_age", "under_30"), None);
        let sum = &whole.cells[0];
        assert_eq!(sum.source(), FigureSource::Sum);
        assert_eq!((sum.teams_covered, sum.team_count), (3, 4));
        assert_eq!((sum.reported_part.as_str(), sum.derived_part.as_str()), ("62", ""));
        let names: Vec<_> = figures[1..].iter().map(|team| team.display_name.as_str()).collect();
        let expected = others::TEAMS.map(|(_, display_name, _)| display_name);
        assert_eq!(names, expected);
        assert_eq!(figures[1].cells[0].source(), FigureSource::Reported);
        assert_eq!(figures[2].status(), ReportingStatus::NotReported);
        assert_eq!(value(&figures[2], "requisitioned_tkr", "total").as_deref(), Some("791"));

        assert_eq!(chapters.len(), 2 + 6 * 4);
        let introduction = &chapters[0];
        assert!(introduction.shown_text.contains("22 var nya och 13 avslutade"));
        let shown: Vec<_> =
            introduction.references.iter().map(|reference| reference.value.as_str()).collect();
        assert_eq!(shown, ["62", "30", "32", "48\u{a0}%", "22", "13"]);
        let stamp = stamp.unwrap();
        assert_eq!(stamp.reporting_sequence, world.sequence().await);
        assert_eq!((stamp.finance_sequence, stamp.participant_sequence), (17, 0));
        assert_eq!(stamp.reporting_head_hash.len(), 32);
        assert_eq!(funding_table.unwrap().total.unwrap().share_percent, 42);
    })
    .await;
}

#[tokio::test]
async fn a_team_reads_the_common_chapters_the_own_and_the_totals_and_no_other_figure() {
    on_both(|database| async {
        let world = World::new(database).await;
        written(&world).await;
        let get = || GetReportRequest { name: name(ID) };
        for role in [Role::TeamLead, Role::Coordinator, Role::Coach] {
            let request = world.by(role, "team/surahammar", get());
            let own = world.kept_reports().get_report(request).await.unwrap().into_inner();
            assert_eq!(own.chapters.len(), 2 + 6, "{role:?}");
            let subjects: Vec<_> = own.figures.iter().map(|one| one.subject.as_str()).collect();
            assert_eq!(subjects, [HOME, "federations/vastmanland/teams/surahammar"]);
        }
        let all = world.by(Role::SteeringGroupMember, "federation", get());
        let all = world.kept_reports().get_report(all).await.unwrap().into_inner();
        assert_eq!(all.chapters.len(), 26);
        let of_area = world.by(Role::SteeringGroupMember, "area/norra", get());
        assert_eq!(problem(world.kept_reports().get_report(of_area).await).0, Code::NotFound);
        let stranger = world.stranger(get());
        assert_eq!(problem(world.kept_reports().get_report(stranger).await).0, Code::NotFound);
    })
    .await;
}

#[tokio::test]
async fn a_text_that_is_not_saved_is_checked_with_proposals_and_shows_no_other_teams_figures() {
    on_both(|database| async {
        let world = World::new(database).await;
        written(&world).await;
        let check = |text: &str| CheckTextRequest {
            name: format!("{}/chapters/participants.surahammar", name(ID)),
            language: ReportLanguage::Swedish.into(),
            text: text.to_owned(),
        };
        let text = "Vi hade 17 deltagare och [30](figure:participants@hallstahammar) i norr.";
        let lead = world.lead("surahammar", check(text));
        let answer = world.kept_reports().check_text(lead).await.unwrap().into_inner();
        assert_eq!(checks(&answer.findings), ["unbound_number", "reference"]);
        assert_eq!(answer.findings[0].remedies[0].bind, "figure:participants");
        assert_eq!(answer.references[0].value, "");
        let office = world.kept_reports().check_text(world.office(check(text))).await.unwrap();
        let office = office.into_inner();
        assert_eq!(checks(&office.findings), ["unbound_number"]);
        assert_eq!(office.references[0].value, "30");
        let few = "Av dem var [](figure:new_participants) nya.";
        let answer = world.kept_reports().check_text(world.lead("surahammar", check(few))).await;
        let findings = answer.unwrap().into_inner().findings;
        assert_eq!(checks(&findings), ["small_count"]);
        assert!(!findings[0].fact_sv.contains('3'), "{}", findings[0].fact_sv);
        let few = "I norr gick [](figure:exits.studies@hallstahammar) till studier.";
        let lead = world.lead("surahammar", check(few));
        let answer = world.kept_reports().check_text(lead).await.unwrap().into_inner();
        assert_eq!(checks(&answer.findings), ["reference"], "others' counts are not told small");
        let words = "En majoritet, [](figure:participants.woman@hallstahammar), var kvinnor.";
        let asked = world.office(check(words));
        let answer = world.kept_reports().check_text(asked).await.unwrap().into_inner();
        let [word] = answer.words.as_slice() else { panic!("{:?}", answer.words) };
        assert_eq!((word.start, word.end), (3, 12));
        let of = |cell: &str| format!("{cell}@hallstahammar");
        let share = format!("share:{}/{}", of("participants.woman"), of("participants"));
        assert_eq!(word.references, [share]);
        let lead = world.lead("surahammar", check(words));
        let answer = world.kept_reports().check_text(lead).await.unwrap().into_inner();
        assert_eq!(answer.words, [], "what is true of others is not told");
        let other = world.lead("sala", check(text));
        assert_eq!(problem(world.kept_reports().check_text(other).await).0, Code::NotFound);
        assert_eq!(world.compiled(ID).await.findings, []);
    })
    .await;
}

#[tokio::test]
async fn how_many_findings_are_open_tells_nothing_of_other_teams_figures() {
    on_both(|database| async {
        let world = World::new(database).await;
        written(&world).await;
        let chapter = format!("{}/chapters/participants.surahammar", name(ID));
        for (etag, guess) in [("1", "3"), ("2", "4"), ("3", "")] {
            let text = format!("I norr gick [{guess}](figure:exits.studies@hallstahammar).");
            let message = super::write(&chapter, etag, &text, &[]);
            world.chapters().update_chapter(world.lead("surahammar", message)).await.unwrap();
            let get = world.lead("surahammar", GetReportRequest { name: name(ID) });
            let own = world.kept_reports().get_report(get).await.unwrap().into_inner();
            assert_eq!(own.open_findings, 1, "{guess}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_the_office_writes_of_a_team_is_no_finding_for_those_who_do_not_see_it() {
    on_both(|database| async {
        let world = World::new(database).await;
        written(&world).await;
        let chapter = format!("{}/chapters/introduction", name(ID));
        let of_other = "I norr fanns [](figure:participants@hallstahammar) deltagare.";
        let message = super::write(&chapter, "1", of_other, &[]);
        world.chapters().update_chapter(world.office(message)).await.unwrap();
        let read = async || {
            let get = world.lead("surahammar", GetReportRequest { name: name(ID) });
            world.kept_reports().get_report(get).await.unwrap().into_inner()
        };
        let own = read().await;
        assert_eq!((checks(&own.findings), own.open_findings), (vec![], 0));
        let missing = "I norr fanns [](figure:queue@nowhere) i kö.";
        let message = super::write(&chapter, "2", missing, &[]);
        world.chapters().update_chapter(world.office(message)).await.unwrap();
        assert_eq!(checks(&read().await.findings), ["reference"], "that leads nowhere");
    })
    .await;
}
