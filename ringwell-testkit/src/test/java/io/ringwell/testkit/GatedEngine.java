package io.ringwell.testkit;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineAccess;
import io.ringwell.engine.OpCode;
import io.ringwell.engine.Operation;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An engine around another that a test opens and shuts: operations of some kinds fail, or wait
/// until they are let through. What [FaultEngine] does by chance this does to order.
final class GatedEngine extends WrappingEngine {
  private final Map<OpCode, Integer> failing = new EnumMap<>(OpCode.class);
  private final ArrayDeque<Operation> held = new ArrayDeque<>();
  private volatile boolean full;
  private int left = -1;
  private final EnumSet<OpCode> holding = EnumSet.noneOf(OpCode.class);

  /// @param inner does the work, and is closed with this one
  GatedEngine(Engine inner) {
    super(inner);
  }

  /// From now on every operation of this kind fails, without being made.
  synchronized void fail(OpCode code, int errno) {
    failing.put(code, errno);
  }

  synchronized void heal() {
    failing.clear();
  }

  /// From now on writes wait, vectored ones too.
  synchronized void hold() {
    holding.add(OpCode.WRITE);
  }

  /// From now on syncs wait.
  synchronized void holdSyncs() {
    holding.add(OpCode.FSYNC);
    holding.add(OpCode.FDATASYNC);
  }

  /// From now on reads wait, vectored ones too.
  synchronized void holdReads() {
    holding.add(OpCode.READ);
  }

  /// After so many further writes, one is refused with [IllegalStateException].
  synchronized void breakAfter(int writes) {
    left = writes;
  }

  private synchronized void breakDown(Operation op) {
    if (kind(op) == OpCode.WRITE && left-- == 0) {
      throw new IllegalStateException("broken");
    }
  }

  /// From now on the queue is full.
  void fill() {
    full = true;
  }

  /// How many do.
  synchronized int held() {
    return held.size();
  }

  /// Ends what waits with an error, and lets through what comes.
  void failHeld(int errno) {
    for (Operation op = next(); op != null; op = next()) {
      EngineAccess.answer(op, inner.root(), -errno);
    }
  }

  /// Lets all go, and those that come.
  void release() {
    for (Operation op = next(); op != null; op = next()) {
      inner.again(op);
    }
  }

  private synchronized @Nullable Operation next() {
    Operation op = held.poll();
    if (op == null) {
      holding.clear();
    }
    return op;
  }

  private synchronized int errno(Operation op) {
    return failing.getOrDefault(kind(op), 0);
  }

  private synchronized boolean holds(Operation op) {
    return holding.contains(kind(op)) && held.add(op);
  }

  /// A vectored write is a write: whether fragments gather into one depends on who comes first.
  private static OpCode kind(Operation op) {
    return switch (op.code()) {
      case WRITEV -> OpCode.WRITE;
      case READV -> OpCode.READ;
      default -> op.code();
    };
  }

  @Override
  public boolean accept(Operation op) {
    breakDown(op);
    int errno = errno(op);
    if (errno != 0) {
      EngineAccess.answer(op, inner.root(), -errno);
      return true;
    }
    return holds(op) || (!full && inner.accept(op));
  }

  @Override
  public void close() {
    release();
    inner.close();
  }
}
