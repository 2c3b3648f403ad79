use super::{Check, declare_rule};

declare_rule! {
    /// A suppression suppresses nothing.
    ///
    /// ## Why is this bad?
    /// What it once excused is gone, or its name is misspelt; the next mistake at this place would pass in silence.
    ///
    /// Only files that the commit adds or changes are looked at.
    ///
    /// ## Example
    /// ```python
    /// down_revision = "a1c0"  # onehead: ignore[multiple-head] both were released
    /// ```
    ///
    /// ## Fix
    /// Remove the comment, or write the name as `onehead rules` lists it.
    "unused-suppression", Warning, Check::Suppressions
}
