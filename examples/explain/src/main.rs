//! Shows how the signature of a request is computed, step by step.

fn main() {
    for part in explain::words::Part::ALL {
        let words = explain::words::of(*part);
        println!("{}\n  {}\n  {}\n  {}", words.name, words.what, words.why, words.source.url);
    }
}
