//! The steps one by one.
fn main() {
    divan::main();
}
