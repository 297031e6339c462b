package io.ringwell.kv;

import java.util.Objects;

/// Iterators that show another one differently.
///
/// Each owns what it is made of: it rewinds it, alone moves it, and closes it. None copies an
/// entry, allocates in a step, or reads anything of its own; each costs a few nanoseconds a step
/// beside what it calls.
public final class KvViews {
  private KvViews() {}

  /// The entries whose keys are within bounds. `child` must be in the order of [Keys].
  ///
  /// It reads on to the first entry behind the bound; a table that is given its bounds when it is
  /// opened does not.
  public static KvIterator bounded(KvIterator child, KvBounds bounds) {
    return new BoundedIterator(
        Objects.requireNonNull(child, "child"), Objects.requireNonNull(bounds, "bounds"));
  }

  /// The entries that pass a test. A step goes on until one does.
  public static KvIterator filter(KvIterator child, KvFilter filter) {
    return new FilterIterator(
        Objects.requireNonNull(child, "child"), Objects.requireNonNull(filter, "filter"));
  }

  /// The same keys with other values.
  public static KvIterator map(KvIterator child, KvMapper mapper) {
    return new MapIterator(
        Objects.requireNonNull(child, "child"), Objects.requireNonNull(mapper, "mapper"));
  }
}
