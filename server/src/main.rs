use clap::Parser;
use server::config::Cli;
use std::process::ExitCode;

/// Rendering makes and frees many small strings, which this allocator is made for.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    if let Err(error) = server::telemetry::start(cli.common.log_format, &cli.common.log) {
        eprintln!("--log {:?} can’t be read: {error}", cli.common.log);
        return ExitCode::FAILURE;
    }
    match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime.block_on(server::cli::run(cli)),
        Err(error) => {
            eprintln!("the runtime can’t start: {error}");
            ExitCode::FAILURE
        }
    }
}
