//! Text that was written as Markdown, as blocks that are typeset.

use pulldown_cmark::{Alignment, Event, Options, Parser, Tag, TagEnd};
use typeset::document::{Align, Block, Column, Inline, Level, Table};

/// What a table of a text is called: Markdown has no word for it.
const TABLE: &str = "Ur texten";

/// The blocks of a text; its headings stand at one level, whichever they were written at.
pub(super) fn blocks(markdown: &str, level: Level) -> Vec<Block> {
    let mut reader = Reader { level, ..Reader::default() };
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
        reader.take(event);
    }
    reader.flush();
    reader.blocks
}

struct Reader {
    level: Level,
    blocks: Vec<Block>,
    inline: Vec<Inline>,
    style: Style,
    /// The lists that are open, the innermost last: whether each has numbers.
    lists: Vec<bool>,
    items: Vec<Vec<Inline>>,
    is_quote: bool,
    /// Where the text of each column of the table that is open stands.
    aligned: Vec<Align>,
    /// Its cells so far, row by row.
    cells: Vec<String>,
}

#[derive(Default)]
struct Style {
    strong: u32,
    emphasis: u32,
    address: Option<String>,
}

impl Default for Reader {
    fn default() -> Self {
        Self {
            level: Level::Section,
            blocks: Vec::new(),
            inline: Vec::new(),
            style: Style::default(),
            lists: Vec::new(),
            items: Vec::new(),
            is_quote: false,
            aligned: Vec::new(),
            cells: Vec::new(),
        }
    }
}

impl Reader {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.begin(&tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Code(text) | Event::Html(text) | Event::InlineHtml(text) => {
                self.say(&text);
            }
            Event::SoftBreak | Event::HardBreak => self.say(" "),
            // Not read: the options that would tell them are off.
            Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::FootnoteReference(_)
            | Event::Rule
            | Event::TaskListMarker(_) => {}
        }
    }

    fn begin(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::Strong => self.style.strong += 1,
            Tag::Emphasis => self.style.emphasis += 1,
            Tag::Link { dest_url, .. } => self.style.address = Some(dest_url.to_string()),
            Tag::List(first) => {
                self.item();
                self.lists.push(first.is_some());
            }
            Tag::Item => self.item(),
            Tag::BlockQuote(_) => {
                self.flush();
                self.is_quote = true;
            }
            Tag::Table(columns) => {
                self.item();
                self.flush();
                self.aligned = columns.iter().map(align).collect();
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Strong => self.style.strong = self.style.strong.saturating_sub(1),
            TagEnd::Emphasis => self.style.emphasis = self.style.emphasis.saturating_sub(1),
            TagEnd::Link => self.style.address = None,
            TagEnd::Item => self.item(),
            TagEnd::List(_) => {
                self.item();
                let numbered = self.lists.pop().unwrap_or_default();
                if self.lists.is_empty() && !self.items.is_empty() {
                    let items = std::mem::take(&mut self.items);
                    self.blocks.push(Block::List { numbered, items });
                }
            }
            TagEnd::Heading(_) => {
                let text: String = self.inline.drain(..).map(words).collect();
                if !text.trim().is_empty() {
                    self.blocks.push(Block::Heading { level: self.level, text });
                }
            }
            TagEnd::BlockQuote(_) => {
                self.flush();
                self.is_quote = false;
            }
            TagEnd::TableCell => {
                let text: String = self.inline.drain(..).map(words).collect();
                self.cells.push(text.trim().to_owned());
            }
            TagEnd::Table => self.table(),
            _ if self.lists.is_empty() && is_block(&tag) => self.flush(),
            _ => {}
        }
    }

    /// Closes the item that is open; those of a list within another come after it.
    fn item(&mut self) {
        if !self.lists.is_empty() && has_words(&self.inline) {
            self.items.push(std::mem::take(&mut self.inline));
        }
    }

    /// Closes the table that is open; one without rows is what its headings say.
    fn table(&mut self) {
        let columns = std::mem::take(&mut self.aligned);
        let cells = std::mem::take(&mut self.cells);
        let mut rows = cells.chunks(columns.len().max(1)).map(<[String]>::to_vec);
        let headings = rows.next().unwrap_or_default();
        let rows: Vec<Vec<String>> = rows.collect();
        if rows.is_empty() {
            self.inline.push(Inline::Text(headings.join(" ")));
            return self.flush();
        }
        let column = |(heading, align): (String, Align)| {
            // A screen reader says a heading for each column.
            let heading = if heading.is_empty() { "\u{2013}".to_owned() } else { heading };
            Column { heading, align }
        };
        self.blocks.push(Block::Table(Table {
            caption: TABLE.to_owned(),
            columns: headings.into_iter().zip(columns).map(column).collect(),
            row_headings: false,
            rows,
            total: false,
            note: None,
        }));
    }

    fn flush(&mut self) {
        let text = std::mem::take(&mut self.inline);
        if has_words(&text) {
            self.blocks.push(match self.is_quote {
                true => Block::Quote { text, source: None },
                false => Block::Paragraph(text),
            });
        }
    }

    fn say(&mut self, text: &str) {
        let text = text.to_owned();
        let address = self.style.address.clone().filter(|address| is_reachable(address));
        self.inline.push(match address {
            Some(address) => Inline::Link { text, address },
            None if self.style.strong > 0 => Inline::Strong(text),
            None if self.style.emphasis > 0 => Inline::Emphasis(text),
            None => Inline::Text(text),
        });
    }
}

fn align(column: &Alignment) -> Align {
    match column {
        Alignment::Right => Align::End,
        Alignment::None | Alignment::Left | Alignment::Center => Align::Start,
    }
}

fn is_block(tag: &TagEnd) -> bool {
    matches!(tag, TagEnd::Paragraph | TagEnd::CodeBlock | TagEnd::HtmlBlock)
}

fn is_reachable(address: &str) -> bool {
    ["https://", "http://", "mailto:"].iter().any(|scheme| address.starts_with(scheme))
}

fn words(inline: Inline) -> String {
    match inline {
        Inline::Text(text) | Inline::Strong(text) | Inline::Emphasis(text) => text,
        Inline::Link { text, address: _ } => text,
    }
}

fn has_words(inline: &[Inline]) -> bool {
    inline.iter().any(|piece| !words(piece.clone()).trim().is_empty())
}

#[cfg(test)]
mod tests;
