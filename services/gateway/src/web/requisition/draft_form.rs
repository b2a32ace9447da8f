//! The form that drafts a requisition: what was typed, kept as typed, and the
//! message it stands for.

use proto::{
    common::Period,
    finance::{CostKind, CostLine, Requisition},
};

use super::{COST_KINDS, cost_kind_code};
use crate::{
    text::{self, Language},
    web::{
        form::{FormErrors, Place, Posted},
        format,
    },
};

/// Lines of an empty form.
const FIRST_LINES: usize = 4;
/// Lines a requisition may have.
const MOST_LINES: usize = 50;
/// Stands in for an amount that cannot be read, so that finance checks the rest
/// and all that is wrong can be shown at once. Never saved.
const STAND_IN_ORE: i64 = 1;

/// What was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DraftForm {
    /// The id of the grant.
    pub grant: String,
    /// The id of the party.
    pub party: String,
    /// The first day of the period.
    pub first_day: String,
    /// The last day of the period.
    pub last_day: String,
    /// Where the party wants the money.
    pub payment_reference: String,
    /// The cost lines, blank ones among them.
    pub lines: Vec<LineFields>,
}

/// What was typed in one line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct LineFields {
    /// The code of the kind.
    pub kind: String,
    /// What it was for.
    pub description: String,
    /// The full-time share.
    pub fte: String,
    /// The cost in kronor.
    pub amount: String,
}

impl LineFields {
    fn is_blank(&self) -> bool {
        [&self.kind, &self.description, &self.fte, &self.amount]
            .iter()
            .all(|typed| typed.trim().is_empty())
    }
}

impl DraftForm {
    /// An empty form.
    #[must_use]
    pub(crate) fn blank(grant: &str, party: &str) -> Self {
        Self {
            grant: grant.to_owned(),
            party: party.to_owned(),
            first_day: String::new(),
            last_day: String::new(),
            payment_reference: String::new(),
            lines: vec![LineFields::default(); FIRST_LINES],
        }
    }

    /// The form as it was posted.
    #[must_use]
    pub(crate) fn posted(posted: &Posted) -> Self {
        let count = posted.get("lines").parse().unwrap_or(FIRST_LINES).clamp(1, MOST_LINES);
        let line = |row: usize| {
            let typed = |field: &str| posted.get(&line_id(row, field)).to_owned();
            LineFields {
                kind: typed("kind"),
                description: typed("description"),
                fte: typed("fte"),
                amount: typed("amount"),
            }
        };
        Self {
            grant: posted.get("grant").to_owned(),
            party: posted.get("party").to_owned(),
            first_day: posted.get("first_day").to_owned(),
            last_day: posted.get("last_day").to_owned(),
            payment_reference: posted.get("payment_reference").to_owned(),
            lines: (0..count).map(line).collect(),
        }
    }

    /// Adds a blank line, unless there are as many as a requisition may have.
    pub(crate) fn add_line(&mut self) {
        if self.lines.len() < MOST_LINES {
            self.lines.push(LineFields::default());
        }
    }

    /// The requisition it stands for. What cannot be read is noted in `errors`
    /// and replaced by a stand-in, so that the rest can still be checked.
    #[must_use]
    pub(crate) fn read(
        &self,
        language: Language,
        federation: &str,
        errors: &mut FormErrors,
    ) -> Requisition {
        let mut name = |field: &str, collection: &str, id: &str| {
            if id.is_empty() {
                errors.add(
                    plain_place(language, field),
                    text::reason(language, "FIELD_MISSING", &[]),
                );
            }
            format!("{federation}/{collection}/{id}")
        };
        let grant = name("grant", "grants", &self.grant);
        let party = name("party", "parties", &self.party);
        let mut day = |field: &str, typed: &str| {
            let day = format::parse_date(typed).map(platform::convert::date_to_proto);
            if day.is_none() && !typed.trim().is_empty() {
                let said = text::reason(language, "DATE_MALFORMED", &[("value", typed)]);
                errors.add(plain_place(language, field), said);
            }
            day
        };
        let period = Period {
            first_day: day("first_day", &self.first_day),
            last_day: day("last_day", &self.last_day),
        };
        let lines = self.filled_rows().map(|row| self.read_line(language, row, errors)).collect();
        Requisition {
            grant,
            party,
            period: Some(period),
            cost_lines: lines,
            payment_reference: self.payment_reference.clone(),
            ..Requisition::default()
        }
    }

