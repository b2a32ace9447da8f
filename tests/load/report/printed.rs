//! How long it takes to typeset a report that is published.

#[cfg(feature = "pdf")]
pub(crate) use with::measure;
#[cfg(not(feature = "pdf"))]
pub(crate) use without::measure;

#[cfg(feature = "pdf")]
mod with {
    use std::time::Instant;

    use reporting::testing::printed::{document, pdf};

    use super::super::TEAMS;
    use crate::{
        process, spread,
        table::{self, heading},
    };

    const TIMES: u64 = 7;
    const GOAL_MS: f64 = 1000.0;

    /// Measures it and prints the figures.
    ///
    /// # Errors
    /// When a report cannot be typeset.
    pub(crate) fn measure() -> anyhow::Result<()> {
        heading(&format!("report: the PDF of a report of {TEAMS} teams; {TIMES} reports"));
        let (mut wall, mut processor, mut size) = (Vec::new(), Vec::new(), 0);
        // The first is for warming up: it reads the fonts.
        for seed in 0..=TIMES {
            let document = document(seed, TEAMS);
            let before = process::processor_time(std::process::id())?;
            let begun = Instant::now();
            size = pdf(&document)?.len();
            if seed > 0 {
                wall.push(begun.elapsed().as_secs_f64() * 1e3);
                let taken = process::processor_time(std::process::id())?.saturating_sub(before);
                processor.push(taken.as_secs_f64() * 1e3);
            }
        }
        let (fastest, median, slowest) = spread::range(&wall);
        table::rows(
            &["what", "median ms", "fastest ms", "slowest ms", "CPU ms", "KiB", "goal"],
            &[vec![
                "PDF".to_owned(),
                format!("{median:.0}"),
                format!("{fastest:.0}"),
                format!("{slowest:.0}"),
                format!("{:.0}", spread::median(&processor)),
                (size / 1024).to_string(),
                format!("< {GOAL_MS:.0} ms"),
            ]],
        );
        Ok(())
    }
}

#[cfg(not(feature = "pdf"))]
mod without {
    use crate::table::{heading, line};

    /// Says that there is nothing to measure.
    #[expect(clippy::unnecessary_wraps, reason = "with a typesetter it can fail")]
    pub(crate) fn measure() -> anyhow::Result<()> {
        heading("report: the PDF");
        line("  not measured: this program was built without the feature pdf");
        Ok(())
    }
}
