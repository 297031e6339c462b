package io.ringwell.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Standard input, output and error of one run: the process's own, or a test's.
final class Standard {
  private static final int BUFFER_BYTES = 1 << 14;

  private final TextOutput text;
  private final PrintStream out;
  private final PrintStream err;
  private final Supplier<ReadableByteChannel> input;
  private final Supplier<WritableByteChannel> output;
  private final Supplier<Boolean> terminal;

  private Standard(
      TextOutput text,
      Charset charset,
      PrintStream err,
      Supplier<ReadableByteChannel> input,
      Supplier<WritableByteChannel> output,
      Supplier<Boolean> terminal) {
    this.text = text;
    this.out = new PrintStream(new BufferedOutputStream(text, BUFFER_BYTES), false, charset);
    this.err = err;
    this.input = input;
    this.output = output;
    this.terminal = terminal;
  }

  @SuppressWarnings("resource") // the process's own streams stay open
  static Standard system() {
    return new Standard(
        new TextOutput(new FileOutputStream(FileDescriptor.out)),
        System.out.charset(),
        System.err,
        () -> new FileInputStream(FileDescriptor.in).getChannel(),
        () -> new FileOutputStream(FileDescriptor.out).getChannel(),
        Standard::isErrorTerminal);
  }

  static Standard of(InputStream in, OutputStream out, OutputStream err) {
    return new Standard(
        new TextOutput(out),
        StandardCharsets.UTF_8,
        new PrintStream(err, true, StandardCharsets.UTF_8),
        () -> Channels.newChannel(in),
        () -> Channels.newChannel(out),
        () -> false);
  }

  /// Text for standard output. It arrives there at a flush, or at the end.
  PrintStream out() {
    return out;
  }

  /// Text for standard error.
  PrintStream err() {
    return err;
  }

  PrintWriter writer() {
    return new PrintWriter(out, true, StandardCharsets.UTF_8);
  }

  PrintWriter errorWriter() {
    return new PrintWriter(err, true, StandardCharsets.UTF_8);
  }

  /// Bytes from standard input. It is not to be closed.
  ReadableByteChannel input() {
    return input.get();
  }

  /// Bytes for standard output, in order with [#out()]. It is not to be closed.
  WritableByteChannel output() {
    out.flush();
    return output.get();
  }

  /// Whether somebody looks at standard error.
  boolean errorIsTerminal() {
    return terminal.get();
  }

  /// Writes out what is left of the text.
  ///
  /// @return what went wrong with any of it; null where nothing did
  @Nullable IOException finish() {
    out.flush();
    return text.failure();
  }

  /// One line for standard output, from any thread.
  void say(String line) {
    out.println(line);
  }

  /// One line that tells of an error.
  void fail(String message) {
    out.flush();
    err.println("ringwell: " + message);
  }

  /// As isatty(2) of descriptor 2, without binding libc for it: where Linux has a terminal, the
  /// name of the open file tells.
  private static boolean isErrorTerminal() {
    try {
      String name = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return name.startsWith("/dev/pts/")
          || name.startsWith("/dev/tty")
          || name.startsWith("/dev/hvc")
          || name.equals("/dev/console");
    } catch (IOException | UnsupportedOperationException e) {
      // Another system: no bar rather than one in a file.
      return false;
    }
  }
}
