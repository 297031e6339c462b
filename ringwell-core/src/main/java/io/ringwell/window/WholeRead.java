package io.ringwell.window;

import io.ringwell.engine.Engine;
import io.ringwell.engine.FileHandle;
import io.ringwell.engine.OpenFlag;
import io.ringwell.engine.Operation;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// One file on its way through [WholeFiles], used again for the next.
///
/// | step | in flight | then |
/// |---|---|---|
/// | OPENING | open | WAITING, for a small buffer |
/// | WAITING | nothing | READING, once there is a buffer |
/// | READING | read | CLOSING where the buffer was not filled; else SIZING |
/// | SIZING | statx | WAITING, for a buffer of that size |
/// | CLOSING | close | ended |
///
/// So a file that is smaller than the first buffer is never asked for its size.
final class WholeRead {
  /// Holds most source files; 128 in flight are 4 MiB.
  private static final long FIRST_BYTES = 32 << 10;

  private static final Duration MEMORY_PATIENCE = Duration.ofSeconds(10);

  /// What comes after a step.
  enum Next {
    GOES_ON,
    NEEDS_MEMORY,
    ENDED
  }

  private enum Step {
    OPENING,
    WAITING,
    READING,
    SIZING,
    CLOSING
  }

  final Operation op = new Operation();
  private final Engine engine;
  private final long maxFileBytes;

  private @Nullable Path path;
  long number;
  boolean done;
  private Step step = Step.OPENING;
  private @Nullable FileHandle file;
  private @Nullable IoBuffer buffer;
  private long wantedBytes;
  @Nullable Bytes content;
  @Nullable IOException failure;

  WholeRead(Engine engine, long maxFileBytes) {
    this.engine = engine;
    this.maxFileBytes = maxFileBytes;
  }

  Path path() {
    return Objects.requireNonNull(path);
  }

  void open(Path next, long itsNumber) {
    path = next;
    number = itsNumber;
    step = Step.OPENING;
    wantedBytes = Math.min(FIRST_BYTES, maxFileBytes + 1);
    op.open(next, OpenFlag.READ, 0);
  }

  /// Takes the result of the step in flight, and prepares the next.
  ///
  /// @param parking whether to wait for memory
  Next next(boolean parking) {
    try {
      return switch (step) {
        case OPENING -> opened(parking);
        case WAITING -> startReading(parking);
        case READING -> read();
        case SIZING -> sized(parking);
        case CLOSING -> closed();
      };
    } catch (IOException e) {
      return failed(e);
    }
  }

  private Next opened(boolean parking) throws IOException {
    FileHandle opened = op.openedFile();
    file = opened;
    if (opened.isDirectory()) {
      throw new FileSystemException(path().toString(), null, "is a directory");
    }
    return startReading(parking);
  }

  private Next startReading(boolean parking) throws IOException {
    step = Step.WAITING;
    IoBuffer into = acquire(parking);
    if (into == null) {
      return Next.NEEDS_MEMORY;
    }
    buffer = into;
    step = Step.READING;
    op.read(Objects.requireNonNull(file), into, 0, into.capacity(), 0);
    return Next.GOES_ON;
  }

  private @Nullable IoBuffer acquire(boolean parking) throws IOException {
    if (!parking) {
      return engine.pool().tryAcquire(wantedBytes);
    }
    try {
      return engine.pool().acquire(wantedBytes, MEMORY_PATIENCE);
    } catch (TimeoutException e) {
      NoWindowMemoryException told =
          new NoWindowMemoryException(
              "read of "
                  + path
                  + ": the engine's pool of "
                  + engine.pool().maxBytes()
                  + " bytes has no "
                  + wantedBytes
                  + " free; close what is kept, have fewer files in flight, or raise poolBytes");
      told.initCause(e);
      throw told;
    }
  }

  private Next read() throws IOException {
    IoBuffer filled = Objects.requireNonNull(buffer);
    long bytes = op.result();
    if (bytes < filled.capacity()) {
      buffer = null;
      content = filled.freeze(0, bytes);
      return startClosing();
    }
    filled.close();
    buffer = null;
    step = Step.SIZING;
    op.statx(Objects.requireNonNull(file));
    return Next.GOES_ON;
  }

  private Next sized(boolean parking) throws IOException {
    long size = op.fileInfo().size();
    long most = Math.min(maxFileBytes, engine.pool().maxBytes() - 1);
    if (Math.max(size, wantedBytes) > most) {
      throw new FileSystemException(
          path().toString(),
          null,
          "has at least "
              + Math.max(size, wantedBytes)
              + " bytes, more than "
              + most
              + "; read it by windows");
    }
    // One more than there are: a read that does not fill it has seen the end.
    wantedBytes = Math.max(size, wantedBytes) + 1;
    return startReading(parking);
  }

  private Next startClosing() {
    step = Step.CLOSING;
    FileHandle open = Objects.requireNonNull(file);
    file = null;
    op.close(open);
    return Next.GOES_ON;
  }

  private Next closed() throws IOException {
    op.result();
    return Next.ENDED;
  }

  private Next failed(IOException e) {
    if (failure == null) {
      failure = e;
    } else {
      failure.addSuppressed(e);
    }
    return stop();
  }

  /// Gives the file up at once, save that what is open is closed.
  Next stop() {
    if (step == Step.OPENING && failure == null && op.errno() == 0) {
      try {
        file = op.openedFile();
      } catch (IOException e) {
        throw new AssertionError("an open that succeeded", e);
      }
    }
    if (buffer != null) {
      buffer.close();
      buffer = null;
    }
    return file == null ? Next.ENDED : startClosing();
  }

  /// Nobody wants it any more.
  void forget() {
    if (content != null) {
      content.close();
      content = null;
    }
    failure = null;
    done = false;
  }

  IOException nothing() {
    return new IOException("nothing was read of " + path);
  }
}
