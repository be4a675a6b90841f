//! Runs the program in front of the embedded server, and in front of servers that only record.

mod egress;
mod form;
mod help;
mod integrity;
mod limits;
mod modes;
mod recorder;
mod rights;
mod running;
mod spoiled;
