//! The demo shop travels inside the binary: a change of its files is a change of the binary.

#[allow(clippy::print_stdout)] // That is how a build script speaks to cargo.
fn main() {
    println!("cargo::rerun-if-changed=demo");
    println!("cargo::rerun-if-changed=../migrations");
}
