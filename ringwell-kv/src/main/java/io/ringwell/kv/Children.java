package io.ringwell.kv;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/// What an iterator does with those below it.
final class Children {
  private Children() {}

  /// @throws IllegalArgumentException if one is there twice, since it can stand in one place only
  static KvIterator[] owned(List<? extends KvIterator> children) {
    KvIterator[] owned = children.toArray(new KvIterator[0]);
    Set<KvIterator> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (KvIterator child : owned) {
      if (child == null) {
        throw new NullPointerException("a child is null");
      }
      if (!seen.add(child)) {
        throw new IllegalArgumentException("an iterator is given twice");
      }
    }
    return owned;
  }

  /// Closes all, whatever goes wrong; throws the first of it.
  static void close(KvIterator[] children) {
    RuntimeException first = null;
    for (KvIterator child : children) {
      try {
        child.close();
      } catch (RuntimeException e) {
        if (first == null) {
          first = e;
        } else if (first != e) {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
