package io.ringwell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/// One run of the command in this JVM.
final class Run {
  private final int code;
  private final byte[] bytes;
  private final String err;

  Run(int code, byte[] bytes, String err) {
    this.code = code;
    this.bytes = bytes;
    this.err = err;
  }

  static Run of(Object... args) {
    return withInput(new byte[0], args);
  }

  static Run withInput(byte[] input, Object... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    String[] texts = Arrays.stream(args).map(Object::toString).toArray(String[]::new);
    int code = Main.run(Standard.of(new ByteArrayInputStream(input), out, err), texts);
    return new Run(code, out.toByteArray(), err.toString(StandardCharsets.UTF_8));
  }

  int code() {
    return code;
  }

  byte[] bytes() {
    return bytes;
  }

  String err() {
    return err;
  }

  String out() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /// Exit code 0 and silence on standard error.
  Run succeeds() {
    assertThat(err).isEmpty();
    assertThat(code).isEqualTo(Main.OK);
    return this;
  }

  /// Exit code 2 and one line on standard error that has all of `parts`.
  Run fails(Object... parts) {
    assertThat(err).startsWith("ringwell: ").endsWith(System.lineSeparator());
    assertThat(err.lines()).as("lines on standard error").hasSize(1);
    for (Object part : parts) {
      assertThat(err).contains(part.toString());
    }
    assertThat(code).isEqualTo(Main.ERROR);
    return this;
  }

  /// Standard output as one JSON object on one line.
  Map<String, Object> json() {
    assertThat(out().lines()).as("lines of JSON").hasSize(1);
    return JsonReader.object(out().strip());
  }
}
