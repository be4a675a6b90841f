//! The lab's function for JavaScript, without glue code and without pointers: text goes in and out four bytes a call.
//!
//! ```text
//! push(word, count)   appends the first `count` bytes of `word`, the lowest byte first, to the question
//! ask()               answers the question, and returns the length of the answer in bytes
//! word(index)         returns the four bytes of the answer that begin at `index`; 0 for bytes after the end
//! ```

use std::cell::RefCell;
use std::mem;

thread_local! {
    static QUESTION: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    static ANSWER: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Appends bytes to the question.
#[unsafe(no_mangle)]
pub extern "C" fn push(word: u32, count: u32) {
    let count = usize::try_from(count).unwrap_or_default();
    QUESTION.with_borrow_mut(|question| question.extend(word.to_le_bytes().into_iter().take(count)));
}

/// Answers the question, and starts the next one.
#[unsafe(no_mangle)]
pub extern "C" fn ask() -> u32 {
    let question = QUESTION.with_borrow_mut(mem::take);
    let answer = lab_logic::answer(&String::from_utf8_lossy(&question));
    let length = u32::try_from(answer.len()).unwrap_or_default();
    ANSWER.set(answer);
    length
}

/// Returns four bytes of the answer.
#[unsafe(no_mangle)]
pub extern "C" fn word(index: u32) -> u32 {
    let start = usize::try_from(index).unwrap_or(usize::MAX);
    ANSWER.with_borrow(|answer| {
        let mut bytes = [0; 4];
        for (to, from) in bytes.iter_mut().zip(answer.as_bytes().get(start..).unwrap_or_default()) {
            *to = *from;
        }
        u32::from_le_bytes(bytes)
    })
}
