package io.ringwell.testkit;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineAccess;
import io.ringwell.engine.OpCode;
import io.ringwell.engine.Operation;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// An engine around another that writes down the memory of every attempt handed to it, so that a
/// test can show payload to have gone to the kernel from where its producer put it.
///
/// It keeps every span until [#clear]. It closes the engine inside.
public final class RecordingEngine extends WrappingEngine {
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
    super(inner);
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
