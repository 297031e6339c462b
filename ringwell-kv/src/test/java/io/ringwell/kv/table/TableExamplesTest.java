package io.ringwell.kv.table;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.engine.Engine;
import io.ringwell.kv.KvBounds;
import io.ringwell.kv.KvIterator;
import io.ringwell.kv.table.RocksTables.Shape;
import io.ringwell.memory.Bytes;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The examples of docs/kv.md that read tables.
class TableExamplesTest {
  @TempDir Path directory;

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static String text(MemorySegment bytes) {
    return new String(bytes.toArray(ValueLayout.JAVA_BYTE), UTF_8);
  }

  @Test
  void entriesWithAPrefixAndManyKeysAtOnce() throws Exception {
    NavigableMap<byte[], byte[]> entries = Entries.none();
    entries.put(bytes("host:1"), bytes("a"));
    entries.put(bytes("user:1"), bytes("ann"));
    entries.put(bytes("user:2"), bytes("bob"));
    entries.put(bytes("zone:1"), bytes("z"));
    Path path = directory.resolve("table.sst");
    try (Shape shape = new Shape()) {
      RocksTables.write(path, shape, entries);
    }
    List<String> lines = new ArrayList<>();
    MemorySegment prefix = Entries.segment(bytes("user:"));
    try (Engine engine = Engine.open()) {
      try (Table table = Table.open(engine, path, TableOptions.defaults());
          KvIterator users = table.iterator(KvBounds.prefix(prefix))) {
        while (users.next()) {
          lines.add(text(users.key()) + " -> " + text(users.value()));
        }
      }
      assertThat(lines).containsExactly("user:1 -> ann", "user:2 -> bob");
      List<MemorySegment> keys =
          List.of(Entries.segment(bytes("zone:1")), Entries.segment(bytes("none")));
      try (Table table = Table.open(engine, path, TableOptions.defaults())) {
        List<@Nullable Bytes> values = table.multiGet(keys);
        assertThat(values).hasSize(2);
        try (Bytes value = Objects.requireNonNull(values.getFirst())) {
          assertThat(text(value.segment())).isEqualTo("z");
        }
        assertThat(values.getLast()).isNull();
      }
      try (BlockCache cache = BlockCache.ofMaxBytes(64 << 20);
          Table table = Table.open(engine, path, TableOptions.defaults().withCache(cache))) {
        lookUp(table, keys); // reads, and keeps what it has read
        lookUp(table, keys); // from memory
      }
    }
  }

  private static void lookUp(Table table, List<MemorySegment> keys) throws IOException {
    List<@Nullable Bytes> values = table.multiGet(keys);
    try (Bytes value = Objects.requireNonNull(values.getFirst())) {
      assertThat(text(value.segment())).isEqualTo("z");
    }
    assertThat(values.getLast()).isNull();
  }
}
