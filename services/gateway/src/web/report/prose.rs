//! The text of a chapter as people read it: Markdown with what is bound to figures
//! shown with its value and where that comes from.
//!
//! Architecture invariant: nothing of the text reaches the page unescaped. Marks of
//! HTML are shown as they were typed, and a link leads to the web or to a mailbox, or
//! nowhere.

use proto::reporting::ShownReference;
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::reference::Cells;
use crate::text;

/// A text as HTML. `heading` is the level of the headings in it.
pub(super) fn html(
    markdown: &str,
    references: &[ShownReference],
    cells: &Cells<'_>,
    heading: u8,
) -> String {
    let mut writer = Writer {
        html: String::with_capacity(markdown.len() * 2),
        cells,
        heading,
        links: Vec::new(),
        in_table_head: false,
    };
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    for (event, range) in Parser::new_ext(markdown, options).into_offset_iter() {
        let is_it = |one: &&ShownReference| {
            usize::try_from(one.start) == Ok(range.start)
                && usize::try_from(one.end) == Ok(range.end)
        };
        let reference = references.iter().find(is_it);
        writer.write(event, reference);
    }
    writer.html
}

struct Writer<'a> {
    html: String,
    cells: &'a Cells<'a>,
    heading: u8,
    links: Vec<Link<'a>>,
    in_table_head: bool,
}

/// A link that is open.
enum Link<'a> {
    /// It binds what is in it to a figure; where that begins in the HTML.
    Bound(&'a ShownReference, usize),
    /// It leads somewhere.
    Plain,
    /// What is in it is all there is to show.
    Nothing,
}

