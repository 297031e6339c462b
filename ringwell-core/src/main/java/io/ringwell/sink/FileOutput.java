package io.ringwell.sink;

import io.ringwell.engine.Engine;
import io.ringwell.engine.Operation;
import io.ringwell.engine.OperationException;
import io.ringwell.file.AtomicFile;
import io.ringwell.file.Durability;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.BytesChain;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The file behind a sink, and the operations in flight on it.
final class FileOutput implements AutoCloseable {
  /// What a file system says that cannot make room beforehand.
  private static final Set<String> CANNOT = Set.of("EOPNOTSUPP", "ENOSYS", "EINVAL", "ENODEV");

  private final Engine engine;
  private final AtomicFile target;
  private final Durability durability;
  private final Set<Operation> inFlight = ConcurrentHashMap.newKeySet();

  /// How far room was made, in bytes.
  private long allocated;

  private FileOutput(Engine engine, AtomicFile target, Durability durability) {
    this.engine = engine;
    this.target = target;
    this.durability = durability;
  }

  static FileOutput create(Engine engine, Path path, FileSinkOptions options) throws IOException {
    AtomicFile target = AtomicFile.create(engine, path, options.mode(), options.direct());
    FileOutput made = new FileOutput(engine, target, options.durability());
    boolean whole = false;
    try {
      if (options.expectedBytes() > 0 && target.isAtomic()) {
        made.allocate(options.expectedBytes());
      }
      whole = true;
      return made;
    } finally {
      if (!whole) {
        made.close();
      }
    }
  }

  Engine engine() {
    return engine;
  }

  /// The grid of direct I/O, in bytes, for offsets and lengths; 1 where it is not direct.
  int offsetAlign() {
    return target.file().offsetAlign();
  }

  /// The same for memory.
  int memoryAlign() {
    return target.file().memoryAlign();
  }

  boolean isAtomic() {
    return target.isAtomic();
  }

  boolean isSeekable() {
    return target.file().isSeekable();
  }

  /// Makes room up to `size` bytes from the start; the file is that long then.
  ///
  /// @return false where the file system cannot
  boolean allocate(long size) throws IOException {
    if (size <= allocated) {
      return true;
    }
    Operation op = new Operation().allocate(target.file(), allocated, size - allocated, false);
    engine.submit(op);
    try {
      op.await();
      allocated = size;
      return true;
    } catch (OperationException e) {
      if (CANNOT.contains(e.errnoName())) {
        return false;
      }
      throw e;
    }
  }

  /// Writes all fragments to `offset`.
  CompletionStage<@Nullable Void> write(BytesChain chain, long offset) throws IOException {
    Operation op = new Operation();
    if (chain.fragments().size() == 1) {
      Bytes only = chain.fragments().getFirst();
      op.write(target.file(), only, 0, only.size(), offset);
    } else {
      op.writev(target.file(), chain, offset);
    }
    return submit(op);
  }

  /// Writes `length` bytes of `buffer` from `from` on to `offset`.
  CompletionStage<@Nullable Void> write(IoBuffer buffer, long from, long length, long offset)
      throws IOException {
    return submit(new Operation().write(target.file(), buffer, from, length, offset));
  }

  /// Parks until a write is done.
  static void await(CompletionStage<@Nullable Void> write) throws IOException {
    try {
      write.toCompletableFuture().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw e;
    }
  }

  private CompletionStage<@Nullable Void> submit(Operation op) throws IOException {
    CompletionStage<Operation> stage = op.stage();
    inFlight.add(op);
    boolean submitted = false;
    try {
      engine.submit(op);
      submitted = true;
    } finally {
      if (!submitted) {
        inFlight.remove(op);
      }
    }
    CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
    stage.whenComplete((written, failure) -> {
      inFlight.remove(op);
      if (failure == null) {
        done.complete(null);
      } else {
        done.completeExceptionally(failure);
      }
    });
    return done;
  }

  /// It has `size` bytes, all of them written: it takes its name.
  ///
  /// @param isLonger whether more was written, or may have been
  void commit(long size, boolean isLonger) throws IOException {
    if (target.isAtomic() && (isLonger || allocated > size)) {
      target.truncate(size);
    }
    target.commit(durability);
  }

  void cancel() {
    for (Operation op : inFlight) {
      engine.cancel(op);
    }
  }

  @Override
  public void close() throws IOException {
    target.close();
  }
}
