package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.engine.Engine;
import io.ringwell.engine.FileHandle;
import io.ringwell.engine.Operation;
import io.ringwell.engine.OperationException;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/// What the races of an engine share: the engine, which goes on living, and a file that all read.
final class RaceGround {
  static final int FILE_BYTES = 256 << 10;

  final Engine engine;
  final Engines kind;
  final Path directory;
  final FileHandle file;

  /// What the file holds.
  final byte[] content = ContractCase.pattern(1, FILE_BYTES);

  RaceGround(Engine engine, Engines kind, Path directory) throws IOException {
    this.engine = engine;
    this.kind = kind;
    this.directory = directory;
    file = engine.open(directory.resolve("file"), ContractCase.NEW_FILE, 0644);
    try (IoBuffer from = engine.pool().acquire(FILE_BYTES)) {
      ContractCase.fill(from, content);
      ContractCase.run(engine, new Operation().write(file, from, 0, FILE_BYTES, 0));
    }
  }

  /// The error number of a completed operation, after waiting for it by whatever it takes.
  static int outcome(Operation op, int... allowed) throws IOException {
    try {
      op.await();
    } catch (OperationException e) {
      assertThat(e.errno()).as(e.getMessage()).isIn(Arrays.stream(allowed).boxed().toArray());
      return e.errno();
    }
    return 0;
  }
}
