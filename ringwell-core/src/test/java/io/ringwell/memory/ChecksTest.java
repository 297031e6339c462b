package io.ringwell.memory;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The modes that find misuse of raw memory.
@Timeout(60)
class ChecksTest {
  private static BufferPool strict() {
    return BufferPool.shared(PoolOptions.ofMaxBytes(1 << 20).withStrict(true));
  }

  private static BufferPool poisoned() {
    return BufferPool.shared(PoolOptions.ofMaxBytes(1 << 20).withPoison(true));
  }

  @Test
  void strictSegmentsThrowAfterRelease() {
    try (BufferPool pool = strict()) {
      IoBuffer buffer = requireNonNull(pool.tryAcquire(100));
      MemorySegment segment = buffer.segment();
      ByteBuffer byteBuffer = buffer.byteBuffer();
      segment.set(JAVA_BYTE, 0, (byte) 1);
      buffer.close();
      try (IoBuffer next = requireNonNull(pool.tryAcquire(100))) {
        next.segment().set(JAVA_BYTE, 0, (byte) 2);
        assertThatIllegalStateException().isThrownBy(() -> segment.get(JAVA_BYTE, 0));
        assertThatIllegalStateException().isThrownBy(() -> byteBuffer.get(0));
      }
    }
  }

  @Test
  void strictWritableSegmentsThrowAfterFreeze() {
    try (BufferPool pool = strict()) {
      IoBuffer buffer = requireNonNull(pool.tryAcquire(100));
      MemorySegment writable = buffer.segment();
      writable.set(JAVA_BYTE, 0, (byte) 7);
      Bytes bytes = buffer.freeze();
      assertThatIllegalStateException().isThrownBy(() -> writable.set(JAVA_BYTE, 0, (byte) 8));
      assertThat(bytes.get(0)).isEqualTo((byte) 7);
      MemorySegment readable = bytes.segment();
      Bytes shared = bytes.share();
      bytes.close();
      assertThat(readable.get(JAVA_BYTE, 0)).as("another handle is open").isEqualTo((byte) 7);
      shared.close();
      assertThatIllegalStateException().isThrownBy(() -> readable.get(JAVA_BYTE, 0));
    }
  }

  @Test
  void strictSegmentsStayValidWhileLent() {
    try (BufferPool pool = strict()) {
      IoBuffer buffer = requireNonNull(pool.tryAcquire(100));
      MemorySegment segment = buffer.segment();
      buffer.lend();
      buffer.close();
      segment.set(JAVA_BYTE, 0, (byte) 1);
      buffer.giveBack();
      assertThatIllegalStateException().isThrownBy(() -> segment.get(JAVA_BYTE, 0));
    }
  }

  @Test
  void strictReleaseDuringANativeCallKeepsTheMemoryBackUntilItEnds() throws Exception {
    Pipe pipe = Pipe.open();
    CountDownLatch about = new CountDownLatch(1);
    try (BufferPool pool = strict();
        Pipe.SourceChannel source = pipe.source();
        Pipe.SinkChannel sink = pipe.sink()) {
      IoBuffer buffer = requireNonNull(pool.tryAcquire(pool.maxBytes()));
      MemorySegment segment = buffer.segment();
      Thread reader =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  ByteBuffer target = segment.asByteBuffer();
                  about.countDown();
                  source.read(target);
                } catch (java.io.IOException e) {
                  throw new AssertionError(e);
                }
              });
      about.await();
      while (!inNativeRead(reader)) {
        Thread.onSpinWait();
      }
      assertThatIllegalStateException().isThrownBy(buffer::freeze);
      buffer.close();
      assertThat(pool.tryAcquire(1)).as("a read may still write there").isNull();
      sink.write(ByteBuffer.allocate(1));
      reader.join();
      requireNonNull(pool.tryAcquire(1)).close();
    }
  }

  private static boolean inNativeRead(Thread reader) {
    StackTraceElement[] stack = reader.getStackTrace();
    return stack.length > 0
        && stack[0].isNativeMethod()
        && stack[0].getMethodName().equals("read0");
  }

  @Test
  void freshAndReleasedMemoryIsPoisoned() {
    try (BufferPool pool = poisoned()) {
      IoBuffer buffer = requireNonNull(pool.tryAcquire(512));
      assertThat(buffer.segment().get(JAVA_BYTE, 0)).isEqualTo((byte) 0xDB);
      MemorySegment stale = buffer.segment();
      stale.fill((byte) 1);
      buffer.close();
      assertThat(stale.get(JAVA_BYTE, 511)).isEqualTo((byte) 0xDB);
      assertThat(pool.stats().damaged()).isZero();
    }
  }

  @Test
  void lentMemoryIsNotPoisoned() {
    try (BufferPool pool = poisoned()) {
      IoBuffer buffer = requireNonNull(pool.tryAcquire(512));
      MemorySegment segment = buffer.segment();
      segment.fill((byte) 1);
      buffer.lend();
      buffer.close();
      assertThat(segment.get(JAVA_BYTE, 0)).isEqualTo((byte) 1);
      buffer.giveBack();
      assertThat(segment.get(JAVA_BYTE, 0)).isEqualTo((byte) 0xDB);
    }
  }

  @Test
  void writeAfterReleaseIsFoundWhenTheMemoryIsHandedOut() {
    try (BufferPool pool = poisoned()) {
      IoBuffer buffer = requireNonNull(pool.tryAcquire(512));
      MemorySegment stale = buffer.segment();
      buffer.close();
      stale.set(JAVA_BYTE, 300, (byte) 1);
      requireNonNull(pool.tryAcquire(512)).close();
      assertThat(pool.stats().damaged()).isEqualTo(1);
      requireNonNull(pool.tryAcquire(512)).close();
      assertThat(pool.stats().damaged()).as("poisoned anew").isEqualTo(1);
    }
  }

  @Test
  void poisonSurvivesTrimAndSplitting() {
    try (BufferPool pool = poisoned()) {
      requireNonNull(pool.tryAcquire(pool.maxBytes())).close();
      requireNonNull(pool.tryAcquire(512)).close();
      pool.trim();
      requireNonNull(pool.tryAcquire(4096)).close();
      requireNonNull(pool.tryAcquire(pool.maxBytes())).close();
      assertThat(pool.stats().damaged()).isZero();
    }
  }

  @Test
  void poolMemoryInANativeCallStaysMappedWhenThePoolEnds() throws Exception {
    Pipe pipe = Pipe.open();
    CountDownLatch about = new CountDownLatch(1);
    BufferPool pool = BufferPool.shared(PoolOptions.ofMaxBytes(1 << 20).withStrict(false));
    try (Pipe.SourceChannel source = pipe.source();
        Pipe.SinkChannel sink = pipe.sink()) {
      IoBuffer buffer = requireNonNull(pool.tryAcquire(100));
      MemorySegment segment = buffer.segment();
      Thread reader =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  about.countDown();
                  source.read(segment.asByteBuffer());
                } catch (java.io.IOException e) {
                  throw new AssertionError(e);
                }
              });
      about.await();
      while (!inNativeRead(reader)) {
        Thread.onSpinWait();
      }
      buffer.close();
      pool.close();
      sink.write(ByteBuffer.wrap(new byte[] {42}));
      reader.join();
      assertThat(segment.get(JAVA_BYTE, 0)).isEqualTo((byte) 42);
    }
  }
}
