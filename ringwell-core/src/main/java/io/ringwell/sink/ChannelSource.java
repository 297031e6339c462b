package io.ringwell.sink;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.IoBuffer;
import io.ringwell.pipe.PipeWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// What a channel has, read into memory of a pool.
final class ChannelSource implements Source {
  private static final int PIECE_BYTES = 64 << 10;

  private final ReadableByteChannel channel;
  private final BufferPool pool;
  private volatile boolean end;

  ChannelSource(ReadableByteChannel channel, BufferPool pool) {
    this.channel = channel;
    this.pool = pool;
  }

  /// As much as there is at once, up to a piece: whoever writes little is not waited for.
  @Override
  public @Nullable Bytes next() throws IOException {
    if (end) {
      return null;
    }
    IoBuffer buffer = pool.acquire(PIECE_BYTES);
    int read = -1;
    try {
      ByteBuffer into = buffer.byteBuffer();
      do {
        read = channel.read(into);
      } while (read == 0);
    } finally {
      if (read <= 0) {
        buffer.close();
      }
    }
    if (read < 0) {
      end = true;
      return null;
    }
    return buffer.freeze(0, read);
  }

  /// Reads straight into the pipe's memory. A piece of its own for each read has a buffer of its
  /// own, of which a channel that gives little fills next to nothing: the pool would be empty long
  /// before the pipe is full.
  void drain(PipeWriter writer) throws IOException {
    while (!end) {
      long room = Math.min(writer.reserve(1), PIECE_BYTES);
      ByteBuffer window = writer.memory().asSlice(writer.position(), room).asByteBuffer();
      int read = channel.read(window);
      if (read < 0) {
        end = true;
      } else {
        writer.commit(read);
        writer.send(Bytes.empty()); // a flush that throws where nobody reads
      }
    }
  }

  @Override
  public CompletionStage<@Nullable Bytes> nextAsync() {
    CompletableFuture<@Nullable Bytes> stage = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("ringwell-source")
        .start(() -> {
          try {
            stage.complete(next());
          } catch (Throwable e) {
            stage.completeExceptionally(e);
          }
        });
    return stage;
  }

  @Override
  public @Nullable Bytes poll() {
    return null;
  }

  @Override
  public boolean isAtEnd() {
    return end;
  }

  @Override
  public boolean isNonBlocking() {
    return false;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
