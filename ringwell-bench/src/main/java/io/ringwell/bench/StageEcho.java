package io.ringwell.bench;

import io.ringwell.net.Connection;
import io.ringwell.pipe.FlushResult;
import io.ringwell.pipe.PipeRead;
import io.ringwell.pipe.PipeReader;
import io.ringwell.pipe.PipeWriter;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// One connection's echo, on whatever thread brings what comes: the ring's own, where that is the
/// scheduler.
final class StageEcho {
  private final Connection connection;
  private final PipeReader input;
  private final PipeWriter output;
  private final Runnable next = this::next;

  StageEcho(Connection connection) {
    this.connection = connection;
    this.input = connection.input();
    this.output = connection.output();
  }

  void next() {
    try {
      PipeRead read = input.tryRead(next);
      while (read != null && echo(read)) {
        read = input.tryRead(next);
      }
    } catch (IOException | RuntimeException e) {
      connection.abort();
    }
  }

  /// @return whether to go on now
  private boolean echo(PipeRead read) throws IOException {
    if (read.isEmpty() && read.isCompleted()) {
      input.complete();
      output.complete();
      return false;
    }
    do {
      long length = read.length();
      output.reserve(length);
      MemorySegment.copy(
          read.memory(), read.position(), output.memory(), output.position(), length);
      output.commit(length);
    } while (read.nextFragment());
    read.advance(read.end());
    return output.tryFlush(next) != FlushResult.PENDING;
  }
}
