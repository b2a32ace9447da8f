//! The demonstration: serves on a data directory, loads Västmanland's published
//! first half of 2025 through the public API, with the approvals given by the
//! accounts that may give them, and prints who can sign in.

mod accounts;
pub mod approvals;
pub mod course;
mod files;
mod half_year;
pub mod planning;
pub mod referrals;
pub mod reports;

use std::{fs, path::Path, process::ExitCode};

use anyhow::Context as _;
use gateway::text::Language;
use platform::{Clock, config::Config, run, telemetry};
use tonic::transport::Endpoint;

use crate::{
    all_in_one::{self, AllInOne},
    import,
};

use accounts::SignIns;

/// The federation of the demonstration.
const FEDERATION: &str = "vastmanland";

/// Serves the demonstration until told to stop.
///
/// # Errors
/// With a line to act on.
pub async fn run(config: &Config) -> anyhow::Result<ExitCode> {
    let telemetry = telemetry::start(&config.common.telemetry, "samordna")?;
    let listener = run::bind::<AllInOne>(config).await?;
    let address = listener.local_addr()?;
    let process = all_in_one::mount(config, Clock::system()).await?;
    let config = config.clone();
    let story = async move {
        let reachable = if address.ip().is_unspecified() {
            format!("http://127.0.0.1:{}", address.port())
        } else {
            format!("http://{address}")
        };
        let sign_ins = load(&config, &reachable).await?;
        sign_ins.print(&config, &reachable)?;
        run::stop_signal().await;
        Ok(())
    };
    let (told, stop) = tokio::sync::oneshot::channel::<()>();
    let server = run::serve(listener, process, async move {
        let _ = stop.await;
    });
    let script = async move {
        let result: anyhow::Result<()> = story.await;
        let _ = told.send(());
        result
    };
    let (served, told) = tokio::join!(server, script);
    tokio::task::spawn_blocking(|| telemetry.shut_down()).await?;
    told.and(served)?;
    Ok(ExitCode::SUCCESS)
}

/// Loads what is not there yet. Interrupted, it goes on where it was the next
/// time; on a directory that has it all, it changes nothing.
async fn load(config: &Config, address: &str) -> anyhow::Result<SignIns> {
    let home = config.common.data_directory.join("demo");
    fs::create_dir_all(&home).with_context(|| format!("cannot create {}", home.display()))?;
    let sign_ins = SignIns::open(&home)?;
    let tokens = accounts::create(config, &sign_ins).await?;
    if is_loaded(&home) {
        return Ok(sign_ins);
    }

    let folder = home.join("files");
    files::write(&folder)?;
    let channel = Endpoint::from_shared(address.to_owned())?.connect_lazy();
    let gateway = import::connect(channel.clone(), &tokens.import, Language::English)?;
    let options = import::ImportOptions {
        from: folder,
        federation: FEDERATION.to_owned(),
        apply: true,
        language: Language::English,
    };
    let report = import::run(options, gateway).await?;
    anyhow::ensure!(
        report.is_good(),
        "the demonstration's files were refused: {:?}",
        report.faults
    );
    let economist =
        import::connect(channel.clone(), &tokens.federation_economist, Language::English)?;
    let administrator =
        import::connect(channel.clone(), &tokens.federation_administrator, Language::English)?;
    approvals::give(economist, administrator.clone()).await?;
    let programme_lead =
        import::connect(channel.clone(), &tokens.programme_lead, Language::English)?;
    let officer = import::connect(channel.clone(), &tokens.officer, Language::English)?;
    let coordinator = import::connect(channel, &tokens.coordinator, Language::English)?;
    referrals::make(officer, coordinator.clone()).await?;
    course::make(administrator.clone(), coordinator).await?;
    reports::make(administrator.clone(), programme_lead).await?;
    planning::make(administrator).await?;
    fs::write(home.join(LOADED), "").context("cannot note that the demonstration is loaded")?;
    Ok(sign_ins)
}

/// Stands in the directory when everything is loaded, so that a later start
/// approves nothing that people submitted themselves.
const LOADED: &str = "loaded";

fn is_loaded(home: &Path) -> bool {
    home.join(LOADED).exists()
}
