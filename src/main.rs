//! argv, stdio, exit code; nothing else.

use std::process::ExitCode;

fn main() -> ExitCode {
    onehead::run(std::env::args_os(), &mut onehead::Io::process()).into()
}
