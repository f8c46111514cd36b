//! Connections that can be cut or slowed down below HTTP, as a bad network does.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::task::Context;
use std::task::Poll;
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::IncomingStream;
use axum::serve::Listener;
use tokio::io::AsyncRead;
use tokio::io::AsyncWrite;
use tokio::io::ReadBuf;
use tokio::net::TcpListener;
use tokio::net::TcpStream;
use tokio::time::Sleep;

/// How the next bytes of an answer leave.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum Manner {
    #[default]
    Normal,
    /// A reset instead of the answer.
    Reset,
    /// The headers, so many bytes of the body, and then the end.
    Truncate(usize),
    /// So many bytes more, and then the end.
    CloseAfter(usize),
    /// A pause after every byte.
    Drip(Duration),
}

/// Sets the manner of one connection, from within the call it carries.
#[derive(Clone, Debug, Default)]
pub(crate) struct Control(Arc<Mutex<Manner>>);

impl Control {
    pub(crate) fn set(&self, manner: Manner) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = manner;
    }

    fn manner(&self) -> Manner {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connected<IncomingStream<'_, Door>> for Control {
    fn connect_info(stream: IncomingStream<'_, Door>) -> Self {
        stream.io().control.clone()
    }
}

/// Accepts connections.
#[derive(Debug)]
pub(crate) struct Door(pub(crate) TcpListener);

impl Listener for Door {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.0).await;
        // Only a matter of speed, so a failure does not matter.
        let _ = stream.set_nodelay(true);
        (Connection { stream, control: Control::default(), pause: None }, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

/// A TCP connection with a manner.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: TcpStream,
    control: Control,
    pause: Option<Pin<Box<Sleep>>>,
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if let Some(pause) = &mut self.pause {
            std::task::ready!(pause.as_mut().poll(context));
            self.pause = None;
        }
        match self.control.manner() {
            Manner::Normal => Pin::new(&mut self.stream).poll_write(context, bytes),
            Manner::Reset => {
                self.stream.set_zero_linger()?;
                Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()))
            }
            Manner::Truncate(body) => {
                // The server writes the headers of an answer at once.
                let end = bytes.windows(4).position(|window| window == b"\r\n\r\n");
                let most = end.map_or(bytes.len(), |end| end + 4) + body;
                self.control.set(Manner::CloseAfter(most));
                self.poll_write(context, bytes)
            }
            Manner::CloseAfter(0) => Poll::Ready(Err(io::ErrorKind::BrokenPipe.into())),
            Manner::CloseAfter(left) => {
                let part = &bytes[..bytes.len().min(left)];
                let sent = std::task::ready!(Pin::new(&mut self.stream).poll_write(context, part))?;
                self.control.set(Manner::CloseAfter(left - sent));
                Poll::Ready(Ok(sent))
            }
            Manner::Drip(pause) => {
                let part = &bytes[..bytes.len().min(1)];
                let sent = std::task::ready!(Pin::new(&mut self.stream).poll_write(context, part))?;
                self.pause = Some(Box::pin(tokio::time::sleep(pause)));
                Poll::Ready(Ok(sent))
            }
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}
