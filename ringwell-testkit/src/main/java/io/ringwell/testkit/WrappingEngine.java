package io.ringwell.testkit;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineInfo;
import io.ringwell.engine.EngineStats;
import io.ringwell.engine.OpCode;
import io.ringwell.engine.Operation;
import io.ringwell.memory.BufferPool;
import java.io.InterruptedIOException;

/// An engine around another, which does the work and is closed with this one. Whoever extends it
/// says what becomes of operations on their way in.
abstract class WrappingEngine implements Engine {
  final Engine inner;

  WrappingEngine(Engine inner) {
    this.inner = inner;
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
  public void awaitRoom(Operation op) throws InterruptedIOException {
    inner.awaitRoom(op);
  }

  @Override
  public void again(Operation op) {
    inner.again(op);
  }

  @Override
  public void close() {
    inner.close();
  }
}
