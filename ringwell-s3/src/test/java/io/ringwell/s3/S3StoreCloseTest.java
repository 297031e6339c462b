package io.ringwell.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.IoBuffer;
import io.ringwell.memory.PoolOptions;
import io.ringwell.s3.rig.Fault;
import io.ringwell.s3.rig.S3Request;
import io.ringwell.sink.Sink;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A store is closed while a call waits for its answer: the call fails, and those after it do.
final class S3StoreCloseTest {
  /// The SDK's client loses one call in fifty when it is closed.
  private static final int ROUNDS = 10;

  private static final int PART_BYTES = 5 << 20;

  private static final S3Location THERE = new S3Location(ReadRig.BUCKET, "there");

  private static ReadRig rig;
  private static BufferPool pool;

  @BeforeAll
  static void start() throws IOException {
    rig = new ReadRig(false);
    pool = BufferPool.shared(PoolOptions.ofMaxBytes(4 * PART_BYTES));
    rig.put(THERE.key(), ReadRig.random(1, 1000));
  }

  @AfterAll
  static void stop() {
    pool.close();
    rig.close();
  }

  /// What is under way.
  enum Work {
    HEAD(S3Request.Operation.HEAD_OBJECT),
    LIST(S3Request.Operation.BUCKET),
    DELETE(S3Request.Operation.DELETE_OBJECT),
    PUT(S3Request.Operation.PUT_OBJECT),
    PUT_BY_SDK(S3Request.Operation.PUT_OBJECT),
    BEGIN_UPLOAD(S3Request.Operation.CREATE_UPLOAD),
    PART(S3Request.Operation.UPLOAD_PART),
    PART_BY_SDK(S3Request.Operation.UPLOAD_PART);

    private final S3Request.Operation held;

    Work(S3Request.Operation held) {
      this.held = held;
    }

    void run(S3Store store) throws IOException {
      switch (this) {
        case HEAD -> store.head(THERE);
        case LIST -> store.list(new S3Location(ReadRig.BUCKET, ""), "", null);
        case DELETE -> store.delete(THERE);
        case PUT -> send(store, store.transport(), 1000);
        case PUT_BY_SDK -> send(store, store.sdkTransport(), 1000);
        case BEGIN_UPLOAD, PART -> send(store, store.transport(), PART_BYTES + 1);
        case PART_BY_SDK -> send(store, store.sdkTransport(), PART_BYTES + 1);
      }
    }

    private static void send(S3Store store, PayloadTransport way, int bytes) throws IOException {
      S3SinkOptions parts = S3SinkOptions.defaults().withPartBytes(PART_BYTES);
      try (Sink sink = store.sink(new S3Location(ReadRig.BUCKET, "sent"), parts, way)) {
        IoBuffer buffer = pool.acquire(bytes);
        sink.send(buffer.freeze(0, bytes));
        sink.complete();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsUnderWayFails(Work work) throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      CompletableFuture<Void> held = new CompletableFuture<>();
      CompletableFuture<Void> goesOn = new CompletableFuture<>();
      rig.proxy.script(request -> {
        if (request.operation() != work.held) {
          return Fault.NONE;
        }
        held.complete(null);
        return Fault.hold(goesOn);
      });
      S3Store own = rig.open(rig.proxy.endpoint(), Duration.ofMinutes(1));
      FutureTask<Void> task =
          new FutureTask<>(() -> {
            work.run(own);
            return null;
          });
      Thread.ofVirtual().start(task);
      held.join();
      own.close();
      assertThat(task)
          .failsWithin(Duration.ofSeconds(30))
          .withThrowableOfType(ExecutionException.class)
          .havingCause()
          .isInstanceOf(S3Exception.class)
          .withMessageContaining("the store was closed");
      assertThat(pool.stats().inUseBytes()).isZero();
      assertThatThrownBy(() -> work.run(own))
          .isInstanceOf(S3Exception.class)
          .hasMessageContaining("the store was closed");
      assertThat(pool.stats().inUseBytes()).isZero();
      goesOn.complete(null);
    }
  }
}
