//! A collector of traces and metrics of the tests' own, which processes send to over OTLP.

use std::{
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
use prost::Message as _;
use tokio::task::JoinHandle;
use tonic::{Request, Response, Status, transport::Server};

use super::world::free_port;

/// A received span, with the process that sent it.
#[derive(Debug, Clone)]
pub(super) struct Received {
    pub(super) process: String,
    pub(super) span: Span,
}

/// What was received.
#[derive(Clone, Default)]
pub(super) struct Collector {
    /// Every span.
    pub(super) spans: Arc<Mutex<Vec<Received>>>,
    /// The names of the metrics.
    pub(super) metrics: Arc<Mutex<Vec<String>>>,
    /// All of it, as it was sent.
    pub(super) sent: Arc<Mutex<Vec<u8>>>,
}

impl Collector {
    /// Begins to receive; answers where, and what receives.
    pub(super) fn start(&self) -> (String, JoinHandle<Result<(), tonic::transport::Error>>) {
        let port = free_port();
        let server = Server::builder()
            .add_service(TraceServiceServer::new(self.clone()))
            .add_service(MetricsServiceServer::new(self.clone()))
            .serve(([127, 0, 0, 1], port).into());
        (format!("http://127.0.0.1:{port}"), tokio::spawn(server))
    }
}

/// Ends a collector.
pub(super) async fn stop(server: JoinHandle<Result<(), tonic::transport::Error>>) {
    server.abort();
    let _ = tokio::time::timeout(Duration::from_secs(5), server).await;
}

#[tonic::async_trait]
impl TraceService for Collector {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        let message = request.into_inner();
        self.sent.lock().unwrap().extend(message.encode_to_vec());
        for resource_spans in message.resource_spans {
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
        let message = request.into_inner();
        self.sent.lock().unwrap().extend(message.encode_to_vec());
        for resource in message.resource_metrics {
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
