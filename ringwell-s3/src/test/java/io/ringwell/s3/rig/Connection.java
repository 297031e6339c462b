package io.ringwell.s3.rig;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// One side of the proxy: a socket, maybe with TLS on it.
final class Connection implements Closeable {
  private static final int BUFFER_BYTES = 64 << 10;

  final InputStream in;
  final OutputStream out;
  private final Socket plain;

  private Connection(Socket plain, Socket talking) throws IOException {
    this.plain = plain;
    in = new BufferedInputStream(talking.getInputStream(), BUFFER_BYTES);
    out = new BufferedOutputStream(talking.getOutputStream(), BUFFER_BYTES);
  }

  /// A client's, that has come to the proxy.
  static Connection of(Socket accepted, @Nullable SSLContext tls) throws IOException {
    accepted.setTcpNoDelay(true);
    return new Connection(
        accepted,
        tls == null ? accepted : tls.getSocketFactory().createSocket(accepted, null, true));
  }

  /// To the server, without TLS.
  static Connection to(int port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    return new Connection(socket, socket);
  }

  /// Ends it as a crash does: what was not read yet is lost, and the peer is told so (RST).
  void reset() throws IOException {
    plain.setSoLinger(true, 0);
    plain.close();
  }

  /// Reads and forgets, until the peer ends it.
  void swallow() throws IOException {
    in.transferTo(OutputStream.nullOutputStream());
  }

  /// Ends what is sent, and waits for the peer to end it: were it closed with bytes unread, the
  /// peer would lose what was sent to it.
  void finish() throws IOException {
    out.flush();
    plain.shutdownOutput();
    swallow();
  }

  /// Ends the socket itself, without a last word of TLS: legal from any thread.
  @Override
  public void close() throws IOException {
    plain.close();
  }
}
