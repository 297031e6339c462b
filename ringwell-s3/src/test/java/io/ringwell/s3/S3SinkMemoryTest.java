package io.ringwell.s3;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.ringwell.Ringwell;
import io.ringwell.memory.BufferPool;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.BytesChain;
import io.ringwell.memory.CopyCounter;
import io.ringwell.memory.PoolOptions;
import io.ringwell.s3.rig.Fault;
import io.ringwell.s3.rig.FaultProxy;
import io.ringwell.sink.Sink;
import io.ringwell.sink.SinkBudget;
import io.ringwell.sink.Source;
import io.ringwell.sink.Sources;
import io.ringwell.window.ReaderOptions;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a sink to S3 costs in memory: no copy, a bounded heap, a bounded pool.
@Timeout(120)
final class S3SinkMemoryTest extends SinkCase {
  private static final int MEBIBYTE = 1 << 20;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @TempDir Path folder;

  /// Remembers where what goes out lies.
  private static final class Recording implements PayloadTransport {
    private final PayloadTransport way;
    final List<Long> addresses = Collections.synchronizedList(new ArrayList<>());

    Recording(PayloadTransport way) {
      this.way = way;
    }

    @Override
    public Sending send(Outgoing what, BytesChain body) {
      for (Bytes piece : body.fragments()) {
        addresses.add(piece.address());
      }
      return way.send(what, body);
    }
  }

  @Test
  void piecesGoOutFromWhereTheirProducerPutThem() throws IOException {
    byte[] content = random(1, 3 * PART + 100);
    List<Long> sent = new ArrayList<>();
    long before = CopyCounter.bytesCopied();
    try (S3Store store = direct()) {
      Recording recording = new Recording(store.transport());
      S3SinkOptions options = S3SinkOptions.defaults().withPartBytes(PART);
      try (Sink sink = store.sink(target, options, recording)) {
        for (int at = 0; at < content.length; at += MEBIBYTE) {
          Bytes piece = bytes(content, at, Math.min(MEBIBYTE, content.length - at));
          sent.add(piece.address());
          sink.send(piece);
        }
        sink.complete();
      }
      assertThat(recording.addresses).isEqualTo(sent);
    }
    assertThat(CopyCounter.bytesCopied()).isEqualTo(before);
    assertThat(content(target)).isEqualTo(content);
  }

  @Test
  void windowsOfAFileGoOutFromTheEnginesPool() throws IOException {
    byte[] content = random(2, 3 * PART + 100);
    Path file = Files.write(folder.resolve("file"), content);
    long before = CopyCounter.bytesCopied();
    try (Ringwell io = Ringwell.open();
        S3Store store = direct()) {
      BufferPool windows = io.pool();
      Recording recording = new Recording(store.transport());
      S3SinkOptions options = S3SinkOptions.defaults().withPartBytes(PART);
      try (Source source = Sources.windows(io.reader(file, ReaderOptions.defaults()), 0);
          Sink sink = store.sink(target, options, recording)) {
        assertThat(Sources.drain(source, sink)).isEqualTo(content.length);
      }
      assertThat(recording.addresses)
          .isNotEmpty()
          .allMatch(address ->
              address >= windows.baseAddress()
                  && address < windows.baseAddress() + windows.maxBytes());
    }
    assertThat(CopyCounter.bytesCopied()).isEqualTo(before);
    assertThat(content(target)).isEqualTo(content);
  }

  /// The server is in this process: what its threads allocate is not counted.
  @ParameterizedTest
  @ValueSource(strings = {"none", "jdk", "boringssl"})
  void aPartOfEightMebibytesAllocatesLittleOnTheHeap(String tls) throws IOException {
    int parts = 8;
    long most = tls.equals("none") ? MEBIBYTE / 5 : MEBIBYTE;
    byte[] content = random(3, MEBIBYTE);
    try (S3Store store =
        tls.equals("none")
            ? direct()
            : open(options().withEndpoint(server.https()).withCaFile(server.authority()), tls)) {
      send(store, content, 4);
      long least = Long.MAX_VALUE;
      for (int round = 0; round < 2; round++) {
        long before = allocatedByClients();
        send(store, content, parts);
        least = Math.min(least, allocatedByClients() - before);
      }
      System.out.println("S3SinkMemoryTest: " + least / parts / 1024 + " KiB a part, TLS: " + tls);
      assertThat(least / parts).isLessThanOrEqualTo(most);
    }
  }

  private void send(S3Store store, byte[] mebibyte, int parts) throws IOException {
    try (Sink sink = store.sink(target, S3SinkOptions.defaults())) {
      for (int i = 0; i < 8 * parts; i++) {
        sink.send(bytes(mebibyte));
      }
      sink.complete();
    }
  }

  private static long allocatedByClients() {
    long sum = 0;
    for (ThreadInfo thread : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
      // Jetty's, which are the server's.
      if (thread != null && !thread.getThreadName().startsWith("S3Proxy-Jetty")) {
        sum += Math.max(0, THREADS.getThreadAllocatedBytes(thread.getThreadId()));
      }
    }
    return sum;
  }

  @Test
  void sinksBeforeASlowStoreHoldNoMoreThanTheirBudgetAndAllGetOn() throws Exception {
    manySinks(8, 2 * PART, 60 * MEBIBYTE);
  }

  @Test
  @Tag("soak")
  @Timeout(1200)
  void aHundredSinksBeforeASlowStoreHoldNoMoreThanTheirBudgetAndAllGetOn() throws Exception {
    manySinks(100, 4 * PART, 40 * MEBIBYTE);
  }

  /// The producers' pool has room for the budget and one piece of each: were more held, nobody
  /// would get on.
  private void manySinks(int count, int size, long bytesPerSecond) throws Exception {
    byte[] content = random(4, size);
    SinkBudget budget = new SinkBudget((count + 4L) * PART);
    S3SinkOptions options = S3SinkOptions.defaults().withPartBytes(PART).withBudget(budget);
    pool.close();
    pool = BufferPool.shared(PoolOptions.ofMaxBytes(budget.maxBytes() + (count + 4L) * MEBIBYTE));
    try (FaultProxy proxy = FaultProxy.http(server, request -> Fault.NONE);
        S3Store store = open(options().withEndpoint(proxy.endpoint()));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      proxy.limit(bytesPerSecond);
      List<Sink> sinks = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        sinks.add(store.sink(target.withKey(target.key() + "/" + i), options));
      }
      List<Future<?>> all = new ArrayList<>();
      for (Sink sink : sinks) {
        all.add(
            threads.submit(() -> {
              try (sink) {
                sendAll(sink, content, MEBIBYTE);
                return sink.complete();
              }
            }));
      }
      for (Future<?> each : all) {
        assertThat(each.get()).isEqualTo((long) size);
      }
    }
    assertThat(budget.freeBytes()).isEqualTo(budget.maxBytes());
    for (int i = 0; i < count; i++) {
      assertThat(content(target.withKey(target.key() + "/" + i))).isEqualTo(content);
    }
  }
}
