//! Files: attached and taken off while the party writes, read by whoever reads
//! the requisition, and never other than what was sent in.

use platform::testing::on_both;
use proto::finance as pb;
use sea_orm::ConnectionTrait as _;
use tonic::{Code, Status};

use crate::world::{
    HOME, World, administrator, economist, economist_of, expected, fact, fault_fact, faults,
    problem,
};

const PDF: &[u8] = b"%PDF-1.7\nEn faktura";

fn file(world: &World, seen: &pb::Requisition, id: &str, content: &[u8]) -> pb::AttachFileRequest {
    pb::AttachFileRequest {
        parent: seen.name.clone(),
        attachment_id: id.to_owned(),
        etag: seen.etag.clone(),
        file_name: "Lönespecifikation mars.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        content: content.to_vec(),
        request_id: world.id(),
        validate_only: false,
    }
}

async fn attach(world: &World, message: pb::AttachFileRequest) -> Result<pb::Requisition, Status> {
    let request = world.by(&economist_of("sala"), message);
    let answer = world.attachments().attach_file(request).await?;
    Ok(answer.into_inner().requisition.unwrap())
}

async fn detach(
    world: &World,
    seen: &pb::Requisition,
    id: &str,
) -> Result<pb::Requisition, Status> {
    let message = pb::DetachFileRequest {
        name: format!("{}/attachments/{id}", seen.name),
        etag: seen.etag.clone(),
        request_id: world.id(),
        validate_only: false,
    };
    let request = world.by(&economist_of("sala"), message);
    let answer = world.attachments().detach_file(request).await?;
    Ok(answer.into_inner().requisition.unwrap())
}

async fn read(
    world: &World,
    name: &str,
    caller: &platform::Principal,
) -> Result<pb::GetAttachmentResponse, Status> {
    let message = pb::GetAttachmentRequest { name: name.to_owned() };
    let mut client = world.attachments().max_decoding_message_size(8 * 1024 * 1024);
    Ok(client.get_attachment(world.by(caller, message)).await?.into_inner())
}

async fn count(world: &World, table: &str) -> i64 {
    let sql = format!("SELECT COUNT(*) AS count FROM {table}");
    let statement = sea_orm::Statement::from_string(world.database.backend(), sql);
    let row = world.database.read.query_one_raw(statement).await.unwrap().unwrap();
    row.try_get("", "count").unwrap()
}

