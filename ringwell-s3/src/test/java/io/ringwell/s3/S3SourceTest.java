package io.ringwell.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.Ringwell;
import io.ringwell.memory.BufferPool;
import io.ringwell.memory.BytesChain;
import io.ringwell.memory.CopyCounter;
import io.ringwell.memory.IoBuffer;
import io.ringwell.memory.PoolOptions;
import io.ringwell.s3.rig.Fault;
import io.ringwell.s3.rig.Fault.Kind;
import io.ringwell.s3.rig.FaultScript;
import io.ringwell.s3.rig.S3Request.Operation;
import io.ringwell.window.AccessHint;
import io.ringwell.window.ManagedReader;
import io.ringwell.window.ReaderOptions;
import io.ringwell.window.Readiness;
import io.ringwell.window.WindowSource;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Objects of a real server, read by windows and by ranges.
abstract class S3SourceTest {
  private static final int MIB = 1 << 20;
  private static final int BYTES = 3 * MIB + 4321;

  private static ReadRig rig;
  private static Ringwell io;
  private static BufferPool pool;
  private static byte[] content;
  private static S3Location there;

  @BeforeAll
  static void start() throws IOException {
    rig = new ReadRig(false);
    io = Ringwell.open();
    pool = BufferPool.shared(PoolOptions.ofMaxBytes(64 * MIB));
    content = ReadRig.random(1, BYTES);
    there = rig.put("there", content);
  }

  @AfterAll
  static void stop() {
    pool.close();
    io.close();
    rig.close();
  }

  @AfterEach
  void nothingIsLeftBehind() {
    rig.proxy.script(request -> Fault.NONE);
    assertThat(pool.stats().inUseBytes()).isZero();
    assertThat(io.pool().stats().lentBytes()).isZero();
  }

  /// Over http and in one go.
  abstract void copiesAre(long copied, long bytes);

  private final boolean sdkClient;

  S3SourceTest(boolean sdkClient) {
    this.sdkClient = sdkClient;
  }

  private S3ReadOptions usual() {
    return S3ReadOptions.defaults().withSdkClient(sdkClient);
  }

  /// Ranges of 1 MiB, gaps of 64 KiB.
  private S3ReadOptions small() {
    return usual().withRangeBytes(MIB).withGapBytes(64 << 10);
  }

  private static byte[] part(byte[] all, long from, long length) {
    return Arrays.copyOfRange(
        all, (int) Math.min(from, all.length), (int) Math.min(from + length, all.length));
  }

  private static ManagedReader reader(S3Source source) throws IOException {
    return io.reader(source, ReaderOptions.defaults().withHint(AccessHint.SEQUENTIAL));
  }

  // ---- Windows ---------------------------------------------------------------------------------

  @Test
  void windowsShowObjectsOfEverySize() throws IOException {
    for (int size : new int[] {0, 1, 4095, 4096, 4097, MIB - 1, MIB, MIB + 1, BYTES}) {
      byte[] all = Arrays.copyOf(content, size);
      S3Source source = rig.store.source(rig.put("size", all), small());
      assertThat(source.size()).isEqualTo(size);
      assertThat(ReadRig.drain(reader(source))).as(size + " bytes").isEqualTo(all);
      assertThat(source.isVerified()).isTrue();
    }
  }

  @Test
  void windowsAreAsLargeAsRanges() throws IOException {
    try (ManagedReader reader =
        io.reader(
            rig.store.source(there, small()),
            ReaderOptions.defaults().withHint(AccessHint.SEQUENTIAL))) {
      assertThat(reader.await(0)).isEqualTo(Readiness.READY);
      assertThat(reader.window().end()).isEqualTo(MIB);
      assertThat(reader.plan().ahead()).isPositive();
      // Until all that was read ahead has arrived: closing does not wait for it.
      for (long at = MIB; at < BYTES; at += MIB) {
        assertThat(reader.await(at)).isEqualTo(Readiness.READY);
      }
    }
  }

