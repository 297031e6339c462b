package io.ringwell.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.Ringwell;
import io.ringwell.memory.BufferPool;
import io.ringwell.memory.PoolOptions;
import io.ringwell.s3.rig.Fault;
import io.ringwell.s3.rig.Fault.Kind;
import io.ringwell.s3.rig.FaultScript;
import io.ringwell.s3.rig.S3Request.Operation;
import io.ringwell.window.AccessHint;
import io.ringwell.window.ManagedReader;
import io.ringwell.window.ReaderOptions;
import io.ringwell.window.WindowSource;
import java.io.IOException;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.Parameter;

/// A server with an object in it, read by the SDK's client and by connections of one's own.
abstract class S3SourceCase {
  static final int MIB = 1 << 20;
  static final int BYTES = 3 * MIB + 4321;

  static ReadRig rig;
  static Ringwell io;
  static BufferPool pool;
  static byte[] content;
  static S3Location there;

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

  /// Whether it is the SDK's client that asks, and not connections of one's own.
  @Parameter boolean sdkClient;

  S3ReadOptions usual() {
    return S3ReadOptions.defaults().withSdkClient(sdkClient);
  }

  /// Ranges of 1 MiB, gaps of 64 KiB.
  S3ReadOptions small() {
    return usual().withRangeBytes(MIB).withGapBytes(64 << 10);
  }

  static byte[] part(byte[] all, long from, long length) {
    return Arrays.copyOfRange(
        all, (int) Math.min(from, all.length), (int) Math.min(from + length, all.length));
  }

  static ManagedReader reader(S3Source source) throws IOException {
    return io.reader(source, ReaderOptions.defaults().withHint(AccessHint.SEQUENTIAL));
  }

  static FaultScript onGet(Supplier<Fault> fault) {
    return request -> request.operation() == Operation.GET_OBJECT ? fault.get() : Fault.NONE;
  }

  static Queue<String> recordRanges() {
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
  static CompletableFuture<Void> stallGets() {
    CompletableFuture<Void> stalled = new CompletableFuture<>();
    rig.proxy.script(
        onGet(() -> {
          stalled.complete(null);
          return Fault.at(Kind.STALL_ANSWER, 0.5);
        }));
    return stalled;
  }

  static WindowSource.Completion completion(CompletableFuture<Long> told) {
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
