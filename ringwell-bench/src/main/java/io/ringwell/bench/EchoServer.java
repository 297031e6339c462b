package io.ringwell.bench;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A server as a process on the first processor, which ends when its standard input does.
final class EchoServer implements AutoCloseable {
  /// `USER_HZ` of Linux: what /proc counts in.
  private static final double MICROS_PER_TICK = 10_000;

  // Fields of /proc/PID/stat behind the name: proc(5).
  private static final int USER_TICKS = 11;
  private static final int SYSTEM_TICKS = 12;

  private final Process process;
  private final int port;

  /// Starts it, and returns when it listens.
  EchoServer(String classPath, String mainClass, String argument) throws IOException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    process =
        new ProcessBuilder(
                List.of(
                    "taskset",
                    "-c",
                    "0",
                    java.toString(),
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-cp",
                    classPath,
                    mainClass,
                    argument))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
    String line = said.readLine();
    if (line == null || !line.startsWith("port ")) {
      process.destroy();
      throw new EOFException(mainClass + " " + argument + " said: " + line);
    }
    port = Integer.parseInt(line.substring("port ".length()));
  }

  int port() {
    return port;
  }

  /// Processor time that it has taken, with the kernel's on its behalf.
  double cpuMicros() throws IOException {
    String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS]))
        * MICROS_PER_TICK;
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
    }
  }
}
