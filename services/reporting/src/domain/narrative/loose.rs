//! Words of the vocabulary that are bound to nothing, beside what is bound: they may say
//! something of the same figure.

use std::ops::Range;

use super::token::Tokens;
use super::visible::{self, Block};
use super::{Mark, Narrative, is_comparison};
use crate::domain::vocabulary::Vocabulary;

/// A word that is bound to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LooseWord<'a> {
    /// Where it stands in the Markdown, with the *not* before it.
    pub span: Range<usize>,
    /// Its place in the vocabulary.
    pub word: usize,
    /// The text says the opposite.
    pub is_negated: bool,
    /// What is bound or marked in the same paragraph.
    pub beside: &'a [Mark],
}

impl Narrative {
    /// The words that are bound to nothing, in paragraphs in which something is bound, in
    /// order. A word that is a number is not among them: that is always asked for.
    #[must_use]
    pub fn loose_words(&self, vocabulary: &Vocabulary) -> Vec<LooseWord<'_>> {
        let (blocks, _) = visible::read(&self.markdown);
        let (mut words, mut rest) = (Vec::new(), self.marks.as_slice());
        for block in &blocks {
            let (beside, after) = rest.split_at(block.links().min(rest.len()));
            rest = after;
            if !beside.is_empty() {
                words.extend(self.of_block(vocabulary, block, beside));
            }
        }
        words
    }

    fn of_block<'a>(
        &self,
        vocabulary: &Vocabulary,
        block: &Block,
        beside: &'a [Mark],
    ) -> Vec<LooseWord<'a>> {
        let tokens = Tokens::read(block.text());
        let (mut words, mut at) = (Vec::new(), 0);
        while at < tokens.len() {
            let next = |distance: usize| tokens.word(at + distance);
            let first = next(0).unwrap_or_default();
            let found = vocabulary.word(self.language, first, next).filter(|(word, _)| {
                !vocabulary.words()[*word].is_number
                    && !is_comparison(vocabulary, self.language, &tokens, at)
            });
            let Some((word, length)) = found else {
                at += 1;
                continue;
            };
            let negation = tokens.word_before(at);
            let is_negated = negation.is_some_and(|it| vocabulary.negates(self.language, it));
            let said = tokens.span(at - usize::from(is_negated), at + length);
            let span = block.span(said.clone());
            // What markup stands in cannot be made the words of one link.
            if self.markdown[span.clone()] == block.text()[said] {
                words.push(LooseWord { span, word, is_negated, beside });
            }
            at += length;
        }
        words
    }
}
