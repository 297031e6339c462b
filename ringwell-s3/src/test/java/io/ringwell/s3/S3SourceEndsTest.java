package io.ringwell.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.BytesChain;
import io.ringwell.memory.IoBuffer;
import io.ringwell.memory.PoolOptions;
import io.ringwell.s3.rig.Fault;
import io.ringwell.s3.rig.Fault.Kind;
import io.ringwell.s3.rig.S3Request.Operation;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/// Connections that end, objects that change, and what else ends a read.
@ParameterizedClass
@ValueSource(booleans = {false, true})
final class S3SourceEndsTest extends S3SourceCase {
  // ---- Connections that end --------------------------------------------------------------------

  @Test
  void answerThatIsCutIsContinuedWhereItEnded() throws IOException {
    for (Kind kind : List.of(Kind.CUT_ANSWER, Kind.RESET_ANSWER)) {
      Queue<String> ranges = new ConcurrentLinkedQueue<>();
      rig.proxy.script(request -> {
        if (request.operation() != Operation.GET_OBJECT) {
          return Fault.NONE;
        }
        ranges.add(String.valueOf(request.range()));
        return ranges.size() == 1 ? Fault.at(kind, 0.5) : Fault.NONE;
      });
      try (S3Source source = rig.store.source(there, usual())) {
        List<BytesChain> read = source.read(List.of(new S3Range(0, BYTES)), pool);
        assertThat(ReadRig.bytes(read.getFirst())).isEqualTo(content);
        assertThat(source.isVerified()).isTrue();
      }
      assertThat(ranges).hasSize(2).first().isEqualTo("bytes=0-3150048");
      if (kind == Kind.CUT_ANSWER) { // a reset takes away what was not read yet
        assertThat(ranges.toArray()[1]).isEqualTo("bytes=1575024-3150048");
      }
    }
  }

  @Test
  void answerThatStallsIsAskedForAgain() throws IOException {
    AtomicBoolean stalled = new AtomicBoolean();
    rig.proxy.script(
        onGet(() -> stalled.getAndSet(true) ? Fault.NONE : Fault.at(Kind.STALL_ANSWER, 0.3)));
    try (S3Store hasty = rig.open(rig.proxy.endpoint(), Duration.ofMillis(500));
        S3Source source = hasty.source(there, usual())) {
      List<BytesChain> read = source.read(List.of(new S3Range(0, BYTES)), pool);
      assertThat(ReadRig.bytes(read.getFirst())).isEqualTo(content);
    }
  }

  /// Of five attempts one may meet a connection that the SDK's pool had and that has just ended.
  @Test
  void storeThatIsBusyIsAskedAgainAsOftenAsAllowed() throws IOException {
    AtomicInteger asked = new AtomicInteger();
    rig.proxy.script(
        onGet(() -> asked.incrementAndGet() < 4 ? Fault.answer(503, "SlowDown") : Fault.NONE));
    try (S3Source source = rig.store.source(there, small())) {
      assertThat(ReadRig.bytes(source.read(List.of(new S3Range(0, 10)), pool).getFirst()))
          .isEqualTo(part(content, 0, 10));
      assertThat(asked).hasValue(4);
      asked.set(0);
      rig.proxy.script(
          onGet(() -> {
            asked.incrementAndGet();
            return Fault.answer(503, "SlowDown");
          }));
      assertThatThrownBy(() -> source.read(List.of(new S3Range(0, 10)), pool))
          .isInstanceOfSatisfying(
              S3Exception.class,
              e -> {
                assertThat(e.code()).isEqualTo("SlowDown");
                assertThat(e.operation()).isEqualTo("GetObject");
              })
          .hasMessageStartingWith("GetObject of s3://bucket/there: the store asked to slow down");
      assertThat(asked).hasValueBetween(4, 5);
    }
  }

  @Test
  void progressGivesNewAttempts() throws IOException {
    // Nine cuts, with five attempts in a row at most.
    AtomicInteger cuts = new AtomicInteger();
    rig.proxy.script(
        onGet(() -> cuts.incrementAndGet() < 10 ? Fault.at(Kind.CUT_ANSWER, 0.2) : Fault.NONE));
    try (S3Source source = rig.store.source(there, usual())) {
      List<BytesChain> read = source.read(List.of(new S3Range(0, BYTES)), pool);
      assertThat(ReadRig.bytes(read.getFirst())).isEqualTo(content);
      assertThat(cuts).hasValue(10);
    }
  }

