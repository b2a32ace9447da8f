//! How many files the process may have open. Every connection is one, and most systems begin
//! a process with 1024, for the sake of programs that can count no further; it may have many
//! more for the asking. Kubernetes has no setting for it.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// More than all connections and databases take.
const ENOUGH: u64 = 16_384;

/// Raises the limit as far as there is need and leave; answers what it is then.
pub(crate) fn raise() -> u64 {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let now = current.unwrap_or(u64::MAX);
    let allowed = maximum.unwrap_or(u64::MAX).min(ENOUGH);
    if now >= allowed {
        return told(now);
    }
    match setrlimit(Resource::Nofile, Rlimit { current: Some(allowed), maximum }) {
        Ok(()) => told(allowed),
        Err(error) => {
            tracing::warn!(%error, "the limit of open files could not be raised");
            told(now)
        }
    }
}

fn told(limit: u64) -> u64 {
    if limit < ENOUGH {
        tracing::warn!(limit, enough = ENOUGH, "few files may be open: raise the hard limit");
    }
    limit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_as_high_as_it_may_be_and_need_be() {
        // The limit is the process's own, and there is room left for the other tests.
        let Rlimit { current: _, maximum } = getrlimit(Resource::Nofile);
        let most = maximum.unwrap_or(u64::MAX).min(ENOUGH);
        let low = Rlimit { current: Some(most.min(ENOUGH / 2)), maximum };
        setrlimit(Resource::Nofile, low).unwrap();
        assert_eq!(raise(), most);
        assert_eq!(getrlimit(Resource::Nofile).current, Some(most));
        assert_eq!(raise(), most, "nothing is left to raise");
    }
}
