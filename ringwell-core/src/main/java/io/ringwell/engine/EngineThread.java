package io.ringwell.engine;

/// A thread of an engine. It makes the room that others wait for where a queue is full, and so
/// never waits for room itself.
final class EngineThread extends Thread {
  private final Engine engine;

  EngineThread(Engine engine, Runnable work, String name) {
    super(work, name);
    this.engine = engine;
    setDaemon(true);
  }

  /// Whether the calling thread is one of `engine`.
  @SuppressWarnings("ReferenceEquality") // Engines have identity.
  static boolean isOf(Engine engine) {
    return Thread.currentThread() instanceof EngineThread its && its.engine == engine;
  }
}
