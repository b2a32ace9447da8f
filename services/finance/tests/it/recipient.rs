//! Recipients: who may be one, and reading them.

use platform::testing::on_both;
use proto::finance as pb;
use tonic::Code;
use values::{Role, Scope};

use crate::world::{HOME, World, administrator, expected, faults, problem};

#[tokio::test]
async fn a_created_recipient_is_read_back_and_listed_by_pages() {
    on_both(|database| async move {
        let world = World::new(database).await;
        for team in ["sala", "fns", "vasteras"] {
            let message = world.recipient(team);
            world.recipients().create_recipient(world.office(message)).await.unwrap();
        }
        let name = format!("{HOME}/recipients/sala");
        let message = pb::GetRecipientRequest { name: name.clone() };
        let read = world.recipients().get_recipient(world.office(message)).await.unwrap();
        let read = read.into_inner().recipient.unwrap();
        assert_eq!((read.name, read.team), (name, format!("{HOME}/teams/sala")));

        let (mut ids, mut page_token) = (Vec::new(), String::new());
        loop {
            let message =
                pb::ListRecipientsRequest { parent: HOME.to_owned(), page_size: 2, page_token };
            let page = world.recipients().list_recipients(world.office(message)).await;
            let page = page.unwrap().into_inner();
            ids.push(page.recipients.into_iter().map(|found| found.name).collect::<Vec<_>>());
            page_token = page.next_page_token;
            if page_token.is_empty() {
                break;
            }
        }
        let name = |id: &str| format!("{HOME}/recipients/{id}");
        assert_eq!(ids, [vec![name("fns"), name("sala")], vec![name("vasteras")]]);
    })
    .await;
}

#[tokio::test]
async fn every_fault_of_a_recipient_is_told_at_once_and_nothing_is_recorded() {
    on_both(|database| async move {
        let world = World::new(database).await;
        let mut message = world.recipient("nowhere");
        message.parent = "vastmanland".to_owned();
        message.recipient_id = "No!".to_owned();
        message.recipient.as_mut().unwrap().display_name = "x".repeat(201);
        let answer = world.recipients().create_recipient(world.office(message)).await;
        let told = [
            ("parent", "NAME_MALFORMED"),
            ("recipient_id", "ID_MALFORMED"),
            ("recipient.display_name", "TEXT_TOO_LONG"),
            ("recipient.team", "TEAM_UNKNOWN"),
        ];
        assert_eq!(faults(answer), expected(&told));

        for (kind, team, told) in [
            (pb::RecipientKind::Team, "", ("recipient.team", "TEAM_MISSING")),
            (pb::RecipientKind::Resource, "x", ("recipient.team", "TEAM_NOT_ALLOWED")),
            (pb::RecipientKind::Unspecified, "", ("recipient.kind", "ENUM_UNSPECIFIED")),
            (
                pb::RecipientKind::Team,
                "federations/sormland/teams/sala",
                ("recipient.team", "OTHER_FEDERATION"),
            ),
        ] {
            let mut message = world.recipient("sala");
            let content = message.recipient.as_mut().unwrap();
            (content.kind, content.team) = (kind.into(), team.to_owned());
            let answer = world.recipients().create_recipient(world.office(message)).await;
            assert_eq!(faults(answer), expected(&[told]), "{kind:?} {team}");
        }
        assert_eq!(world.sequence().await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_repeated_request_answers_the_first_time_and_another_under_its_id_is_refused() {
    on_both(|database| async move {
        let world = World::new(database).await;
        let message = world.recipient("sala");
        let first = world.recipients().create_recipient(world.office(message.clone())).await;
        let again = world.recipients().create_recipient(world.office(message.clone())).await;
        assert_eq!(first.unwrap().into_inner(), again.unwrap().into_inner());
        assert_eq!(world.sequence().await, 1);

        let mut other = message.clone();
        other.recipient.as_mut().unwrap().display_name.push('!');
        let answer = world.recipients().create_recipient(world.office(other)).await;
        let refused = (Code::FailedPrecondition, "REQUEST_ID_REUSED".to_owned());
        assert_eq!(problem(answer), refused);

        let taken = pb::CreateRecipientRequest { request_id: world.id(), ..message };
        let answer = world.recipients().create_recipient(world.office(taken)).await;
        assert_eq!(problem(answer).0, Code::AlreadyExists);
    })
    .await;
}

#[tokio::test]
async fn a_dry_run_answers_what_would_be_and_keeps_nothing() {
    on_both(|database| async move {
        let world = World::new(database).await;
        let message = pb::CreateRecipientRequest { validate_only: true, ..world.recipient("sala") };
        let answer = world.recipients().create_recipient(world.office(message)).await;
        let name = answer.unwrap().into_inner().recipient.unwrap().name;
        assert_eq!(name, format!("{HOME}/recipients/sala"));
        let message = pb::GetRecipientRequest { name };
        let answer = world.recipients().get_recipient(world.office(message)).await;
        assert_eq!(problem(answer).0, Code::NotFound);
        assert_eq!(world.sequence().await, 0);
    })
    .await;
}

#[tokio::test]
async fn another_federation_sees_nothing_of_it() {
    on_both(|database| async move {
        let world = World::new(database).await;
        let message = world.recipient("sala");
        world.recipients().create_recipient(world.office(message.clone())).await.unwrap();
        let roles = [(Role::FederationAdministrator, Scope::Federation)];
        let stranger = platform::testing::caller("sormland", "kansli", &roles);
        assert_ne!(stranger.federation, administrator().federation);
        let name = format!("{HOME}/recipients/sala");
        let get = world.by(&stranger, pb::GetRecipientRequest { name });
        let list = pb::ListRecipientsRequest { parent: HOME.to_owned(), ..Default::default() };
        let list = world.by(&stranger, list);
        let create = world.by(&stranger, message);
        let mut client = world.recipients();
        assert_eq!(problem(client.get_recipient(get).await).0, Code::NotFound);
        assert_eq!(problem(client.list_recipients(list).await).0, Code::NotFound);
        assert_eq!(problem(client.create_recipient(create).await).0, Code::NotFound);
    })
    .await;
}
