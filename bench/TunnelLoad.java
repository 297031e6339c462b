import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.FutureTask;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// The ends of what `bench/tunnel.sh` measures, by the JDK alone: an echo server, and clients that
/// speak TLS. Run as a source file.
///
/// ```
/// echo                                        prints its port, serves until it is killed
/// small PORT CERTIFICATE CONNECTIONS BYTES SECONDS    prints messages/s and the 50th and 99th
///                                             percentile of their round trips in microseconds
/// bulk PORT CERTIFICATE BYTES                 prints MiB/s there and back
/// ```
final class TunnelLoad {
  private static final int PIECE_BYTES = 64 << 10;

  public static void main(String[] args) throws Exception {
    switch (args[0]) {
      case "echo" -> echo();
      case "small" ->
          small(
              clients(args[2]),
              Integer.parseInt(args[1]),
              Integer.parseInt(args[3]),
              Integer.parseInt(args[4]),
              Double.parseDouble(args[5]));
      case "bulk" -> bulk(clients(args[2]), Integer.parseInt(args[1]), Long.parseLong(args[3]));
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  private static SocketFactory clients(String certificate) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    try (InputStream in = Files.newInputStream(Path.of(certificate))) {
      trusted.setCertificateEntry(
          "bench", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trusted);
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(null, factory.getTrustManagers(), null);
    return context.getSocketFactory();
  }

  private static Socket connect(SocketFactory clients, int port) throws IOException {
    Socket socket = clients.createSocket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    return socket;
  }

  private static void echo() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress())) {
      System.out.println(server.getLocalPort());
      while (true) {
        Socket socket = server.accept();
        Thread.startVirtualThread(() -> echo(socket));
      }
    }
  }

  private static void echo(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      byte[] piece = new byte[PIECE_BYTES];
      InputStream in = socket.getInputStream();
      OutputStream out = socket.getOutputStream();
      for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
        out.write(piece, 0, count);
      }
    } catch (IOException e) {
      // A client that has what it wanted, or one of another run that was killed.
    }
  }

  private static void small(
      SocketFactory clients, int port, int connections, int bytes, double seconds)
      throws Exception {
    List<Socket> sockets = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      Socket socket = connect(clients, port);
      socket.getOutputStream().write(0);
      socket.getInputStream().read(); // hands are shaken
      sockets.add(socket);
    }
    long start = System.nanoTime();
    long warm = start + (long) (seconds * 0.3e9); // the first three tenths do not count
    long end = start + (long) (seconds * 1.3e9);
    List<FutureTask<long[]>> tasks = new ArrayList<>();
    for (Socket socket : sockets) {
      FutureTask<long[]> task = new FutureTask<>(() -> rounds(socket, bytes, warm, end));
      tasks.add(task);
      Thread.startVirtualThread(task);
    }
    List<long[]> all = new ArrayList<>();
    for (FutureTask<long[]> each : tasks) {
      all.add(each.get());
    }
    long[] nanos = all.stream().flatMapToLong(Arrays::stream).sorted().toArray();
    System.out.printf(
        Locale.ROOT,
        "%.0f %.1f %.1f%n",
        nanos.length / seconds,
        nanos[nanos.length / 2] / 1e3,
        nanos[(int) (nanos.length * 0.99)] / 1e3);
  }

  private static long[] rounds(Socket socket, int bytes, long warm, long end) throws IOException {
    long[] nanos = new long[1024];
    int count = 0;
    byte[] message = new byte[bytes];
    try (socket) {
      InputStream in = socket.getInputStream();
      OutputStream out = socket.getOutputStream();
      for (long now = System.nanoTime(); now < end; ) {
        out.write(message);
        out.flush();
        if (in.readNBytes(message, 0, bytes) < bytes) {
          throw new IOException("the echo ended");
        }
        long then = System.nanoTime();
        if (now >= warm) {
          nanos = count < nanos.length ? nanos : Arrays.copyOf(nanos, 2 * count);
          nanos[count++] = then - now;
        }
        now = then;
      }
    }
    return Arrays.copyOf(nanos, count);
  }

  private static void bulk(SocketFactory clients, int port, long bytes) throws Exception {
    try (Socket socket = connect(clients, port)) {
      socket.getOutputStream().write(0);
      socket.getInputStream().read(); // hands are shaken
      long start = System.nanoTime();
      FutureTask<Void> sending =
          new FutureTask<>(() -> {
            byte[] piece = new byte[PIECE_BYTES];
            for (long left = bytes; left > 0; left -= piece.length) {
              socket.getOutputStream().write(piece, 0, (int) Math.min(left, piece.length));
            }
            return null;
          });
      Thread.ofPlatform().start(sending);
      byte[] piece = new byte[PIECE_BYTES];
      for (long left = bytes; left > 0; ) {
        int count = socket.getInputStream().read(piece);
        if (count < 0) {
          throw new IOException("the echo ended " + left + " bytes too early");
        }
        left -= count;
      }
      sending.get();
      double seconds = (System.nanoTime() - start) / 1e9;
      System.out.printf(Locale.ROOT, "%.1f%n", bytes / seconds / (1 << 20));
    }
  }
}
