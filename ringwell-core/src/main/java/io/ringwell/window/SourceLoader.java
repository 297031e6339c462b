package io.ringwell.window;

import java.io.IOException;
import java.util.Objects;

/// Reads what a user supplies.
final class SourceLoader extends Loader {
  private final WindowSource source;
  private final String name;
  private final int granularity;
  private final boolean nonBlocking;
  private final boolean immutable;
  private final long size;

  SourceLoader(WindowSource source) {
    this.source = source;
    this.name = source.name();
    this.granularity = source.granularity();
    this.nonBlocking = source.isNonBlocking();
    this.immutable = source.isImmutable();
    this.size = source.size();
    if (granularity < Long.BYTES || Integer.bitCount(granularity) != 1) {
      throw new IllegalArgumentException(
          "the granularity of "
              + name
              + " must be a power of two of at least 8 bytes, not "
              + granularity);
    }
  }

  @Override
  String name() {
    return name;
  }

  @Override
  long size() {
    return size;
  }

  @Override
  int granularity() {
    return granularity;
  }

  @Override
  boolean endsBefore(long position) {
    return immutable && size >= 0 && position >= size;
  }

  @Override
  boolean isNonBlocking() {
    return nonBlocking;
  }

  @Override
  boolean mayHaveGrown(long end) {
    return size < 0 || size > end;
  }

  @Override
  long start(Slot slot, Arrivals arrivals, boolean tryFirst) {
    SourceRead read = new SourceRead(arrivals, slot, name);
    slot.read = read;
    long position = slot.start;
    long length = slot.planned - slot.start;
    var into = Objects.requireNonNull(slot.buffer);
    arrivals.expectForeign();
    Runnable call =
        () -> {
          try {
            source.read(position, into, length, read);
          } catch (IOException e) {
            read.threw(e);
          } catch (RuntimeException | Error e) {
            // Told to whoever seeks, who would wait for ever otherwise.
            read.threw(new IOException("read of " + name + " at " + position + ": " + e, e));
          }
        };
    if (nonBlocking) {
      call.run();
    } else {
      Thread.ofVirtual().name("ringwell-source").start(call);
    }
    return -1;
  }

  @Override
  long finish(Slot slot) throws IOException {
    SourceRead read = Objects.requireNonNull(slot.read);
    slot.read = null;
    return read.result();
  }

  @Override
  boolean giveUp(Slot slot, Arrivals arrivals) {
    boolean gone = Objects.requireNonNull(slot.read).orphan();
    if (gone) {
      slot.buffer = null;
      arrivals.forgetForeign();
    }
    return gone;
  }

  @Override
  void close() throws IOException {
    source.close();
  }
}