    /// The id a draft gets: readable, and the same for the same request.
    #[must_use]
    pub(crate) fn requisition_id(&self, request_id: &str) -> String {
        let party: String = self.party.chars().take(40).collect();
        let month = self.last_day.get(..7).filter(|_| format::parse_date(&self.last_day).is_some());
        let digits: Vec<char> = request_id.chars().filter(char::is_ascii_hexdigit).collect();
        let own_part: String = digits[digits.len().saturating_sub(8)..].iter().collect();
        let parts = [Some(party.as_str()), month, Some(own_part.as_str())];
        let parts: Vec<&str> =
            parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
        parts.join("-").to_ascii_lowercase()
    }

    /// The field of the form that a field of the message came from.
    #[must_use]
    pub(crate) fn place(&self, language: Language, field: &str) -> Option<Place> {
        let field = field.strip_prefix("requisition.").unwrap_or(field);
        if let Some(rest) = field.strip_prefix("cost_lines[") {
            let (position, part) = rest.split_once(']')?;
            let row = self.filled_rows().nth(position.parse().ok()?)?;
            let part = match part.trim_start_matches('.') {
                "description" => "description",
                "fte_percent" => "fte",
                "amount_ore" => "amount",
                _ => "kind",
            };
            return Some(line_place(language, row, part));
        }
        match field {
            "grant" | "party" | "payment_reference" => Some(plain_place(language, field)),
            "period.last_day" => Some(plain_place(language, "last_day")),
            _ if field.starts_with("period") => Some(plain_place(language, "first_day")),
            "cost_lines" => Some(line_place(language, 0, "kind")),
            _ => None,
        }
    }

    /// The ids of the form's fields, in the order they stand on the page.
    #[must_use]
    pub(crate) fn field_ids(&self) -> Vec<String> {
        let plain = ["party", "grant", "first_day", "last_day", "payment_reference"];
        let of_line =
            |row| ["kind", "description", "fte", "amount"].map(|field| line_id(row, field));
        let lines = (0..self.lines.len()).flat_map(of_line);
        plain.into_iter().map(str::to_owned).chain(lines).collect()
    }

    fn filled_rows(&self) -> impl Iterator<Item = usize> {
        self.lines.iter().enumerate().filter(|(_, line)| !line.is_blank()).map(|(row, _)| row)
    }

    fn read_line(&self, language: Language, row: usize, errors: &mut FormErrors) -> CostLine {
        let line = &self.lines[row];
        let kind = COST_KINDS.into_iter().find(|kind| cost_kind_code(*kind) == line.kind);
        if kind.is_none() {
            errors.add(
                line_place(language, row, "kind"),
                text::reason(language, "FIELD_MISSING", &[]),
            );
        }
        let fte = line.fte.trim().trim_end_matches('%');
        let fte_percent = if fte.trim().is_empty() { Some(0) } else { format::parse_whole(fte) };
        if fte_percent.is_none() {
            let said = text::reason(language, "NUMBER_NOT_WHOLE", &[("value", &line.fte)]);
            errors.add(line_place(language, row, "fte"), said);
        }
        let amount_ore = format::parse_kronor(line.amount.trim().trim_end_matches("kr"));
        if amount_ore.is_none() {
            let reason =
                if line.amount.trim().is_empty() { "FIELD_MISSING" } else { "AMOUNT_MALFORMED" };
            let said = text::reason(language, reason, &[("value", &line.amount)]);
            errors.add(line_place(language, row, "amount"), said);
        }
        CostLine {
            // The stand-in is the kind that the share, if any, is allowed for.
            kind: kind
                .unwrap_or(if fte_percent == Some(0) { CostKind::Other } else { CostKind::Staff })
                .into(),
            description: line.description.clone(),
            fte_percent: i32::try_from(fte_percent.unwrap_or(0)).unwrap_or(i32::MAX),
            amount_ore: amount_ore.unwrap_or(STAND_IN_ORE),
        }
    }
}

/// The id and name of an input of a line.
#[must_use]
pub(crate) fn line_id(row: usize, field: &str) -> String {
    format!("line-{row}-{field}")
}

fn line_place(language: Language, row: usize, field: &str) -> Place {
    let label_id = match field {
        "description" => "draft-line-description",
        "fte" => "draft-line-fte",
        "amount" => "draft-line-amount",
        _ => "draft-line-kind",
    };
    let number = (row + 1).to_string();
    let field_label = text::message(language, label_id, &[]);
    let facts = [("number", number.as_str()), ("field", field_label.as_str())];
    Place { id: line_id(row, field), label: text::message(language, "draft-line-place", &facts) }
}

fn plain_place(language: Language, field: &str) -> Place {
    let label_id = match field {
        "grant" => "draft-grant",
        "party" => "draft-party",
        "last_day" => "period-last-day",
        "payment_reference" => "draft-payment-reference",
        _ => "period-first-day",
    };
    Place { id: field.to_owned(), label: text::message(language, label_id, &[]) }
}

#[cfg(test)]
mod tests;
