package io.ringwell.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.memory.Bytes;
import io.ringwell.memory.BytesChain;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/// What the SDK is given of a part.
final class PartBodyTest {
  private static final int SLICE = (int) PartBody.SLICE_BYTES;

  private static final class Collector implements Subscriber<ByteBuffer> {
    final List<ByteBuffer> got = new ArrayList<>();
    @Nullable Subscription subscription;
    @Nullable Throwable error;
    boolean complete;
    private final long each;

    /// @param each how many to ask for with every one that came; 0 for none of itself
    Collector(long each) {
      this.each = each;
    }

    @Override
    public void onSubscribe(Subscription given) {
      subscription = given;
      ask(each);
    }

    void ask(long count) {
      if (count != 0 && subscription != null) {
        subscription.request(count);
      }
    }

    @Override
    public void onNext(ByteBuffer buffer) {
      got.add(buffer);
      ask(each);
    }

    @Override
    public void onError(Throwable failure) {
      error = failure;
    }

    @Override
    public void onComplete() {
      complete = true;
    }
  }

  private static BytesChain chain(int... sizes) {
    List<Bytes> pieces = new ArrayList<>();
    for (int i = 0; i < sizes.length; i++) {
      byte[] content = new byte[sizes[i]];
      Arrays.fill(content, (byte) i);
      pieces.add(Bytes.copyOf(content));
    }
    return BytesChain.of(pieces);
  }

  /// Where each slice has to lie.
  private static List<Long> places(BytesChain chain) {
    List<Long> places = new ArrayList<>();
    for (Bytes piece : chain.fragments()) {
      for (long at = 0; at < piece.size(); at += SLICE) {
        places.add(piece.address() + at);
      }
    }
    return places;
  }

  private static List<Long> places(Collector collector) {
    return collector.got.stream().map(each -> MemorySegment.ofBuffer(each).address()).toList();
  }

  @Test
  void slicesLieWhereTheFragmentsDoForEveryAttempt() {
    try (BytesChain chain = chain(10, 0, 3 * SLICE + 1, SLICE, 0)) {
      PartBody body = new PartBody(chain);
      assertThat(body.contentLength()).hasValue(chain.size());
      for (long each : new long[] {1, 7, Long.MAX_VALUE}) {
        Collector collector = new Collector(each);
        body.subscribe(collector);
        assertThat(places(collector)).isEqualTo(places(chain));
        assertThat(collector.got.stream().mapToLong(ByteBuffer::remaining).sum())
            .isEqualTo(chain.size());
        assertThat(collector.got).allMatch(ByteBuffer::isReadOnly);
        assertThat(collector.complete).isTrue();
      }
    }
  }

  @Test
  void noMoreIsGivenThanWasAskedFor() {
    try (BytesChain chain = chain(10, 10, 10)) {
      Collector collector = new Collector(0);
      new PartBody(chain).subscribe(collector);
      collector.ask(2);
      assertThat(collector.got).hasSize(2);
      assertThat(collector.complete).isFalse();
      collector.ask(1);
      assertThat(collector.got).hasSize(3);
      assertThat(collector.complete).isTrue();
    }
  }

  @Test
  void oneThatWasCalledBackGivesNothingMore() {
    try (BytesChain chain = chain(10, 10)) {
      PartBody body = new PartBody(chain);
      Collector collector = new Collector(0);
      body.subscribe(collector);
      collector.ask(1);
      body.revoke();
      collector.ask(1);
      assertThat(collector.got).hasSize(1);
      assertThat(collector.error).isInstanceOf(IllegalStateException.class);
      assertThat(body.isSentOnce()).isFalse();
    }
  }

  @Test
  void onlyABodyThatWentOnceToTheEndIsWithNobody() {
    try (BytesChain chain = chain(10)) {
      PartBody body = new PartBody(chain);
      assertThat(body.isSentOnce()).isFalse();
      body.subscribe(new Collector(1));
      assertThat(body.isSentOnce()).isTrue();
      body.subscribe(new Collector(1));
      assertThat(body.isSentOnce()).isFalse();
    }
  }
}
