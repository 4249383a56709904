//! The door: a Unix socket of ours alone, or a TCP port on the loopback interface.

use std::io;
use std::net::SocketAddr;
#[cfg(unix)]
use std::path::PathBuf;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;

/// Where to listen.
#[derive(Debug, Clone)]
pub enum Listen {
    /// A Unix socket at this path. Its folder must be the caller's own.
    #[cfg(unix)]
    Socket(PathBuf),
    /// A loopback address; port 0 is any free port.
    Loopback(SocketAddr),
}

/// Where a router listens.
#[derive(Debug, Clone)]
pub enum Address {
    /// The Unix socket at this path.
    #[cfg(unix)]
    Socket(PathBuf),
    /// This address.
    Loopback(SocketAddr),
}

/// A connection of either kind.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// An open door.
pub(crate) enum Listener {
    #[cfg(unix)]
    Socket(socket::OwnedSocket),
    Loopback(TcpListener, SocketAddr),
}

impl Listener {
    /// Opens the door.
    pub(crate) fn bind(listen: &Listen) -> io::Result<Self> {
        match listen {
            #[cfg(unix)]
            Listen::Socket(path) => socket::OwnedSocket::bind(path).map(Self::Socket),
            Listen::Loopback(address) => bind_loopback(*address),
        }
    }

    /// Where it is.
    pub(crate) fn address(&self) -> Address {
        match self {
            #[cfg(unix)]
            Self::Socket(socket) => Address::Socket(socket.path().to_path_buf()),
            Self::Loopback(_, address) => Address::Loopback(*address),
        }
    }

    /// The next connection.
    pub(crate) async fn accept(&self) -> io::Result<Box<dyn Stream>> {
        match self {
            #[cfg(unix)]
            Self::Socket(socket) => Ok(Box::new(socket.accept().await?)),
            Self::Loopback(listener, _) => {
                let (stream, _) = listener.accept().await?;
                // Tokens are small and each is wanted at once.
                stream.set_nodelay(true)?;
                Ok(Box::new(stream))
            }
        }
    }
}

fn bind_loopback(address: SocketAddr) -> io::Result<Listener> {
    if !address.ip().is_loopback() {
        let message = format!("{address} is not a loopback address");
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    }
    let listener = std::net::TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    let listener = TcpListener::from_std(listener)?;
    let address = listener.local_addr()?;
    Ok(Listener::Loopback(listener, address))
}

#[cfg(unix)]
mod socket {
    use std::fs;
    use std::io;
    use std::os::unix::fs::{FileTypeExt, PermissionsExt};
    use std::os::unix::net::UnixStream as BlockingStream;
    use std::path::{Path, PathBuf};

    use tokio::net::{UnixListener, UnixStream};

    /// A Unix socket file that is removed when the listener goes.
    pub(crate) struct OwnedSocket {
        listener: UnixListener,
        path: PathBuf,
    }

    impl OwnedSocket {
        pub(crate) fn bind(path: &Path) -> io::Result<Self> {
            remove_stale(path)?;
            let listener = UnixListener::bind(path)?;
            let socket = Self {
                listener,
                path: path.to_path_buf(),
            };
            fs::set_permissions(path, fs::Permissions::from_mode(0o600))?;
            Ok(socket)
        }

        pub(crate) fn path(&self) -> &Path {
            &self.path
        }

        pub(crate) async fn accept(&self) -> io::Result<UnixStream> {
            self.listener.accept().await.map(|(stream, _)| stream)
        }
    }

    impl Drop for OwnedSocket {
        fn drop(&mut self) {
            match fs::remove_file(&self.path) {
                Ok(()) => {}
                // Whoever made the folder has tidied up first.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => tracing::warn!(%error, "the socket file could not be removed"),
            }
        }
    }

    /// Removes the socket file of a router that was killed. A living one keeps its own, and a
    /// file that is no socket is never touched: `bind` then says that the address is in use.
    fn remove_stale(path: &Path) -> io::Result<()> {
        let Ok(metadata) = fs::symlink_metadata(path) else {
            return Ok(());
        };
        let refused = || {
            BlockingStream::connect(path)
                .is_err_and(|error| error.kind() == io::ErrorKind::ConnectionRefused)
        };
        if metadata.file_type().is_socket() && refused() {
            fs::remove_file(path)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Address, Listen, Listener};

    #[tokio::test]
    async fn other_interfaces_are_refused() {
        let everywhere = "0.0.0.0:0".parse().expect("an address");
        assert!(Listener::bind(&Listen::Loopback(everywhere)).is_err());
    }

    #[tokio::test]
    async fn port_zero_becomes_a_real_port() {
        let any = "127.0.0.1:0".parse().expect("an address");
        let listener = Listener::bind(&Listen::Loopback(any)).expect("bound");
        let Address::Loopback(address) = listener.address() else {
            panic!("not TCP")
        };
        assert_ne!(address.port(), 0);
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_socket_is_private_and_goes_with_its_listener() {
        use std::os::unix::fs::PermissionsExt;

        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("s");
        let listener = Listener::bind(&Listen::Socket(path.clone())).expect("bound");
        let mode = std::fs::metadata(&path)
            .expect("there")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
        drop(listener);
        assert!(!path.exists());
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_dead_socket_is_replaced_a_living_one_and_a_file_are_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("s");
        // std leaves the file behind, as a killed router does.
        drop(std::os::unix::net::UnixListener::bind(&path).expect("bound"));
        let living = Listener::bind(&Listen::Socket(path.clone())).expect("replaced");
        assert!(Listener::bind(&Listen::Socket(path.clone())).is_err());
        assert!(path.exists());
        drop(living);

        std::fs::write(&path, "precious").expect("written");
        assert!(Listener::bind(&Listen::Socket(path.clone())).is_err());
        assert_eq!(
            std::fs::read_to_string(&path).expect("still there"),
            "precious"
        );
    }
}