  @Test
  void seeksReadOnlyWhatTheyNeed() throws IOException {
    Queue<String> ranges = recordRanges();
    try (ManagedReader reader =
        io.reader(
            rig.store.source(there, usual()),
            ReaderOptions.defaults().withHint(AccessHint.RANDOM))) {
      long position = 2 * MIB + 17;
      assertThat(reader.await(position)).isEqualTo(Readiness.READY);
      assertThat(reader.window().segmentAt(position).get(ValueLayout.JAVA_BYTE, 0))
          .isEqualTo(content[(int) position]);
      assertThat(reader.await(BYTES)).isEqualTo(Readiness.END);
    }
    assertThat(ranges).containsExactly("bytes=2097152-2162687");
  }

  @Test
  void largeWindowIsSeveralRequestsAtOnce() throws IOException {
    Queue<String> ranges = recordRanges();
    S3Source source = rig.store.source(there, small());
    ReaderOptions whole =
        ReaderOptions.defaults().withHint(AccessHint.WHOLE).withBounds(4 * MIB, 16 * MIB);
    assertThat(ReadRig.drain(io.reader(source, whole))).isEqualTo(content);
    assertThat(ranges)
        .containsExactlyInAnyOrder(
            "bytes=0-1048575",
            "bytes=1048576-2097151",
            "bytes=2097152-3145727",
            "bytes=3145728-3150048");
  }

  @Test
  void tlsIsReadTheSame() throws IOException {
    try (ReadRig secure = new ReadRig(true)) {
      S3Source source = secure.store.source(secure.put("secure", content), small());
      assertThat(ReadRig.drain(reader(source))).isEqualTo(content);
      assertThat(source.isVerified()).isTrue();
      assertThat(secure.proxy.seen(Operation.GET_OBJECT)).isEqualTo(4);
      // The server's own TLS is another one's.
      try (S3Store own = secure.open(secure.server.https(), Duration.ofMinutes(1))) {
        S3Source direct = own.source(source.object().location(), small());
        assertThat(ReadRig.drain(reader(direct))).isEqualTo(content);
      }
    }
  }

  // ---- Many ranges -----------------------------------------------------------------------------

  @Test
  void rangesAreRightAtEveryEdge() throws IOException {
    List<S3Range> ranges =
        List.of(
            new S3Range(0, 0),
            new S3Range(0, 1),
            new S3Range(0, MIB),
            new S3Range(MIB - 1, 2),
            new S3Range(MIB, MIB),
            new S3Range(1, BYTES),
            new S3Range(BYTES - 1, 1),
            new S3Range(BYTES - 1, 2),
            new S3Range(BYTES, 1),
            new S3Range(BYTES + 10L, 100),
            new S3Range(7, 3),
            new S3Range(7, 3));
    try (S3Source source = rig.store.source(there, small())) {
      List<BytesChain> read = source.read(ranges, pool);
      assertThat(read).hasSameSizeAs(ranges);
      for (int i = 0; i < ranges.size(); i++) {
        S3Range range = ranges.get(i);
        assertThat(ReadRig.bytes(read.get(i)))
            .as(range.toString())
            .isEqualTo(part(content, range.position(), range.length()));
      }
      assertThat(source.read(List.of(), pool)).isEmpty();
    }
  }

  @Test
  void nearRangesShareRequestsAndFarOnesDoNot() throws IOException {
    Queue<String> ranges = recordRanges();
    try (S3Source source = rig.store.source(there, small())) {
      List<BytesChain> read =
          source.read(
              List.of(
                  new S3Range(2 * MIB, 10),
                  new S3Range(100, 50),
                  new S3Range(150 + (64 << 10), 50),
                  new S3Range(120, 50)),
              pool);
      assertThat(ReadRig.bytes(read.get(2))).isEqualTo(part(content, 150 + (64 << 10), 50));
      assertThat(ReadRig.bytes(read.get(3))).isEqualTo(part(content, 120, 50));
      ReadRig.bytes(read.get(0));
      ReadRig.bytes(read.get(1));
    }
    assertThat(ranges).containsExactlyInAnyOrder("bytes=100-65735", "bytes=2097152-2097161");
  }

  @Test
  void stageBringsTheSame() throws IOException {
    try (S3Source source = rig.store.source(there, small())) {
      List<BytesChain> read =
          source.readAsync(List.of(new S3Range(5, 2 * MIB)), pool).toCompletableFuture().join();
      assertThat(ReadRig.bytes(read.getFirst())).isEqualTo(part(content, 5, 2 * MIB));
    }
  }

