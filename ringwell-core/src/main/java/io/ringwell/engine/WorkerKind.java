package io.ringwell.engine;

import io.ringwell.uring.Submission;

/// An operation that io_uring does not have: a worker makes the call.
abstract class WorkerKind extends Kind {
  /// No operation of io_uring.
  private static final int NONE = 255;

  WorkerKind(OpCode code) {
    super(code, NONE);
  }

  @Override
  final boolean prefersWorker(Operation op) {
    return true;
  }

  @Override
  final void encode(Operation op, Submission to, RingLoop loop, int sqeFlags, long userData) {
    throw new IllegalStateException("io_uring has no " + code.label());
  }
}
