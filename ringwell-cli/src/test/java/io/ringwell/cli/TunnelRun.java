package io.ringwell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A run of `ringwell tunnel` in this JVM, at a free port, until it is closed, which is Ctrl-C.
final class TunnelRun implements AutoCloseable {
  static final InetAddress HERE = InetAddress.getLoopbackAddress();

  /// A line is there when its end is.
  private static final class Lines extends OutputStream {
    final BlockingQueue<String> complete = new LinkedBlockingQueue<>();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    @Override
    public synchronized void write(int b) {
      if (b == '\n') {
        complete.add(line.toString(StandardCharsets.UTF_8));
        line.reset();
      } else {
        line.write(b);
      }
    }
  }

  private final Lines err = new Lines();
  private final FutureTask<Integer> command;
  private final Thread thread;
  private final String said;

  private TunnelRun(String... args) throws IOException {
    PipedOutputStream to = new PipedOutputStream();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(new PipedInputStream(to), StandardCharsets.UTF_8));
    Standard standard = Standard.of(InputStream.nullInputStream(), to, err);
    command =
        new FutureTask<>(() -> {
          try (to) {
            return Main.run(standard, args);
          }
        });
    thread = Thread.ofPlatform().start(command);
    String line = out.readLine();
    assertThat(line).as("%s", err.complete).isNotNull();
    said = line;
  }

  static TunnelRun to(int port, Object... args) throws IOException {
    return toHost("localhost", port, args);
  }

  static TunnelRun toHost(String host, int port, Object... args) throws IOException {
    List<String> all =
        new ArrayList<>(List.of("tunnel", "--listen", "127.0.0.1:0", "--to", host + ":" + port));
    Arrays.stream(args).map(Object::toString).forEach(all::add);
    return new TunnelRun(all.toArray(String[]::new));
  }

  /// What it said first.
  String said() {
    return said;
  }

  int port() {
    return Integer.parseInt(said.substring(said.indexOf(':') + 1, said.indexOf(' ')));
  }

  Socket connect() throws IOException {
    return new Socket(HERE, port());
  }

  /// The next line on standard error.
  String error() throws InterruptedException {
    String line = err.complete.poll(20, TimeUnit.SECONDS);
    assertThat(line).as("a line on standard error").isNotNull().startsWith("ringwell: ");
    return line;
  }

  /// Lines that nobody has asked for.
  List<String> errors() {
    return List.copyOf(err.complete);
  }

  @Override
  public void close() throws IOException {
    thread.interrupt();
    try {
      assertThat(command.get()).as("%s", err.complete).isEqualTo(Main.OK);
    } catch (ExecutionException | InterruptedException e) {
      throw new IOException(e);
    }
  }

  /// Sends back what comes, until the peer ends.
  static void echo(ServerSocket server) {
    serve(server, socket -> socket.getInputStream().transferTo(socket.getOutputStream()));
  }

  interface Handler {
    void handle(Socket socket) throws IOException;
  }

  /// Each connection on a thread of its own, until `server` is closed.
  static void serve(ServerSocket server, Handler handler) {
    Thread.startVirtualThread(() -> {
      while (!server.isClosed()) {
        try {
          Socket socket = server.accept();
          Thread.startVirtualThread(() -> {
            try (socket) {
              handler.handle(socket);
            } catch (IOException e) {
              // The client broke off, as tests want it to.
            }
          });
        } catch (IOException e) {
          // The test is over, or a client was gone before it was accepted.
        }
      }
    });
  }

  static ServerSocket server() throws IOException {
    return new ServerSocket(0, 100, HERE);
  }
}
