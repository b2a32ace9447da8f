//! What a released count was made of, one by one: the texts that its commitment is a
//! commitment to.

use values::name::ReferralName;

/// The text of a record version: a case's time in one municipality, as the journal
/// recorded it at a sequence with a hash.
#[must_use]
pub fn record_version(case: &ReferralName, part: i16, sequence: i64, hash: &[u8]) -> String {
    let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{case}\n{part}\n{sequence}\n{hash}")
}

#[cfg(test)]
mod tests {
    use values::Slug;

    use super::*;

    #[test]
    fn a_record_version_is_the_text_that_the_contract_says() {
        let slug = |text| Slug::parse("", text).unwrap();
        let case = ReferralName::new(slug("x"), slug("r-1"));
        let text = record_version(&case, 1, 42, &[0xab, 0x01]);
        assert_eq!(text, "federations/x/referrals/r-1\n1\n42\nab01");
    }
}