impl<'a> Writer<'a> {
    fn write(&mut self, event: Event<'_>, reference: Option<&'a ShownReference>) {
        match event {
            Event::Start(tag) => self.start(tag, reference),
            Event::End(end) => self.end(end),
            Event::Text(said)
            | Event::Html(said)
            | Event::InlineHtml(said)
            | Event::InlineMath(said)
            | Event::DisplayMath(said)
            | Event::FootnoteReference(said) => escape(&mut self.html, &said),
            Event::Code(said) => {
                self.html.push_str("<code>");
                escape(&mut self.html, &said);
                self.html.push_str("</code>");
            }
            Event::SoftBreak => self.html.push('\n'),
            Event::HardBreak => self.html.push_str("<br>"),
            Event::Rule => self.html.push_str("<hr>"),
            Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>, reference: Option<&'a ShownReference>) {
        match tag {
            Tag::Paragraph | Tag::HtmlBlock => self.html.push_str("<p class=\"ds-paragraph\">"),
            Tag::Heading { level, .. } => self.open_heading(level),
            Tag::BlockQuote(_) => self.html.push_str("<blockquote>"),
            Tag::CodeBlock(_) => self.html.push_str("<pre><code>"),
            Tag::List(None) => self.html.push_str("<ul class=\"ds-list\">"),
            Tag::List(Some(_)) => self.html.push_str("<ol class=\"ds-list\">"),
            Tag::Item => self.html.push_str("<li>"),
            Tag::Table(_) => self.open_table(),
            Tag::TableHead => {
                self.in_table_head = true;
                self.html.push_str("<thead><tr>");
            }
            Tag::TableRow => self.html.push_str("<tr>"),
            Tag::TableCell if self.in_table_head => self.html.push_str("<th scope=\"col\">"),
            Tag::TableCell => self.html.push_str("<td>"),
            Tag::Emphasis => self.html.push_str("<em>"),
            Tag::Strong => self.html.push_str("<strong>"),
            Tag::Strikethrough => self.html.push_str("<del>"),
            Tag::Link { dest_url, .. } => self.open_link(&dest_url, reference),
            Tag::Image { .. }
            | Tag::FootnoteDefinition(_)
            | Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition
            | Tag::Superscript
            | Tag::Subscript
            | Tag::MetadataBlock(_) => {}
        }
    }

    fn end(&mut self, end: TagEnd) {
        let closing = match end {
            TagEnd::Paragraph | TagEnd::HtmlBlock => "</p>\n",
            TagEnd::Heading(_) => return self.close_heading(),
            TagEnd::BlockQuote(_) => "</blockquote>\n",
            TagEnd::CodeBlock => "</code></pre>\n",
            TagEnd::List(true) => "</ol>\n",
            TagEnd::List(false) => "</ul>\n",
            TagEnd::Item => "</li>\n",
            TagEnd::Table => "</tbody></table></div>\n",
            TagEnd::TableHead => {
                self.in_table_head = false;
                "</tr></thead><tbody>\n"
            }
            TagEnd::TableRow => "</tr>\n",
            TagEnd::TableCell if self.in_table_head => "</th>",
            TagEnd::TableCell => "</td>",
            TagEnd::Emphasis => "</em>",
            TagEnd::Strong => "</strong>",
            TagEnd::Strikethrough => "</del>",
            TagEnd::Link => return self.close_link(),
            TagEnd::Image
            | TagEnd::FootnoteDefinition
            | TagEnd::DefinitionList
            | TagEnd::DefinitionListTitle
            | TagEnd::DefinitionListDefinition
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::MetadataBlock(_) => "",
        };
        self.html.push_str(closing);
    }

    /// All headings of a text are of one level, so that none is left out.
    fn open_heading(&mut self, _: HeadingLevel) {
        let level = self.heading;
        self.html.push_str(&format!("<h{level} class=\"ds-heading\" data-size=\"2xs\">"));
    }

    fn close_heading(&mut self) {
        let level = self.heading;
        self.html.push_str(&format!("</h{level}>\n"));
    }

    fn open_table(&mut self) {
        let caption = text::message(self.cells.language, "prose-table", &[]);
        self.html.push_str(
            "<div class=\"scroll prose-table\" role=\"region\" tabindex=\"0\" aria-label=\"",
        );
        escape(&mut self.html, &caption);
        self.html.push_str(
            "\"><table class=\"ds-table\" data-color=\"neutral\"><caption class=\"ds-sr-only\">",
        );
        escape(&mut self.html, &caption);
        self.html.push_str("</caption>\n");
    }

    fn open_link(&mut self, destination: &str, reference: Option<&'a ShownReference>) {
        if let Some(reference) = reference {
            self.html.push_str("<span class=\"bound\">");
            self.links.push(Link::Bound(reference, self.html.len()));
            return;
        }
        let is_safe =
            ["https://", "http://", "mailto:"].iter().any(|it| destination.starts_with(it));
        if is_safe {
            self.html.push_str("<a class=\"ds-link\" rel=\"noreferrer\" href=\"");
            escape(&mut self.html, destination);
            self.html.push_str("\">");
            self.links.push(Link::Plain);
        } else {
            self.links.push(Link::Nothing);
        }
    }

    fn close_link(&mut self) {
        match self.links.pop() {
            Some(Link::Bound(reference, start)) => self.close_bound(reference, start),
            Some(Link::Plain) => self.html.push_str("</a>"),
            Some(Link::Nothing) | None => {}
        }
    }

    /// What the text says is followed by the value when it is another, and by the sign
    /// of where the value comes from.
    fn close_bound(&mut self, reference: &ShownReference, start: usize) {
        let value = self.cells.value(&reference.reference, &reference.value);
        let said = self.html[start..].trim().to_owned();
        let mut shown = String::new();
        escape(&mut shown, &value);
        if said.is_empty() {
            self.html.push_str(&shown);
        } else if !is_same(&said, &shown) {
            self.html.push_str("</span><span class=\"bound-value\"> (");
            self.html.push_str(&shown);
            self.html.push(')');
        }
        self.html.push_str("</span>");
        if let Some(source) = self.cells.source(&reference.reference) {
            self.html.push_str("<span class=\"source\"><span aria-hidden=\"true\">");
            escape(&mut self.html, &source.sign);
            self.html.push_str("</span><span class=\"ds-sr-only\"> (");
            escape(&mut self.html, &source.text);
            self.html.push_str(")</span></span>");
        }
    }
}

/// True when two texts differ by their spaces only.
fn is_same(said: &str, shown: &str) -> bool {
    let characters =
        |text: &str| -> String { text.chars().filter(|it| !it.is_whitespace()).collect() };
    characters(said) == characters(shown)
}

fn escape(html: &mut String, said: &str) {
    for character in said.chars() {
        match character {
            '&' => html.push_str("&#38;"),
            '<' => html.push_str("&#60;"),
            '>' => html.push_str("&#62;"),
            '"' => html.push_str("&#34;"),
            '\'' => html.push_str("&#39;"),
            _ => html.push(character),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proto::reporting::{FigureCell, FigureSource, SubjectFigures};

    use super::*;
    use crate::text::Language;

    fn shown(markdown: &str, references: &[ShownReference]) -> String {
        let cell = FigureCell {
            figure: "exits".to_owned(),
            category: "total".to_owned(),
            value: "36".to_owned(),
            source: FigureSource::Reported.into(),
            ..FigureCell::default()
        };
        let figures = [SubjectFigures { whole: true, cells: vec![cell], ..Default::default() }];
        let cells = Cells { language: Language::Swedish, figures: &figures, subject: "" };
        html(markdown, references, &cells, 4)
    }

    fn reference(markdown: &str, link: &str, value: &str) -> ShownReference {
        let start = markdown.find(link).unwrap();
        ShownReference {
            start: i32::try_from(start).unwrap(),
            end: i32::try_from(start + link.len()).unwrap(),
            reference: "figure:exits".to_owned(),
            value: value.to_owned(),
        }
    }

    #[test]
    fn what_is_bound_shows_its_value_and_its_source() {
        let markdown = "Vi såg [](figure:exits) avslut, *alltså* [fler](figure:exits).";
        let references = [
            reference(markdown, "[](figure:exits)", "36"),
            reference(markdown, "[fler](figure:exits)", "36"),
        ];
        let html = shown(markdown, &references);
        assert!(html.contains("<span class=\"bound\">36</span><span class=\"source\">"), "{html}");
        assert!(html.contains("fler</span><span class=\"bound-value\"> (36)</span>"), "{html}");
        assert!(html.contains("<em>alltså</em>") && html.contains("rapporterat"), "{html}");
    }

    #[test]
    fn a_value_that_the_text_says_stands_once() {
        let markdown = "[13 841](figure:exits)";
        let html = shown(markdown, &[reference(markdown, markdown, "13\u{a0}841")]);
        assert!(!html.contains("bound-value"), "{html}");
    }

    #[test]
    fn marks_of_html_are_text_and_links_lead_to_the_web_only() {
        let html = shown(
            "<script>alert(1)</script>\n\n[x](javascript:alert(1)) [y](https://e.se/?a&b)",
            &[],
        );
        assert!(!html.contains("<script") && !html.contains("javascript"), "{html}");
        assert!(html.contains("href=\"https://e.se/?a&#38;b\""), "{html}");
        assert!(shown("# A\n\n###### B", &[]).matches("<h4 ").count() == 2);
    }

    proptest! {
        #[test]
        fn no_text_opens_a_mark_of_its_own(markdown in "[<>a-z\"'&()\\[\\]!:/ \n#*|`-]{0,80}") {
            let html = shown(&markdown, &[]);
            for tag in html.split('<').skip(1) {
                let name: String =
                    tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
                let ours = [
                    "p", "h4", "blockquote", "pre", "code", "ul", "ol", "li", "div", "table",
                    "caption", "thead", "tbody", "tr", "th", "td", "em", "strong", "del", "a",
                    "span", "br", "hr",
                ];
                prop_assert!(ours.contains(&name.as_str()), "{html}");
            }
        }
    }
}
