//! A recipient's amounts as a bar: how far what is requisitioned, reserved and
//! forecast reaches, measured by the grant. Only lengths are made here; every
//! figure stands in words beside the bar.

use proto::finance::FundingAmounts;

/// Units of the picture's width.
pub(crate) const WIDTH: i64 = 1000;

/// The longest the scale gets: an amount far beyond its grant is cut off rather
/// than making every other bar unreadable.
const LONGEST_PERCENT: i64 = 250;
const SHORTEST_PERCENT: i64 = 110;
const STEP_PERCENT: i64 = 10;

/// How much of a grant the whole width stands for: the same for all bars of a
/// table, so that they can be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Scale {
    percent: i64,
}

/// The lengths of one bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Picture {
    /// Where the grant ends.
    pub granted: i64,
    /// The length of what is requisitioned.
    pub requisitioned: i64,
    /// The length of what is reserved, after it.
    pub reserved: i64,
    /// Where the forecast ends.
    pub forecast: i64,
}

impl Scale {
    /// The scale on which the longest of the bars ends inside the picture.
    #[must_use]
    pub(crate) fn of<'a>(all: impl Iterator<Item = &'a FundingAmounts>) -> Self {
        let reach = |amounts: &FundingAmounts| {
            let claimed = amounts.requisitioned_to_date_ore.saturating_add(amounts.reserved_ore);
            part_of(claimed.max(amounts.forecast_ore), amounts.granted_ore, 100)
        };
        let longest = all.map(reach).max().unwrap_or(0);
        let with_margin = (longest.clamp(0, LONGEST_PERCENT) / STEP_PERCENT + 1) * STEP_PERCENT;
        Self { percent: with_margin.clamp(SHORTEST_PERCENT, LONGEST_PERCENT) }
    }
}

impl Picture {
    /// Draws one recipient's amounts.
    #[must_use]
    pub(crate) fn of(amounts: &FundingAmounts, scale: Scale) -> Self {
        let length = |ore: i64| {
            (part_of(ore, amounts.granted_ore, WIDTH * 100) / scale.percent).clamp(0, WIDTH)
        };
        let requisitioned = length(amounts.requisitioned_to_date_ore);
        Self {
            granted: WIDTH * 100 / scale.percent,
            requisitioned,
            reserved: length(amounts.reserved_ore).min(WIDTH - requisitioned),
            forecast: length(amounts.forecast_ore),
        }
    }
}

/// `ore` of `whole`, in parts of `parts`; 0 when there is no whole.
fn part_of(ore: i64, whole: i64, parts: i64) -> i64 {
    let part = i128::from(ore) * i128::from(parts);
    let part = part.checked_div(i128::from(whole)).unwrap_or(0);
    i64::try_from(part).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amounts(granted: i64, requisitioned: i64, reserved: i64, forecast: i64) -> FundingAmounts {
        FundingAmounts {
            granted_ore: granted,
            requisitioned_to_date_ore: requisitioned,
            reserved_ore: reserved,
            forecast_ore: forecast,
            ..FundingAmounts::default()
        }
    }

    #[test]
    fn the_longest_forecast_ends_inside_the_picture() {
        let (over, under) = (amounts(1550, 937, 0, 1874), amounts(1720, 787, 100, 1574));
        let scale = Scale::of([&over, &under].into_iter());
        assert_eq!(scale, Scale { percent: 130 });
        let picture = Picture::of(&over, scale);
        assert_eq!((picture.granted, picture.requisitioned, picture.forecast), (769, 465, 930));
    }

    #[test]
    fn amounts_out_of_all_proportion_still_make_a_picture() {
        for amounts in [
            amounts(0, 0, 0, 0),
            amounts(1, i64::MAX, i64::MAX, i64::MAX),
            amounts(i64::MAX, -5, 0, -10),
        ] {
            let picture = Picture::of(&amounts, Scale::of([&amounts].into_iter()));
            let lengths =
                [picture.granted, picture.requisitioned, picture.reserved, picture.forecast];
            assert!(lengths.iter().all(|length| (0..=WIDTH).contains(length)), "{lengths:?}");
            assert!(picture.requisitioned + picture.reserved <= WIDTH);
        }
    }
}
