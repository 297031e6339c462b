package io.ringwell.net;

import static io.ringwell.net.Mutation.HEADER_BYTES;
import static io.ringwell.net.Mutation.LENGTH_AT;

import io.ringwell.pipe.FlushResult;
import io.ringwell.pipe.PipeRead;
import io.ringwell.pipe.PipeReader;
import io.ringwell.pipe.PipeWriter;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// Stands between two pipes, knows records, and does one thing to one of them.
final class Mutator implements Runnable {
  /// Which record is meant.
  enum Place {
    NONE,
    /// The one that has a byte of the stream.
    BYTE,
    /// By its number from the beginning.
    RECORD,
    /// By its number among those that come once [#arm] was called.
    ARMED
  }

  private final PipeReader from;
  private final PipeWriter to;
  private final Place place;
  private final int number;
  private final Mutation mutation;
  private final Random random;
  private final Runnable met;

  private volatile boolean armed;
  private byte[] waiting = new byte[0];
  private byte @Nullable [] held;
  private long passedBytes;
  private int passed;
  private int passedArmed;
  private boolean done;
  private boolean cut;
  private volatile boolean breaks;

  /// @param number of the byte or the record
  /// @param met is called when the record came, before anything of it goes on
  Mutator(
      PipeReader from,
      PipeWriter to,
      Place place,
      int number,
      Mutation mutation,
      Random random,
      Runnable met) {
    this.from = from;
    this.to = to;
    this.place = place;
    this.number = number;
    this.mutation = mutation;
    this.random = random;
    this.met = met;
  }

  void arm() {
    armed = true;
  }

  /// Whether what was done cannot be overlooked by whoever reads to the end: something that was
  /// said under keys differs, or is missing.
  boolean breaks() {
    return breaks;
  }

  @Override
  public void run() {
    try {
      boolean more = true;
      while (more) {
        PipeRead read = from.read();
        take(read);
        more = !read.isCompleted();
        read.advance(read.end());
        passOn();
        if (!more && held != null) {
          write(held); // nothing came that could have gone first
        }
        more &= to.flush() != FlushResult.COMPLETED && !cut;
      }
      if (!cut) {
        write(waiting); // whoever sends has broken off within a record
        to.flush();
      }
    } catch (IOException | IllegalStateException e) {
      to.complete(e); // one of the sides has broken off
    }
    to.complete();
    from.complete();
  }

  private void take(PipeRead read) throws IOException {
    int before = waiting.length;
    int more = (int) read.size();
    waiting = Arrays.copyOf(waiting, before + more);
    read.copyTo(read.start(), MemorySegment.ofArray(waiting), before, more);
  }

  /// The records that are whole.
  private void passOn() throws IOException {
    int at = 0;
    while (!cut && waiting.length - at >= HEADER_BYTES) {
      int body = ((waiting[at + LENGTH_AT] & 0xFF) << 8) | (waiting[at + LENGTH_AT + 1] & 0xFF);
      int end = at + HEADER_BYTES + body;
      if (end > waiting.length) {
        break;
      }
      pass(Arrays.copyOfRange(waiting, at, end));
      at = end;
    }
    waiting = Arrays.copyOfRange(waiting, at, waiting.length);
  }

  private void pass(byte[] record) throws IOException {
    boolean here = !done && isMeant(record.length);
    int within = (int) (number - passedBytes);
    count(record.length);
    if (!here) {
      write(record);
      if (held != null) {
        breaks = true;
        write(held);
        held = null;
      }
      return;
    }
    done = true;
    met.run();
    if (mutation == Mutation.SWAPPED) {
      held = record;
      return;
    }
    int at = place == Place.BYTE ? within : random.nextInt(record.length);
    byte[] changed = mutation.of(record.clone(), at, random);
    // Twice: the second copy may come after the end.
    breaks = mutation != Mutation.TWICE && !isAsGood(changed, record);
    cut = mutation == Mutation.CUT;
    write(changed);
  }

  /// The version does not count: RFC 8446, 5.1, has it ignored, and the JDK authenticates another.
  private static boolean isAsGood(byte[] changed, byte[] record) {
    return changed.length == record.length
        && changed[0] == record[0]
        && Arrays.equals(changed, LENGTH_AT, changed.length, record, LENGTH_AT, record.length);
  }

  private boolean isMeant(int length) {
    return switch (place) {
      case NONE -> false;
      case BYTE -> number < passedBytes + length;
      case RECORD -> number == passed;
      case ARMED -> armed && number == passedArmed;
    };
  }

  private void count(int length) {
    passedBytes += length;
    passed++;
    passedArmed += armed ? 1 : 0;
  }

  private void write(byte[] bytes) throws IOException {
    to.write(bytes, 0, bytes.length);
  }
}
