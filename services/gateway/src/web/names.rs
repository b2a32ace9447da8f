//! What resource names are called by people: read once for a page, asked for
//! each row.

use std::collections::HashMap;

use tonic::Status;

use super::{
    form::inputs::Choice,
    layout::Visit,
    reads::{self, id_of},
};

/// What parties, recipients and grants are called.
pub(crate) struct Names {
    parties: HashMap<String, String>,
    recipients: HashMap<String, String>,
    recipients_by_grant: HashMap<String, String>,
}

impl Names {
    /// Reads them.
    ///
    /// # Errors
    /// What a service answered instead.
    pub(crate) async fn read(visit: &Visit) -> Result<Self, Status> {
        let (parties, grants, recipients) = tokio::try_join!(
            reads::parties(visit),
            reads::grants(visit),
            reads::recipients(visit)
        )?;
        let recipients: HashMap<String, String> = recipients
            .into_iter()
            .map(|recipient| (recipient.name, recipient.display_name))
            .collect();
        Ok(Self {
            parties: parties.into_iter().map(|party| (party.name, party.display_name)).collect(),
            recipients_by_grant: grants
                .into_iter()
                .map(|grant| (grant.name, called(&recipients, &grant.recipient)))
                .collect(),
            recipients,
        })
    }

    /// A party.
    #[must_use]
    pub(crate) fn party(&self, name: &str) -> String {
        called(&self.parties, name)
    }

    /// The parties to choose from, by what they are called.
    #[must_use]
    pub(crate) fn parties(&self) -> Vec<Choice> {
        choices(&self.parties)
    }

    /// The recipients to choose from, by what they are called.
    #[must_use]
    pub(crate) fn recipients(&self) -> Vec<Choice> {
        choices(&self.recipients)
    }

    /// The grants to choose from, by what their recipients are called.
    #[must_use]
    pub(crate) fn grants(&self) -> Vec<Choice> {
        let mut grants = choices(&self.recipients_by_grant);
        for grant in &mut grants {
            grant.text = format!("{} ({})", grant.text, grant.code);
        }
        grants
    }

    /// A recipient.
    #[must_use]
    pub(crate) fn recipient(&self, name: &str) -> String {
        called(&self.recipients, name)
    }

    /// A grant: its recipient, and its id among the recipient's.
    #[must_use]
    pub(crate) fn grant(&self, name: &str) -> String {
        format!("{} ({})", self.recipient_of_grant(name), id_of(name))
    }

    /// The recipient of a grant.
    #[must_use]
    pub(crate) fn recipient_of_grant(&self, name: &str) -> String {
        called(&self.recipients_by_grant, name)
    }
}

fn choices(names: &HashMap<String, String>) -> Vec<Choice> {
    let choice = |(name, called): (&String, &String)| Choice::new(id_of(name), called.clone());
    let mut choices: Vec<Choice> = names.iter().map(choice).collect();
    choices.sort_by(|one, other| (&one.text, &one.code).cmp(&(&other.text, &other.code)));
    choices
}

fn called(names: &HashMap<String, String>, name: &str) -> String {
    names.get(name).cloned().unwrap_or_else(|| id_of(name).to_owned())
}
