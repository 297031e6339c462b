package io.ringwell.file;

import io.ringwell.engine.Engine;
import io.ringwell.engine.Operation;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// A long transfer as many operations, a few of which are in flight at any time.
///
/// It completes when none is in flight any more, with the bytes moved from the front without a gap:
/// less than asked for only where the file ends. The first error wins; no further part is started
/// after it, and later errors are suppressed onto it.
final class SplitTransfer {
  /// A part: what one attempt of the engine moves at the most, so that none is held up by it.
  static final long PART_BYTES = 1 << 20;

  private static final int PARTS_IN_FLIGHT = 8;

  /// Prepares the operation for one part.
  @FunctionalInterface
  interface Part {
    Operation prepare(Operation op, long from, long length);
  }

  private final Engine engine;
  private final long length;
  private final Part part;
  private final CompletableFuture<Long> done = new CompletableFuture<>();
  private long next;
  private long end;
  private int inFlight;
  private @Nullable Throwable error;

  private SplitTransfer(Engine engine, long length, Part part) {
    this.engine = engine;
    this.length = length;
    this.end = length;
    this.part = part;
  }

  static CompletableFuture<Long> start(Engine engine, long length, Part part) {
    SplitTransfer transfer = new SplitTransfer(engine, length, part);
    for (int i = 0; i < PARTS_IN_FLIGHT; i++) {
      transfer.startNext(new Operation());
    }
    return transfer.done;
  }

  private void startNext(Operation op) {
    long from;
    long bytes;
    synchronized (this) {
      if (next >= end || error != null) {
        completeIfIdle();
        return;
      }
      from = next;
      bytes = Math.min(PART_BYTES, length - from);
      next += bytes;
      inFlight++;
    }
    try {
      part.prepare(op, from, bytes);
      op.stage().whenComplete((same, failure) -> ended(op, from, bytes, failure));
      engine.submit(op);
    } catch (IOException | RuntimeException e) {
      ended(op, from, bytes, e);
    }
  }

  private void ended(Operation op, long from, long bytes, @Nullable Throwable failure) {
    synchronized (this) {
      inFlight--;
      if (failure != null) {
        fail(failure);
      } else if (op.transferred() < bytes) {
        end = Math.min(end, from + op.transferred());
      }
    }
    startNext(op);
  }

  @SuppressWarnings("ReferenceEquality") // One error may end several parts.
  private void fail(Throwable failure) {
    if (error == null) {
      error = failure;
    } else if (error != failure) {
      error.addSuppressed(failure);
    }
  }

  private void completeIfIdle() {
    if (inFlight > 0) {
      return;
    }
    if (error != null) {
      done.completeExceptionally(error);
    } else {
      done.complete(end);
    }
  }
}
