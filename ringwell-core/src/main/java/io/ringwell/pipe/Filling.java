package io.ringwell.pipe;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Objects;
import java.util.concurrent.CancellationException;

/// Fills a pipe from elsewhere until that ends.
final class Filling {
  private static final int ARRAY_BYTES = 8 << 10;

  private Filling() {}

  static long from(ReadableByteChannel source, PipeWriter target) throws IOException {
    Objects.requireNonNull(source, "source");
    Copying.requireBlocking(source);
    long first = target.committed();
    do {
      long room = target.reserve(1);
      ByteBuffer window = Copying.buffer(target.memory(), target.position(), room);
      int count = source.read(window);
      if (count < 0) {
        break;
      }
      target.commit(count);
    } while (isOpen(target));
    return target.committed() - first;
  }

  static long from(InputStream source, PipeWriter target) throws IOException {
    Objects.requireNonNull(source, "source");
    byte[] array = new byte[ARRAY_BYTES];
    long first = target.committed();
    do {
      int count = source.read(array);
      if (count < 0) {
        break;
      }
      target.write(array, 0, count);
    } while (isOpen(target));
    return target.committed() - first;
  }

  private static boolean isOpen(PipeWriter target) throws IOException {
    FlushResult result = target.flush();
    if (result == FlushResult.CANCELLED) {
      throw new CancellationException("the flush of a pipe was cancelled");
    }
    return result != FlushResult.COMPLETED;
  }
}
