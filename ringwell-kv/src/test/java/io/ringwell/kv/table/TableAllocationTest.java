package io.ringwell.kv.table;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.ringwell.engine.Engine;
import io.ringwell.kv.KvIterator;
import io.ringwell.kv.Trials;
import io.ringwell.kv.table.RocksTables.Shape;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.NavigableMap;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.CompressionType;

/// A step allocates nothing, and neither does a block: only the reads of many blocks do.
class TableAllocationTest {
  private static final long SEED = Trials.seed(TableAllocationTest.class);

  /// A read takes a buffer, an operation, and what says when it is there.
  private static final long READ_BYTES = 2048;

  /// What a scan makes once, to have blocks opened ahead.
  private static final long AHEAD_BYTES = 32 << 10;

  @TempDir Path directory;

  @Test
  void aScanAllocatesForItsReadsAlone() throws Exception {
    NavigableMap<byte[], byte[]> entries = Entries.random(new Random(SEED), 20_000, 100);
    Path file = directory.resolve("table.sst");
    try (Shape shape = new Shape().compression(CompressionType.LZ4_COMPRESSION)) {
      RocksTables.write(file, shape, entries);
    }
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (Engine engine = Engine.open();
        Table table = Table.open(engine, file, TableOptions.defaults());
        KvIterator at = table.iterator()) {
      assertThat(scan(at)).isEqualTo(entries.size());
      at.rewind();
      long before = threads.getCurrentThreadAllocatedBytes();
      long met = scan(at);
      long allocated = threads.getCurrentThreadAllocatedBytes() - before;
      assertThat(met).isEqualTo(entries.size());
      long reads = table.size() / ReadAhead.CACHED_BYTES + 8;
      assertThat(table.properties().dataBlocks()).isGreaterThan(reads * 10);
      assertThat(allocated).isLessThan(reads * READ_BYTES + AHEAD_BYTES);
    }
  }

  private static long scan(KvIterator at) throws IOException {
    long met = 0;
    while (at.next()) {
      met += at.keyLength() >= 0 && at.valueLength() >= 0 ? 1 : 0;
    }
    return met;
  }
}
