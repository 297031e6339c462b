package io.ringwell.kv.table;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.kv.KvBounds;
import io.ringwell.kv.KvIterator;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Entries to be written, and what reading them has to give.
final class Entries {
  private Entries() {}

  /// Keys in the order of their bytes.
  static NavigableMap<byte[], byte[]> none() {
    return new TreeMap<>(Arrays::compareUnsigned);
  }

  /// Keys of several kinds, half of them with long common beginnings, values half compressible.
  static NavigableMap<byte[], byte[]> random(Random random, int count, int valueBytes) {
    NavigableMap<byte[], byte[]> entries = none();
    while (entries.size() < count) {
      byte[] key =
          switch (random.nextInt(4)) {
            case 0 -> {
              byte[] any = new byte[random.nextInt(12)];
              random.nextBytes(any);
              yield any;
            }
            case 1 -> ("k" + "x".repeat(random.nextInt(150)) + random.nextInt(100)).getBytes(UTF_8);
            default -> "user:%08d".formatted(random.nextInt(10_000_000)).getBytes(UTF_8);
          };
      entries.put(key, value(random, random.nextInt(valueBytes + 1)));
    }
    return entries;
  }

  static byte[] value(Random random, int bytes) {
    byte[] value = new byte[bytes];
    random.nextBytes(value);
    Arrays.fill(value, bytes / 2, bytes, (byte) 'v');
    return value;
  }

  static MemorySegment segment(byte[] bytes) {
    return Arena.ofAuto()
        .allocate(Math.max(1, bytes.length))
        .asSlice(0, bytes.length)
        .copyFrom(MemorySegment.ofArray(bytes));
  }

  static byte[] key(KvIterator at) {
    return at.key().toArray(ValueLayout.JAVA_BYTE);
  }

  static byte[] value(KvIterator at) {
    return at.value().toArray(ValueLayout.JAVA_BYTE);
  }

  /// The whole of a table, both ways, from places and within bounds.
  static void check(Table table, NavigableMap<byte[], byte[]> entries, Random random)
      throws IOException {
    List<byte[]> keys = new ArrayList<>(entries.keySet());
    try (KvIterator all = table.iterator()) {
      checkForward(all, entries);
      checkBackward(all, entries);
      checkForward(all, entries);
      for (int i = 0; i < 40; i++) {
        checkSeek(all, place(keys, random), entries, random);
      }
      all.rewind();
      checkForward(all, entries);
    }
    for (int i = 0; i < 8; i++) {
      byte[] a = place(keys, random);
      byte[] b = place(keys, random);
      checkBounds(table, entries, a, b);
    }
  }

  private static byte[] place(List<byte[]> keys, Random random) {
    if (keys.isEmpty() || random.nextInt(8) == 0) {
      byte[] any = new byte[random.nextInt(4)];
      random.nextBytes(any);
      return any;
    }
    byte[] known = keys.get(random.nextInt(keys.size()));
    return switch (random.nextInt(3)) {
      case 0 -> Arrays.copyOf(known, known.length + 1);
      case 1 -> Arrays.copyOf(known, Math.max(0, known.length - 1));
      default -> known;
    };
  }

  static void checkForward(KvIterator at, NavigableMap<byte[], byte[]> expected)
      throws IOException {
    for (var each : expected.entrySet()) {
      assertThat(at.next()).isTrue();
      checkEntry(at, each.getKey(), each.getValue());
    }
    assertThat(at.next()).isFalse();
    assertThat(at.next()).isFalse();
  }

  static void checkBackward(KvIterator at, NavigableMap<byte[], byte[]> expected)
      throws IOException {
    for (var each : expected.descendingMap().entrySet()) {
      assertThat(at.previous()).isTrue();
      checkEntry(at, each.getKey(), each.getValue());
    }
    assertThat(at.previous()).isFalse();
    assertThat(at.previous()).isFalse();
  }

  static void checkEntry(KvIterator at, byte[] key, byte @Nullable [] value) {
    assertThat(key(at)).isEqualTo(key);
    assertThat(at.isTombstone()).isEqualTo(value == null);
    assertThat(value(at)).isEqualTo(value == null ? new byte[0] : value);
  }

  private static void checkSeek(
      KvIterator at, byte[] key, NavigableMap<byte[], byte[]> entries, Random random)
      throws IOException {
    boolean forPrevious = random.nextBoolean();
    byte @Nullable [] next;
    byte @Nullable [] previous;
    if (forPrevious) {
      at.seekForPrevious(segment(key));
      next = entries.higherKey(key);
      previous = entries.floorKey(key);
    } else {
      at.seek(segment(key));
      next = entries.ceilingKey(key);
      previous = entries.lowerKey(key);
    }
    boolean forward = random.nextBoolean();
    // The first step goes from the gap; those behind it turn about at random.
    byte @Nullable [] now = forward ? next : previous;
    boolean found = forward ? at.next() : at.previous();
    assertThat(found).isEqualTo(now != null);
    for (int i = 0; i < 30 && now != null; i++) {
      checkEntry(at, now, entries.get(now));
      boolean on = random.nextInt(4) > 0 == forward;
      now = on ? entries.higherKey(now) : entries.lowerKey(now);
      assertThat(on ? at.next() : at.previous()).isEqualTo(now != null);
    }
  }

  private static void checkBounds(
      Table table, NavigableMap<byte[], byte[]> entries, byte[] a, byte[] b) throws IOException {
    boolean ordered = Arrays.compareUnsigned(a, b) <= 0;
    NavigableMap<byte[], byte[]> within = ordered ? entries.subMap(a, true, b, false) : none();
    try (KvIterator at = table.iterator(KvBounds.between(segment(a), segment(b)))) {
      checkForward(at, within);
      checkBackward(at, within);
      at.seekToEnd();
      checkBackward(at, within);
      at.rewind();
      checkForward(at, within);
    }
    try (KvIterator at = table.iterator(KvBounds.from(segment(a)))) {
      at.seekToEnd();
      checkBackward(at, entries.tailMap(a, true));
      checkForward(at, entries.tailMap(a, true));
    }
    try (KvIterator at = table.iterator(KvBounds.until(segment(b)))) {
      checkForward(at, entries.headMap(b, false));
      checkBackward(at, entries.headMap(b, false));
    }
  }
}
