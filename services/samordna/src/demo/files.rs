//! The demonstration's files, part of the binary and written out for whoever
//! wants to change them and import again.

use std::{fs, path::Path};

use anyhow::Context as _;

macro_rules! demo_files {
    ($($file:literal),* $(,)?) => {
        &[$(($file, include_str!(concat!("../../../../deploy/demo/", $file)))),*]
    };
}

const FILES: &[(&str, &str)] = demo_files![
    "README.md",
    "account-plan-accounts.csv",
    "account-plan-codes.csv",
    "account-plan.csv",
    "areas.csv",
    "budget-forecasts.csv",
    "budget-rows.csv",
    "budgets.csv",
    "contribution-payments.csv",
    "contribution-shares.csv",
    "contributions.csv",
    "equity-limits.csv",
    "federation.csv",
    "financial-years.csv",
    "grant-amendments.csv",
    "grants.csv",
    "municipalities.csv",
    "own-costs.csv",
    "parties.csv",
    "recipients.csv",
    "reported-figures.csv",
    "reporting-periods.csv",
    "requisition-lines.csv",
    "requisitions.csv",
    "staffing-financing.csv",
    "teams.csv",
];

/// Writes the files into a folder.
pub(super) fn write(folder: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    for (file, content) in FILES {
        fs::write(folder.join(file), content).with_context(|| format!("cannot write {file}"))?;
    }
    Ok(())
}
