package io.ringwell.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class TestIteratorTest {
  @Test
  void writesEveryNumberOfFiveDigits() {
    try (TestIterator entries = new TestIterator(0, 100_000)) {
      for (int number = 0; number < 100_000; number++) {
        assertThat(entries.poll()).isEqualTo(KvIterator.ENTRY);
        assertThat(Row.at(entries)).isEqualTo(Row.of(number));
      }
      assertThat(entries.poll()).isEqualTo(KvIterator.END);
    }
  }

  @Test
  void longerNumbersHaveTheDigitsThatTheyNeed() throws IOException {
    int[] numbers = {99_999, 100_000, 999_999, 1_000_000, 123_456_789, Integer.MAX_VALUE - 1};
    for (int number : numbers) {
      try (TestIterator entries = new TestIterator(number, number + 1)) {
        assertThat(entries.next()).isTrue();
        assertThat(Row.at(entries)).isEqualTo(Row.of(number));
        assertThat(entries.next()).isFalse();
        assertThat(entries.previous()).isTrue();
        assertThat(Row.at(entries)).isEqualTo(Row.of(number));
      }
    }
  }

  @Test
  void beyondFiveDigitsASeekFindsTheFirstSuchNumberAndTheLast() throws IOException {
    try (TestIterator entries = new TestIterator(50_000, 1_200_000)) {
      entries.seek(Row.memory("key_123456"));
      assertThat(entries.next()).isTrue();
      assertThat(Row.at(entries)).isEqualTo(Row.of(50_000));
      entries.seek(Row.memory("key_99999x"));
      assertThat(entries.next()).isFalse();
      entries.seekForPrevious(Row.memory("key_123456"));
      assertThat(entries.previous()).isTrue();
      assertThat(Row.at(entries)).isEqualTo(Row.of(1_199_999));
      entries.seekForPrevious(Row.memory("key_1000000"));
      assertThat(entries.previous()).isTrue();
      assertThat(Row.at(entries)).isEqualTo(Row.of(1_000_000));
    }
  }

  @Test
  void bothEndsAnswerEndEveryTimeAndCanBeTurnedAt() {
    try (TestIterator entries = new TestIterator(3, 5)) {
      assertThat(entries.pollPrevious()).isEqualTo(KvIterator.END);
      assertThat(entries.pollPrevious()).isEqualTo(KvIterator.END);
      assertThat(entries.poll()).isEqualTo(KvIterator.ENTRY);
      assertThat(Row.at(entries)).isEqualTo(Row.of(3));
      assertThat(entries.poll()).isEqualTo(KvIterator.ENTRY);
      for (int i = 0; i < 3; i++) {
        assertThat(entries.poll()).isEqualTo(KvIterator.END);
        assertThat(entries.isValid()).isFalse();
      }
      assertThat(entries.pollPrevious()).isEqualTo(KvIterator.ENTRY);
      assertThat(Row.at(entries)).isEqualTo(Row.of(4));
    }
    try (TestIterator none = new TestIterator(7, 7)) {
      assertThat(none.poll()).isEqualTo(KvIterator.END);
      assertThat(none.pollPrevious()).isEqualTo(KvIterator.END);
    }
  }

  @Test
  void buffersAreReusedAndConcatHandsThemThrough() throws IOException {
    TestIterator child = new TestIterator(0, 3);
    try (KvIterator entries = ConcatIterator.of(child)) {
      assertThat(entries.next()).isTrue();
      MemorySegment key = entries.keySegment();
      assertThat(key).isSameAs(child.keySegment());
      assertThat(entries.next()).isTrue();
      assertThat(entries.keySegment()).isSameAs(key);
      assertThat(entries.key().mismatch(Row.memory("key_00001"))).isEqualTo(-1);
    }
  }

  @Test
  void whatIsRetainedOutlivesTheStepAndTheIterator() throws IOException {
    Retained first;
    try (TestIterator entries = new TestIterator(0, 3)) {
      assertThat(entries.next()).isTrue();
      first = entries.retain();
      assertThat(entries.next()).isTrue();
    }
    try (first) {
      assertThat(first.key().toArray()).asString().isEqualTo("key_00000");
      assertThat(first.value().toArray()).asString().isEqualTo("value_00000");
    }
    assertThat(first.key().isClosed()).isTrue();
    first.close();
  }

  @Test
  void rangesThatAreNoneAreRefused() {
    assertThatThrownBy(() -> new TestIterator(-1, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no numbers from -1 to 3");
    assertThatThrownBy(() -> new TestIterator(4, 3)).isInstanceOf(IllegalArgumentException.class);
  }
}
