package io.ringwell.bench;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;

/// The two copies that every pipe here makes, into memory that two threads share and out of it, and
/// nothing else: who has to wait for the other spins on one word. What no pipe can be faster than
/// on this machine.
final class BareCarry implements PipeTurns.Carry, AutoCloseable {
  /// As far as a pipe's writer gets ahead, by default.
  private static final int RING_BYTES = 512 << 10;

  /// Words that two threads write keep this far apart.
  private static final int APART = 128 / Long.BYTES;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment ring = arena.allocate(RING_BYTES, APART * (long) Long.BYTES);
  private final AtomicLong written = new AtomicLong();

  @SuppressWarnings("UnusedVariable") // keeps the words apart
  private final long[] between = new long[2 * APART];

  private final AtomicLong read = new AtomicLong();
  private final byte[] from;
  private final byte[] to = new byte[64 << 10];

  BareCarry(int piece) {
    from = new byte[piece];
  }

  @Override
  public int piece() {
    return from.length;
  }

  @Override
  public void write(long total) {
    long at = written.get();
    long end = at + total;
    while (at < end) {
      while (at + from.length - read.getAcquire() > RING_BYTES) {
        Thread.onSpinWait();
      }
      MemorySegment.copy(from, 0, ring, JAVA_BYTE, at % RING_BYTES, from.length);
      at += from.length;
      written.setRelease(at);
    }
  }

  @Override
  public void read(long total) {
    long at = read.get();
    long end = at + total;
    while (at < end) {
      long there = written.getAcquire();
      while (there == at) {
        Thread.onSpinWait();
        there = written.getAcquire();
      }
      long inRing = at % RING_BYTES;
      int count = (int) Math.min(Math.min(there - at, to.length), RING_BYTES - inRing);
      MemorySegment.copy(ring, JAVA_BYTE, inRing, to, 0, count);
      at += count;
      read.setRelease(at);
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
