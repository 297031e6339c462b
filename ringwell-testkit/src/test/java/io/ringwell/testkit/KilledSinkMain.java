package io.ringwell.testkit;

import io.ringwell.engine.Engine;
import io.ringwell.file.Durability;
import io.ringwell.memory.IoBuffer;
import io.ringwell.sink.FileSinkOptions;
import io.ringwell.sink.Sink;
import io.ringwell.sink.Sinks;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/// Writes a file again and again by sinks, a new version each time, until it is killed; says which
/// versions are complete.
final class KilledSinkMain {
  /// Not whole blocks of a disk.
  static final int BYTES = (24 << 20) + 8 * 77;

  private static final int PIECE_BYTES = 256 << 10;

  private KilledSinkMain() {}

  /// What a version has at an offset.
  static long content(long version, long offset) {
    return version << 32 | offset;
  }

  /// @param arguments the file, and whether it is written past the page cache
  public static void main(String[] arguments) throws Exception {
    FileSinkOptions options = FileSinkOptions.defaults().withDurability(Durability.NONE);
    if (Boolean.parseBoolean(arguments[1])) {
      options = options.withDirect();
    }
    try (Engine engine = Engine.open()) {
      for (long version = 1; ; version++) {
        write(engine, Path.of(arguments[0]), options, version);
        System.out.println(version);
      }
    }
  }

  private static void write(Engine engine, Path file, FileSinkOptions options, long version)
      throws IOException {
    try (Sink sink = Sinks.file(engine, file, options)) {
      for (int at = 0; at < BYTES; at += PIECE_BYTES) {
        int size = Math.min(PIECE_BYTES, BYTES - at);
        IoBuffer piece = engine.pool().acquire(size);
        for (int i = 0; i < size; i += Long.BYTES) {
          piece.segment().set(ValueLayout.JAVA_LONG, i, content(version, at + i));
        }
        sink.send(piece.freeze());
      }
      sink.complete();
    }
  }
}
