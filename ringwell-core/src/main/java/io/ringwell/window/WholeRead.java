package io.ringwell.window;

import io.ringwell.engine.Engine;
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
/// | WAITING | nothing | READING, once there is a buffer |
/// | READING | open, read and close, as one operation | ended where the buffer was not filled; else SIZING |
/// | SIZING | statx | WAITING, for a larger buffer |
///
/// So a file that is smaller than the first buffer is never asked for its size, and one that is
/// larger is read twice.
final class WholeRead {
  private static final Duration MEMORY_PATIENCE = Duration.ofSeconds(10);

  /// What comes after a step.
  enum Next {
    GOES_ON,
    NEEDS_MEMORY,
    ENDED
  }

  private enum Step {
    WAITING,
    READING,
    SIZING
  }

  final Operation op = new Operation();
  private final Engine engine;
  private final SizeGuess guess;
  private final long most;

  private @Nullable Path path;
  long number;
  boolean done;
  private Step step = Step.WAITING;
  private @Nullable IoBuffer buffer;
  private long wantedBytes;
  @Nullable Bytes content;
  @Nullable IOException failure;

  /// @param guess how large files are, shared with the others
  WholeRead(Engine engine, long maxFileBytes, SizeGuess guess) {
    this.engine = engine;
    this.guess = guess;
    // A read that does not fill its buffer has seen the end.
    this.most = Math.min(maxFileBytes, engine.pool().maxBytes() - 1);
  }

  Path path() {
    return Objects.requireNonNull(path);
  }

  /// Begins with a file; [#next] is its first step.
  void begin(Path next, long itsNumber) {
    path = next;
    number = itsNumber;
    step = Step.WAITING;
    wantedBytes = Math.min(guess.bytes(), most + 1);
  }

  /// Takes the result of the step in flight, and prepares the next.
  ///
  /// @param parking whether to wait for memory
  Next next(boolean parking) {
    try {
      return switch (step) {
        case WAITING -> startReading(parking);
        case READING -> read();
        case SIZING -> sized(parking);
      };
    } catch (IOException e) {
      failure = e;
      return stop();
    }
  }

  private Next startReading(boolean parking) throws IOException {
    step = Step.WAITING;
    IoBuffer into = acquire(parking);
    if (into == null) {
      return Next.NEEDS_MEMORY;
    }
    buffer = into;
    step = Step.READING;
    op.readFile(path(), into, 0, into.capacity());
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
    guess.met(bytes);
    buffer = null;
    if (bytes < filled.capacity()) {
      content = filled.freeze(0, bytes);
      return Next.ENDED;
    }
    filled.close();
    if (bytes > most) {
      throw tooLarge(bytes);
    }
    step = Step.SIZING;
    op.statx(path(), true);
    return Next.GOES_ON;
  }

  /// What tells no size, as files of /proc do, is read again with twice the room.
  private Next sized(boolean parking) throws IOException {
    long size = op.fileInfo().size();
    if (size > most) {
      throw tooLarge(size);
    }
    wantedBytes = size >= wantedBytes ? size + 1 : Math.min(2 * wantedBytes, most + 1);
    return startReading(parking);
  }

  private FileSystemException tooLarge(long bytes) {
    return new FileSystemException(
        path().toString(),
        null,
        "has at least " + bytes + " bytes, more than " + most + "; read it by windows");
  }

  /// Gives the file up.
  Next stop() {
    if (buffer != null) {
      buffer.close();
      buffer = null;
    }
    return Next.ENDED;
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
