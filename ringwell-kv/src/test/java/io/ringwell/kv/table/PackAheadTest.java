package io.ringwell.kv.table;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.ringwell.engine.Engine;
import io.ringwell.kv.Trials;
import io.ringwell.memory.BufferPool;
import io.ringwell.memory.BytesChain;
import io.ringwell.memory.PoolOptions;
import io.ringwell.sink.MemorySink;
import io.ringwell.sink.Sinks;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Tables whose blocks are compressed by helpers.
class PackAheadTest {
  private static final long SEED = Trials.seed(PackAheadTest.class);

  private static byte[] write(NavigableMap<byte[], byte[]> entries, TableWriterOptions options)
      throws IOException {
    try (BufferPool pool = BufferPool.shared(PoolOptions.ofMaxBytes(16 << 20));
        MemorySink sink = Sinks.memory(8 << 20);
        TableWriter table = TableWriter.to(sink, pool, options)) {
      for (Map.Entry<byte[], byte[]> each : entries.entrySet()) {
        table.add(MemorySegment.ofArray(each.getKey()), MemorySegment.ofArray(each.getValue()));
      }
      table.complete();
      try (BytesChain written = sink.take()) {
        byte[] bytes = new byte[Math.toIntExact(written.size())];
        written.copyTo(MemorySegment.ofArray(bytes), 0);
        return bytes;
      }
    }
  }

  /// Where the blocks of entries end.
  private static int dataBytes(byte[] table) throws IOException {
    long[] end = {0};
    try (Engine engine = Engine.open();
        Table read = Table.open(engine, new HeldSource(table), TableOptions.defaults())) {
      TableCheck.verify(read);
      TableCheck.index(read, (offset, size, separator) -> end[0] = offset + size);
    }
    return (int) end[0];
  }

  @ParameterizedTest
  @EnumSource(
      value = TableCompression.class,
      names = {"NONE", "LZ4", "ZSTD"})
  void theBlocksAreThoseOfAWriterWithoutHelpers(TableCompression compression) throws Exception {
    Random random = new Random(SEED);
    NavigableMap<byte[], byte[]> entries = Entries.random(random, 5000, 200);
    // Larger than what may wait together, among small ones.
    for (int i = 0; i < 3; i++) {
      entries.put(Entries.value(random, 20), Entries.value(random, 700_000));
    }
    TableWriterOptions options =
        TableWriterOptions.defaults().withCompression(compression).withBlockBytes(1000);
    byte[] alone = write(entries, options.withHelpers(0));
    int bytes = dataBytes(alone);
    for (int helpers = 1; helpers <= 3; helpers++) {
      byte[] helped = write(entries, options.withHelpers(helpers));
      assertThat(dataBytes(helped)).isEqualTo(bytes);
      assertThat(Arrays.mismatch(alone, 0, bytes, helped, 0, bytes)).isEqualTo(-1);
    }
  }

  @Test
  void aWriterMayBeClosedWhileHelpersAreAtWork() throws Exception {
    Random random = new Random(SEED);
    byte[] value = Entries.value(random, 300);
    try (BufferPool pool = BufferPool.shared(PoolOptions.ofMaxBytes(4 << 20))) {
      for (int round = 0; round < 200; round++) {
        try (MemorySink sink = Sinks.memory(2 << 20);
            TableWriter table =
                TableWriter.to(sink, pool, TableWriterOptions.defaults().withHelpers(2))) {
          int count = 1 + random.nextInt(1000);
          for (int i = 0; i < count; i++) {
            add(table, i, value);
          }
        }
        assertThat(pool.stats().inUseBytes()).isZero();
      }
    }
  }

  @Test
  void anErrorOfTheSinkEndsTheTable() throws Exception {
    byte[] value = new byte[300];
    new Random(SEED).nextBytes(value);
    try (BufferPool pool = BufferPool.shared(PoolOptions.ofMaxBytes(4 << 20));
        MemorySink sink = Sinks.memory(300 << 10);
        TableWriter table =
            TableWriter.to(sink, pool, TableWriterOptions.defaults().withHelpers(2))) {
      int[] number = {0};
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> {
            while (number[0] < 100_000) {
              add(table, number[0]++, value);
            }
          })
          .withMessageContaining("more than the 307200 bytes");
      assertThatIllegalStateException()
          .isThrownBy(() -> add(table, number[0], value))
          .withMessageContaining("has failed");
    }
  }

  private static void add(TableWriter table, int number, byte[] value) throws IOException {
    byte[] key = "key%06d".formatted(number).getBytes(UTF_8);
    table.add(MemorySegment.ofArray(key), MemorySegment.ofArray(value));
  }
}
