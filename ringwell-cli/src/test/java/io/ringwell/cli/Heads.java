package io.ringwell.cli;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/// Takes every request, and keeps its head: for headers that the embedded server does not look at.
final class Heads implements AutoCloseable {
  private final ServerSocket listener = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private volatile boolean closed;

  Heads() throws IOException {
    Thread.ofVirtual().start(this::accept);
  }

  String endpoint() {
    return "http://127.0.0.1:" + listener.getLocalPort();
  }

  /// In lower case.
  List<String> lines() {
    return lines;
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        Thread.ofVirtual().start(() -> serve(client));
      }
    } catch (IOException e) {
      if (!closed) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void serve(Socket client) {
    try (client;
        InputStream in = new BufferedInputStream(client.getInputStream())) {
      long length = 0;
      for (String line = line(in); !line.isEmpty(); line = line(in)) {
        lines.add(line);
        if (line.startsWith("content-length: ")) {
          length = Long.parseLong(line.substring("content-length: ".length()));
        }
        if (line.startsWith("expect: ")) {
          client
              .getOutputStream()
              .write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
      }
      in.skipNBytes(length);
      client
          .getOutputStream()
          .write(
              "HTTP/1.1 200 OK\r\nETag: \"x\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int each = in.read(); each >= 0 && each != '\n'; each = in.read()) {
      line.append((char) each);
    }
    return line.toString().strip().toLowerCase(Locale.ROOT);
  }

  @Override
  public void close() throws IOException {
    closed = true;
    listener.close();
  }
}
