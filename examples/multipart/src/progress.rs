//! The events that a transfer reports to its caller.

use std::time::Duration;

/// Something that happened. A caller needs none of it for the result.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// A transfer of this many bytes begins. The length of a stream is not known.
    Begun { size: Option<u64> },
    /// Bytes were handed to the network, or came from it.
    Moved { bytes: u64 },
    /// An attempt failed; these bytes will be sent again.
    Lost { bytes: u64 },
    /// A part is there already, and its checksum is that of the file.
    Proven { number: u32, bytes: u64 },
    /// A part is there already, and differs from the file. It is sent again.
    Differs { number: u32 },
    /// A part is complete.
    Done { number: u32 },
    /// An attempt failed, and the next one follows after a pause. `attempt` is the number of the next one, and
    /// `attempts` is the number of attempts that an error of this kind has.
    Retry { task: String, attempt: u32, attempts: u32, reason: String, wait: Duration },
    /// A request is slow, and is sent a second time while the first goes on.
    Hedged { task: String },
    /// The number of requests at the same time has changed.
    Concurrency { limit: usize },
    /// Something that a person should know.
    Note { text: String },
}
