//! Areas: groups of municipalities within the federation.

/// An area (länsdel).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Area {
    /// The name people read.
    pub display_name: String,
}
