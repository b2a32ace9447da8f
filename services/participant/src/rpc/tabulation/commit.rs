//! What each shown number of a release was made of.

use std::collections::{BTreeMap, BTreeSet};

use disclosure::commitment::{Hash, leaf, root};
use platform::Failure;
use proto::participant as pb;
use sea_orm::ConnectionTrait;
use values::Slug;

use crate::{
    domain::{
        disclosure::{
            record_version::{Frozen, record_version},
            table::{Place, ProtectedTable, Table},
        },
        tabulation::{Areas, keys},
    },
    keyring::Salts,
    rpc::{
        Shared,
        convert::tabulation::{Commitments, count_table},
    },
    store::{self, fact::Recorded, tabulation::AsOf},
};

/// The record versions that a publication counts.
pub(super) struct Committer {
    recorded: Vec<Recorded>,
    areas: Areas,
    /// What the records of each party are salted with.
    salts: BTreeMap<Slug, Salts>,
}

/// A record version in a count.
pub(super) struct Leaf {
    pub(super) version: String,
    pub(super) salt: Hash,
    pub(super) hash: Hash,
}

impl Committer {
    /// Reads them.
    pub(super) async fn new(
        shared: &Shared,
        connection: &impl ConnectionTrait,
        federation: &Slug,
        as_of: &AsOf,
    ) -> Result<Self, Failure> {
        let recorded = store::fact::known_at(connection, federation, as_of.sequence).await?;
        let parties: BTreeSet<&Slug> =
            recorded.iter().map(|recorded| &recorded.fact.party.id).collect();
        let salts = |party: &Slug| (party.clone(), shared.keyring.salts(federation, party));
        let salts = parties.into_iter().map(salts).collect();
        let areas = store::tabulation::areas(connection, federation).await?;
        Ok(Self { recorded, areas, salts })
    }

    /// The record versions that numbers of a table count.
    pub(super) fn counted(
        &self,
        table: &Table,
        places: impl IntoIterator<Item = Place>,
    ) -> BTreeMap<Place, Vec<&Recorded>> {
        let mut counted: BTreeMap<Place, Vec<&Recorded>> =
            places.into_iter().map(|place| (place, Vec::new())).collect();
        for recorded in &self.recorded {
            let fact = &recorded.fact;
            let keys = keys(&table.layout, fact, &self.areas);
            let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
            let measures =
                table.layout.measures.iter().filter(|measure| measure.counts(fact, table.period));
            for place in measures.flat_map(|measure| Place::all_of(&keys, *measure)) {
                if let Some(of_place) = counted.get_mut(&place) {
                    of_place.push(recorded);
                }
            }
        }
        counted
    }

    /// A record version in the count of that text.
    ///
    /// # Errors
    /// When it is none of these records.
    pub(super) fn leaf(&self, count: &str, recorded: &Recorded) -> anyhow::Result<Leaf> {
        let Recorded { case, part, sequence, hash, fact } = recorded;
        let salts = self.salts.get(&fact.party.id);
        let salts = salts.ok_or_else(|| anyhow::anyhow!("{case} is of another table"))?;
        let version = record_version(case, *part, *sequence, hash);
        let salt = salts.of(count, &version);
        Ok(Leaf { hash: leaf(&salt, &version), version, salt })
    }

    /// The table with a commitment for each number that is shown.
    ///
    /// # Errors
    /// When a number is not that of the record versions behind it.
    pub(super) fn committed(
        &self,
        (frozen, table): (&Frozen<'_>, &Table),
        protected: &ProtectedTable,
    ) -> Result<pb::CountTable, Failure> {
        let shown = protected.numbers.iter().filter(|(_, value)| value.is_some());
        let shown: Vec<Place> = shown.map(|(place, _)| place.clone()).collect();
        let mut roots = Commitments::new();
        for (place, records) in self.counted(table, shown) {
            if protected.numbers.get(&place).copied().flatten() != i64::try_from(records.len()).ok()
            {
                return Err(anyhow::anyhow!("{place:?} is not what its records make it").into());
            }
            let count = frozen.count(&place);
            let leaves =
                records.into_iter().map(|record| self.leaf(&count, record).map(|leaf| leaf.hash));
            let leaves = leaves.collect::<anyhow::Result<Vec<Hash>>>()?;
            roots.insert(place, root(leaves));
        }
        Ok(count_table(&table.layout, &protected.numbers, &roots))
    }
}
