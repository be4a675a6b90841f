//! The streams of one HTTP/2 connection. hyper has no limit for a client that answers pings and takes nothing
//! of an answer, or opens no stream.

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::{Duration, Instant};

use hyper::rt::Executor;
use tokio::sync::watch;

tokio::task_local! {
    /// The time at which the client was given a piece that it has not taken yet.
    static GIVEN: Cell<Option<Instant>>;
}

/// Runs the streams of a connection, and ends those whose client takes nothing.
#[derive(Clone)]
pub struct Streams {
    idle: Duration,
    open: watch::Sender<usize>,
}

/// Counts a stream as open until it is dropped.
struct Open(watch::Sender<usize>);

impl Streams {
    pub fn new(idle: Duration) -> Self {
        Self { idle, open: watch::Sender::new(0) }
    }

    /// Waits until no stream has been open for `--idle-timeout`.
    pub async fn unused(&self) {
        let mut open = self.open.subscribe();
        // A change begins a new wait.
        while tokio::time::timeout(self.idle, open.changed()).await.is_ok() || *open.borrow() > 0 {}
    }
}

impl<F> Executor<F> for Streams
where
    F: Future + Send + 'static,
    F::Output: Send,
{
    fn execute(&self, stream: F) {
        let (idle, open) = (self.idle, Open::new(&self.open));
        tokio::spawn(GIVEN.scope(Cell::new(None), async move {
            let (mut stream, mut limit) = (pin!(stream), pin!(tokio::time::sleep(idle)));
            poll_fn(|cx| {
                if stream.as_mut().poll(cx).is_ready() {
                    return Poll::Ready(());
                }
                let Some(since) = GIVEN.with(Cell::get) else { return Poll::Pending };
                limit.as_mut().reset((since + idle).into());
                let is_over = limit.as_mut().poll(cx);
                if is_over.is_ready() {
                    tracing::warn!("the answer broke off: the client took nothing for {} s", idle.as_secs());
                }
                is_over
            })
            .await;
            drop(open);
        }));
    }
}

impl Open {
    fn new(open: &watch::Sender<usize>) -> Self {
        open.send_modify(|open| *open += 1);
        Self(open.clone())
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.send_modify(|open| *open -= 1);
    }
}

/// Returns true in a stream of HTTP/2.
pub fn is_http2() -> bool {
    GIVEN.try_with(|_| ()).is_ok()
}

/// Notes the time at which a client was given a piece. Over HTTP/1, the limit is that of the connection.
pub fn given(since: Option<Instant>) {
    let _ = GIVEN.try_with(|given| given.set(since));
}
