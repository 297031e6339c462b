package io.ringwell.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.BytesChain;
import io.ringwell.memory.CopyCounter;
import io.ringwell.memory.PoolOptions;
import io.ringwell.s3.rig.S3Request.Operation;
import io.ringwell.window.AccessHint;
import io.ringwell.window.ManagedReader;
import io.ringwell.window.ReaderOptions;
import io.ringwell.window.Readiness;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/// Objects of a real server, read by windows and by ranges.
@ParameterizedClass
@ValueSource(booleans = {false, true})
final class S3SourceTest extends S3SourceCase {
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
      long copied = CopyCounter.bytesCopied() - before;
      if (sdkClient) {
        assertThat(copied).isEqualTo(2L * BYTES);
      } else {
        // What came with the heads of four answers.
        assertThat(copied).isLessThanOrEqualTo(4 * 1024);
      }
      read.forEach(BytesChain::close);
    }
  }
}
