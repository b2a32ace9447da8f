//! The text of reports: who writes which chapter, and what no text may hold.

use platform::testing::on_both;
use proto::reporting::{Chapter, GetChapterRequest, ReportLanguage, UpdateChapterRequest};
use tonic::Code;
use values::Role;

use crate::report::{content, name, write};
use crate::world::{HOME, World, expected, faults, problem};

const ID: &str = "delarsrapport";

async fn drafted(world: &World) {
    world.create_period().await;
    world.draft_report(ID, content("half-year-report-1", HOME, "Delårsrapport")).await;
}

fn chapter(id: &str) -> String {
    format!("{}/chapters/{id}", name(ID))
}

fn get(id: &str) -> GetChapterRequest {
    GetChapterRequest { name: chapter(id) }
}

#[tokio::test]
async fn a_chapter_is_there_from_the_beginning_and_changes_by_the_version_that_was_read() {
    on_both(|database| async {
        let world = World::new(database).await;
        drafted(&world).await;
        let read = world.chapters().get_chapter(world.office(get("introduction"))).await.unwrap();
        let unwritten = read.into_inner().chapter.unwrap();
        assert_eq!((unwritten.text.as_str(), unwritten.etag.as_str()), ("", "0"));
        let request = world.office(write(&chapter("introduction"), "0", "Inledning.", &[]));
        let answer = world.chapters().update_chapter(request).await.unwrap();
        let first = answer.into_inner().chapter.unwrap();
        assert_eq!(first.updater, format!("{HOME}/accounts/kansli"));
        let stale = world.office(write(&chapter("introduction"), "0", "Annan text.", &[]));
        assert_eq!(problem(world.chapters().update_chapter(stale).await).0, Code::Aborted);
        let request = world.office(write(&chapter("introduction"), "1", "Annan text.", &[]));
        world.chapters().update_chapter(request).await.unwrap();
        let read = world.chapters().get_chapter(world.office(get("introduction"))).await.unwrap();
        assert_eq!(read.into_inner().chapter.unwrap().text, "Annan text.");
        assert_eq!(reporting::verify(&world.database).await.unwrap(), Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn a_chapter_is_written_by_its_authors_the_team_lead_and_the_office() {
    on_both(|database| async {
        let world = World::new(database).await;
        drafted(&world).await;
        let name = chapter("staff.sala");
        let by_coach = |request| world.by(Role::Coach, "team/sala", request);
        let early = by_coach(write(&name, "0", "Text.", &[]));
        assert_eq!(problem(world.chapters().update_chapter(early).await).0, Code::NotFound);
        let lead = world.lead("sala", write(&name, "0", "", &["coach"]));
        world.chapters().update_chapter(lead).await.unwrap();
        let own = by_coach(write(&name, "1", "Vi är två.", &["coach"]));
        world.chapters().update_chapter(own).await.unwrap();
        let others = by_coach(write(&name, "2", "Vi är två.", &["coach", "anna"]));
        let refused = problem(world.chapters().update_chapter(others).await);
        assert_eq!(refused, (Code::FailedPrecondition, "CHAPTER_AUTHORS_STAY".to_owned()));
        let other_lead = world.lead("surahammar", write(&name, "2", "Text.", &[]));
        assert_eq!(problem(world.chapters().update_chapter(other_lead).await).0, Code::NotFound);
        let read = world.lead("surahammar", get("staff.sala"));
        assert_eq!(problem(world.chapters().get_chapter(read).await).0, Code::NotFound);
        let common = world.lead("surahammar", get("finance"));
        world.chapters().get_chapter(common).await.unwrap();
        let economist =
            world.office(write(&chapter("finance"), "0", "", &["federation-economist"]));
        world.chapters().update_chapter(economist).await.unwrap();
        let text = write(&chapter("finance"), "1", "Ekonomin.", &["federation-economist"]);
        let text = world.by(Role::FederationEconomist, "federation", text);
        world.chapters().update_chapter(text).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_text_that_names_a_person_is_refused_and_the_number_is_never_repeated() {
    on_both(|database| async {
        let world = World::new(database).await;
        drafted(&world).await;
        let text = "En deltagare, 18900101-9802, började i maj.";
        let request = world.office(write(&chapter("introduction"), "0", text, &[]));
        let refused = world.chapters().update_chapter(request).await;
        let status = refused.as_ref().unwrap_err();
        assert!(!String::from_utf8_lossy(status.details()).contains("9802"));
        let told = faults(refused);
        assert_eq!(told, expected(&[("chapter.text", "PERSONAL_NUMBER_IN_TEXT")]));
        assert_eq!(world.sequence().await, 2);
    })
    .await;
}

#[tokio::test]
async fn a_chapter_that_the_report_does_not_have_is_not_found_and_every_fault_is_told() {
    on_both(|database| async {
        let world = World::new(database).await;
        drafted(&world).await;
        for id in ["conclusion", "introduction.sala", "staff", "staff.nowhere"] {
            let request = world.office(write(&chapter(id), "0", "Text", &[]));
            let refused = problem(world.chapters().update_chapter(request).await);
            assert_eq!(refused.0, Code::NotFound, "{id}");
        }
        let faulty = UpdateChapterRequest {
            name: chapter("finance"),
            chapter: Some(Chapter {
                name: chapter("introduction"),
                language: ReportLanguage::Unspecified.into(),
                authors: vec![
                    "anna".to_owned(),
                    "federations/sormland/accounts/anna".to_owned(),
                    format!("{HOME}/accounts/anna"),
                    format!("{HOME}/accounts/anna"),
                ],
                ..Default::default()
            }),
            request_id: "faulty".to_owned(),
            ..Default::default()
        };
        let told = faults(world.chapters().update_chapter(world.office(faulty)).await);
        assert_eq!(
            told,
            expected(&[
                ("etag", "FIELD_MISSING"),
                ("chapter.name", "NAME_WRONG"),
                ("chapter.language", "LANGUAGE_MISSING"),
                ("chapter.authors[0]", "NAME_MALFORMED"),
                ("chapter.authors[1]", "ACCOUNT_UNKNOWN"),
                ("chapter.authors[3]", "AUTHOR_TWICE"),
            ])
        );
    })
    .await;
}
