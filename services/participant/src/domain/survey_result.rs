//! What many have answered to one question: how many, of how many, their mean and how
//! they are spread. In whole numbers; a mean is never shown without its n and base.

use values::share::divide_half_up;

use super::questionnaire::Scale;

/// The answers to one question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SurveyResult {
    /// How many could have answered.
    pub base: i64,
    /// How many answered (n).
    pub answered: i64,
    /// The mean of the answers, in hundredths, rounded half up; none without answers.
    pub mean_hundredths: Option<i64>,
    /// How many answered what, from the lowest step to the highest.
    pub by_step: Vec<i64>,
}

/// Adds up answers, in halves, to a question that `base` people could have answered.
///
/// # Panics
/// On an answer that the scale does not have: none is ever recorded.
#[must_use]
pub fn survey_result(
    scale: Scale,
    base: i64,
    answers: impl IntoIterator<Item = i32>,
) -> SurveyResult {
    let step = if scale.half_steps() { 1 } else { 2 };
    let (mut answered, mut sum_halves) = (0_i64, 0_i64);
    let mut by_step = vec![0; scale.steps().count()];
    for halves in answers {
        assert!(scale.has(halves), "{halves} halves are an answer of the scale");
        let place = (halves - scale.least_halves()) / step;
        by_step[usize::try_from(place).expect("an answer is not below the lowest")] += 1;
        answered += 1;
        sum_halves += i64::from(halves);
    }
    SurveyResult { base, answered, mean_hundredths: mean_hundredths(sum_halves, answered), by_step }
}

/// A half is fifty hundredths.
fn mean_hundredths(sum_halves: i64, answered: i64) -> Option<i64> {
    divide_half_up(i128::from(sum_halves) * 50, answered.into())
        .and_then(|mean| i64::try_from(mean).ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn scale(least_halves: i32, most_halves: i32, half_steps: bool) -> Scale {
        Scale::new(least_halves, most_halves, half_steps).unwrap()
    }

    #[test]
    fn the_mean_is_rounded_half_up_and_stands_beside_n_and_base() {
        for (scale, base, answers, mean, by_step) in [
            (scale(2, 6, true), 5, &[2, 3, 3, 6][..], Some(175), &[1, 2, 0, 0, 1][..]),
            // 8,5 and 9 are 8,75; 1, 1 and 2 are 1,33; 1, 2 and 2 are 1,67.
            (scale(16, 20, true), 2, &[17, 18], Some(875), &[0, 1, 1, 0, 0]),
            (scale(2, 4, false), 3, &[2, 2, 4], Some(133), &[2, 1]),
            (scale(2, 4, false), 3, &[2, 4, 4], Some(167), &[1, 2]),
            // 0 seven times and ½ once are 0,0625; 0 three times and ½ once are 0,125.
            (scale(0, 1, true), 9, &[0, 0, 0, 0, 0, 0, 0, 1], Some(6), &[7, 1]),
            (scale(0, 1, true), 9, &[0, 0, 0, 1], Some(13), &[3, 1]),
            (scale(2, 6, false), 12, &[], None, &[0, 0, 0]),
            (scale(2, 6, false), 0, &[], None, &[0, 0, 0]),
        ] {
            let answered = i64::try_from(answers.len()).unwrap();
            let by_step = by_step.to_vec();
            let expected = SurveyResult { base, answered, mean_hundredths: mean, by_step };
            assert_eq!(survey_result(scale, base, answers.iter().copied()), expected);
        }
    }

    prop_compose! {
        fn any_scale()(half_steps: bool, least in 0..99, most in 1..=100) -> Scale {
            let most = least + 1 + most % (100 - least);
            scale(least * 2, most * 2, half_steps)
        }
    }

    prop_compose! {
        fn any_answers()(scale in any_scale())(
            answers in prop::collection::vec(
                prop::sample::select(scale.steps().collect::<Vec<_>>()), 0..60),
            scale in Just(scale),
        ) -> (Scale, Vec<i32>) {
            (scale, answers)
        }
    }

    proptest! {
        #[test]
        fn n_counts_and_mean_agree_with_the_answers(
            (scale, answers) in any_answers(), silent in 0_i64..100
        ) {
            let count = i64::try_from(answers.len()).unwrap();
            let base = count + silent;
            let found = survey_result(scale, base, answers.iter().copied());
            prop_assert_eq!((found.base, found.answered), (base, count));
            prop_assert_eq!(found.by_step.iter().sum::<i64>(), count);
            let of_steps: i64 =
                scale.steps().zip(&found.by_step).map(|(step, n)| i64::from(step) * n).sum();
            prop_assert_eq!(of_steps, answers.iter().copied().map(i64::from).sum::<i64>());
            match found.mean_hundredths {
                None => prop_assert_eq!(count, 0),
                Some(mean) => {
                    // Half up: the mean is above the exact one by at most a half hundredth,
                    // and below it by less.
                    let off = 2 * (mean * count - of_steps * 50);
                    prop_assert!(-count < off && off <= count, "{mean}");
                    let (least, most) = (scale.least_halves(), scale.most_halves());
                    prop_assert!((least * 50..=most * 50).contains(&i32::try_from(mean).unwrap()));
                }
            }
            let mut turned = answers.clone();
            turned.reverse();
            prop_assert_eq!(survey_result(scale, base, turned), found);
        }
    }
}
