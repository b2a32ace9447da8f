//! What the cuts of a table and their keys are called, and in which order keys stand.

use std::collections::HashMap;

use proto::participant::{
    BandedDimension, Banding, Cut, Dimension, ExitOutcome, Livelihood, ReferringKind, Sex,
};
use tonic::Status;

use crate::{
    text::Language,
    web::{
        account::Places,
        code,
        form::inputs::Choice,
        layout::Visit,
        reads::{self, id_of},
    },
};

/// The words of tables.
pub(super) struct Words {
    /// Teams, parties and municipalities.
    pub(super) places: Places,
    areas: HashMap<String, String>,
    bandings: Vec<Banding>,
}

impl Words {
    /// Reads them.
    pub(super) async fn read(visit: &Visit) -> Result<Self, Status> {
        let (places, areas, bandings) =
            tokio::try_join!(Places::read(visit), reads::areas(visit), reads::bandings(visit))?;
        let areas = areas.into_iter().map(|area| (area.name, area.display_name)).collect();
        Ok(Self { places, areas, bandings })
    }

    /// The cuts to choose from, by their codes.
    pub(super) fn cuts(&self, visit: &Visit) -> Vec<Choice> {
        let mut cuts = Vec::new();
        for dimension in code::all::<Dimension>() {
            let plain = Cut { dimension: dimension.into(), banding: String::new() };
            // Ages are always banded.
            if dimension != Dimension::Age {
                cuts.push(plain);
            }
            let banded = self.bandings.iter().filter(|it| divides(dimension, it.dimension()));
            cuts.extend(
                banded.map(|banding| Cut {
                    dimension: dimension.into(),
                    banding: banding.name.clone(),
                }),
            );
        }
        cuts.iter().map(|cut| Choice::new(cut_code(cut), self.cut(visit, cut))).collect()
    }

    /// What a cut is called.
    pub(super) fn cut(&self, visit: &Visit, cut: &Cut) -> String {
        let called = code::called(visit, cut.dimension().as_str_name());
        match id_of(&cut.banding) {
            "" => called,
            banding => format!("{called} ({banding})"),
        }
    }

    /// What a key of a cut is called.
    pub(super) fn key(&self, visit: &Visit, cut: &Cut, key: &str) -> String {
        if key.is_empty() {
            return visit.t("statistics-no-birth-year");
        }
        if let Some(banding) = self.banding(cut) {
            let band = banding.bands.iter().find(|band| band.id == key);
            return match (band, visit.reader.language) {
                (Some(band), Language::Swedish) => band.label.clone(),
                (Some(band), Language::English) => band.label_en.clone(),
                (None, _) => key.to_owned(),
            };
        }
        match cut.dimension() {
            Dimension::Area => {
                self.areas.get(key).cloned().unwrap_or_else(|| id_of(key).to_owned())
            }
            Dimension::Team
            | Dimension::Municipality
            | Dimension::Party
            | Dimension::ReferringParty => self.places.called(key),
            Dimension::Unspecified
            | Dimension::Sex
            | Dimension::Age
            | Dimension::ReferringKind
            | Dimension::ExitOutcome
            | Dimension::LivelihoodBefore
            | Dimension::LivelihoodAfter => code::called(visit, key),
        }
    }

    /// Where a key stands among those of its cut.
    pub(super) fn order(&self, visit: &Visit, cut: &Cut, key: &str) -> (usize, String) {
        let place = match self.banding(cut) {
            Some(banding) => banding.bands.iter().position(|band| band.id == key),
            None => codes(cut.dimension()).iter().position(|code| *code == key),
        };
        // What has no order of its own stands by its name, what has no key last.
        let last = if key.is_empty() { usize::MAX } else { usize::MAX - 1 };
        (place.unwrap_or(last), self.key(visit, cut, key))
    }

    fn banding(&self, cut: &Cut) -> Option<&Banding> {
        self.bandings.iter().find(|banding| banding.name == cut.banding)
    }
}

/// A cut as it stands in an address: the dimension, and after a colon the banding.
pub(super) fn cut_code(cut: &Cut) -> String {
    match id_of(&cut.banding) {
        "" => cut.dimension().as_str_name().to_owned(),
        banding => format!("{}:{banding}", cut.dimension().as_str_name()),
    }
}

/// The cut of a code; none of anything else.
pub(super) fn read_cut(visit: &Visit, code: &str) -> Option<Cut> {
    let (dimension, banding) = code.split_once(':').unwrap_or((code, ""));
    let dimension = Dimension::from_str_name(dimension).filter(|it| *it != Dimension::Unspecified);
    let banding = reads::name_if_given(visit, "bandings", banding);
    Some(Cut { dimension: dimension?.into(), banding })
}

fn divides(dimension: Dimension, banded: BandedDimension) -> bool {
    match banded {
        BandedDimension::Unspecified => false,
        BandedDimension::Age => dimension == Dimension::Age,
        BandedDimension::ExitOutcome => dimension == Dimension::ExitOutcome,
        BandedDimension::ReferringKind => dimension == Dimension::ReferringKind,
        BandedDimension::Livelihood => {
            [Dimension::LivelihoodBefore, Dimension::LivelihoodAfter].contains(&dimension)
        }
    }
}

/// The codes of a dimension, in the contract's order.
fn codes(dimension: Dimension) -> Vec<&'static str> {
    match dimension {
        Dimension::Sex => code::all::<Sex>().iter().map(Sex::as_str_name).collect(),
        Dimension::ReferringKind => {
            code::all::<ReferringKind>().iter().map(ReferringKind::as_str_name).collect()
        }
        Dimension::ExitOutcome => {
            code::all::<ExitOutcome>().iter().map(ExitOutcome::as_str_name).collect()
        }
        Dimension::LivelihoodBefore | Dimension::LivelihoodAfter => {
            code::all::<Livelihood>().iter().map(Livelihood::as_str_name).collect()
        }
        Dimension::Unspecified
        | Dimension::Team
        | Dimension::Area
        | Dimension::Municipality
        | Dimension::Party
        | Dimension::Age
        | Dimension::ReferringParty => Vec::new(),
    }
}
