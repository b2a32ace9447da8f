//! One trace from the gateway over reporting to finance, received by a
//! collector of the test's own.

use std::collections::HashMap;

use proto::reporting::{
    GetHalfYearReportRequest, half_year_report_service_client::HalfYearReportServiceClient,
};
use tonic::Request;

use super::{
    collector::{self, Collector, Received},
    world::{FEDERATION, Installation, Shape, Store},
};

#[tokio::test(flavor = "multi_thread")]
async fn one_trace_leads_from_the_gateway_over_reporting_to_finance() {
    let collector = Collector::default();
    let (endpoint, server) = collector.start();
    let settings = [("SAMORDNA__TELEMETRY__ENDPOINT", endpoint)];
    let installation = Installation::start_with(Shape::Split, Store::Sqlite, &settings).await;
    installation.load().await;

    let mut client = HalfYearReportServiceClient::new(installation.client("ekonom").await);
    let name = format!("{FEDERATION}/reportingPeriods/2025h1/halfYearReport");
    let mut request = Request::new(GetHalfYearReportRequest { name });
    let trace_id = "0af7651916cd43dd8448eb211c80319c";
    let parent = format!("00-{trace_id}-b7ad6b7169203331-01");
    request.metadata_mut().insert("traceparent", parent.parse().unwrap());
    client.get_half_year_report(request).await.unwrap();
    // What is left is sent when the processes stop.
    installation.stop().await;

    let spans = collector.spans.lock().unwrap().clone();
    let trace: Vec<&Received> =
        spans.iter().filter(|received| hex(&received.span.trace_id) == trace_id).collect();
    let path =
        path_to(&trace, "finance", "/samordna.finance.v1.FundingTableService/GetFundingTable");
    let processes: Vec<&str> = path
        .iter()
        .map(|received| {
            ["gateway", "reporting", "finance"]
                .into_iter()
                .find(|name| received.process.contains(name))
                .unwrap()
        })
        .collect();
    let mut in_order = processes.clone();
    in_order.dedup();
    assert_eq!(in_order, ["gateway", "reporting", "finance"], "{path:?}");
    let metrics = collector.metrics.lock().unwrap().clone();
    assert!(metrics.iter().any(|name| name == "rpc.server.duration"), "{metrics:?}");
    for received in &spans {
        let text = format!("{:?}", received.span);
        assert!(!text.contains("Bearer") && !text.contains("eyJ"), "no token in a span: {text}");
    }
    collector::stop(server).await;
}

/// The spans from the trace's beginning down to one of a process.
fn path_to<'a>(trace: &[&'a Received], process: &str, name: &str) -> Vec<&'a Received> {
    let by_id: HashMap<&[u8], &Received> =
        trace.iter().map(|received| (received.span.span_id.as_slice(), *received)).collect();
    let is_end =
        |received: &&&Received| received.process.contains(process) && received.span.name == name;
    let mut last =
        *trace.iter().find(is_end).unwrap_or_else(|| panic!("no span {name} in {trace:?}"));
    let mut path = vec![last];
    while let Some(parent) = by_id.get(last.span.parent_span_id.as_slice()) {
        path.insert(0, parent);
        last = parent;
    }
    path
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
