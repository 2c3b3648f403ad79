//! onehead.
pub mod diagnostic;
pub mod git;
pub mod source;

/// Standard output and error of one run.
pub struct Io;
impl Io {
    pub fn process() -> Self {
        Io
    }
}
pub fn run(_args: impl IntoIterator<Item = std::ffi::OsString>, _io: &mut Io) -> std::process::ExitCode {
    std::process::ExitCode::SUCCESS
}
