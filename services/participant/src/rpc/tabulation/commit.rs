//! What each shown number of a release was made of.

use std::{collections::BTreeMap, sync::Arc};

use disclosure::commitment::{Hash, leaf, root};
use platform::Failure;
use proto::participant as pb;
use sea_orm::ConnectionTrait;
use values::{Slug, name::TableLayoutName};

use crate::{
    domain::{
        disclosure::{
            record_version::record_version,
            table::{Place, ProtectedTable, Table},
        },
        tabulation::{Areas, keys},
    },
    keyring::Keyring,
    rpc::{
        Shared,
        convert::tabulation::{Commitments, count_table},
    },
    store::{self, fact::Recorded, tabulation::AsOf},
};

/// The record versions that a publication counts.
pub(super) struct Committer {
    keyring: Arc<Keyring>,
    federation: Slug,
    publication: String,
    recorded: Vec<Recorded>,
    areas: Areas,
}

impl Committer {
    /// Reads them.
    pub(super) async fn new(
        shared: &Shared,
        connection: &impl ConnectionTrait,
        federation: &Slug,
        publication: &str,
        as_of: &AsOf,
    ) -> Result<Self, Failure> {
        Ok(Self {
            keyring: Arc::clone(&shared.keyring),
            federation: federation.clone(),
            publication: publication.to_owned(),
            recorded: store::fact::known_at(connection, federation, as_of.sequence).await?,
            areas: store::tabulation::areas(connection, federation).await?,
        })
    }

    /// The table with a commitment for each number that is shown.
    ///
    /// # Errors
    /// When a number is not that of the record versions behind it.
    pub(super) fn committed(
        &self,
        layout: &TableLayoutName,
        table: &Table,
        protected: &ProtectedTable,
    ) -> Result<pb::CountTable, Failure> {
        let release = format!("{}\n{layout}\n{}", self.publication, table.sequence);
        let mut leaves: BTreeMap<Place, Vec<Hash>> = BTreeMap::new();
        for (place, value) in &protected.numbers {
            if value.is_some() {
                leaves.insert(place.clone(), Vec::new());
            }
        }
        for Recorded { case, part, sequence, hash, fact } in &self.recorded {
            let version = record_version(case, *part, *sequence, hash);
            let leaf = leaf(&self.keyring.salt(&self.federation, &release, &version), &version);
            let keys = keys(&table.layout, fact, &self.areas);
            let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
            let counted =
                table.layout.measures.iter().filter(|measure| measure.counts(fact, table.period));
            for place in counted.flat_map(|measure| Place::all_of(&keys, *measure)) {
                if let Some(of_place) = leaves.get_mut(&place) {
                    of_place.push(leaf);
                }
            }
        }
        for (place, of_place) in &leaves {
            let counted = i64::try_from(of_place.len()).ok();
            if protected.numbers.get(place).copied().flatten() != counted {
                return Err(anyhow::anyhow!("{place:?} is not what its records make it").into());
            }
        }
        let roots = leaves.into_iter().map(|(place, of_place)| (place, root(of_place)));
        let roots: Commitments = roots.collect();
        Ok(count_table(&table.layout, &protected.numbers, &roots))
    }
}
