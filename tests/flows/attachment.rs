//! A file goes through the edge and two processes as it is, up to the limit.

use proto::finance::{
    AttachFileRequest, CostKind, CostLine, CreateRequisitionRequest, GetAttachmentRequest,
    Requisition, attachment_service_client::AttachmentServiceClient,
    requisition_service_client::RequisitionServiceClient,
};
use tonic::Code;

use super::world::{FEDERATION, Installation, Shape, Store};

const LIMIT: usize = 5 * 1024 * 1024;

#[tokio::test(flavor = "multi_thread")]
async fn five_mebibytes_pass_the_edge_and_come_back_and_a_byte_more_is_told() {
    let installation = Installation::start(Shape::Split, Store::Sqlite).await;
    installation.load().await;
    let channel = installation.client("koping-ekonom").await;
    let day = |day| Some(proto::Date { year: 2025, month: 7, day });
    let message = CreateRequisitionRequest {
        parent: FEDERATION.to_owned(),
        requisition_id: "with-file".to_owned(),
        requisition: Some(Requisition {
            grant: format!("{FEDERATION}/grants/sala-2025"),
            party: format!("{FEDERATION}/parties/koping"),
            period: Some(proto::common::Period { first_day: day(1), last_day: day(31) }),
            cost_lines: vec![CostLine {
                kind: CostKind::Other.into(),
                description: "enligt avtal".to_owned(),
                fte_percent: 0,
                amount_ore: 1,
            }],
            ..Default::default()
        }),
        request_id: "draft-with-file".to_owned(),
        validate_only: false,
    };
    let drafted = RequisitionServiceClient::new(channel.clone()).create_requisition(message).await;
    let drafted = drafted.unwrap().into_inner().requisition.unwrap();

    let mut content = b"%PDF-1.7\n".to_vec();
    content.resize(LIMIT + 1, b' ');
    let mut files = AttachmentServiceClient::new(channel).max_decoding_message_size(2 * LIMIT);
    let mut message = AttachFileRequest {
        parent: drafted.name,
        attachment_id: "underlag".to_owned(),
        etag: drafted.etag,
        file_name: "Underlag juli.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        content: content.clone(),
        request_id: "too-large".to_owned(),
        validate_only: false,
    };
    let refused = files.attach_file(message.clone()).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
    content.pop();
    message.content.pop();
    message.request_id = "just-right".to_owned();
    let attached = files.attach_file(message).await.unwrap().into_inner().requisition.unwrap();
    let name = attached.attachments[0].name.clone();
    let read = files.get_attachment(GetAttachmentRequest { name }).await.unwrap().into_inner();
    assert!(read.content == content, "it is what was sent in");
    installation.stop().await;
}
