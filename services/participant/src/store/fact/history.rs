//! Everything that was ever known of cases: what the check of the whole database holds
//! against the journal, and what is made again from it.

use std::collections::{BTreeMap, BTreeSet};

use platform::sql::Batch;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _,
};
use values::{
    Slug,
    name::{ParticipantName, ReferralName},
};

use super::{STILL, rows};
use crate::{
    domain::fact::Fact,
    store::entity::case_fact::{Column, Entity, Model},
};

/// What the journal makes known of a case, in order of sequence.
#[derive(Debug, Clone, Default)]
pub(crate) struct History {
    /// From when on, whose it was and what counted.
    versions: Vec<(i64, ParticipantName, Vec<Fact>)>,
    /// Where it was changed, perhaps, under a key that is destroyed: what was known from
    /// there on, the table alone has.
    sealed: BTreeSet<i64>,
}

impl History {
    /// Takes in what counts from a sequence on, when that is something else than before.
    pub(crate) fn note(&mut self, sequence: i64, participant: &ParticipantName, facts: Vec<Fact>) {
        let is_known = self.versions.last().is_some_and(|(from, of, before)| {
            let is_sealed = self.sealed.last().is_some_and(|sealed| sealed > from);
            !is_sealed && of == participant && *before == facts
        });
        if !is_known {
            self.versions.push((sequence, participant.clone(), facts));
        }
    }

    /// Takes in that nobody can read what counts from a sequence on.
    pub(crate) fn note_sealed(&mut self, sequence: i64) {
        self.sealed.insert(sequence);
    }

    /// The rows of a case; `found` are those that the table has of it.
    fn rows(&self, case: &ReferralName, found: &[Model]) -> Result<Vec<Model>, DbErr> {
        let is_sealed = |row: &&Model| self.sealed.contains(&row.known_from);
        let mut of_case: Vec<Model> = found.iter().filter(is_sealed).cloned().collect();
        let begins = self.versions.iter().map(|(from, ..)| *from);
        let begins: BTreeSet<i64> =
            begins.chain(of_case.iter().map(|row| row.known_from)).collect();
        for (from, participant, facts) in &self.versions {
            let next = begins.range(from + 1..).next();
            let known_to = next.copied().unwrap_or(STILL);
            let version = rows(case, participant, facts, *from)?;
            of_case.extend(version.into_iter().map(|row| Model { known_to, ..row }));
        }
        of_case.sort_by_key(|row| (row.part, row.known_from));
        Ok(of_case)
    }
}

/// What the table has of a federation's cases, but for what nobody is known by.
#[derive(Debug)]
pub(crate) struct Found(BTreeMap<String, Vec<Model>>);

impl Found {
    /// Reads the table.
    pub(crate) async fn all(
        connection: &impl ConnectionTrait,
        federation: &Slug,
    ) -> Result<Self, DbErr> {
        let select = Entity::find()
            .filter(Column::FederationId.eq(federation.as_str()))
            .filter(Column::ParticipantId.ne(""))
            .order_by_asc(Column::CaseId)
            .order_by_asc(Column::Part)
            .order_by_asc(Column::KnownFrom);
        let mut found = BTreeMap::<String, Vec<Model>>::new();
        for row in select.all(connection).await? {
            found.entry(row.case_id.clone()).or_default().push(row);
        }
        Ok(Self(found))
    }

    /// True when what the table has of a case is what the journal makes known of it.
    pub(crate) fn is(&self, case: &ReferralName, history: &History) -> Result<bool, DbErr> {
        Ok(self.of(case) == history.rows(case, self.of(case))?)
    }

    /// The cases that the table has anything of.
    pub(crate) fn cases(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Adds what the journal makes known; what only the table had, it keeps.
    pub(crate) async fn restore<'a, C: ConnectionTrait>(
        &self,
        batch: &mut Batch<'_, C>,
        histories: impl IntoIterator<Item = (&'a ReferralName, &'a History)>,
    ) -> Result<(), DbErr> {
        let of_case =
            |(case, history): (&ReferralName, &History)| history.rows(case, self.of(case));
        let rows = histories.into_iter().map(of_case).collect::<Result<Vec<_>, _>>()?;
        batch.insert(Entity, rows.into_iter().flatten().collect()).await
    }

    fn of(&self, case: &ReferralName) -> &[Model] {
        self.0.get(case.id.as_str()).map_or(&[], Vec::as_slice)
    }
}
