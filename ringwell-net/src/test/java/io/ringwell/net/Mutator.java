package io.ringwell.net;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.ringwell.pipe.FlushResult;
import io.ringwell.pipe.PipeRead;
import io.ringwell.pipe.PipeReader;
import io.ringwell.pipe.PipeWriter;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;

/// Stands between two pipes and does one thing to what goes through.
final class Mutator implements Runnable {
  private final PipeReader from;
  private final PipeWriter to;

  /// Where in the stream; -1: never.
  private final long at;

  private final Random random;

  Mutator(PipeReader from, PipeWriter to, long at, Random random) {
    this.from = from;
    this.to = to;
    this.at = at;
    this.random = random;
  }

  @Override
  public void run() {
    try {
      boolean more = true;
      while (more) {
        PipeRead read = from.read();
        byte[] bytes = new byte[(int) read.size()];
        read.copyTo(read.start(), MemorySegment.ofArray(bytes), 0, bytes.length);
        boolean here = at >= read.start() && at < read.end();
        byte[] changed = here ? change(bytes, (int) (at - read.start())) : bytes;
        more = !read.isCompleted();
        read.advance(read.end());
        to.write(changed, 0, changed.length);
        more &= to.flush() != FlushResult.COMPLETED;
      }
    } catch (IOException | IllegalStateException e) {
      to.complete(e); // one of the sides has broken off
    }
    to.complete();
    from.complete();
  }

  private byte[] change(byte[] bytes, int index) {
    switch (random.nextInt(6)) {
      case 0 -> bytes[index] ^= (byte) (1 << random.nextInt(Byte.SIZE));
      case 1 -> bytes[index] = (byte) random.nextInt();
      case 2 -> {
        return without(bytes, index);
      }
      case 3 -> {
        return Arrays.copyOf(bytes, index);
      }
      case 4 -> {
        byte[] doubled = Arrays.copyOf(bytes, 2 * bytes.length);
        System.arraycopy(bytes, 0, doubled, bytes.length, bytes.length);
        return doubled;
      }
      default -> {
        byte[] noise = new byte[Math.min(64, bytes.length - index)];
        random.nextBytes(noise);
        System.arraycopy(noise, 0, bytes, index, noise.length);
      }
    }
    return bytes;
  }

  private static byte[] without(byte[] bytes, int index) {
    MemorySegment all = MemorySegment.ofArray(bytes);
    byte[] less = new byte[bytes.length - 1];
    MemorySegment.copy(all, JAVA_BYTE, 0, less, 0, index);
    MemorySegment.copy(all, JAVA_BYTE, index + 1L, less, index, bytes.length - index - 1);
    return less;
  }
}
