package io.ringwell.sink;

import io.ringwell.memory.Bytes;
import io.ringwell.memory.BytesChain;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.zip.Adler32;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;
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

  /// Whether it is known to read native memory where that lies, and not by way of the heap.
  private final boolean inPlace;

  private ChecksumOutlet(Sink sink, Sum sum, boolean inPlace) {
    this.sink = sink;
    this.sum = sum;
    this.inPlace = inPlace;
  }

  static ChecksumOutlet of(Sink sink, Checksum checksum) {
    boolean known =
        checksum instanceof CRC32 || checksum instanceof CRC32C || checksum instanceof Adler32;
    return new ChecksumOutlet(sink, checksum::update, known);
  }

  /// The JDK's digests read native memory through an array.
  static ChecksumOutlet of(Sink sink, MessageDigest digest) {
    return new ChecksumOutlet(sink, digest::update, false);
  }

  @Override
  public Shape shape() {
    return new Shape(WRITE_BYTES, false, 1);
  }

  @Override
  public CompletionStage<@Nullable Void> write(BytesChain bytes) throws IOException {
    if (!inPlace && bytes.isSecure()) {
      throw new IOException(
          "secure bytes are not shown to a digest, which copies them to the heap");
    }
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
