//! The order of the Swedish alphabet: å, ä and ö come after z, and letters with
//! other accents stand with their plain letter.

use std::cmp::Ordering;

/// Compares two texts as a Swedish reader would list them; texts that differ in
/// case or accent only are told apart last, so that the order is total.
#[must_use]
pub fn compare(left: &str, right: &str) -> Ordering {
    weights(left).cmp(weights(right)).then_with(|| left.cmp(right))
}

fn weights(text: &str) -> impl Iterator<Item = u32> {
    text.chars().flat_map(char::to_lowercase).map(weight)
}

fn weight(letter: char) -> u32 {
    let after_z = |position: u32| u32::from('z') + position;
    match letter {
        'å' => after_z(1),
        'ä' | 'æ' => after_z(2),
        'ö' | 'ø' => after_z(3),
        'é' | 'è' | 'ê' | 'ë' => u32::from('e'),
        'á' | 'à' | 'â' => u32::from('a'),
        'ü' | 'ý' => u32::from('y'),
        'ó' | 'ò' | 'ô' => u32::from('o'),
        plain if plain.is_ascii() => u32::from(plain),
        other => after_z(3) + u32::from(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_and_dots_come_after_z_in_that_order() {
        let mut teams = ["Team Örebro", "Team Älvsbyn", "Team Åmål", "Team Ystad", "Team Arboga"];
        teams.sort_by(|left, right| compare(left, right));
        assert_eq!(
            teams,
            ["Team Arboga", "Team Ystad", "Team Åmål", "Team Älvsbyn", "Team Örebro"]
        );
    }

    #[test]
    fn case_and_accent_decide_last_and_a_beginning_comes_before_the_whole() {
        assert_eq!(compare("team b", "Team a"), Ordering::Greater);
        assert_eq!(compare("Idé", "Idea"), Ordering::Less);
        assert_eq!(compare("Ide", "Idé"), Ordering::Less);
        assert_eq!(compare("Sala", "sala"), Ordering::Less);
        assert_eq!(compare("Sala", "Sala"), Ordering::Equal);
    }
}
