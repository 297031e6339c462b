package io.ringwell.engine;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.ringwell.sys.FileCalls;
import java.lang.foreign.MemorySegment;
import java.time.Instant;
import java.util.Objects;

/// Gives an open file the permissions and times of another ([Operation#info] is what to set).
final class AttributesKind extends WorkerKind {
  static final AttributesKind INSTANCE = new AttributesKind();

  private static final int TIMES_BYTES = 32;

  private AttributesKind() {
    super(OpCode.SET_ATTRIBUTES);
  }

  @Override
  int call(Operation op) {
    FileInfo info = Objects.requireNonNull(op.info);
    int fd = op.handle().descriptor;
    int result = FileCalls.fchmod(fd, info.permissions());
    if (result < 0) {
      return result;
    }
    MemorySegment times = op.scratch(TIMES_BYTES).memory();
    set(times, 0, info.accessed());
    set(times, 16, info.modified());
    return FileCalls.futimens(fd, times.address());
  }

  private static void set(MemorySegment times, long at, Instant instant) {
    times.set(JAVA_LONG, at, instant.getEpochSecond());
    times.set(JAVA_LONG, at + 8, instant.getNano());
  }
}
