pub mod server;
pub use server::Server;
