package io.ringwell.sink;

import io.ringwell.engine.OperationException;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.BytesChain;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// To a file, past the page cache. What lies on the file's grid is written from where it is; what
/// does not is copied into [Staging], in the order in which it comes.
final class DirectOutlet implements Outlet {
  private static final long WRITE_BYTES = 1 << 20;
  private static final int IN_FLIGHT = 8;

  /// Room is made ahead: writes that make a file longer go one at a time.
  private static final long LEAST_AHEAD = 16L << 20;

  private static final long MOST_AHEAD = 1L << 30;

  private final FileOutput file;
  private final Staging staging;
  private final long grid;
  private boolean allocates;

  /// Where the next write goes: on the grid. What is staged belongs there.
  private long position;

  /// How far room was made.
  private long room;

  DirectOutlet(FileOutput file) throws IOException {
    this.file = file;
    this.grid = file.offsetAlign();
    this.staging = new Staging(file);
    this.allocates = file.isAtomic();
  }

  @Override
  public Shape shape() {
    return new Shape(WRITE_BYTES, false, file.isSeekable() ? IN_FLIGHT : 1);
  }

  @Override
  public CompletionStage<@Nullable Void> write(BytesChain bytes) throws IOException {
    makeRoom(position + staging.size() + bytes.size() + grid);
    List<CompletionStage<@Nullable Void>> parts = new ArrayList<>();
    List<Bytes> run = new ArrayList<>();
    try {
      for (Bytes piece : bytes.fragments()) {
        long whole = staging.size() % grid == 0 ? wholeBlocks(piece) : 0;
        if (whole > 0) {
          position += staging.writeOut(position, parts);
          run.add(piece.slice(0, whole));
        }
        if (whole < piece.size()) {
          writeRun(run, parts);
          position += staging.add(piece, whole, position, parts);
        }
      }
      writeRun(run, parts);
    } finally {
      run.forEach(Bytes::close);
    }
    return Stages.all(parts);
  }

  /// How much of it can be written from where it is.
  private long wholeBlocks(Bytes piece) {
    return piece.address() % file.memoryAlign() == 0 ? piece.size() / grid * grid : 0;
  }

  private void writeRun(List<Bytes> run, List<CompletionStage<@Nullable Void>> parts)
      throws IOException {
    if (run.isEmpty()) {
      return;
    }
    // The memory is lent while it is written: the handles may go.
    try (BytesChain chain = BytesChain.of(run)) {
      run.clear();
      parts.add(file.write(chain, position));
      position += chain.size();
    }
  }

  private void makeRoom(long size) throws IOException {
    if (allocates && size > room) {
      room = size + Math.clamp(size, LEAST_AHEAD, MOST_AHEAD);
      allocates = tryAllocate(room);
    }
  }

  /// A disk that has no room for what may never come is not full yet: the writes will tell.
  private boolean tryAllocate(long size) throws IOException {
    try {
      return file.allocate(size);
    } catch (OperationException e) {
      if (e.errnoName().equals("ENOSPC") || e.errnoName().equals("EFBIG")) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public void flush() throws IOException {
    position += staging.writeLast(position);
  }

  @Override
  public void finish(long size) throws IOException {
    staging.writeLast(position);
    file.commit(size, true);
  }

  @Override
  public void abandon() {
    file.cancel();
  }

  @Override
  public void close() throws IOException {
    try (staging) {
      file.close();
    }
  }
}
