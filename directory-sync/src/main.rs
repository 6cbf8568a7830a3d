//! The program, which calls the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    directory_sync::program::main()
}
