//! The engine and the program against the embedded server, on good networks and on bad ones.

mod bench;
mod downloads;
mod faults;
mod files;
mod keys;
mod killed;
mod program;
mod proxy;
mod resumed;
mod shrunk;
mod tls;
mod uploads;
