//! The tests of the library and of the program.

mod causes;
mod chunks;
mod commands;
mod compare;
mod forms;
mod help;
mod hostile;
mod output;
mod policy;
mod program;
mod refusals;
mod secrets;
mod texts;
mod windows;
mod words;
