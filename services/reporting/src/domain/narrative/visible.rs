//! What a reader sees of Markdown, in blocks, and where each part of it stands
//! in the source.
//!
//! A link that binds or marks is taken out and leaves a sign in its place, so
//! that nothing reads across it. All else that is shown is text: emphasis,
//! entities and code hide no number, and neither do signs without width.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::measure::Measure;

/// What stands for a link that was taken out.
const TAKEN_OUT: char = '\u{fffc}';

/// A paragraph, a heading, a cell of a table.
#[derive(Debug, Default)]
pub(super) struct Block {
    text: String,
    /// Where each run of the text begins, and where it stands in the source.
    runs: Vec<(usize, usize)>,
    source_end: usize,
}

/// A link that binds or marks.
#[derive(Debug)]
pub(super) struct Link {
    /// Where it stands in the source.
    pub(super) span: Range<usize>,
    pub(super) destination: String,
    pub(super) title: String,
    /// Where what is in the brackets stands.
    pub(super) inner: Range<usize>,
    /// What a reader sees of it.
    pub(super) text: String,
}

impl Block {
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// How many links were taken out.
    pub(super) fn links(&self) -> usize {
        self.text.matches(TAKEN_OUT).count()
    }

    /// For each link that was taken out, whether it stands before a percent.
    pub(super) fn percent_after_links(&self) -> impl Iterator<Item = bool> {
        self.text.match_indices(TAKEN_OUT).map(|(at, taken_out)| {
            let after = self.text[at + taken_out.len()..].trim_start();
            ["%", "procent", "percent", "per cent"].iter().any(|unit| after.starts_with(unit))
        })
    }

    /// Where a part of the text stands in the source.
    pub(super) fn span(&self, part: Range<usize>) -> Range<usize> {
        let start = self.source(part.start);
        let last = self.text[..part.end].char_indices().next_back();
        let end = last.map_or(start, |(at, character)| self.source(at) + character.len_utf8());
        start..end.min(self.source_end).max(start)
    }

    fn source(&self, at: usize) -> usize {
        let after = self.runs.partition_point(|(start, _)| *start <= at);
        let (start, source) = after.checked_sub(1).map_or((at, 0), |run| self.runs[run]);
        source + (at - start)
    }

    fn push(&mut self, text: &str, source: &str, range: Range<usize>) {
        let offset = source[range.clone()].find(text);
        let mut is_run = false;
        for (at, character) in text.char_indices() {
            if is_without_width(character) || character == TAKEN_OUT {
                is_run = false;
                continue;
            }
            if !is_run {
                let at_source = offset.map_or(range.start, |offset| range.start + offset + at);
                self.runs.push((self.text.len(), at_source));
                is_run = offset.is_some();
            }
            self.text.push(character);
        }
        self.source_end = range.end;
    }

    /// Leaves the sign for a link that stands there in the source.
    fn take_out(&mut self, range: Range<usize>) {
        self.runs.push((self.text.len(), range.start));
        self.text.push(TAKEN_OUT);
        self.source_end = range.end;
    }
}

fn is_without_width(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

/// The blocks of a text, and its links that bind or mark.
pub(super) fn read(markdown: &str) -> (Vec<Block>, Vec<Link>) {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut blocks = vec![Block::default()];
    let mut links = Vec::new();
    let mut open: Option<(Link, Block)> = None;
    for (event, range) in Parser::new_ext(markdown, options).into_offset_iter() {
        if let Some((link, _)) = &mut open
            && range != link.span
        {
            link.inner = link.inner.start.min(range.start)..link.inner.end.max(range.end);
        }
        let last = blocks.last_mut().expect("never empty");
        let shown = open.as_mut().map_or(last, |(_, block)| block);
        match event {
            Event::Start(Tag::Link { dest_url, title, .. }) if is_ours(&dest_url) => {
                let (destination, title) = (dest_url.into_string(), title.trim().to_owned());
                let inner = range.end..range.start;
                let link = Link { span: range, destination, title, inner, text: String::new() };
                open = Some((link, Block::default()));
            }
            Event::End(TagEnd::Link) => {
                if let Some((link, block)) = open.take() {
                    let span = link.span.clone();
                    let is_empty = link.inner.start > link.inner.end;
                    let inner = if is_empty { span.start..span.start } else { link.inner };
                    links.push(Link { inner, text: block.text, span: span.clone(), ..link });
                    let last = blocks.last_mut().expect("never empty");
                    last.take_out(span);
                }
            }
            Event::Text(text)
            | Event::Code(text)
            | Event::InlineMath(text)
            | Event::DisplayMath(text) => shown.push(&text, markdown, range),
            Event::Html(html) | Event::InlineHtml(html) => shown.push(&html, markdown, range),
            Event::SoftBreak | Event::HardBreak => shown.push(" ", markdown, range),
            Event::Start(tag) if !is_inline(&tag) => blocks.push(Block::default()),
            Event::End(end) if !ends_inline(end) => blocks.push(Block::default()),
            Event::Start(_)
            | Event::End(_)
            | Event::FootnoteReference(_)
            | Event::Rule
            | Event::TaskListMarker(_) => {}
        }
    }
    blocks.retain(|block| !block.text.is_empty());
    (blocks, links)
}

/// True for a destination that binds or marks.
fn is_ours(destination: &str) -> bool {
    matches!(destination, "quotation" | "no-statistic") || Measure::parse(destination).is_some()
}

fn is_inline(tag: &Tag<'_>) -> bool {
    matches!(
        tag,
        Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. }
    )
}

fn ends_inline(end: TagEnd) -> bool {
    matches!(
        end,
        TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image
    )
}
