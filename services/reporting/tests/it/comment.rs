//! Comments on reports.

use platform::testing::on_both;
use proto::reporting::{
    Comment, CreateCommentRequest, ListCommentsRequest, ListCommentsResponse, ResolveCommentRequest,
};
use tonic::{Code, Request};
use values::Role;

use crate::report::{content, name};
use crate::world::{HOME, World, expected, faults, problem};

const ID: &str = "delarsrapport";
const SALA: &str = "federations/vastmanland/teams/sala";

async fn drafted(world: &World) {
    world.create_period().await;
    world.draft_report(ID, content("half-year-report-1", HOME, "Delårsrapport")).await;
}

fn on_section(section: &str, subject: &str, text: &str) -> CreateCommentRequest {
    let comment = Comment {
        section: section.to_owned(),
        subject: subject.to_owned(),
        text: text.to_owned(),
        ..Default::default()
    };
    create(comment)
}

fn create(comment: Comment) -> CreateCommentRequest {
    CreateCommentRequest {
        parent: name(ID),
        request_id: format!("{}-{}-{}", comment.section, comment.figure, comment.text.len()),
        comment: Some(comment),
        validate_only: false,
    }
}

async fn texts(world: &World, request: Request<ListCommentsRequest>) -> Vec<String> {
    let answer = world.comments().list_comments(request).await.unwrap();
    let ListCommentsResponse { comments, next_page_token: _ } = answer.into_inner();
    comments.into_iter().map(|comment| comment.text).collect()
}

fn list(open_only: bool) -> ListCommentsRequest {
    ListCommentsRequest { parent: name(ID), open_only, ..Default::default() }
}

#[tokio::test]
async fn comments_on_sections_and_figures_are_read_by_those_who_read_these_until_dealt_with() {
    on_both(|database| async {
        let world = World::new(database).await;
        drafted(&world).await;
        let common = world.office(on_section("introduction", "", "Kortare."));
        world.comments().create_comment(common).await.unwrap();
        let of_sala = world.lead("sala", on_section("staff", SALA, "Stämmer det?"));
        let answer = world.comments().create_comment(of_sala).await.unwrap();
        let written = answer.into_inner().comment.unwrap();
        assert_eq!(written.author, format!("{HOME}/accounts/team-lead"));
        let figure = Comment {
            figure: "participants".to_owned(),
            category: "woman".to_owned(),
            subject: HOME.to_owned(),
            text: "Fler än förut?".to_owned(),
            ..Default::default()
        };
        let steering = world.by(Role::SteeringGroupMember, "federation", create(figure));
        world.comments().create_comment(steering).await.unwrap();
        let all = ["Kortare.", "Stämmer det?", "Fler än förut?"];
        assert_eq!(texts(&world, world.office(list(false))).await, all);
        assert_eq!(texts(&world, world.lead("sala", list(false))).await, all);
        let other = texts(&world, world.lead("surahammar", list(false))).await;
        assert_eq!(other, ["Kortare.", "Fler än förut?"]);

        let resolve = |request_id: &str| ResolveCommentRequest {
            name: written.name.clone(),
            request_id: request_id.to_owned(),
            validate_only: false,
        };
        let hidden = world.lead("surahammar", resolve("hidden"));
        assert_eq!(problem(world.comments().resolve_comment(hidden).await).0, Code::NotFound);
        let answer = world.comments().resolve_comment(world.office(resolve("one"))).await.unwrap();
        let resolved = answer.into_inner().comment.unwrap();
        assert_eq!(resolved.resolver, format!("{HOME}/accounts/kansli"));
        let twice = problem(world.comments().resolve_comment(world.office(resolve("two"))).await);
        assert_eq!(twice, (Code::FailedPrecondition, "COMMENT_RESOLVED".to_owned()));
        let open = texts(&world, world.office(list(true))).await;
        assert_eq!(open, ["Kortare.", "Fler än förut?"]);
        assert_eq!(reporting::verify(&world.database).await.unwrap(), Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn a_comment_is_on_something_that_the_report_has_and_names_no_person() {
    on_both(|database| async {
        let world = World::new(database).await;
        drafted(&world).await;
        let told = |request| {
            let world = &world;
            async move { faults(world.comments().create_comment(world.office(request)).await) }
        };
        let nothing = told(on_section("", "", "18900101-9802")).await;
        let both = [
            ("comment.text", "PERSONAL_NUMBER_IN_TEXT"),
            ("comment.section", "COMMENT_ANCHOR_UNCLEAR"),
        ];
        assert_eq!(nothing, expected(&both));
        for (section, subject) in [
            ("conclusion", ""),
            ("staff", ""),
            ("introduction", SALA),
            ("staff", &format!("{HOME}/areas/norra")),
        ] {
            let told = told(on_section(section, subject, "Text")).await;
            assert_eq!(told, expected(&[("comment", "COMMENT_ANCHOR_UNKNOWN")]), "{section}");
        }
        let hidden = world.lead("surahammar", on_section("staff", SALA, "Text"));
        let told = faults(world.comments().create_comment(hidden).await);
        assert_eq!(told, expected(&[("comment", "COMMENT_ANCHOR_UNKNOWN")]));
        let coach_of_none = world.by(Role::SteeringGroupMember, "area/norra", list(false));
        let refused = problem(world.comments().list_comments(coach_of_none).await);
        assert_eq!(refused.0, Code::NotFound);
    })
    .await;
}
