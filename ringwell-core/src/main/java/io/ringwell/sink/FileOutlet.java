package io.ringwell.sink;

import io.ringwell.memory.BytesChain;
import java.io.IOException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// To a file, through the page cache.
final class FileOutlet implements Outlet {
  private static final long WRITE_BYTES = 1 << 20;

  /// File systems let one buffered write into a file at a time; the second one is there when the
  /// first ends.
  private static final int IN_FLIGHT = 2;

  private final FileOutput file;
  private long position;

  FileOutlet(FileOutput file) {
    this.file = file;
  }

  @Override
  public Shape shape() {
    // What comes out of a pipe, comes in the order of the writes.
    return new Shape(WRITE_BYTES, false, file.isSeekable() ? IN_FLIGHT : 1);
  }

  @Override
  public CompletionStage<@Nullable Void> write(BytesChain bytes) throws IOException {
    CompletionStage<@Nullable Void> stage = file.write(bytes, position);
    position += bytes.size();
    return stage;
  }

  @Override
  public void finish(long size) throws IOException {
    file.commit(size, false);
  }

  @Override
  public void abandon() {
    file.cancel();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
