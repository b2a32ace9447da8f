//! Reads a PDF as a screen reader does: what stands on the pages, and the tree of tags.

use lopdf::{Dictionary, Object};

/// A PDF, opened.
pub(crate) struct File(lopdf::Document);

impl File {
    pub(crate) fn open(bytes: &[u8]) -> Self {
        Self(lopdf::Document::load_mem(bytes).unwrap())
    }

    pub(crate) fn pages(&self) -> usize {
        self.0.get_pages().len()
    }

    /// What stands on all pages, without spaces and hyphens: where a line breaks is a
    /// matter of the page.
    pub(crate) fn text(&self) -> String {
        let pages: Vec<u32> = self.0.get_pages().into_keys().collect();
        squeezed(&self.0.extract_text(&pages).unwrap())
    }

    pub(crate) fn catalog(&self) -> &Dictionary {
        self.0.catalog().unwrap()
    }

    /// What the file says of itself, in XML.
    pub(crate) fn metadata(&self) -> String {
        let stream = self.entry(self.catalog(), b"Metadata").as_stream().unwrap();
        String::from_utf8(stream.content.clone()).unwrap()
    }

    /// An entry, looked up if it stands elsewhere.
    pub(crate) fn entry<'a>(&'a self, dictionary: &'a Dictionary, key: &[u8]) -> &'a Object {
        self.0.dereference(dictionary.get(key).unwrap()).unwrap().1
    }

    /// The elements of the tree of tags, each before what it holds.
    pub(crate) fn elements(&self) -> Vec<&Dictionary> {
        let root = self.entry(self.catalog(), b"StructTreeRoot").as_dict().unwrap();
        let mut elements = Vec::new();
        let mut waiting = vec![root];
        while let Some(element) = waiting.pop() {
            if element.has(b"S") {
                elements.push(element);
            }
            let mut below = self.below(element);
            below.reverse();
            waiting.extend(below);
        }
        elements
    }

    fn below<'a>(&'a self, element: &'a Dictionary) -> Vec<&'a Dictionary> {
        if !element.has(b"K") {
            return Vec::new();
        }
        let parts = match self.entry(element, b"K") {
            Object::Array(parts) => parts.iter().collect(),
            one => vec![one],
        };
        parts
            .into_iter()
            .filter_map(|part| self.0.dereference(part).ok()?.1.as_dict().ok())
            .collect()
    }

    /// The elements with a tag.
    pub(crate) fn tagged(&self, tag: &str) -> Vec<&Dictionary> {
        let mut elements = self.elements();
        elements.retain(|element| name(element, b"S") == tag);
        elements
    }

    /// The titles of the bookmarks, in their order.
    pub(crate) fn bookmarks(&self) -> Vec<String> {
        let mut titles = Vec::new();
        let mut waiting = vec![self.entry(self.catalog(), b"Outlines").as_dict().unwrap()];
        while let Some(item) = waiting.pop() {
            if item.has(b"Title") {
                titles.push(text_of(self.entry(item, b"Title")));
            }
            for key in [b"Next".as_slice(), b"First"] {
                if item.has(key) {
                    waiting.push(self.entry(item, key).as_dict().unwrap());
                }
            }
        }
        titles
    }
}

/// The name under a key.
pub(crate) fn name(dictionary: &Dictionary, key: &[u8]) -> String {
    String::from_utf8(dictionary.get(key).unwrap().as_name().unwrap().to_vec()).unwrap()
}

/// A text, whether it is written in bytes or in UTF-16.
pub(crate) fn text_of(object: &Object) -> String {
    lopdf::decode_text_string(object).unwrap()
}

/// Without what a line break adds or takes away: spaces and hyphens.
pub(crate) fn squeezed(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace() && !"-\u{ad}".contains(*letter)).collect()
}