  // ---- Objects that change ---------------------------------------------------------------------

  @Test
  void objectThatIsReplacedIsAnErrorAndNotAMixture() throws IOException {
    S3Location location = rig.put("replaced", content);
    try (S3Source source = rig.store.source(location, small())) {
      ReadRig.bytes(source.read(List.of(new S3Range(0, 10)), pool).getFirst());
      rig.put("replaced", ReadRig.random(2, BYTES));
      assertThatThrownBy(() -> source.read(List.of(new S3Range(10, 10)), pool))
          .isInstanceOfSatisfying(S3Exception.class, e -> assertThat(e.status()).isEqualTo(412))
          .hasMessage(
              "GetObject of s3://bucket/replaced: it was replaced while it was read, at byte 10;"
                  + " open it anew (412 PreconditionFailed)");
    }
  }

  @Test
  void objectThatIsDeletedIsAnError() throws IOException {
    S3Location location = rig.put("deleted", content);
    try (S3Source source = rig.store.source(location, small())) {
      rig.store.delete(location);
      assertThatThrownBy(() -> source.read(List.of(new S3Range(0, 10)), pool))
          .hasMessage(
              "GetObject of s3://bucket/deleted: it was deleted while it was read, at byte 0; open"
                  + " it anew (404 NoSuchKey)");
    }
  }

  @Test
  void storeThatIgnoresTheConditionIsFoundOut() throws IOException {
    S3Location location = rig.put("unconditional", content);
    RangeTransport conditional = new SdkRanges(rig.direct.client(), rig.direct.calls());
    // As such a store has it: the range of whatever is there now.
    RangeTransport without =
        (what, into) ->
            conditional.fetch(
                new RangeTransport.Ask(what.location(), "", what.from(), what.to()), into);
    try (S3Source source = rig.store.source(location, small(), without)) {
      rig.put("unconditional", ReadRig.random(2, BYTES));
      assertThatThrownBy(() -> source.read(List.of(new S3Range(10, 10)), pool))
          .hasMessageContaining("it was replaced while it was read, at byte 10; open it anew (412");
    }
  }

  @Test
  void storeThatSendsAnotherRangeIsFoundOut() throws IOException {
    RangeTransport sdk = new SdkRanges(rig.direct.client(), rig.direct.calls());
    RangeTransport shifted =
        (what, into) ->
            sdk.fetch(
                new RangeTransport.Ask(
                    what.location(), what.etag(), what.from() + 1, what.to() + 1),
                into);
    try (S3Source source = rig.store.source(there, small(), shifted)) {
      assertThatThrownBy(() -> source.read(List.of(new S3Range(10, 10)), pool))
          .hasMessage(
              "GetObject of s3://bucket/there: the store was asked for 'bytes 10-19/3150049' and"
                  + " sends 'bytes 11-20/3150049', 10 bytes");
    }
  }

  @Test
  void corruptedAnswerIsFoundOutByTheChecksum() throws IOException {
    AtomicInteger asked = new AtomicInteger();
    rig.proxy.script(
        onGet(
            () -> asked.incrementAndGet() == 2 ? Fault.at(Kind.CORRUPT_ANSWER, 0.5) : Fault.NONE));
    S3Source source = rig.store.source(there, small());
    String told = "what arrived is not what was stored: its CRC32 is another one; open it anew";
    assertThatThrownBy(() -> ReadRig.drain(reader(source))).hasMessageContaining(told);
    assertThat(source.isVerified()).isFalse();
    try (S3Source many = rig.store.source(there, small())) {
      asked.set(0);
      S3Range all = new S3Range(0, BYTES);
      assertThatThrownBy(() -> many.read(List.of(all), pool)).hasMessageContaining(told);
      assertThatThrownBy(() -> many.read(List.of(all), pool)).hasMessageContaining(told);
    }
    S3Source again = rig.store.source(there, small());
    assertThat(ReadRig.drain(reader(again))).isEqualTo(content);
    assertThat(again.isVerified()).isTrue();
  }

  @Test
  void withoutVerifyingNothingIsSaidToBeVerified() throws IOException {
    S3Source source = rig.store.source(there, small().withVerify(false));
    assertThat(ReadRig.drain(reader(source))).isEqualTo(content);
    assertThat(source.isVerified()).isFalse();
  }