#[tokio::test]
async fn a_file_is_attached_read_by_those_who_read_the_requisition_and_taken_off() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        let drafted = world.draft("r1", "sala", 400).await;
        let message = file(&world, &drafted, "lon-mars", PDF);
        let with_file = attach(&world, message.clone()).await.unwrap();
        assert_eq!(with_file.etag, "2");
        let attached = with_file.attachments[0].clone();
        assert_eq!(attached.name, format!("{HOME}/requisitions/r1/attachments/lon-mars"));
        assert_eq!((attached.size_bytes, attached.sha256.len()), (19, 64));
        assert_eq!(attached.media_type, "application/pdf");
        // A repetition answers the first time; another content is another request.
        assert_eq!(attach(&world, message.clone()).await.unwrap(), with_file);
        let other = pb::AttachFileRequest { content: b"%PDF-1.7\n".to_vec(), ..message };
        assert_eq!(problem(attach(&world, other).await).1, "REQUEST_ID_REUSED");

        let with_two = attach(&world, file(&world, &with_file, "again", PDF)).await.unwrap();
        assert_eq!(with_two.attachments.len(), 2);
        assert_eq!(count(&world, "attachment_content").await, 1);
        let submitted = world.take("submit", &with_two, &economist_of("sala")).await.unwrap();
        assert_eq!(submitted.attachments, with_two.attachments);
        for reader in [administrator(), economist("bo"), economist_of("sala")] {
            let found = read(&world, &attached.name, &reader).await.unwrap();
            assert_eq!((found.content.as_slice(), found.attachment), (PDF, Some(attached.clone())));
        }
        let other = read(&world, &attached.name, &economist_of("koping")).await;
        assert_eq!(problem(other).0, Code::NotFound);

        let refused = detach(&world, &submitted, "again").await;
        assert_eq!(problem(refused), (Code::FailedPrecondition, "STATE_FORBIDS".to_owned()));
        let returned = world.take("return", &submitted, &economist("bo")).await.unwrap();
        let stale = detach(&world, &submitted, "again").await;
        assert_eq!(problem(stale).0, Code::Aborted);
        let none = detach(&world, &returned, "none").await;
        assert_eq!(problem(none).0, Code::NotFound);
        for (id, left) in [("lon-mars", 1), ("again", 0)] {
            let message = pb::GetRequisitionRequest { name: returned.name.clone() };
            let seen = world.requisitions().get_requisition(world.office(message)).await;
            let seen = seen.unwrap().into_inner().requisition.unwrap();
            let after = detach(&world, &seen, id).await.unwrap();
            assert_eq!(after.attachments.len(), left);
        }
        let gone = read(&world, &attached.name, &administrator()).await;
        assert_eq!(problem(gone).0, Code::NotFound);
        assert_eq!(
            (count(&world, "attachment").await, count(&world, "attachment_content").await),
            (0, 1)
        );
        assert_eq!(world.problems().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_attached_is_told_all_at_once() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        let drafted = world.draft("r1", "sala", 400).await;
        let wrong = pb::AttachFileRequest {
            parent: "r1".to_owned(),
            attachment_id: "A".to_owned(),
            etag: String::new(),
            file_name: "../hemlig".to_owned(),
            media_type: "text/html".to_owned(),
            ..file(&world, &drafted, "a", PDF)
        };
        let told = [
            ("parent", "NAME_MALFORMED"),
            ("attachment_id", "ID_MALFORMED"),
            ("etag", "FIELD_MISSING"),
            ("file_name", "FILE_NAME_MALFORMED"),
            ("media_type", "ATTACHMENT_TYPE_NOT_ALLOWED"),
        ];
        let answer = attach(&world, wrong).await;
        assert_eq!(fault_fact(&answer, 4, "allowed"), "PDF, PNG, JPEG, CSV, XLSX, DOCX");
        assert_eq!(faults(answer.map(tonic::Response::new)), expected(&told));

        let empty = attach(&world, file(&world, &drafted, "a", b"")).await;
        let told = [("content", "ATTACHMENT_EMPTY")];
        assert_eq!(faults(empty.map(tonic::Response::new)), expected(&told));
        let picture = attach(&world, file(&world, &drafted, "a", b"\x89PNG\r\n\x1a\n")).await;
        assert_eq!(fault_fact(&picture, 0, "shown"), "PNG");
        let told = [("content", "ATTACHMENT_TYPE_MISMATCH")];
        assert_eq!(faults(picture.map(tonic::Response::new)), expected(&told));

        let first = attach(&world, file(&world, &drafted, "a", PDF)).await.unwrap();
        let taken = attach(&world, file(&world, &first, "a", PDF)).await;
        assert_eq!(problem(taken).0, Code::AlreadyExists);
        let mut seen = first;
        for number in 1..20 {
            seen = attach(&world, file(&world, &seen, &format!("a{number}"), PDF)).await.unwrap();
        }
        let full = attach(&world, file(&world, &seen, "b", PDF)).await;
        assert_eq!(fact(&full, "limit"), "20");
        assert_eq!(problem(full), (Code::FailedPrecondition, "ATTACHMENTS_TOO_MANY".to_owned()));
        let order: Vec<_> = seen.attachments.iter().map(|file| file.name.clone()).collect();
        let ids = ["a".to_owned()].into_iter().chain((1..20).map(|number| format!("a{number}")));
        let in_order: Vec<_> = ids.map(|id| format!("{}/attachments/{id}", seen.name)).collect();
        assert_eq!(order, in_order);
    })
    .await;
}

#[tokio::test]
async fn five_mebibytes_pass_and_a_byte_more_does_not() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        let drafted = world.draft("r1", "sala", 400).await;
        let mut content = PDF.to_vec();
        content.resize(5 * 1024 * 1024 + 1, b' ');
        let refused = attach(&world, file(&world, &drafted, "a", &content)).await;
        assert_eq!(fault_fact(&refused, 0, "size_bytes"), "5242881");
        assert_eq!(fault_fact(&refused, 0, "limit_bytes"), "5242880");
        let told = [("content", "ATTACHMENT_TOO_LARGE")];
        assert_eq!(faults(refused.map(tonic::Response::new)), expected(&told));
        content.pop();
        let seen = attach(&world, file(&world, &drafted, "a", &content)).await.unwrap();
        let name = &seen.attachments[0].name;
        assert_eq!(read(&world, name, &administrator()).await.unwrap().content, content);
    })
    .await;
}

#[tokio::test]
async fn a_content_that_somebody_has_changed_is_not_handed_out_and_is_found() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        let drafted = world.draft("r1", "sala", 400).await;
        let seen = attach(&world, file(&world, &drafted, "a", PDF)).await.unwrap();
        let name = &seen.attachments[0].name;
        for sql in ["UPDATE attachment_content SET content = 'x'", "DELETE FROM attachment_content"]
        {
            assert!(world.database.write.execute_unprepared(sql).await.is_err(), "{sql}");
        }
        let unlock = match world.database.backend() {
            sea_orm::DbBackend::Postgres => {
                "DROP TRIGGER attachment_content_append_only ON attachment_content"
            }
            _ => "DROP TRIGGER attachment_content_no_UPDATE",
        };
        world.database.write.execute_unprepared(unlock).await.unwrap();
        let sql = "UPDATE attachment_content SET content = CAST('%PDF-1.8' AS bytea)";
        let sql = match world.database.backend() {
            sea_orm::DbBackend::Postgres => sql.to_owned(),
            _ => sql.replace("bytea", "blob"),
        };
        world.database.write.execute_unprepared(&sql).await.unwrap();
        let answer = read(&world, name, &administrator()).await;
        assert_eq!(problem(answer).0, Code::Internal);
        let problems = world.problems().await;
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].contains(&seen.attachments[0].sha256), "{problems:?}");
    })
    .await;
}
