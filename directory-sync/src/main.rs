//! The program: its rooms are in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    directory_sync::program::main()
}
