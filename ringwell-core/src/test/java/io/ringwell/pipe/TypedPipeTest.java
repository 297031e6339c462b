package io.ringwell.pipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.PoolOptions;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Pipes of numbers and of objects: offsets count elements, and all else is as with bytes.
class TypedPipeTest {
  private final BufferPool pool = BufferPool.shared(PoolOptions.ofMaxBytes(8 << 20));
  private final PipeOptions options =
      Rig.options().withThresholds(0, 0).withSegments(64, 64).withKeepBytes(0);

  @AfterEach
  void everythingIsGivenBack() {
    assertThat(pool.stats().inUseBytes()).isZero();
    pool.close();
  }

  /// Writes 100 elements, in windows as they come, and returns the numbers of those read.
  private static List<Long> through(ElementWriter writer, ElementReader<?> reader, LongConsumer put)
      throws IOException {
    for (int i = 0; i < 100; i++) {
      if (writer.room() == 0) {
        assertThat(writer.reserve(1)).isPositive();
      }
      put.accept(i);
      writer.commit(1);
    }
    assertThat(writer.committed()).isEqualTo(100);
    writer.flush();
    ElementRead read = reader.readAtLeast(100);
    assertThat(read.size()).isEqualTo(100);
    List<Long> numbers = new ArrayList<>();
    do {
      assertThat(read.window().byteSize() % read.length()).isZero();
      for (long i = 0; i < read.length(); i++) {
        numbers.add(read.fragmentStart() + i);
      }
    } while (read.nextFragment());
    assertThat(numbers).hasSize(100).startsWith(0L).endsWith(99L);
    return numbers;
  }

  @Test
  void intsComeAsWritten() throws IOException {
    try (TypedPipe<IntWriter, IntRead> pipe = TypedPipe.ofInts(pool, options)) {
      IntWriter writer = pipe.writer();
      through(writer, pipe.reader(), i -> writer.put(0, (int) i * 7));
      pipe.reader().cancelPending();
      IntRead read = pipe.reader().handle();
      read.rewind();
      long at = 0;
      do {
        int[] copy = new int[(int) read.length()];
        read.getAll(0, copy, 0, copy.length);
        for (int i = 0; i < copy.length; i++, at++) {
          assertThat(copy[i]).isEqualTo((int) at * 7);
          assertThat(read.get(i)).isEqualTo(copy[i]);
        }
      } while (read.nextFragment());
      read.advance(40, 100);
      assertThat(pipe.reader().consumed()).isEqualTo(40);
    }
  }

