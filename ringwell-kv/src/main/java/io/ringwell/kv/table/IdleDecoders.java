package io.ringwell.kv.table;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Contexts that nobody decodes with at the moment, at most as many as there are processors: so
/// many scans may be suspended at once, and hold none.
///
/// Any thread. Taking and giving back allocate nothing.
final class IdleDecoders implements AutoCloseable {
  private final ArrayBlockingQueue<BlockDecoder> idle =
      new ArrayBlockingQueue<>(Runtime.getRuntime().availableProcessors());
  private final Supplier<BlockDecoder> maker;
  private volatile boolean closed;

  IdleDecoders(Supplier<BlockDecoder> maker) {
    this.maker = maker;
  }

  /// One that is the caller's until [#giveBack].
  BlockDecoder take() {
    @Nullable BlockDecoder known = idle.poll();
    return known != null ? known : maker.get();
  }

  void giveBack(BlockDecoder decoder) {
    if (!idle.offer(decoder)) {
      decoder.close();
    } else if (closed) {
      drain();
    }
  }

  /// Ends those that are idle; the others end when they are given back.
  @Override
  public void close() {
    closed = true;
    drain();
  }

  private void drain() {
    for (@Nullable BlockDecoder one = idle.poll(); one != null; one = idle.poll()) {
      one.close();
    }
  }
}
