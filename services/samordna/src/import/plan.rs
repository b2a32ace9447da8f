//! What a folder asks for: the three requests, where their fields came from,
//! and the faults found on the way. Decides what the services' answers mean for
//! the rows; sends and prints nothing.

use proto::{
    common::{ImportFault, ImportOutcome},
    finance::ImportFinanceRequest,
    organisation::ImportOrganisationRequest,
    reporting::ImportReportingRequest,
};

use super::{
    RowFault, RowOutcome, Section,
    fields::Desk,
    files::{self, Collection},
    finance,
    findings::Findings,
    organisation,
    places::Places,
    reporting,
    tables::{self, Files},
};

/// Everything the files ask for.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) organisation: ImportOrganisationRequest,
    pub(super) finance: ImportFinanceRequest,
    pub(super) reporting: ImportReportingRequest,
    organisation_places: Places,
    finance_places: Places,
    reporting_places: Places,
    findings: Findings,
}

/// What a service answered to one request.
#[derive(Debug, Default)]
pub(super) struct Answer {
    pub(super) outcomes: Vec<ImportOutcome>,
    pub(super) faults: Vec<ImportFault>,
}

impl Plan {
    /// Reads all files and puts the requests together.
    pub(super) fn of(contents: &Files, federation: &str) -> Self {
        let mut findings = Findings::default();
        let tables = tables::read(contents, &mut findings);
        let mut desk = Desk { federation, findings: &mut findings, places: Places::default() };
        let organisation = organisation::request(&tables, &mut desk);
        let organisation_places = std::mem::take(&mut desk.places);
        let finance = finance::request(&tables, &mut desk);
        let finance_places = std::mem::take(&mut desk.places);
        let reporting = reporting::request(&tables, &mut desk);
        let reporting_places = std::mem::take(&mut desk.places);
        Self {
            organisation,
            finance,
            reporting,
            organisation_places,
            finance_places,
            reporting_places,
            findings,
        }
    }

    /// True when the files have rows for a service.
    pub(super) fn has_rows(&self, section: Section) -> bool {
        match section {
            Section::Organisation => {
                let request = &self.organisation;
                !(request.federations.is_empty()
                    && request.parties.is_empty()
                    && request.areas.is_empty()
                    && request.municipalities.is_empty()
                    && request.teams.is_empty())
            }
            Section::Finance => {
                let request = &self.finance;
                !(request.recipients.is_empty()
                    && request.grants.is_empty()
                    && request.requisitions.is_empty())
            }
            Section::Reporting => {
                let request = &self.reporting;
                !(request.reporting_periods.is_empty() && request.reported_figures.is_empty())
            }
        }
    }

    /// The teams and parties that the files define, as resource names: what
    /// finance and reporting may count on although it is not there yet. Rows
    /// with faults count too, or each would raise further faults elsewhere.
    pub(super) fn expected_names(&self) -> Vec<String> {
        let names = |collection: Collection| {
            let ids = self.findings.defined_ids(collection).into_iter();
            // The form of an id that is wrong has been told where it stands.
            let ids = ids.filter(|id| values::Slug::parse("", id).is_ok());
            let parent = &self.organisation.parent;
            ids.map(move |id| format!("{parent}/{}/{id}", collection.path())).collect::<Vec<_>>()
        };
        [names(Collection::Parties), names(Collection::Teams)].concat()
    }

    /// Every fault, from the files and from the services, by file and row.
    pub(super) fn faults(&self, answers: &[(Section, Answer)]) -> Vec<RowFault> {
        let mut faults = self.findings.faults().to_vec();
        let mut follow_ons = Vec::new();
        for (section, answer) in answers {
            let placed = self.places(*section).place(&answer.faults, &self.findings);
            faults.extend(placed.news);
            follow_ons.extend(placed.follow_ons);
        }
        // What only follows from another fault is left out, but never the last
        // thing that stands in the way.
        if faults.is_empty() {
            faults = follow_ons;
        }
        faults.sort_by(|one, other| place_of(one).cmp(&place_of(other)));
        // A cell may stand for two fields.
        faults.dedup();
        faults
    }

    /// What happened, or would happen, by file and row.
    pub(super) fn outcomes(&self, answers: &[(Section, Answer)]) -> Vec<RowOutcome> {
        let of_section = |(section, answer): &(Section, Answer)| {
            let places = self.places(*section);
            answer.outcomes.iter().map(|outcome| places.outcome(outcome)).collect::<Vec<_>>()
        };
        let mut outcomes: Vec<RowOutcome> = answers.iter().flat_map(of_section).collect();
        outcomes.sort_by_key(|outcome| (file_rank(&outcome.file), outcome.first_row));
        outcomes
    }

    fn places(&self, section: Section) -> &Places {
        match section {
            Section::Organisation => &self.organisation_places,
            Section::Finance => &self.finance_places,
            Section::Reporting => &self.reporting_places,
        }
    }
}

fn place_of(fault: &RowFault) -> (usize, &str, u64, &str, &str) {
    (file_rank(&fault.file), &fault.file, fault.row, &fault.column, &fault.reason)
}

/// Files are told about in the order of the documentation, unknown ones first.
fn file_rank(file: &str) -> usize {
    files::ALL.iter().position(|spec| spec.file == file).map_or(0, |position| position + 1)
}
