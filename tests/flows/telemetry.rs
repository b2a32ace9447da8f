//! One trace from the gateway over reporting to finance, received by a
//! collector of the test's own.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use opentelemetry_proto::tonic::{
    collector::{
        metrics::v1::{
            ExportMetricsServiceRequest, ExportMetricsServiceResponse,
            metrics_service_server::{MetricsService, MetricsServiceServer},
        },
        trace::v1::{
            ExportTraceServiceRequest, ExportTraceServiceResponse,
            trace_service_server::{TraceService, TraceServiceServer},
        },
    },
    resource::v1::Resource,
    trace::v1::Span,
};
use proto::reporting::{
    GetHalfYearReportRequest, half_year_report_service_client::HalfYearReportServiceClient,
};
use tonic::{Request, Response, Status, transport::Server};

use super::world::{FEDERATION, Installation, Shape, Store, free_port};

/// A received span, with the process that sent it.
#[derive(Debug, Clone)]
struct Received {
    process: String,
    span: Span,
}

#[derive(Clone, Default)]
struct Collector {
    spans: Arc<Mutex<Vec<Received>>>,
    metrics: Arc<Mutex<Vec<String>>>,
}

#[tonic::async_trait]
impl TraceService for Collector {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        for resource_spans in request.into_inner().resource_spans {
            let process = service_name(resource_spans.resource.as_ref());
            let spans = resource_spans.scope_spans.into_iter().flat_map(|scope| scope.spans);
            let received = spans.map(|span| Received { process: process.clone(), span });
            self.spans.lock().unwrap().extend(received);
        }
        Ok(Response::new(ExportTraceServiceResponse::default()))
    }
}

#[tonic::async_trait]
impl MetricsService for Collector {
    async fn export(
        &self,
        request: Request<ExportMetricsServiceRequest>,
    ) -> Result<Response<ExportMetricsServiceResponse>, Status> {
        for resource in request.into_inner().resource_metrics {
            let names = resource.scope_metrics.into_iter().flat_map(|scope| scope.metrics);
            self.metrics.lock().unwrap().extend(names.map(|metric| metric.name));
        }
        Ok(Response::new(ExportMetricsServiceResponse::default()))
    }
}

fn service_name(resource: Option<&Resource>) -> String {
    let attributes = resource.map(|resource| resource.attributes.as_slice()).unwrap_or_default();
    let name = attributes.iter().find(|attribute| attribute.key == "service.name");
    name.map(|attribute| format!("{:?}", attribute.value)).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_trace_leads_from_the_gateway_over_reporting_to_finance() {
    let collector = Collector::default();
    let port = free_port();
    let server = Server::builder()
        .add_service(TraceServiceServer::new(collector.clone()))
        .add_service(MetricsServiceServer::new(collector.clone()))
        .serve(([127, 0, 0, 1], port).into());
    let server = tokio::spawn(server);
    let settings = [("SAMORDNA__TELEMETRY__ENDPOINT", format!("http://127.0.0.1:{port}"))];
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
    server.abort();
    let _ = tokio::time::timeout(Duration::from_secs(5), server).await;
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
