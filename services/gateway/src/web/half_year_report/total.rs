//! A figure over all teams, which always says how many of them it covers.

use proto::{
    organisation::Team,
    reporting::{CategoryTotal, FigureDefinition, FigureTotal},
};

use super::figures::{categories, figure_text, partition_text};
use crate::{
    text::{self, Language},
    web::format,
};

/// A total ready to be shown.
#[derive(Debug, Clone)]
pub(crate) struct TotalView {
    /// What it counts.
    pub text: String,
    /// The sum; `None` when no team has reported the figure.
    pub total: Option<String>,
    /// How many teams it covers.
    pub coverage: String,
    /// The teams it does not cover.
    pub missing: Vec<String>,
    /// True when the teams report different categories.
    pub categories_differ: bool,
    /// The sums of its divisions.
    pub partitions: Vec<PartitionTotalView>,
}

/// The sums of one division.
#[derive(Debug, Clone)]
pub(crate) struct PartitionTotalView {
    /// Its heading.
    pub text: String,
    /// Its categories: heading, sum, and how many teams report it.
    pub categories: Vec<(String, String, String)>,
}

impl TotalView {
    /// Makes a total ready to be shown.
    #[must_use]
    pub(crate) fn of(
        language: Language,
        definitions: &[FigureDefinition],
        teams: &[Team],
        total: &FigureTotal,
    ) -> Self {
        let FigureTotal { figure, total, teams_covered, team_count, categories, categories_differ } =
            total;
        let definition = definitions.iter().find(|definition| definition.figure == *figure);
        let covered = teams_covered.len().to_string();
        let all = team_count.to_string();
        let facts = [("covered", covered.as_str()), ("teams", all.as_str())];
        Self {
            text: definition
                .map_or(figure.as_str(), |definition| figure_text(language, definition))
                .to_owned(),
            total: total.map(format::whole),
            coverage: text::message(language, "total-coverage", &facts),
            missing: teams
                .iter()
                .filter(|team| !teams_covered.contains(&team.name))
                .map(|team| team.display_name.clone())
                .collect(),
            categories_differ: *categories_differ,
            partitions: definition
                .map(|definition| partitions(language, definition, categories))
                .unwrap_or_default(),
        }
    }
}

/// The divisions that any team has reported, with the categories that were.
fn partitions(
    language: Language,
    definition: &FigureDefinition,
    totals: &[CategoryTotal],
) -> Vec<PartitionTotalView> {
    let mut views = Vec::new();
    for partition in &definition.partitions {
        let row = |(code, text): (&str, &str)| {
            let is_it = |total: &&CategoryTotal| {
                total.partition == partition.partition
                    && total.category == code
                    && total.team_count > 0
            };
            let found = totals.iter().find(is_it)?;
            Some((text.to_owned(), format::whole(found.count), found.team_count.to_string()))
        };
        let rows: Vec<_> = categories(language, partition).filter_map(row).collect();
        if !rows.is_empty() {
            views.push(PartitionTotalView {
                text: partition_text(language, partition).to_owned(),
                categories: rows,
            });
        }
    }
    views
}

#[cfg(test)]
mod tests {
    use super::*;

    fn team(name: &str, display_name: &str) -> Team {
        Team {
            name: name.to_owned(),
            display_name: display_name.to_owned(),
            municipalities: vec![],
        }
    }

    #[test]
    fn a_figure_nobody_reported_has_no_total() {
        let teams = [team("teams/sala", "Sala")];
        let total = FigureTotal {
            figure: "queue".to_owned(),
            total: None,
            team_count: 1,
            ..FigureTotal::default()
        };
        let view = TotalView::of(Language::Swedish, &[], &teams, &total);
        assert_eq!((view.total, view.missing), (None, vec!["Sala".to_owned()]));
    }

    #[test]
    fn a_total_names_the_teams_it_lacks() {
        let teams = [team("teams/sala", "Sala"), team("teams/fns", "FNS")];
        let total = FigureTotal {
            total: Some(15),
            teams_covered: vec!["teams/sala".to_owned()],
            team_count: 2,
            ..FigureTotal::default()
        };
        let view = TotalView::of(Language::Swedish, &[], &teams, &total);
        assert_eq!(view.total.as_deref(), Some("15"));
        assert_eq!(view.missing, ["FNS"]);
        assert!(view.coverage.contains('1') && view.coverage.contains('2'), "{}", view.coverage);
    }
}
