//! argv, stdio, exit code; nothing else.

use std::panic;
use std::process::ExitCode;

fn main() -> ExitCode {
    // whatever happens inside, git's user gets one line and a way on
    panic::set_hook(Box::new(onehead::report_panic));
    panic::catch_unwind(|| onehead::run(std::env::args_os(), &mut onehead::Io::process()))
        .unwrap_or(onehead::ExitStatus::Failed)
        .into()
}
