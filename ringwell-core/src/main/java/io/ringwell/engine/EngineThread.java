package io.ringwell.engine;

import java.util.concurrent.RejectedExecutionException;

/// A thread of an engine. It makes the room that others wait for where a queue is full, and so
/// never waits for room itself.
final class EngineThread extends Thread {
  private final Engine engine;

  EngineThread(Engine engine, Runnable work, String name) {
    super(work, name);
    this.engine = engine;
    setDaemon(true);
  }

  /// @throws RejectedExecutionException on a thread of `engine`
  @SuppressWarnings("ReferenceEquality") // Engines have identity.
  static void refuseToWait(Engine engine) {
    if (Thread.currentThread() instanceof EngineThread its && its.engine == engine) {
      throw new RejectedExecutionException(
          "the queue is full, and "
              + its.getName()
              + " makes its room, so it cannot wait for it: have listeners use trySubmit, and what"
              + " that refuses go on from another thread, or when an operation completes");
    }
  }
}
