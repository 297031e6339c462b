package io.ringwell.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.CopyCounter;
import io.ringwell.memory.PoolOptions;
import io.ringwell.sink.Sink;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is sent to a sink is the object, over http and over https; there by BoringSSL, since the
/// JDK's TLS is what [TlsFaultTest] has besides.
@ParameterizedClass
@ValueSource(strings = {"none", "boringssl"})
@Timeout(120)
final class S3SinkTest extends SinkCase {
  private static final int PIECE = PART / 5;

  @Parameter String tls = "";

  private S3Store store;

  @BeforeEach
  void openStore() throws IOException {
    store =
        tls.equals("none")
            ? open(options().withEndpoint(server.http()))
            : open(options().withEndpoint(server.https()).withCaFile(server.authority()), tls);
    assertThat(store.tls()).isEqualToIgnoringCase(tls);
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  private static S3SinkOptions parts() {
    return S3SinkOptions.defaults().withPartBytes(PART);
  }

  private void writes(S3SinkOptions options, byte[] content, int pieceBytes) throws IOException {
    try (Sink sink = store.sink(target, options)) {
      sendAll(sink, content, pieceBytes);
      assertThat(sink.complete()).isEqualTo(content.length);
    }
    assertThat(content(target)).isEqualTo(content);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, PART - 1, PART, PART + 1, 3 * PART})
  void objectsOfEverySizeArriveWhole(int size) throws IOException {
    writes(parts(), random(size, size), PIECE);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, PART, 2 * PART})
  void objectsOfAKnownSizeArriveWhole(int size) throws IOException {
    writes(parts().withExpectedBytes(size), random(size, size), PIECE);
  }

  @Test
  void moreAndLessThanWasExpectedArrivesWhole() throws IOException {
    writes(parts().withExpectedBytes(PART), random(1, 2 * PART + 9), PART);
    writes(parts().withExpectedBytes(3 * PART), random(2, 100), PART);
  }

  @Test
  void piecesThatDoNotEndWithThePartsArriveWhole() throws IOException {
    writes(parts().withPartsInFlight(2), random(3, 2 * PART + 17), PART / 3 * 2 + 1);
    writes(parts(), random(4, 3 * PART), 3 * PART);
    writes(parts().withExpectedBytes(PART / 2), random(5, PART / 2), 77);
  }

  @Test
  void manyMebibytesArriveUncopied() throws IOException {
    byte[] content = random(5, 20 << 20);
    long before = CopyCounter.bytesCopied();
    writes(S3SinkOptions.defaults(), content, 1 << 20);
    assertThat(CopyCounter.bytesCopied()).isEqualTo(before);
  }

  @Test
  @Tag("soak")
  void objectsInPartsOfTheUsualSizeArriveWhole() throws IOException {
    int part = 8 << 20;
    for (int size : new int[] {part - 1, part, part + 1, 3 * part, 100 << 20}) {
      writes(S3SinkOptions.defaults(), random(size, size), 1 << 20);
      writes(S3SinkOptions.defaults().withExpectedBytes(size), random(size, size), 1 << 20);
    }
  }

  @ParameterizedTest
  @EnumSource(S3Checksum.class)
  void theChecksumStaysWithTheObjectAndIsLookedAtByReaders(S3Checksum checksum) throws IOException {
    for (int size : new int[] {0, 10, 2 * PART + 1}) {
      byte[] content = random(size, size);
      writes(parts().withChecksum(checksum), content, PIECE);
      S3ReadOptions reading = S3ReadOptions.defaults().withRangeBytes(PART / 2);
      try (S3Source source = store.source(target, reading);
          BufferPool memory = BufferPool.shared(PoolOptions.ofMaxBytes(64 << 20))) {
        assertThat(source.sum()).isEqualTo(checksum.crc());
        var _ =
            ReadRig.bytes(source.read(List.of(new S3Range(0, content.length)), memory).getFirst());
        assertThat(source.isVerified()).isTrue();
      }
    }
  }

  @Test
  void whatIsSaidOfTheObjectIsToldAgain() throws IOException {
    S3SinkOptions options =
        parts()
            .withContentType("text/x-test")
            .withMetadata(Map.of("colour", "blue"))
            .withChecksum(S3Checksum.MD5);
    for (int size : new int[] {10, PART + 1}) {
      writes(options, random(6, size), PIECE);
      S3Object found = store.head(target);
      assertThat(found.size()).isEqualTo(size);
      assertThat(found.contentType()).isEqualTo("text/x-test");
      assertThat(found.metadata()).containsEntry("colour", "blue");
    }
  }

  @Test
  void nothingIsToBeSeenBeforeTheEndAndWhatWasThereStays() throws IOException {
    byte[] old = random(7, 100);
    writes(parts(), old, 100);
    byte[] content = random(8, 2 * PART);
    try (Sink sink = store.sink(target, parts())) {
      sendAll(sink, content, PART);
      sink.flush();
      assertThat(content(target)).isEqualTo(old);
    }
    assertThat(content(target)).as("closed without complete").isEqualTo(old);
    try (Sink sink = store.sink(target, parts())) {
      sendAll(sink, random(9, 10), 10);
      sink.fail(new IOException("enough"));
      assertThatThrownBy(sink::complete).hasMessageContaining("enough");
    }
    assertThat(content(target)).as("failed").isEqualTo(old);
  }

  @Test
  void createOnlyLeavesAloneWhatIsThere() throws IOException {
    S3SinkOptions options = parts().withCreateOnly();
    byte[] old = random(10, PART + 5);
    writes(options, old, PART);
    for (int size : new int[] {5, PART + 5}) {
      try (Sink sink = store.sink(target, options)) {
        sendAll(sink, random(11, size), PART);
        assertThatThrownBy(sink::complete)
            .isInstanceOf(S3Exception.class)
            .hasMessageContaining("it is there already");
      }
      assertThat(content(target)).isEqualTo(old);
    }
  }
}
