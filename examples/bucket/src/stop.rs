//! The signals that end a program.

use std::io;

/// Catches Ctrl-C and SIGTERM from now on, and returns a future that waits for one of them.
///
/// A program that ends by it drops its values: the embedded server deletes its folder.
///
/// # Errors
///
/// Returns the error of the operating system if a signal cannot be caught.
#[cfg(unix)]
pub fn stop_signal() -> io::Result<impl Future<Output = ()> + Send> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
        }
    })
}

/// Returns a future that waits for Ctrl-C.
///
/// # Errors
///
/// Returns no error. If Ctrl-C cannot be caught, the future waits for ever.
#[cfg(not(unix))]
pub fn stop_signal() -> io::Result<impl Future<Output = ()> + Send> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
