package io.ringwell.kv;

import io.ringwell.memory.Bytes;
import java.util.Objects;

/// An entry that outlives its iterator's step, and the iterator.
///
/// The caller owns both handles and closes them, here together or each by itself once it was handed
/// on, to a [io.ringwell.sink.Sink] for one. Each keeps the whole block that it lies in from its
/// pool: copy what is to be kept for long.
///
/// @param key the key
/// @param value the value
public record Retained(Bytes key, Bytes value) implements AutoCloseable {
  public Retained {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(value, "value");
  }

  /// Closes what of the two is open.
  @Override
  public void close() {
    if (!key.isClosed()) {
      key.close();
    }
    if (!value.isClosed()) {
      value.close();
    }
  }
}