  @Test
  void everyTypeKeepsItsBits() throws IOException {
    try (TypedPipe<LongWriter, LongRead> longs = TypedPipe.ofLongs(pool, options);
        TypedPipe<FloatWriter, FloatRead> floats = TypedPipe.ofFloats(pool, options);
        TypedPipe<DoubleWriter, DoubleRead> doubles = TypedPipe.ofDoubles(pool, options);
        TypedPipe<CharWriter, CharRead> chars = TypedPipe.ofChars(pool, options);
        TypedPipe<ShortWriter, ShortRead> shorts = TypedPipe.ofShorts(pool, options)) {
      through(longs.writer(), longs.reader(), i -> longs.writer().put(0, Long.MIN_VALUE + i));
      assertThat(longs.reader().handle().get(0)).isNotZero();
      through(floats.writer(), floats.reader(), i -> floats.writer().put(0, i + 0.5f));
      through(doubles.writer(), doubles.reader(), i -> doubles.writer().put(0, i / 3.0));
      through(chars.writer(), chars.reader(), i -> chars.writer().put(0, (char) (0xFF00 + i)));
      through(shorts.writer(), shorts.reader(), i -> shorts.writer().put(0, (short) -i));
      LongRead l = longs.reader().handle();
      FloatRead f = floats.reader().handle();
      DoubleRead d = doubles.reader().handle();
      CharRead c = chars.reader().handle();
      ShortRead s = shorts.reader().handle();
      // The last fragment is at hand: its last element is number 99.
      assertThat(l.get(l.length() - 1)).isEqualTo(Long.MIN_VALUE + 99);
      assertThat(f.get(f.length() - 1)).isEqualTo(99.5f);
      assertThat(d.get(d.length() - 1)).isEqualTo(33.0);
      assertThat(c.get(c.length() - 1)).isEqualTo((char) (0xFF00 + 99));
      assertThat(s.get(s.length() - 1)).isEqualTo((short) -99);
      assertThatThrownBy(() -> l.get(l.length())).isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> l.get(Long.MAX_VALUE / 4))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void arraysAreWrittenInWindows() throws IOException {
    try (TypedPipe<DoubleWriter, DoubleRead> pipe =
        TypedPipe.ofDoubles(pool, options.withSegments(4096, 4096))) {
      double[] values = {1, 2, 3, 4};
      pipe.writer().reserve(3);
      pipe.writer().putAll(0, values, 1, 3);
      assertThatThrownBy(() -> pipe.writer().putAll(pipe.writer().room(), values, 0, 1))
          .isInstanceOf(IndexOutOfBoundsException.class);
      pipe.writer().commit(3);
      pipe.writer().complete();
      DoubleRead read = pipe.reader().read();
      assertThat(read.isCompleted()).isTrue();
      assertThat(read.get(2)).isEqualTo(4);
      read.advance(Long.MAX_VALUE);
    }
  }

  @Test
  void appendWantsWholeElements() throws IOException {
    try (TypedPipe<IntWriter, IntRead> pipe = TypedPipe.ofInts(pool, options);
        Arena arena = Arena.ofConfined()) {
      try (Bytes odd = Bytes.copyOf(new byte[6])) {
        assertThatThrownBy(() -> pipe.writer().append(odd))
            .isInstanceOf(IllegalArgumentException.class);
      }
      MemorySegment two = arena.allocate(8);
      two.setAtIndex(ValueLayout.JAVA_INT, 1, 77);
      pipe.writer().append(Bytes.copyOf(two));
      pipe.writer().flush();
      assertThat(pipe.reader().read().get(1)).isEqualTo(77);
    }
  }

  @Test
  void stagesAndThresholdsAreThoseOfBytes() throws IOException {
    try (TypedPipe<LongWriter, LongRead> pipe =
        TypedPipe.ofLongs(pool, options.withThresholds(80, 80).withMaxBuffered(160))) {
      CompletableFuture<LongRead> read = pipe.reader().readAtLeastAsync(10).toCompletableFuture();
      for (int i = 0; i < 10; i++) {
        pipe.writer().reserve(1);
        pipe.writer().put(0, i);
        pipe.writer().commit(1);
        pipe.writer().tryFlush();
      }
      assertThat(read.join().size()).isEqualTo(10);
      assertThatThrownBy(() -> pipe.reader().readAtLeastAsync(21).toCompletableFuture().join())
          .hasCauseInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void objectsComeInOrderAndAreBounded() throws IOException {
    PipeOptions few =
        Rig.options().withThresholds(100, 50).withMaxBuffered(200).withSegments(64, 64);
    try (ObjectPipe<String> pipe = new ObjectPipe<>(few)) {
      for (int i = 0; i < 200; i++) {
        assertThat(pipe.writer().tryWrite("m" + i)).isTrue();
      }
      assertThat(pipe.writer().tryWrite("too many")).isFalse();
      CompletableFuture<FlushResult> flush = pipe.writer().flushAsync().toCompletableFuture();
      assertThat(flush).isNotDone();
      ObjectRead<String> read = pipe.reader().read();
      assertThat(read.size()).isEqualTo(200);
      for (long i = 0; i < 200; i++) {
        assertThat(read.get(i)).isEqualTo("m" + i);
      }
      assertThat(read.get(3)).isEqualTo("m3");
      assertThatThrownBy(() -> read.get(200)).isInstanceOf(IndexOutOfBoundsException.class);
      read.advance(151);
      assertThat(flush).isCompletedWithValue(FlushResult.OPEN);
      pipe.writer().write("last");
      pipe.writer().complete();
      ObjectRead<String> rest = pipe.reader().read();
      assertThat(rest.get(200)).isEqualTo("last");
      assertThat(rest.isCompleted()).isTrue();
      rest.advance(201);
      pipe.reader().complete();
      pipe.reset();
      pipe.writer().write("again");
      pipe.writer().flush();
      assertThat(pipe.reader().read().get(0)).isEqualTo("again");
    }
  }

  /// With the array that they were in.
  @Test
  void objectsThatWereConsumedAreForgotten() throws Exception {
    try (ObjectPipe<Object> pipe = new ObjectPipe<>(Rig.options().withSegments(64, 64))) {
      List<WeakReference<Object>> all = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        Object object = new Object();
        all.add(new WeakReference<>(object));
        pipe.writer().write(object);
      }
      pipe.writer().write("in the next array");
      pipe.writer().flush();
      pipe.reader().read().advance(64);
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (all.stream().anyMatch(each -> each.get() != null) && System.nanoTime() - end < 0) {
        System.gc();
      }
      assertThat(all).allMatch(each -> each.get() == null);
      assertThat(pipe.reader().read().get(64)).isEqualTo("in the next array");
    }
  }

  @Test
  @SuppressWarnings("NullAway") // that is the test
  void nullIsNoObject() throws IOException {
    try (ObjectPipe<String> pipe = new ObjectPipe<>()) {
      assertThatThrownBy(() -> pipe.writer().write(null)).hasMessage("object");
      assertThatThrownBy(() -> pipe.writer().tryWrite(null)).hasMessage("object");
      assertThat(pipe.writer().committed()).isZero();
      pipe.writer().flush();
      assertThat(pipe.reader().tryRead()).isNull();
    }
  }
}
