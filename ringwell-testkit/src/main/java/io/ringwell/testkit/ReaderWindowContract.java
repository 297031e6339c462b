package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.memory.Bytes;
import io.ringwell.memory.CopyCounter;
import io.ringwell.window.AccessHint;
import io.ringwell.window.IntWindow;
import io.ringwell.window.ManagedReader;
import io.ringwell.window.Readiness;
import io.ringwell.window.Residency;
import io.ringwell.window.Window;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// What windows show.
interface ReaderWindowContract extends ReaderCase {
  @Test
  default void windowsThatGoUpCoverTheFileOnce() throws IOException {
    for (int size : new int[] {1, 511, 4096, 4097, 200_000, 3_000_001}) {
      byte[] all = ContractCase.pattern(size, size);
      ManagedReader reader = open(file("up" + size, all), options());
      assertThat(ReaderCase.readUp(reader, 0)).isEqualTo(all);
      assertThat(reader.await(size)).isEqualTo(Readiness.END);
      reader.close();
    }
  }

  @Test
  default void windowsThatGoDownCoverTheFileOnce() throws IOException {
    byte[] all = ContractCase.pattern(2, 1_000_003);
    for (AccessHint hint : List.of(AccessHint.BACKWARD, AccessHint.AUTOMATIC)) {
      ManagedReader reader = open(file("down" + hint, all), options().withHint(hint));
      long at = all.length;
      while (at > 0) {
        assertThat(reader.await(at - 1)).isEqualTo(Readiness.READY);
        ReaderCase.expect(reader, at - 1, all);
        at = reader.window().position();
      }
      reader.close();
    }
  }

  @Test
  default void everyHintReadsTheSame() throws IOException {
    byte[] all = ContractCase.pattern(3, 700_001);
    for (AccessHint hint : AccessHint.values()) {
      ManagedReader reader = open(file("hint" + hint, all), options().withHint(hint));
      assertThat(ReaderCase.readUp(reader, 0)).as(hint.name()).isEqualTo(all);
      reader.close();
    }
  }

  @Test
  default void randomSeeksFindTheirBytes() throws IOException {
    byte[] all = ContractCase.pattern(4, 2_000_000);
    SplittableRandom random = new SplittableRandom(Long.getLong("ringwell.seed", 4));
    ManagedReader reader = open(file("random", all), options().withBounds(64 << 10, 512 << 10));
    for (int i = 0; i < 300; i++) {
      long position = random.nextLong(all.length + 10_000L);
      long atLeast = random.nextInt(4) == 0 ? random.nextLong(1, reader.mostAtLeast() + 1) : 1;
      Readiness answer = reader.await(position, atLeast);
      if (position >= all.length) {
        assertThat(answer).isEqualTo(Readiness.END);
      } else {
        assertThat(answer).isEqualTo(Readiness.READY);
        ReaderCase.expect(reader, position, all);
        assertThat(reader.window().end() - position)
            .isGreaterThanOrEqualTo(Math.min(atLeast, all.length - position));
      }
    }
  }

  @Test
  default void emptyFileEndsAtOnce() throws IOException {
    ManagedReader reader = open(file("empty", new byte[0]), options());
    assertThat(reader.await(0)).isEqualTo(Readiness.END);
    assertThat(reader.await(1 << 20)).isEqualTo(Readiness.END);
    assertThat(reader.await(Long.MAX_VALUE)).isEqualTo(Readiness.END);
    assertThatThrownBy(reader::window).isInstanceOf(IllegalStateException.class);
  }

