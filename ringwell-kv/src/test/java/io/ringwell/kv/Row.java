package io.ringwell.kv;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// An entry as a test writes it down.
record Row(String key, String value, long sequence, int kind) {
  static Row of(int number) {
    return new Row(
        String.format(Locale.ROOT, "key_%05d", number),
        String.format(Locale.ROOT, "value_%05d", number),
        0,
        KvIterator.VALUE);
  }

  /// What an iterator stands on.
  static Row at(KvIterator entries) {
    return new Row(
        text(entries.keySegment(), entries.keyOffset(), entries.keyLength()),
        text(entries.valueSegment(), entries.valueOffset(), entries.valueLength()),
        entries.sequence(),
        entries.kind());
  }

  boolean isTombstone() {
    return kind == KvIterator.DELETE || kind == KvIterator.SINGLE_DELETE;
  }

  static String text(MemorySegment segment, long offset, int length) {
    return new String(
        segment.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE),
        StandardCharsets.ISO_8859_1);
  }

  static MemorySegment memory(String text) {
    return Arena.ofAuto()
        .allocateFrom(ValueLayout.JAVA_BYTE, text.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Override
  public String toString() {
    return key + " -> " + value + " #" + sequence + (isTombstone() ? " removed" : "");
  }
}
