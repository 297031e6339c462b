package io.ringwell.memory;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.Ringwell;
import io.ringwell.file.AsyncFile;
import io.ringwell.file.OpenOptions;
import io.ringwell.sys.LockLimit;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// Memory for secrets, as the kernel sees it.
@EnabledOnOs(OS.LINUX)
class SecurePoolTest {
  private static final int KIB = 1024;

  private static final int SLAB = 64 * KIB;
  private static final int SLABS = 4;

  /// Enough for compilers to have compiled what zeroes, and to leave it out if they could.
  private static final int ROUNDS = 20_000;

  @TempDir Path dir;

  @BeforeEach
  void limitAllowsSoMuch() {
    LockLimit limit = LockLimit.now();
    assertThat(limit.bytes()).as("ulimit -l, in bytes").isGreaterThanOrEqualTo(2L * SLAB * SLABS);
  }

  private static BufferPool pool() {
    return BufferPool.secure(PoolOptions.ofMaxBytes(SLABS * SLAB).withName("secrets"));
  }

  @Test
  void everySlabIsLockedNotDumpedNotForkedAndBetweenGuards() throws Exception {
    try (BufferPool pool = pool()) {
      assertThat(pool.isSecure()).isTrue();
      assertThat(pool.maxBufferBytes()).isEqualTo(SLAB);
      for (int slab = 0; slab < SLABS; slab++) {
        long address = pool.baseAddress() + ((long) slab << pool.slabShift());
        MappedRange range = requireNonNull(MappedRange.of(address));
        assertThat(range.rights()).startsWith("rw-p");
        assertThat(range.start()).isEqualTo(address);
        assertThat(range.end()).isEqualTo(address + SLAB);
        assertThat(range.flags()).contains("lo", "dd", "dc").doesNotContain("lf");
        assertThat(range.bytes("Rss")).as("all there").isEqualTo(SLAB);
        assertThat(range.bytes("Locked")).isEqualTo(SLAB);
        for (long beside : new long[] {address - 1, address + SLAB}) {
          MappedRange guard = requireNonNull(MappedRange.of(beside));
          assertThat(guard.rights()).startsWith("---p");
          assertThat(guard.flags()).contains("dd", "dc");
        }
      }
    }
  }

  @Test
  void memoryIsZeroOnceItIsBackHoweverOftenItIsUsed() throws Exception {
    Random random = new Random(Trials.seed(getClass()));
    byte[] seen = new byte[SLAB];
    try (BufferPool pool = pool();
        RandomAccessFile memory = new RandomAccessFile("/proc/self/mem", "r")) {
      for (int i = 0; i < ROUNDS; i++) {
        int size = 1 + random.nextInt(i % 100 == 0 ? SLAB : 4 * KIB);
        IoBuffer buffer = requireNonNull(pool.tryAcquire(size));
        assertThat(buffer.isSecure()).isTrue();
        MemorySegment segment = buffer.segment();
        segment.fill((byte) 0x5A);
        long address = buffer.address();
        if (i % 2 == 0) {
          buffer.close();
        } else {
          Bytes bytes = buffer.freeze();
          Bytes slice = bytes.slice(0, size / 2);
          bytes.close();
          slice.lend();
          slice.close();
          slice.giveBack();
        }
        memory.seek(address);
        memory.readFully(seen, 0, size);
        for (int at = 0; at < size; at++) {
          if (seen[at] != 0) {
            throw new AssertionError("byte " + at + " of " + size + " is left, round " + i);
          }
        }
      }
    }
  }

  @Test
  void newBufferHoldsZeros() {
    try (BufferPool pool = pool()) {
      for (int round = 0; round < 3; round++) {
        try (IoBuffer buffer = requireNonNull(pool.tryAcquire(SLAB))) {
          assertThat(buffer.segment().mismatch(MemorySegment.ofArray(new byte[SLAB])))
              .isEqualTo(-1);
          buffer.segment().fill((byte) 1);
        }
      }
    }
  }