  // ---- Errors, ends ----------------------------------------------------------------------------

  @Test
  void whatIsMissingOrForbiddenIsOneClearLine() throws IOException {
    assertThatThrownBy(() -> rig.store.source(new S3Location(ReadRig.BUCKET, "no"), small()))
        .isInstanceOfSatisfying(S3Exception.class, e -> assertThat(e.isMissing()).isTrue())
        .hasMessageStartingWith("HeadObject of s3://bucket/no: there is no such object");
    assertThatThrownBy(() -> rig.store.source(new S3Location("nobucket", "no"), small()))
        .hasMessageStartingWith("HeadObject of s3://nobucket/no: there is no such");
    S3Options wrong = rig.options(rig.server.http()).withKeys("ringwell-access", "wrong");
    try (S3Store stranger = ReadRig.open(wrong)) {
      assertThatThrownBy(() -> stranger.source(there, small()))
          .isInstanceOfSatisfying(S3Exception.class, e -> assertThat(e.status()).isEqualTo(403))
          .message()
          .doesNotContain("\n");
    }
  }

  @Test
  void closedReaderHasItsMemoryBackAtOnce() throws Exception {
    try (BufferPool own = BufferPool.shared(PoolOptions.ofMaxBytes(16 * MIB))) {
      IoBuffer buffer = own.acquire(BYTES);
      CompletableFuture<Long> told = new CompletableFuture<>();
      CompletableFuture<Void> stalled = stallGets();
      S3Source source = rig.store.source(there, usual());
      source.read(0, buffer, BYTES, completion(told));
      stalled.join();
      source.close();
      assertThatThrownBy(told::get).cause().hasMessage("read of s3://bucket/there: it is closed");
      buffer.close();
    }
  }

  @Test
  void interruptEndsTheReadAndGivesTheMemoryBack() throws Exception {
    CompletableFuture<Void> stalled = stallGets();
    try (S3Source source = rig.store.source(there, small())) {
      CompletableFuture<Throwable> told = new CompletableFuture<>();
      Thread reading =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  source.read(List.of(new S3Range(0, BYTES)), pool);
                  told.complete(new AssertionError("it was read"));
                } catch (IOException e) {
                  told.complete(e);
                }
              });
      stalled.join();
      reading.interrupt();
      assertThat(told.join()).isInstanceOf(InterruptedIOException.class);
      assertThat(pool.stats().inUseBytes()).isZero();
    }
  }

  /// As often as the SDK's client needs to lose a call of its own when it is closed: one in fifty.
  @RepeatedTest(20)
  void storeThatIsClosedFailsWhatIsUnderWay() throws IOException {
    CompletableFuture<Void> stalled = stallGets();
    S3Store own = rig.open(rig.proxy.endpoint(), Duration.ofMinutes(1));
    try (S3Source source = own.source(there, small())) {
      CompletableFuture<List<BytesChain>> read =
          source.readAsync(List.of(new S3Range(0, BYTES)), pool).toCompletableFuture();
      stalled.join();
      own.close();
      assertThat(read)
          .failsWithin(Duration.ofSeconds(30))
          .withThrowableOfType(ExecutionException.class)
          .havingCause()
          .isInstanceOf(S3Exception.class)
          .withMessageEndingWith("the store was closed");
      assertThat(pool.stats().inUseBytes()).isZero();
      assertThatThrownBy(() -> source.read(List.of(new S3Range(0, 10)), pool))
          .isInstanceOf(S3Exception.class)
          .hasMessageEndingWith("the store was closed");
    }
  }

  @Test
  void manyReadersShareOneStore() throws IOException {
    List<S3Source> sources =
        IntStream.range(0, 8)
            .mapToObj(i -> {
              try {
                return rig.store.source(there, small());
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            })
            .toList();
    List<CompletableFuture<List<BytesChain>>> reads =
        sources.stream()
            .map(s -> s.readAsync(List.of(new S3Range(0, BYTES)), pool).toCompletableFuture())
            .toList();
    for (CompletableFuture<List<BytesChain>> read : reads) {
      assertThat(ReadRig.bytes(read.join().getFirst())).isEqualTo(content);
    }
    sources.forEach(S3Source::close);
  }
}
