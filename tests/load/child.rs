//! The processes that a measurement starts. Each is ended with its handle, also
//! when the measurement fails.

use std::{
    env,
    ffi::OsStr,
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    time::Duration,
};

use anyhow::{Context as _, bail};
use tokio::time::Instant;

/// How long a process may take to stop when it is asked to.
const STOPPING: Duration = Duration::from_secs(30);

/// A process under way; killed when dropped.
pub(crate) struct Running {
    name: String,
    log: PathBuf,
    child: Child,
}

impl Running {
    /// Starts a command. What it prints goes to `<name>.log` in the folder,
    /// which is also where it runs.
    ///
    /// # Errors
    /// When it cannot be started.
    pub(crate) fn start(name: &str, folder: &Path, mut command: Command) -> anyhow::Result<Self> {
        let log = folder.join(format!("{name}.log"));
        let output = File::create(&log).with_context(|| format!("cannot write {name}.log"))?;
        let errors = output.try_clone().context("a second handle of the log")?;
        let command =
            command.current_dir(folder).stdin(Stdio::null()).stdout(output).stderr(errors);
        let child = command.spawn().with_context(|| format!("cannot start {name}"))?;
        let name = name.to_owned();
        Ok(Self { name, log, child })
    }

    /// Its number in the kernel.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it has printed so far.
    pub(crate) fn printed(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Fails with its last words when it has ended by itself.
    ///
    /// # Errors
    /// When it has ended.
    pub(crate) fn check(&mut self) -> anyhow::Result<()> {
        match self.child.try_wait().context("the state of a process")? {
            Some(status) => bail!("{} ended with {status}: {}", self.name, self.printed()),
            None => Ok(()),
        }
    }

    /// Asks it to stop, by the signal of that name, and waits until it has.
    ///
    /// # Errors
    /// When it does not stop in time; it is killed then.
    pub(crate) async fn stop(mut self, signal: &str) -> anyhow::Result<ExitStatus> {
        self.check()?;
        let id = self.id().to_string();
        let told = Command::new("kill").args(["-s", signal, &id]).status();
        told.context("cannot run kill")?;
        let deadline = Instant::now() + STOPPING;
        while Instant::now() < deadline {
            if let Some(status) = self.child.try_wait().context("the state of a process")? {
                return Ok(status);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        bail!("{} did not stop within {} s", self.name, STOPPING.as_secs())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Does the work, and gives it up when this program is asked to stop: what it has
/// started ends with it.
///
/// # Errors
/// The work's own, or that it was given up.
pub(crate) async fn unless_stopped(
    work: impl Future<Output = anyhow::Result<()>>,
) -> anyhow::Result<()> {
    tokio::select! {
        result = work => result,
        () = platform::run::stop_signal() => bail!("stopped"),
    }
}

/// A command of a program that was built beside this one, with no setting but
/// those it is given.
///
/// # Errors
/// When it was not built.
pub(crate) fn built(program: &str) -> anyhow::Result<Command> {
    let this = env::current_exe().context("the place of this program")?;
    let file = this.with_file_name(program);
    if !file.exists() {
        bail!(
            "{program} is not built: build it with the profile of this \
             program, as tests/load/README.md says"
        );
    }
    Ok(clean(Command::new(file)))
}

/// A command of this very program.
///
/// # Errors
/// When its place is not known.
pub(crate) fn own() -> anyhow::Result<Command> {
    let this = env::current_exe().context("the place of this program")?;
    Ok(clean(Command::new(this)))
}

fn clean(mut command: Command) -> Command {
    for (key, _) in env::vars_os() {
        let is_setting = |key: &str| key.starts_with("SAMORDNA__") || key == "RUST_LOG";
        if OsStr::to_str(&key).is_some_and(is_setting) {
            command.env_remove(&key);
        }
    }
    command
}

/// Runs a command to its end and answers what it printed.
///
/// # Errors
/// With its words, when it fails.
pub(crate) fn run(mut command: Command) -> anyhow::Result<String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot run {}", command.get_program().display()))?;
    if !output.status.success() {
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        bail!("{} failed: {words}", command.get_program().display());
    }
    String::from_utf8(output.stdout).context("what it printed is no text")
}
