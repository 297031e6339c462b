package io.ringwell.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;

class BytesChainTest {
  private static Bytes bytes(int... values) {
    byte[] array = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      array[i] = (byte) values[i];
    }
    return Bytes.copyOf(array);
  }

  private static byte[] contents(BytesChain chain) {
    byte[] array = new byte[(int) chain.size()];
    chain.copyTo(MemorySegment.ofArray(array), 0);
    return array;
  }

  @Test
  void closingTheChainClosesItsFragments() {
    Bytes a = bytes(1, 2);
    Bytes b = bytes(3);
    BytesChain chain = BytesChain.of(a, b);
    assertThat(chain.size()).isEqualTo(3);
    assertThat(chain.fragments()).containsExactly(a, b);
    chain.close();
    assertThat(a.isClosed()).isTrue();
    assertThat(b.isClosed()).isTrue();
    assertThatIllegalStateException().isThrownBy(chain::close);
    assertThatIllegalStateException().isThrownBy(chain::size);
    assertThatIllegalStateException().isThrownBy(chain::fragments);
    assertThatIllegalStateException().isThrownBy(chain::share);
  }

  @Test
  void appendMovesTheFragmentsToTheNewChain() {
    BytesChain first = BytesChain.of(bytes(1));
    BytesChain second = first.append(bytes(2, 3));
    BytesChain third = second.append(bytes(4));
    assertThat(first.isClosed()).isTrue();
    assertThatIllegalStateException().isThrownBy(() -> second.append(bytes(9)));
    try (third) {
      assertThat(contents(third)).containsExactly(1, 2, 3, 4);
      assertThat(third.fragments()).hasSize(3);
    }
  }

  @Test
  void manyAppendsKeepOrder() {
    BytesChain chain = BytesChain.of();
    for (int i = 0; i < 100; i++) {
      chain = chain.append(bytes(i));
    }
    try (BytesChain whole = chain) {
      for (int i = 0; i < 100; i++) {
        assertThat(whole.fragments().get(i).get(0)).isEqualTo((byte) i);
      }
    }
  }

  @Test
  void sliceSharesTheFragmentsItTouchesAndCopiesNothing() {
    long copied;
    try (BytesChain chain =
        BytesChain.of(List.of(bytes(0, 1, 2), bytes(), bytes(3, 4), bytes(5)))) {
      copied = CopyCounter.bytesCopied();
      try (BytesChain slice = chain.slice(2, 2)) {
        assertThat(slice.fragments()).hasSize(2);
        assertThat(slice.fragments().get(0).address())
            .isEqualTo(chain.fragments().get(0).address() + 2);
        assertThat(slice.fragments().get(1).address())
            .isEqualTo(chain.fragments().get(2).address());
        assertThat(CopyCounter.bytesCopied()).isEqualTo(copied);
        assertThat(contents(slice)).containsExactly(2, 3);
      }
      try (BytesChain none = chain.slice(6, 0)) {
        assertThat(none.size()).isZero();
      }
      assertThatExceptionOfType(IndexOutOfBoundsException.class)
          .isThrownBy(() -> chain.slice(5, 2));
      assertThat(contents(chain)).containsExactly(0, 1, 2, 3, 4, 5);
    }
  }

  @Test
  void sharedChainOutlivesTheFirst() {
    BytesChain chain = BytesChain.of(bytes(1), bytes(2));
    BytesChain shared = chain.share();
    chain.close();
    assertThat(contents(shared)).containsExactly(1, 2);
    shared.close();
  }

  @Test
  void joinOfOneFragmentSharesIt() {
    try (BytesChain chain = BytesChain.of(bytes(1, 2))) {
      long copied = CopyCounter.bytesCopied();
      try (Bytes joined = chain.join()) {
        assertThat(joined.address()).isEqualTo(chain.fragments().get(0).address());
      }
      assertThat(CopyCounter.bytesCopied()).isEqualTo(copied);
    }
  }

  @Test
  void joinOfSeveralIsACountedCopy() {
    try (BytesChain chain = BytesChain.of(bytes(1, 2), bytes(3))) {
      long copied = CopyCounter.bytesCopied();
      try (Bytes joined = chain.join()) {
        assertThat(CopyCounter.bytesCopied() - copied).isEqualTo(3);
        assertThat(joined.toArray()).containsExactly(1, 2, 3);
      }
    }
  }

  @Test
  void emptyChainIsLegal() {
    try (BytesChain chain = BytesChain.of();
        Bytes joined = chain.join();
        BytesChain shared = chain.share()) {
      assertThat(chain.size()).isZero();
      assertThat(joined.size()).isZero();
      assertThat(shared.fragments()).isEmpty();
    }
  }

  @Test
  void closedFragmentIsRefused() {
    Bytes closed = bytes(1);
    closed.close();
    try (Bytes open = bytes(2)) {
      assertThatIllegalStateException().isThrownBy(() -> BytesChain.of(open, closed));
      assertThat(open.isClosed()).as("stays with the caller").isFalse();
    }
  }

  @Test
  void closeTellsOfAFragmentClosedByOthersAndClosesTheRest() {
    Bytes a = bytes(1);
    Bytes b = bytes(2);
    BytesChain chain = BytesChain.of(a, b);
    a.close();
    assertThatIllegalStateException().isThrownBy(chain::close);
    assertThat(b.isClosed()).isTrue();
  }

  @Test
  void oneErrorOfSeveralFragmentsIsToldOnce() {
    IllegalStateException broken = new IllegalStateException("cannot be unmapped");
    Runnable unmap =
        () -> {
          throw broken;
        };
    MemorySegment memory = Arena.ofAuto().allocate(1);
    BytesChain chain = BytesChain.of(Bytes.adopt(memory, unmap), Bytes.adopt(memory, unmap));
    assertThatIllegalStateException().isThrownBy(chain::close).isSameAs(broken);
  }

  @Test
  void lentFragmentsOutliveTheChain() throws InterruptedIOException {
    try (BufferPool pool = BufferPool.shared(PoolOptions.ofMaxBytes(1 << 20))) {
      BytesChain chain = BytesChain.of(pool.acquire(512).freeze(), pool.acquire(512).freeze());
      chain.lend();
      chain.close();
      assertThat(pool.stats().lentBytes()).isEqualTo(1024);
      assertThatIllegalStateException().isThrownBy(chain::lend);
      chain.giveBack();
      assertThat(pool.stats().inUseBytes()).isZero();
      assertThatIllegalStateException().isThrownBy(chain::giveBack);
    }
  }

  @Test
  void chainIsLentAsAWholeOrNotAtAll() throws InterruptedIOException {
    try (BufferPool pool = BufferPool.shared(PoolOptions.ofMaxBytes(1 << 20))) {
      Bytes first = pool.acquire(512).freeze();
      Bytes second = pool.acquire(512).freeze();
      BytesChain chain = BytesChain.of(first, second);
      second.close();
      assertThatIllegalStateException().isThrownBy(chain::lend);
      assertThat(pool.stats().lentBytes()).isZero();
      first.close();
    }
  }
}