  @Test
  void tooLargeIsRefusedAndNothingIsRentedBeyondTheMapping() throws Exception {
    try (BufferPool pool = pool()) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> pool.tryAcquire(SLAB + 1))
          .withMessageContaining("65537")
          .withMessageContaining("65536 at most");
      assertThatIllegalArgumentException().isThrownBy(() -> pool.acquire(pool.maxBytes()));
      Set<Long> addresses = new HashSet<>();
      try (BytesChain all =
          BytesChain.of(
              List.of(
                  requireNonNull(pool.tryAcquire(SLAB)).freeze(),
                  requireNonNull(pool.tryAcquire(SLAB)).freeze(),
                  requireNonNull(pool.tryAcquire(SLAB)).freeze(),
                  requireNonNull(pool.tryAcquire(SLAB)).freeze()))) {
        assertThat(pool.tryAcquire(1)).as("more than there is").isNull();
        for (Bytes each : all.fragments()) {
          assertThat(requireNonNull(MappedRange.of(each.address())).flags()).contains("lo");
          addresses.add(each.address());
        }
      }
      assertThat(addresses).hasSize(SLABS);
      assertThat(pool.trim()).isZero();
    }
  }

  @Test
  void secondCloseThrowsAndTheBlockIsHandedOutOnce() {
    try (BufferPool pool = pool()) {
      IoBuffer twice = requireNonNull(pool.tryAcquire(SLAB));
      twice.close();
      assertThatIllegalStateException().isThrownBy(twice::close);
      Bytes frozen = requireNonNull(pool.tryAcquire(SLAB)).freeze();
      frozen.close();
      assertThatIllegalStateException().isThrownBy(frozen::close);
      assertThatIllegalStateException().isThrownBy(frozen::giveBack);
      Set<Long> addresses = new HashSet<>();
      List<IoBuffer> all = new ArrayList<>();
      for (int i = 0; i < SLABS; i++) {
        IoBuffer buffer = requireNonNull(pool.tryAcquire(SLAB));
        addresses.add(buffer.address());
        all.add(buffer);
      }
      assertThat(addresses).hasSize(SLABS);
      assertThat(pool.tryAcquire(1)).isNull();
      all.forEach(IoBuffer::close);
    }
  }

  @Test
  void closedPoolUnmapsWhenTheLastBufferIsBack() throws Exception {
    BufferPool pool = pool();
    IoBuffer buffer = requireNonNull(pool.tryAcquire(100));
    long address = buffer.address();
    pool.close();
    pool.close();
    assertThat(requireNonNull(MappedRange.of(address)).flags()).contains("lo");
    long locked = LockLimit.now().lockedBytes();
    buffer.close();
    assertThat(LockLimit.now().lockedBytes()).isEqualTo(locked - SLABS * SLAB);
  }

  @Test
  void whatIsMadeFromItIsSecureAndNotCopiedByTheWay() throws Exception {
    try (BufferPool pool = pool();
        BufferPool ordinary = BufferPool.shared(PoolOptions.ofMaxBytes(1 << 20))) {
      IoBuffer buffer = requireNonNull(pool.tryAcquire(100));
      buffer.segment().fill((byte) 7);
      Bytes bytes = buffer.freeze(10, 80);
      Bytes slice = bytes.slice(1, 20);
      assertThat(bytes.isSecure()).isTrue();
      assertThat(slice.isSecure()).isTrue();
      assertThatIllegalStateException().isThrownBy(slice::toArray).withMessageContaining("heap");
      try (Bytes plain = Bytes.copyOf(new byte[3])) {
        assertThat(plain.isSecure()).isFalse();
        try (BytesChain chain = BytesChain.of(bytes, plain.share(), slice)) {
          assertThat(chain.isSecure()).isTrue();
          assertThatIllegalStateException().isThrownBy(chain::join).withMessageContaining("pool");
          assertThatIllegalStateException().isThrownBy(() -> chain.join(ordinary));
          try (Bytes joined = chain.join(pool);
              BytesChain one = chain.slice(0, 80);
              Bytes shared = one.join();
              BytesChain plainPart = chain.slice(80, 3)) {
            assertThat(joined.isSecure()).isTrue();
            assertThat(joined.size()).isEqualTo(103);
            assertThat(joined.get(102)).isEqualTo((byte) 7);
            assertThat(shared.isSecure()).isTrue();
            assertThat(plainPart.isSecure()).isFalse();
          }
        }
      }
      assertThat(pool.stats().inUseBytes()).isZero();
      assertThat(ordinary.stats().inUseBytes()).isZero();
    }
  }

  /// The example of docs/secure.md.
  @Test
  void exampleWorks() throws Exception {
    Path path = Files.write(dir.resolve("key"), new byte[] {1, 2, 3});
    try (Ringwell io = Ringwell.open()) {
      Bytes key = readKey(io, path);
      assertThat(key.isSecure()).isTrue();
      assertThat(key.get(2)).isEqualTo((byte) 3);
      key.close();
    }
  }

  private static Bytes readKey(Ringwell io, Path path) throws IOException {
    try (BufferPool secrets = BufferPool.secure(PoolOptions.ofMaxBytes(1 << 20));
        AsyncFile file = io.open(path, OpenOptions.read())) {
      IoBuffer buffer = secrets.acquire(file.size());
      long read = file.read(0, buffer, 0, buffer.capacity()); // by the kernel, to where it stays
      return buffer.freeze(0, read); // isSecure(), as all that is made of it
    }
  }

  @Test
  void poisonModeFindsWritesAfterRelease() {
    try (BufferPool pool =
        BufferPool.secure(PoolOptions.ofMaxBytes(SLABS * SLAB).withPoison(true))) {
      IoBuffer buffer = requireNonNull(pool.tryAcquire(100));
      MemorySegment stale = buffer.segment();
      buffer.close();
      requireNonNull(pool.tryAcquire(100)).close();
      assertThat(pool.stats().damaged()).isZero();
      stale.set(JAVA_BYTE, 50, (byte) 1);
      requireNonNull(pool.tryAcquire(100)).close();
      assertThat(pool.stats().damaged()).isEqualTo(1);
    }
  }

  @Test
  void moreThanAnySystemHasIsRefusedByName() {
    assertThatThrownBy(() -> BufferPool.secure(PoolOptions.ofMaxBytes(1L << 46)))
        .isInstanceOf(SecureMemoryException.class)
        .hasMessageContaining("pool");
  }
}
