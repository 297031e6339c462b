package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineInfo;
import io.ringwell.engine.EngineOptions;
import io.ringwell.engine.FileHandle;
import io.ringwell.engine.OpenFlag;
import io.ringwell.engine.Operation;
import io.ringwell.engine.OperationException;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.SplittableRandom;

/// What the parts of the contract have in common: an engine, a directory, and short words for what
/// every test does.
interface ContractCase {
  int READ = OpenFlag.READ;
  int WRITE = OpenFlag.WRITE;
  int CREATE = OpenFlag.CREATE;
  int NEW_FILE = READ | WRITE | CREATE | OpenFlag.TRUNCATE;

  /// Held by tests that look at what the whole process does, where tests run beside each other.
  String WHOLE_PROCESS = "io.ringwell.testkit: the whole process";

  /// Error numbers as Linux has them; [OperationException#errno] has these on every platform.
  int ENOENT = 2;

  int EIO = 5;
  int EBADF = 9;
  int EAGAIN = 11;
  int EACCES = 13;
  int EEXIST = 17;
  int EISDIR = 21;
  int EINVAL = 22;
  int ENOSPC = 28;
  int ENOTEMPTY = 39;
  int ELOOP = 40;
  int ETIME = 62;
  int EOPNOTSUPP = 95;
  int ECANCELED = 125;

  /// The engine of this test, opened with default options.
  Engine engine();

  /// A further engine of the same kind, closed after the test.
  Engine another(EngineOptions options);

  /// A path in this test's own directory.
  Path path(String name);

  /// A buffer from the engine's pool, closed after the test where the test has not.
  IoBuffer buffer(long size);

  /// Whether tests may take seconds.
  boolean thorough();

  default EngineInfo.Kind kind() {
    return engine().info().kind();
  }

  default FileHandle create(String name) throws IOException {
    return engine().open(path(name), NEW_FILE, 0644);
  }

  /// Submits and waits.
  default long run(Operation op) throws IOException {
    return run(engine(), op);
  }

  static long run(Engine engine, Operation op) throws IOException {
    engine.submit(op);
    return op.await();
  }

  /// Submits, waits, and expects a failure with `errno`.
  default OperationException failing(int errno, Operation op) throws IOException {
    engine().submit(op);
    return failed(errno, op);
  }

  /// Waits for a failure with `errno`.
  static OperationException failed(int errno, Operation op) {
    OperationException failure = catchThrowableOfType(OperationException.class, op::await);
    assertThat(failure).as("%s fails", op).isNotNull();
    assertThat(failure.errno()).as(failure.getMessage()).isEqualTo(errno);
    assertThat(failure.operation()).isEqualTo(op.code());
    return failure;
  }

  /// Bytes that tell their place.
  static byte[] pattern(long seed, int length) {
    byte[] bytes = new byte[length];
    new SplittableRandom(seed).nextBytes(bytes);
    return bytes;
  }

  /// A buffer that holds `content`.
  default IoBuffer holding(byte[] content) {
    IoBuffer buffer = buffer(content.length);
    fill(buffer, content);
    return buffer;
  }

  /// The same frozen. The caller closes it.
  default Bytes frozen(byte[] content) throws IOException {
    IoBuffer buffer = engine().pool().acquire(content.length);
    fill(buffer, content);
    return buffer.freeze();
  }

  static void fill(IoBuffer buffer, byte[] content) {
    MemorySegment.copy(content, 0, buffer.segment(), ValueLayout.JAVA_BYTE, 0, content.length);
  }

  /// The first `length` bytes of a buffer.
  static byte[] content(IoBuffer buffer, long length) {
    return buffer.segment().asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
  }

  /// A new pipe with a name, open for both: reads of it wait until something is written.
  default FileHandle openPipe(String name) throws IOException {
    assumeTrue(kind() != EngineInfo.Kind.CHANNELS, "FileChannel wants a position, a pipe has none");
    try {
      assumeTrue(new ProcessBuilder("mkfifo", path(name).toString()).start().waitFor() == 0);
    } catch (IOException e) {
      abort("mkfifo cannot be run: " + e.getMessage());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return engine().open(path(name), READ | WRITE, 0);
  }

  /// Writes all of `content` at `offset`.
  default void put(FileHandle file, byte[] content, long offset) throws IOException {
    try (IoBuffer from = engine().pool().acquire(content.length)) {
      fill(from, content);
      assertThat(run(new Operation().write(file, from, 0, content.length, offset)))
          .isEqualTo(content.length);
    }
  }

  /// What a read of `length` bytes at `offset` gets.
  default byte[] get(FileHandle file, long offset, int length) throws IOException {
    try (IoBuffer into = engine().pool().acquire(length)) {
      into.segment().fill((byte) 0xee);
      return content(into, run(new Operation().read(file, into, 0, length, offset)));
    }
  }
}
