//! Names of other modules, each evaluated when it is asked for.
pub(super) struct Bindings<'a> {
    _statements: &'a (),
}
