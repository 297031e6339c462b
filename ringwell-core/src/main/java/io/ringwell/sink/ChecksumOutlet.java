package io.ringwell.sink;

import io.ringwell.memory.Bytes;
import io.ringwell.memory.BytesChain;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// To another sink, which it owns; on the way every byte is shown to a checksum, in order and in
/// place.
final class ChecksumOutlet implements Outlet {
  /// What sums up: a `Checksum` or a `MessageDigest`.
  interface Sum {
    void update(ByteBuffer bytes);
  }

  /// Small enough to be in a processor's cache still when it is handed on.
  private static final long WRITE_BYTES = 256 << 10;

  private final Sink sink;
  private final Sum sum;

  ChecksumOutlet(Sink sink, Sum sum) {
    this.sink = sink;
    this.sum = sum;
  }

  @Override
  public Shape shape() {
    return new Shape(WRITE_BYTES, false, 1);
  }

  @Override
  public CompletionStage<@Nullable Void> write(BytesChain bytes) {
    for (Bytes piece : bytes.fragments()) {
      sum.update(piece.byteBuffer());
    }
    return Stages.send(bytes, List.of(sink));
  }

  @Override
  public void flush() throws IOException {
    sink.flush();
  }

  @Override
  public void finish(long size) throws IOException {
    sink.complete();
  }

  @Override
  public void abandon() {
    sink.fail(new IOException("the sink in front of it was abandoned"));
  }

  @Override
  public void close() throws IOException {
    sink.close();
  }
}
