//! The tests of the library and of the program.

mod causes;
mod commands;
mod compare;
mod forms;
mod help;
mod hostile;
mod output;
mod program;
mod refusals;
mod secrets;
mod texts;
mod words;
