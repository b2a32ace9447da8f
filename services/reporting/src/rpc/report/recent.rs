//! What the other services said of a report a moment ago, for the texts that somebody is
//! writing: an editor asks at each pause, and counts of people take their time.
//!
//! Architecture invariant: only the check of a text that is not saved works with it. What
//! is saved, handed in or published is checked with what the services say then.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use values::name::{AccountName, ReportName};

use super::outside::Outside;

/// For so long it is taken for what the services would say now.
const FRESH: TimeDelta = TimeDelta::seconds(30);
/// So many are kept at most: writers of different reports at one time.
const MOST: usize = 64;

/// Who asked for which version of which report: what they may see is theirs alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    /// The account.
    pub(super) account: AccountName,
    /// The report.
    pub(super) report: ReportName,
    /// Its version: a change of it may ask for other teams.
    pub(super) etag: String,
}

/// What was said, the newest last.
#[derive(Default)]
pub(crate) struct Recent(Mutex<Vec<Said>>);

/// What was asked for, when it was said, and what.
type Said = (Asked, DateTime<Utc>, Arc<Outside>);

impl Recent {
    /// What was said of it; none when it was too long ago.
    pub(super) fn find(&self, asked: &Asked, now: DateTime<Utc>) -> Option<Arc<Outside>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(_, said_at, _)| now - *said_at < FRESH);
        let found = kept.iter().find(|(known, ..)| known == asked);
        found.map(|(.., outside)| Arc::clone(outside))
    }

    /// Keeps what was said.
    pub(super) fn keep(&self, asked: Asked, now: DateTime<Utc>, outside: &Arc<Outside>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(known, ..)| *known != asked);
        if kept.len() >= MOST {
            kept.remove(0);
        }
        kept.push((asked, now, Arc::clone(outside)));
    }

    /// Forgets what was said of reports: figures were fetched for them.
    pub(super) fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use disclosure::Threshold;

    use super::*;
    use crate::rpc::report::counted::{Before, Derived};

    fn outside(display_name: &str) -> Arc<Outside> {
        let display_name = display_name.to_owned();
        let (derived, before) = (Derived::default(), Before::default());
        let (teams, funding_table, participant) = (Vec::new(), None, None);
        let threshold = Threshold::DEFAULT;
        Arc::new(Outside {
            display_name,
            threshold,
            teams,
            funding_table,
            derived,
            before,
            participant,
            oldest: 0,
            fetch_time: None,
            hidden: BTreeSet::new(),
        })
    }

    fn asked(account: &str, etag: &str) -> Asked {
        Asked {
            account: AccountName::parse("", &format!("federations/f/accounts/{account}")).unwrap(),
            report: ReportName::parse("", "federations/f/reports/r").unwrap(),
            etag: etag.to_owned(),
        }
    }

    #[test]
    fn what_was_said_is_found_again_by_the_same_person_for_a_while() {
        let (recent, then) = (Recent::default(), DateTime::UNIX_EPOCH);
        recent.keep(asked("anna", "1"), then, &outside("a"));
        let find = |account, etag, seconds| {
            let found = recent.find(&asked(account, etag), then + TimeDelta::seconds(seconds));
            found.map(|outside| outside.display_name.clone())
        };
        assert_eq!(find("anna", "1", 29).as_deref(), Some("a"));
        assert_eq!((find("bo", "1", 29), find("anna", "2", 29)), (None, None));
        recent.keep(asked("anna", "1"), then, &outside("b"));
        assert_eq!(find("anna", "1", 29).as_deref(), Some("b"), "the newest");
        assert_eq!(find("anna", "1", 30), None);
    }

    #[test]
    fn the_oldest_makes_way() {
        let (recent, now) = (Recent::default(), DateTime::UNIX_EPOCH);
        for number in 0..=MOST {
            recent.keep(asked("anna", &number.to_string()), now, &outside("a"));
        }
        assert!(recent.find(&asked("anna", "0"), now).is_none());
        assert!(recent.find(&asked("anna", "1"), now).is_some());
    }
}