  @Test
  default void lastWindowEndsWhereTheFileEnds() throws IOException {
    byte[] all = ContractCase.pattern(5, 100_001);
    ManagedReader reader = open(file("last", all), options());
    assertThat(reader.await(100_000)).isEqualTo(Readiness.READY);
    Window window = reader.window();
    assertThat(window.end()).isEqualTo(100_001);
    assertThat(window.isLast()).isTrue();
    assertThat(window.at(100_000)).isEqualTo(all[100_000]);
    assertThatThrownBy(() -> window.at(100_001)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  default void windowIsRefusedAfterTheNextSeek() throws IOException {
    ManagedReader reader =
        open(file("stale", ContractCase.pattern(6, 300_000)), options().withWindowSize(65536));
    assertThat(reader.await(0)).isEqualTo(Readiness.READY);
    Window first = reader.window();
    assertThat(first.get(0)).isEqualTo(first.at(0));
    assertThat(reader.await(200_000)).isEqualTo(Readiness.READY);
    Window second = reader.window();
    assertThatThrownBy(() -> first.get(0)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(first::segment).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> first.asInts(ByteOrder.BIG_ENDIAN))
        .isInstanceOf(IllegalStateException.class);
    assertThat(reader.await(300_000)).isEqualTo(Readiness.END);
    assertThatThrownBy(second::length).isInstanceOf(IllegalStateException.class);
    assertThat(reader.await(0)).isEqualTo(Readiness.READY);
    Window third = reader.window();
    reader.close();
    assertThatThrownBy(third::length).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> reader.seek(0)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  default void windowIsReadOnly() throws IOException {
    ManagedReader reader = open(file("readonly", new byte[5000]), options());
    assertThat(reader.await(0)).isEqualTo(Readiness.READY);
    assertThat(reader.window().segment().isReadOnly()).isTrue();
  }

  @Test
  default void detachedWindowsOutliveTheReader() throws IOException {
    byte[] all = ContractCase.pattern(7, 1_000_000);
    long copied = CopyCounter.bytesCopied();
    List<Bytes> parts = new ArrayList<>();
    List<Long> positions = new ArrayList<>();
    ManagedReader reader = open(file("detached", all), options().withWindowSize(65536));
    for (long at = 0; reader.await(at) == Readiness.READY; at = reader.window().end()) {
      parts.add(reader.detach());
      positions.add(reader.window().position());
      // The window goes on after it was detached, in whole or in part.
      ReaderCase.expect(reader, at, all);
      try (Bytes part = reader.detach(at + 1, 7)) {
        assertThat(ReaderCase.content(part))
            .isEqualTo(Arrays.copyOfRange(all, (int) at + 1, (int) at + 8));
      }
    }
    assertThat(reader.await(3)).isEqualTo(Readiness.READY);
    ReaderCase.expect(reader, 3, all);
    reader.close();
    if (copies()) {
      assertThat(CopyCounter.bytesCopied()).isEqualTo(copied);
    }
    for (int i = 0; i < parts.size(); i++) {
      try (Bytes part = parts.get(i)) {
        int at = positions.get(i).intValue();
        assertThat(ReaderCase.content(part))
            .isEqualTo(Arrays.copyOfRange(all, at, at + (int) part.size()));
      }
    }
  }

  @Test
  default void elementsAreReadInTheOrderOfTheCaller() throws IOException {
    byte[] all = ContractCase.pattern(8, 100_003);
    ManagedReader reader = open(file("typed", all), options().withWindowSize(8192));
    for (long at = 0; reader.await(at) == Readiness.READY; at = reader.window().end()) {
      Window window = reader.window();
      for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
        ByteBuffer same = ByteBuffer.wrap(ReaderCase.content(window)).order(order);
        IntWindow ints = window.asInts(order);
        assertThat(ints.size()).isEqualTo(window.length() / 4);
        assertThat(window.asLongs(order).size()).isEqualTo(window.length() / 8);
        for (int i = 0; i < window.length() / 8; i++) {
          assertThat(ints.get(i)).isEqualTo(same.getInt(4 * i));
          assertThat(window.asLongs(order).get(i)).isEqualTo(same.getLong(8 * i));
          assertThat(window.asShorts(order).get(i)).isEqualTo(same.getShort(2 * i));
          assertThat(window.asChars(order).get(i)).isEqualTo(same.getChar(2 * i));
          // By their bits: one NaN is not another.
          assertThat(Float.floatToRawIntBits(window.asFloats(order).get(i)))
              .isEqualTo(same.getInt(4 * i));
          assertThat(Double.doubleToRawLongBits(window.asDoubles(order).get(i)))
              .isEqualTo(same.getLong(8 * i));
        }
        assertThatThrownBy(() -> ints.get(ints.size()))
            .isInstanceOf(IndexOutOfBoundsException.class);
        window.asInts(order);
      }
    }
    IntWindow stale = openInts(reader);
    assertThat(reader.await(50_000)).isEqualTo(Readiness.READY);
    assertThatThrownBy(() -> stale.get(0)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(stale::size).isInstanceOf(IllegalStateException.class);
  }

  private static IntWindow openInts(ManagedReader reader) throws IOException {
    assertThat(reader.await(0)).isEqualTo(Readiness.READY);
    return reader.window().asInts(ByteOrder.BIG_ENDIAN);
  }

  @Test
  default void windowSizeIsCheckedWhenItIsSet() throws IOException {
    ManagedReader reader =
        open(
            file("size", ContractCase.pattern(9, 500_000)), options().withBounds(1 << 18, 1 << 20));
    int granularity = reader.granularity();
    assertThat(reader.maxWindow()).isEqualTo(1 << 18);
    assertThatThrownBy(() -> reader.windowSize(granularity + 1L))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(String.valueOf(granularity));
    assertThatThrownBy(() -> reader.windowSize((1 << 18) + granularity))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> reader.windowSize(-granularity))
        .isInstanceOf(IllegalArgumentException.class);
    reader.windowSize(3L * granularity);
    assertThat(reader.windowSize()).isEqualTo(3L * granularity);
    assertThat(reader.await(0)).isEqualTo(Readiness.READY);
    assertThat(reader.window().length()).isEqualTo(3L * granularity);
    reader.windowSize(0);
    assertThat(reader.await(400_000)).isEqualTo(Readiness.READY);
    assertThatThrownBy(() -> reader.seek(0, reader.mostAtLeast() + 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> reader.seek(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  default void residencyIsNamed() throws IOException {
    ManagedReader reader = open(file("residency", new byte[5000]), options());
    assertThat(reader.await(0)).isEqualTo(Readiness.READY);
    assertThat(reader.window().residency() == Residency.COPIED).isEqualTo(copies());
    assertThat(reader.plan().why()).isNotEmpty();
  }

  @Test
  default void memoryStaysWithinTheReadersBound() throws IOException {
    byte[] all = ContractCase.pattern(10, 4_000_000);
    ManagedReader reader = open(file("bound", all), options().withBounds(64 << 10, 256 << 10));
    SplittableRandom random = new SplittableRandom(10);
    long most = 0;
    for (int i = 0; i < 100; i++) {
      long at = i % 10 == 0 ? random.nextLong(all.length) : reader.window().end() % all.length;
      assertThat(reader.await(at)).isEqualTo(Readiness.READY);
      ReaderCase.expect(reader, at, all);
      most = Math.max(most, engine().pool().stats().inUseBytes());
    }
    assertThat(most).isLessThanOrEqualTo(256 << 10);
  }
}
