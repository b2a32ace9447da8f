//! What was told of a journal contradicts whoever rewrites it, which the chain alone does not.

use platform::{
    Database,
    journal::{Claim, Head, contradicted, head, verify},
    testing::{on_both, rewrite_history},
};

use crate::world::{self, Add, Mishap, federation, write};

/// A row more, and the claim of where the journal is then.
async fn claimed(database: &Database, by: &str) -> Claim {
    let journal = world::journal(database).await;
    Add::new("a", 1, Mishap::None).run(&journal, write(by, 1)).await.unwrap();
    let head = head(&database.read, &federation()).await.unwrap();
    Claim { by: by.to_owned(), federation: federation(), head }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_history_rewritten_with_a_chain_that_fits_is_contradicted_by_what_was_told_of_it() {
    on_both(async |database| {
        let before = claimed(&database, "before").await;
        let after = claimed(&database, "after").await;
        let last = claimed(&database, "last").await;
        let claims = [before, after.clone(), last];
        assert_eq!(contradicted(&database, "finance", &claims).await.unwrap(), [""; 0]);

        rewrite_history(&database, &federation(), 2, b"1 40").await.unwrap();
        assert_eq!(verify(&database).await.unwrap(), [""; 0], "the chain fits");
        let problems = contradicted(&database, "finance", &claims).await.unwrap();
        assert_eq!(problems.len(), 2, "{problems:?}");
        let told = format!(
            "after says that the journal of finance had the hash {} at sequence 2: it has ",
            hex::encode(&after.head.hash)
        );
        assert!(problems[0].starts_with(&told), "{problems:?}");
        assert!(problems[1].starts_with("last says"), "{problems:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_history_that_was_shortened_is_contradicted_by_what_was_told_of_its_end() {
    on_both(async |database| {
        let claim = claimed(&database, "release").await;
        let of_later = Claim { head: Head { sequence: 9, ..claim.head.clone() }, ..claim };
        let problems = contradicted(&database, "finance", &[of_later]).await.unwrap();
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].ends_with("its end was taken away"), "{problems:?}");
    })
    .await;
}
