package io.ringwell.cli;

import io.ringwell.engine.Engine;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.BytesChain;
import io.ringwell.s3.S3Range;
import io.ringwell.s3.S3ReadOptions;
import io.ringwell.s3.S3Source;
import io.ringwell.s3.S3Store;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// Copies an object, or a range of it, to standard output: nothing else is asked for.
final class ObjectOutput implements AutoCloseable {
  private static final int PIECE_BYTES = 8 << 20;
  private static final int PIECES_AHEAD = 4;

  private final Engine engine;
  private final S3Source source;
  private final Deque<CompletableFuture<List<BytesChain>>> ahead = new ArrayDeque<>();

  private ObjectOutput(Engine engine, S3Source source) {
    this.engine = engine;
    this.source = source;
  }

  static void write(S3Access access, String name, ByteRange range, Engine engine, OutputCopy output)
      throws IOException {
    try (S3Store store = Stores.open(access);
        S3Source source = store.source(Stores.location(name), S3ReadOptions.defaults());
        ObjectOutput self = new ObjectOutput(engine, source)) {
      self.write(range, output);
    }
  }

  private void write(ByteRange range, OutputCopy output) throws IOException {
    long size = source.size();
    long end = range.end(size);
    long next = range.start(source.name(), size);
    while (next < end || !ahead.isEmpty()) {
      while (next < end && ahead.size() < PIECES_AHEAD) {
        long length = Math.min(PIECE_BYTES, end - next);
        ahead.add(
            source
                .readAsync(List.of(new S3Range(next, length)), engine.pool())
                .toCompletableFuture());
        next += length;
      }
      List<BytesChain> chains = await(ahead.element());
      ahead.remove();
      for (BytesChain chain : chains) {
        try (chain) {
          for (Bytes bytes : chain.fragments()) {
            output.writeAll(bytes.byteBuffer());
          }
        }
      }
    }
  }

  private static List<BytesChain> await(CompletableFuture<List<BytesChain>> piece)
      throws IOException {
    try {
      return piece.get();
    } catch (InterruptedException e) {
      throw new InterruptedIOException("interrupted");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
    }
  }

  /// Gives back what was read ahead and is not wanted; waits until nobody writes there any more.
  @Override
  public void close() {
    source.close();
    for (CompletableFuture<List<BytesChain>> piece : ahead) {
      piece.handle((chains, failure) -> close(chains)).join();
    }
  }

  private static int close(@Nullable List<BytesChain> chains) {
    if (chains != null) {
      chains.forEach(BytesChain::close);
    }
    return 0;
  }
}
