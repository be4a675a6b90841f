//! Runs the program in front of the embedded server, and in front of servers that only record.

mod attack;
mod cors;
mod egress;
mod flow;
mod form;
mod frames;
mod framing;
mod help;
mod hostile;
mod integrity;
mod limits;
mod live;
mod modes;
mod recorder;
mod rights;
mod running;
mod slow;
mod spoiled;
mod tls;
