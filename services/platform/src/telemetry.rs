//! Logs to standard error, traces and metrics over OTLP.
//!
//! Architecture invariant: no personal number, name, token or body in any log,
//! span or metric label.

use std::{io::IsTerminal as _, sync::OnceLock, time::Duration};

use anyhow::Context as _;
use opentelemetry::{
    KeyValue, metrics::Histogram, propagation::TextMapCompositePropagator,
    trace::TracerProvider as _,
};
use opentelemetry_otlp::WithExportConfig as _;
use opentelemetry_sdk::{
    Resource, metrics::SdkMeterProvider, propagation::TraceContextPropagator,
    trace::SdkTracerProvider,
};
use tracing_subscriber::{
    EnvFilter, Layer as _, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

use crate::config::{LogFormat, Telemetry};

/// Keeps telemetry going; what is left is sent when it is shut down.
pub struct TelemetryGuard {
    tracer: Option<SdkTracerProvider>,
    meter: Option<SdkMeterProvider>,
}

/// Starts logs, and traces and metrics when an endpoint is set. `RUST_LOG`
/// chooses what is logged; the default is `info`.
///
/// # Errors
/// When the endpoint cannot be used, or telemetry was started before.
pub fn start(config: &Telemetry, process: &'static str) -> anyhow::Result<TelemetryGuard> {
    opentelemetry::global::set_text_map_propagator(TextMapCompositePropagator::new(vec![
        Box::new(TraceContextPropagator::new()),
    ]));
    let filter = || {
        EnvFilter::try_from_default_env()
            .unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn,sea_orm=warn"))
    };
    // Colours are for a terminal; in a file or a journal they are only in the way.
    let has_colours = std::io::stderr().is_terminal();
    let logs = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(has_colours);
    let logs = match config.log_format {
        LogFormat::Text => logs.with_target(false).with_filter(filter()).boxed(),
        LogFormat::Json => logs.json().flatten_event(true).with_filter(filter()).boxed(),
    };
    let registry = tracing_subscriber::registry().with(logs);
    let Some(endpoint) = &config.endpoint else {
        registry.try_init().context("telemetry was started before")?;
        return Ok(TelemetryGuard { tracer: None, meter: None });
    };
    let resource = Resource::builder().with_service_name(process).build();
    let tracer = tracer(endpoint, resource.clone())?;
    let meter = meter(endpoint, resource)?;
    opentelemetry::global::set_meter_provider(meter.clone());
    let spans = tracing_opentelemetry::layer().with_tracer(tracer.tracer("samordna"));
    let own_spans =
        EnvFilter::new("info,sqlx=off,h2=off,hyper=off,tower=off,tonic=off,opentelemetry=off");
    registry
        .with(spans.with_filter(own_spans))
        .try_init()
        .context("telemetry was started before")?;
    Ok(TelemetryGuard { tracer: Some(tracer), meter: Some(meter) })
}

fn tracer(endpoint: &str, resource: Resource) -> anyhow::Result<SdkTracerProvider> {
    let exporter = opentelemetry_otlp::SpanExporter::builder()
        .with_tonic()
        .with_endpoint(endpoint)
        .with_timeout(Duration::from_secs(5))
        .build()
        .context("telemetry.endpoint cannot be used for traces")?;
    Ok(SdkTracerProvider::builder().with_resource(resource).with_batch_exporter(exporter).build())
}

fn meter(endpoint: &str, resource: Resource) -> anyhow::Result<SdkMeterProvider> {
    let exporter = opentelemetry_otlp::MetricExporter::builder()
        .with_tonic()
        .with_endpoint(endpoint)
        .with_timeout(Duration::from_secs(5))
        .build()
        .context("telemetry.endpoint cannot be used for metrics")?;
    Ok(SdkMeterProvider::builder().with_resource(resource).with_periodic_exporter(exporter).build())
}

impl TelemetryGuard {
    /// Sends what is left and stops. Blocks while it does so.
    pub fn shut_down(self) {
        if let Some(tracer) = self.tracer
            && let Err(error) = tracer.shutdown()
        {
            tracing::warn!(%error, "the last traces were not sent");
        }
        if let Some(meter) = self.meter
            && let Err(error) = meter.shutdown()
        {
            tracing::warn!(%error, "the last metrics were not sent");
        }
    }
}

/// Counts a call that a service answered, by method and gRPC code.
pub fn count_call(
    service: &'static str,
    method: &'static str,
    headers: &http::HeaderMap,
    took: Duration,
) {
    static DURATION: OnceLock<Histogram<f64>> = OnceLock::new();
    let duration = DURATION.get_or_init(|| {
        opentelemetry::global::meter("samordna")
            .f64_histogram("rpc.server.duration")
            .with_unit("s")
            .with_description("Time from a call's arrival to its answer")
            .build()
    });
    // A failed unary call carries its code in the headers, a good one none.
    let code = headers.get("grpc-status").and_then(|value| value.to_str().ok()).unwrap_or("0");
    duration.record(
        took.as_secs_f64(),
        &[
            KeyValue::new("rpc.service", service),
            KeyValue::new("rpc.method", method),
            KeyValue::new("rpc.grpc.status_code", code.to_owned()),
        ],
    );
}
