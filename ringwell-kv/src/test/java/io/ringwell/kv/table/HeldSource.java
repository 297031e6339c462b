package io.ringwell.kv.table;

import io.ringwell.memory.IoBuffer;
import io.ringwell.window.WindowSource;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Bytes whose reads end when the test says so.
final class HeldSource implements WindowSource {
  private record Held(long position, IoBuffer into, long length, Completion done) {}

  private final byte[] bytes;
  private final List<Held> held = new ArrayList<>();
  private int reads;
  private boolean holding;
  private boolean failing;

  HeldSource(byte[] bytes) {
    this.bytes = bytes;
  }

  @Override
  public String name() {
    return "held";
  }

  @Override
  public long size() {
    return bytes.length;
  }

  /// From now on reads are held, or no longer.
  synchronized HeldSource hold(boolean on) {
    holding = on;
    return this;
  }

  /// From now on reads fail, or no longer.
  synchronized void fail(boolean on) {
    failing = on;
  }

  synchronized int count() {
    return held.size();
  }

  /// How many were asked for.
  synchronized int reads() {
    return reads;
  }

  /// Ends one read, any of them.
  void letGo(Random random) {
    Held one;
    synchronized (this) {
      one = held.remove(random.nextInt(held.size()));
    }
    answer(one);
  }

  @Override
  public void read(long position, IoBuffer into, long length, Completion done) {
    Held one = new Held(position, into, length, done);
    synchronized (this) {
      reads++;
      if (holding) {
        held.add(one);
        return;
      }
    }
    answer(one);
  }

  private void answer(Held one) {
    synchronized (this) {
      if (failing) {
        one.done().fail(new IOException("held fails at " + one.position()));
        return;
      }
    }
    int count = (int) Math.clamp(bytes.length - one.position(), 0, one.length());
    MemorySegment.copy(
        MemorySegment.ofArray(bytes), one.position(), one.into().segment(), 0, count);
    one.done().complete(count);
  }
}
