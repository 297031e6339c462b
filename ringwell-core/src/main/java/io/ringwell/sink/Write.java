package io.ringwell.sink;

import io.ringwell.memory.BytesChain;

/// One call of an outlet's, and what was given to it.
final class Write {
  final BytesChain bytes;
  final long size;

  /// Its stage has completed. Used with the sink's lock held.
  boolean done;

  Write(BytesChain bytes) {
    this.bytes = bytes;
    this.size = bytes.size();
  }
}
