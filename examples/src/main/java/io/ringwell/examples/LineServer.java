package io.ringwell.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ringwell.engine.Engine;
import io.ringwell.net.Address;
import io.ringwell.net.Connection;
import io.ringwell.net.Listener;
import io.ringwell.pipe.PipeRead;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// A protocol of lines: `SET name value`, `GET name`, `QUIT`; each is answered by one line.
public final class LineServer {
  private static final int LONGEST_LINE = 4096;

  private final Map<String, String> values = new ConcurrentHashMap<>();

  /// Serves at the address in `args[0]` until the process ends.
  public static void main(String[] args) throws IOException {
    Address at = Address.parse(args.length == 1 ? args[0] : "127.0.0.1:7001");
    LineServer server = new LineServer();
    try (Engine engine = Engine.open();
        Listener listener = Listener.open(engine, at)) {
      System.out.println("lines at " + listener.address());
      listener.serve(server::speak);
    }
  }

  /// One connection, on a virtual thread of its own: all whole lines that have come are answered,
  /// and the answers go out together.
  void speak(Connection connection) throws IOException {
    while (true) {
      PipeRead read = connection.input().read();
      boolean last = read.isCompleted();
      long done = read.start();
      for (long at = done; at < read.end(); at++) {
        if (read.get(at) == '\n') {
          String line = text(read, done, at);
          done = at + 1;
          if (line.equals("QUIT")) {
            read.advance(done);
            return;
          }
          answer(connection, reply(line));
        }
      }
      if (read.end() - done > LONGEST_LINE) {
        answer(connection, "ERROR a line has at most " + LONGEST_LINE + " bytes");
        last = true;
      }
      // Whole lines are used; the beginning of the next was looked at, and comes again with more.
      read.advance(done, read.end());
      connection.output().flush();
      if (last) {
        return;
      }
    }
  }

  private static String text(PipeRead read, long from, long to) {
    byte[] bytes = new byte[(int) Math.min(to - from, LONGEST_LINE)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = read.get(from + i);
    }
    return new String(bytes, UTF_8).strip();
  }

  private String reply(String line) {
    String[] words = line.split(" ", 3);
    if (words[0].equals("SET") && words.length == 3) {
      values.put(words[1], words[2]);
      return "OK";
    }
    if (words[0].equals("GET") && words.length == 2) {
      return values.getOrDefault(words[1], "");
    }
    return "ERROR say SET name value, GET name or QUIT";
  }

  private static void answer(Connection connection, String text) throws IOException {
    byte[] bytes = (text + "\n").getBytes(UTF_8);
    connection.output().write(bytes, 0, bytes.length);
  }
}
