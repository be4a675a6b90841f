//! The tests of the library and of the program.

mod words;
