package io.ringwell.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.PoolOptions;
import io.ringwell.pipe.PipeOptions;
import io.ringwell.pipe.PipeRead;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// Plain text within bounds: pipes of two records each, from secure pools that have just so much.
@EnabledOnOs(OS.LINUX)
class TlsMemoryTest {
  private static final int RECORD = 16 << 10;
  private static final int PIPE_BYTES = 2 * RECORD;

  private static final PipeOptions PIPE =
      PipeOptions.defaults()
          .withSegments(RECORD, RECORD)
          .withMaxMemory(PIPE_BYTES)
          .withThresholds(RECORD + RECORD / 2, RECORD)
          .withMaxBuffered(PIPE_BYTES);

  @BeforeEach
  void openSslIsThere() {
    TlsRig.assumeIsThere(TlsProvider.OPENSSL);
  }

  private static BufferPool secrets(int pipes) {
    return BufferPool.secure(
        PoolOptions.ofMaxBytes((long) pipes * PIPE_BYTES).withSlabBytes(PIPE_BYTES));
  }

  private static TlsOptions bounded(TlsOptions options, BufferPool pool) {
    return options.withPool(pool).withPipes(PIPE, PIPE);
  }

  @Test
  void smallRecordsLieTogether() throws Exception {
    int records = 1000;
    try (TlsRig rig = new TlsRig();
        BufferPool pool = secrets(4)) {
      try (Tls server =
              Tls.server(
                  rig.server,
                  rig.pool,
                  bounded(TlsRig.serving(TlsProvider.OPENSSL, "good"), pool));
          Tls client =
              Tls.client(
                  rig.client,
                  "localhost",
                  443,
                  rig.pool,
                  bounded(TlsRig.trusting(TlsProvider.OPENSSL, "ca"), pool))) {
        server.handshake();
        client.handshake();
        for (int i = 0; i < records; i++) {
          TlsRig.write(client, "ten bytes.");
        }
        PipeRead read = server.input().readAtLeast(10L * records);
        assertThat(read.size()).isEqualTo(10L * records);
        assertThat(pool.stats().inUseBytes()).isLessThanOrEqualTo(2 * RECORD);
        read.advance(read.end());
      }
      assertThat(pool.stats().inUseBytes()).isZero();
    }
  }

  /// Both ways at once, from and to one who never reads before all was taken. A pipe that had taken
  /// what another one needs would wait for good.
  @Test
  void aRelayWithJustTheMemoryOfItsPipesCarriesBothWaysAtOnce() throws Exception {
    long much = 2 << 20;
    try (TlsRig near = new TlsRig();
        TlsRig far = new TlsRig();
        BufferPool pool = secrets(4)) {
      TlsOptions serving = TlsRig.serving(TlsProvider.OPENSSL, "good");
      TlsOptions trusting = TlsRig.trusting(TlsProvider.OPENSSL, "ca");
      try (Tls front = Tls.server(near.server, near.pool, bounded(serving, pool));
          Tls back = Tls.client(far.client, "localhost", 443, far.pool, bounded(trusting, pool));
          Tls client = Tls.client(near.client, "localhost", 443, near.pool, trusting);
          Tls server = Tls.server(far.server, far.pool, serving)) {
        FutureTask<Void> relay =
            new FutureTask<>(() -> {
              Relay.between(front, back);
              return null;
            });
        Thread.startVirtualThread(relay);
        FutureTask<Void> up = sending(client, much);
        FutureTask<Void> down = sending(server, much);
        FutureTask<Void> downRead = reading(client, much);
        receive(server, much);
        downRead.get();
        up.get();
        down.get();
        relay.get();
      }
      assertThat(pool.stats().inUseBytes()).isZero();
    }
  }

  private static FutureTask<Void> start(FutureTask<Void> task) {
    Thread.startVirtualThread(task);
    return task;
  }

  /// Records of all lengths.
  private static FutureTask<Void> sending(Tls to, long count) {
    return start(
        new FutureTask<>(() -> {
          long at = 0;
          for (int size = 1; at < count; size = size * 7 % 20_011 + 1) {
            int some = (int) Math.min(size, count - at);
            byte[] bytes = new byte[some];
            for (int i = 0; i < some; i++) {
              bytes[i] = (byte) (((at + i) * 31) >>> 3);
            }
            to.output().write(bytes, 0, some);
            to.output().flush();
            at += some;
          }
          to.output().complete();
          return null;
        }));
  }

  private static FutureTask<Void> reading(Tls from, long count) {
    return start(
        new FutureTask<>(() -> {
          receive(from, count);
          return null;
        }));
  }

  private static void receive(Tls from, long count) throws IOException {
    long at = 0;
    boolean right = true;
    while (true) {
      PipeRead read = from.input().read();
      if (read.isEmpty() && read.isCompleted()) {
        break;
      }
      do {
        for (long i = 0; i < read.length(); i++) {
          byte seen = read.memory().get(ValueLayout.JAVA_BYTE, read.position() + i);
          right &= seen == (byte) ((at * 31) >>> 3);
          at++;
        }
      } while (read.nextFragment());
      read.advance(read.end());
    }
    assertThat(at).isEqualTo(count);
    assertThat(right).as("every byte as it was sent").isTrue();
  }
}
