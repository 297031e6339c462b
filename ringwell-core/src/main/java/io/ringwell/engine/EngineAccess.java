package io.ringwell.engine;

import org.jspecify.annotations.Nullable;

/// What an engine that wraps another may see and change of an operation between submission and
/// completion. Not for users of engines.
public final class EngineAccess {
  private EngineAccess() {}

  /// Puts `sink` before whoever is told of raw results now.
  ///
  /// @return who was told until now, to pass results on to with [#deliver]; null for the engine
  ///   itself
  public static @Nullable CompletionSink intercept(Operation op, CompletionSink sink) {
    CompletionSink before = op.sink;
    op.sink = sink;
    return before;
  }

  /// Passes a raw result on, from any thread.
  ///
  /// @param next what [#intercept] returned
  public static void deliver(Operation op, @Nullable CompletionSink next, int result) {
    if (next == null) {
      op.settle(result);
    } else {
      next.attempted(op, result);
    }
  }

  /// Bounds the next attempt of a transfer, in bytes.
  public static void limitAttempt(Operation op, int bytes) {
    op.attemptLimit = Math.max(1, bytes);
  }

  /// Ends an attempt that was never made, with `result`: a count, or minus the error number. The
  /// engine inside is told that the operation is its own.
  public static void answer(Operation op, Engine root, int result) {
    ((AbstractEngine) root).answer(op, result);
  }

  /// The operation linked behind this one.
  public static @Nullable Operation linked(Operation op) {
    return op.linked;
  }

  /// Whether the result of this operation counts bytes.
  public static boolean transfers(Operation op) {
    return op.kind.countsBytes();
  }

  /// Bytes that are still to be moved.
  public static long remaining(Operation op) {
    return op.kind.countsBytes() ? op.remaining() : 0;
  }

  /// Where the next attempt reads or writes in memory; 0 for operations on vectors or on none.
  public static long address(Operation op) {
    boolean plain =
        op.kind instanceof TransferKind
            || op.kind == ReadFileKind.INSTANCE
            || op.kind == ReceiveKind.INSTANCE
            || op.kind == SendKind.INSTANCE;
    return plain ? op.address + op.transferred : 0;
  }

  /// The addresses and lengths of the vectors of a vectored operation, one pair after another.
  public static long[] vectors(Operation op) {
    if (!(op.kind instanceof VectorKind) && op.kind != SendVectorKind.VECTORS) {
      return new long[0];
    }
    long[] pairs = new long[2 * op.arguments];
    for (int i = 0; i < op.arguments; i++) {
      pairs[2 * i] = op.scratch().vectorAddress(i);
      pairs[2 * i + 1] = op.scratch().vectorLength(i);
    }
    return pairs;
  }

  /// The file that the operation is on.
  public static @Nullable FileHandle file(Operation op) {
    return op.file;
  }
}