  @Test
  void moreThanThePoolHoldsIsRefused() throws IOException {
    try (BufferPool tight = BufferPool.shared(PoolOptions.ofMaxBytes(2 * MIB));
        S3Source source = rig.store.source(there, small())) {
      assertThatThrownBy(() -> source.read(List.of(new S3Range(0, BYTES)), tight))
          .isInstanceOf(IOException.class)
          .hasMessage(
              "read of s3://bucket/there: no memory for 3150049 bytes at once in a pool of 2097152"
                  + " bytes; ask for fewer ranges, or give a larger pool");
      assertThat(tight.stats().inUseBytes()).isZero();
    }
  }

  @Test
  void copiesAreCounted() throws IOException {
    try (S3Source source = rig.store.source(there, small())) {
      long before = CopyCounter.bytesCopied();
      List<BytesChain> read = source.read(List.of(new S3Range(0, BYTES)), pool);
      copiesAre(CopyCounter.bytesCopied() - before, BYTES);
      read.forEach(BytesChain::close);
    }
  }

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

  @Test
  void storeThatIsBusyIsAskedAgainAsOftenAsAllowed() throws IOException {
    AtomicInteger asked = new AtomicInteger();
    rig.proxy.script(
        onGet(() -> asked.incrementAndGet() < 5 ? Fault.answer(503, "SlowDown") : Fault.NONE));
    try (S3Source source = rig.store.source(there, small())) {
      assertThat(ReadRig.bytes(source.read(List.of(new S3Range(0, 10)), pool).getFirst()))
          .isEqualTo(part(content, 0, 10));
      assertThat(asked).hasValue(5);
      rig.proxy.script(onGet(() -> Fault.answer(503, "SlowDown")));
      assertThatThrownBy(() -> source.read(List.of(new S3Range(0, 10)), pool))
          .isInstanceOfSatisfying(
              S3Exception.class,
              e -> {
                assertThat(e.code()).isEqualTo("SlowDown");
                assertThat(e.operation()).isEqualTo("GetObject");
              })
          .hasMessageStartingWith("GetObject of s3://bucket/there: the store asked to slow down");
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
    RangeTransport conditional = new SdkRanges(rig.direct.client());
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
    RangeTransport sdk = new SdkRanges(rig.direct.client());
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

  @Test
  void storeThatIsClosedFailsWhatIsUnderWay() throws IOException {
    CompletableFuture<Void> stalled = stallGets();
    S3Store own = rig.open(rig.proxy.endpoint(), Duration.ofMinutes(1));
    try (S3Source source = own.source(there, small())) {
      CompletableFuture<List<BytesChain>> read =
          source.readAsync(List.of(new S3Range(0, BYTES)), pool).toCompletableFuture();
      stalled.join();
      own.close();
      assertThatThrownBy(read::join).hasCauseInstanceOf(IOException.class);
      assertThat(pool.stats().inUseBytes()).isZero();
      assertThatThrownBy(() -> source.read(List.of(new S3Range(0, 10)), pool))
          .isInstanceOf(IOException.class);
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

  // ---- Scripts ---------------------------------------------------------------------------------

  private static FaultScript onGet(Supplier<Fault> fault) {
    return request -> request.operation() == Operation.GET_OBJECT ? fault.get() : Fault.NONE;
  }

  private static Queue<String> recordRanges() {
    Queue<String> ranges = new ConcurrentLinkedQueue<>();
    rig.proxy.script(request -> {
      if (request.operation() == Operation.GET_OBJECT) {
        ranges.add(String.valueOf(request.range()));
      }
      return Fault.NONE;
    });
    return ranges;
  }

  /// Answers stop in the middle; completes with the first.
  private static CompletableFuture<Void> stallGets() {
    CompletableFuture<Void> stalled = new CompletableFuture<>();
    rig.proxy.script(
        onGet(() -> {
          stalled.complete(null);
          return Fault.at(Kind.STALL_ANSWER, 0.5);
        }));
    return stalled;
  }

  private static WindowSource.Completion completion(CompletableFuture<Long> told) {
    return new WindowSource.Completion() {
      @Override
      public void complete(long bytes) {
        told.complete(bytes);
      }

      @Override
      public void fail(IOException failure) {
        told.completeExceptionally(failure);
      }
    };
  }
}
