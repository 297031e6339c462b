package io.ringwell.engine;

/// What has an operation in its hands between submission and completion: a ring's loop, or the
/// workers. Knows how to run one by a blocking call, and what to do with files.
interface Carrier {
  /// Runs `op` by a blocking call on the calling thread, a worker.
  void run(Operation op);

  /// Makes a handle of a descriptor that `op` opened.
  FileHandle adopt(Operation op, int descriptor);

  /// The operation has ended: counts it, and hands it back to its caller.
  void finish(Operation op);
}
