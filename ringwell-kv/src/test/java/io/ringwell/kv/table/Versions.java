package io.ringwell.kv.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.engine.Engine;
import io.ringwell.kv.KvIterator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;

/// Puts several tables of a database together.
final class Versions {
  private Versions() {}

  /// Keys with their newest values, without what was deleted.
  static NavigableMap<byte[], byte[]> newest(Engine engine, List<Path> files) throws IOException {
    NavigableMap<byte[], byte[]> values = Entries.none();
    NavigableMap<byte[], Long> sequences = newSequences();
    for (Path file : files) {
      try (Table table = Table.open(engine, file, TableOptions.defaults());
          KvIterator at = table.iterator()) {
        while (at.next()) {
          byte[] key = Entries.key(at);
          Long before = sequences.get(key);
          if (before == null || before < at.sequence()) {
            sequences.put(key, at.sequence());
            values.put(key, Entries.value(at));
            if (at.isTombstone()) {
              values.remove(key);
            }
          }
        }
      }
    }
    assertThat(sequences).isNotEmpty();
    return values;
  }

  private static NavigableMap<byte[], Long> newSequences() {
    return new java.util.TreeMap<>(java.util.Arrays::compareUnsigned);
  }

  /// Whether two say the same, byte for byte.
  static void requireSame(Map<byte[], byte[]> a, Map<byte[], byte[]> b) {
    assertThat(a.keySet()).containsExactlyElementsOf(b.keySet());
    a.forEach((key, value) -> assertThat(b.get(key)).isEqualTo(value));
  }
}
