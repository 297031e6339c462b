package io.ringwell.testkit;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineAccess;
import io.ringwell.engine.EngineInfo;
import io.ringwell.engine.EngineStats;
import io.ringwell.engine.OpCode;
import io.ringwell.engine.Operation;
import io.ringwell.memory.BufferPool;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// An engine around another that writes down the memory of every attempt handed to it, so that a
/// test can show payload to have gone to the kernel from where its producer put it.
///
/// It keeps every span until [#clear]. It closes the engine inside.
public final class RecordingEngine implements Engine {
  private final Engine inner;
  private final Queue<Span> spans = new ConcurrentLinkedQueue<>();

  /// Memory that the kernel was given.
  ///
  /// @param code what for
  /// @param address of its first byte
  /// @param length in bytes
  public record Span(OpCode code, long address, long length) {
    /// Whether all of it lies in `bytes` bytes from `base` on.
    public boolean isWithin(long base, long bytes) {
      return address >= base && address + length <= base + bytes;
    }
  }

  /// @param inner does the work, and is closed with this one
  public RecordingEngine(Engine inner) {
    this.inner = inner;
  }

  /// Every span so far, in the order in which attempts were handed down.
  public List<Span> spans() {
    return List.copyOf(spans);
  }

  /// Forgets what was recorded.
  public void clear() {
    spans.clear();
  }

  @Override
  public EngineInfo info() {
    return inner.info();
  }

  @Override
  public boolean supports(OpCode code) {
    return inner.supports(code);
  }

  @Override
  public EngineStats stats() {
    return inner.stats();
  }

  @Override
  public BufferPool pool() {
    return inner.pool();
  }

  @Override
  public Engine root() {
    return inner.root();
  }

  @Override
  public void cancel(Operation op) {
    inner.cancel(op);
  }

  @Override
  public boolean tryNow(Operation op) {
    spans.addAll(spansOf(op));
    return inner.tryNow(op);
  }

  @Override
  public boolean accept(Operation op) {
    // Looked at before: once accepted, the operation is the engine's.
    List<Span> given = spansOf(op);
    boolean accepted = inner.accept(op);
    if (accepted) {
      spans.addAll(given);
    }
    return accepted;
  }

  @Override
  public void awaitRoom(Operation op) throws InterruptedIOException {
    List<Span> given = spansOf(op);
    inner.awaitRoom(op);
    spans.addAll(given);
  }

  @Override
  public void again(Operation op) {
    spans.addAll(spansOf(op));
    inner.again(op);
  }

  @Override
  public void close() {
    inner.close();
  }

  private static List<Span> spansOf(Operation first) {
    List<Span> given = new ArrayList<>();
    for (Operation op = first; op != null; op = EngineAccess.linked(op)) {
      if (EngineAccess.address(op) != 0) {
        given.add(new Span(op.code(), EngineAccess.address(op), EngineAccess.remaining(op)));
      }
      long[] vectors = EngineAccess.vectors(op);
      for (int i = 0; i < vectors.length; i += 2) {
        given.add(new Span(op.code(), vectors[i], vectors[i + 1]));
      }
    }
    return given;
  }
}
