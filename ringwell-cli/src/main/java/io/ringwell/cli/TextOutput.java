package io.ringwell.cli;

import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/// Standard output below a [java.io.PrintStream], which hides errors: the first is kept here.
final class TextOutput extends OutputStream {
  private final OutputStream to;
  private @Nullable IOException failure;

  TextOutput(OutputStream to) {
    this.to = to;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      to.write(bytes, offset, length);
    } catch (IOException e) {
      failure = failure == null ? e : failure;
      throw e;
    }
  }

  @Override
  public void flush() throws IOException {
    to.flush();
  }

  /// What went wrong first; null where nothing did.
  @Nullable IOException failure() {
    return failure;
  }

  /// Whether the reader of a pipe went away, which is nothing to tell of: `ringwell … | head`.
  static boolean isBrokenPipe(IOException failure) {
    String message = failure.getMessage();
    return message != null && message.contains("Broken pipe");
  }
}
