//! Runs the server of the examples alone, until Ctrl-C or SIGTERM.
//!
//! ```sh
//! cargo run -p bucket            # on a free port
//! cargo run -p bucket -- 9000    # on this port of 127.0.0.1
//! ```
//!
//! It prints the variables with which other programs find it. The objects are gone when it ends.

use std::io::Write;
use std::process::ExitCode;

use bucket::{Exit, Server};

const USAGE: &str = "\
usage: bucket [PORT]

Runs an S3 server on 127.0.0.1 until Ctrl-C or SIGTERM. Without PORT it takes a free one.
It prints the variables with which other programs find it.";

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    if arguments.iter().any(|argument| matches!(argument.as_str(), "-h" | "--help")) {
        let _ = writeln!(std::io::stdout(), "{USAGE}");
        return Exit::Ok.into();
    }
    let port = match arguments.as_slice() {
        [] => Some(0),
        [port] => port.parse().ok(),
        _ => None,
    };
    let Some(port) = port else {
        let given = arguments.join(" ");
        let _ = writeln!(std::io::stderr(), "bucket: \"{given}\" is not a port from 0 to 65535\n{USAGE}");
        return Exit::Usage.into();
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    match runtime.and_then(|runtime| runtime.block_on(serve(port))) {
        Ok(()) => Exit::Ok.into(),
        Err(error) => {
            let advice = "choose another port";
            let _ = writeln!(
                std::io::stderr(),
                "bucket: the server cannot listen on port {port}: {error}; {advice}"
            );
            Exit::Failed.into()
        }
    }
}

async fn serve(port: u16) -> std::io::Result<()> {
    let stop = bucket::stop_signal()?;
    let server = Server::start_on(([127, 0, 0, 1], port).into()).await?;
    // A reader that has ended, as in `| head -1`, does not end the server.
    let _ = write!(
        std::io::stdout(),
        "export S3_ENDPOINT={}\nexport AWS_ACCESS_KEY_ID={}\nexport AWS_SECRET_ACCESS_KEY={}\nexport AWS_REGION={}\n\
         # set them in another terminal; the bucket is empty, and gone when this program ends\n# the bucket is {}\n",
        server.endpoint(),
        server.access_key,
        server.secret_key,
        server.region,
        server.bucket,
    );
    // The server deletes its temporary folder when it is dropped.
    stop.await;
    Ok(())
}
