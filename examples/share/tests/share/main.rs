//! The program as a user runs it, against the server of the examples.

mod bound;
mod curl;
mod exit;
mod help;
mod inspect;
mod live;
mod shell;
mod stdin;
mod tls;
