package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.ringwell.engine.Engine;
import io.ringwell.memory.Bytes;
import io.ringwell.window.ManagedReader;
import io.ringwell.window.ReaderOptions;
import io.ringwell.window.Readiness;
import io.ringwell.window.Window;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// What the parts of the reader's contract have in common.
interface ReaderCase {
  Engine engine();

  Path path(String name);

  /// A reader, closed after the test where the test has not.
  ManagedReader open(Path file, ReaderOptions options) throws IOException;

  /// How readers are opened: the route that is tested.
  default ReaderOptions options() {
    return ReaderOptions.defaults();
  }

  /// Whether what changes in the file can be seen, safely.
  default boolean seesChanges() {
    return true;
  }

  /// Whether windows are in the pool's memory.
  default boolean copies() {
    return true;
  }

  default Path file(String name, byte[] content) throws IOException {
    return Files.write(path(name), content);
  }

  default void assumeChangesAreSeen() {
    assumeThat(seesChanges()).as("changes of the file reach the reader").isTrue();
  }

  static byte[] content(Window window) {
    return window.segment().toArray(ValueLayout.JAVA_BYTE);
  }

  static byte[] content(Bytes bytes) {
    return bytes.segment().toArray(ValueLayout.JAVA_BYTE);
  }

  /// Expects the window to have `position`, and what `all` has there.
  static void expect(ManagedReader reader, long position, byte[] all) {
    Window window = reader.window();
    assertThat(window.position()).isLessThanOrEqualTo(position);
    assertThat(window.end()).isGreaterThan(position);
    assertThat(content(window))
        .isEqualTo(Arrays.copyOfRange(all, (int) window.position(), (int) window.end()));
  }

  /// The same of a file that was as short as `least` since the reader was opened: from there on the
  /// window may also have zeros.
  static void expectOrCut(ManagedReader reader, long position, byte[] all, int least) {
    Window window = reader.window();
    assertThat(window.position()).isLessThanOrEqualTo(position);
    assertThat(window.end()).isGreaterThan(position);
    byte[] found = content(window);
    byte[] expected = Arrays.copyOfRange(all, (int) window.position(), (int) window.end());
    for (int i = Math.max(0, (int) (least - window.position())); i < found.length; i++) {
      if (found[i] == 0) {
        expected[i] = 0;
      }
    }
    assertThat(found).isEqualTo(expected);
  }

  /// Reads from `position` to the end, parking.
  static byte[] readUp(ManagedReader reader, long position) throws IOException {
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    long at = position;
    while (reader.await(at) == Readiness.READY) {
      Window window = reader.window();
      byte[] bytes = content(window);
      int skip = (int) (at - window.position());
      read.write(bytes, skip, bytes.length - skip);
      at = window.end();
    }
    return read.toByteArray();
  }
}
