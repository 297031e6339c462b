package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.engine.OpCode;
import io.ringwell.file.Durability;
import io.ringwell.memory.CopyCounter;
import io.ringwell.window.Appender;
import io.ringwell.window.ManagedWriter;
import io.ringwell.window.WriteClaim;
import io.ringwell.window.WriterOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What an appender writes is what was appended, in whatever pieces, flushed wherever.
@ParameterizedClass
@EnumSource(WriterSetup.class)
@Timeout(60)
final class AppenderTest extends WriterCase {
  AppenderTest(WriterSetup setup) {
    super(setup);
  }

  @Test
  void bytesFollowEachOther() throws IOException {
    byte[] content = pattern(1, 3_000_001);
    try (ManagedWriter writer = open();
        Appender appender = writer.appender()) {
      long copied = CopyCounter.bytesCopied();
      appender.append(ByteBuffer.wrap(content, 0, 1000));
      appender.append(MemorySegment.ofArray(content).asSlice(1000));
      assertThat(CopyCounter.bytesCopied() - copied).isEqualTo(content.length);
      assertThat(appender.position()).isEqualTo(content.length);
    }
    assertThat(content()).isEqualTo(content);
  }

  @Test
  void appenderOfAPathGoesOnBehindWhatIsThereAndClosesItsFile() throws IOException {
    byte[] content = pattern(3, 100_001);
    int at = 0;
    for (int end : new int[] {1, 70_000, content.length}) {
      Appender appender = Appender.open(engine, path, options());
      assertThat(appender.position()).isEqualTo(at);
      appender.append(ByteBuffer.wrap(content, at, end - at));
      appender.close();
      appender.close();
      assertThatIllegalStateException().isThrownBy(appender::flush);
      at = end;
    }
    assertThat(content()).isEqualTo(content);
  }

  @Test
  void roomIsFilledInPlace() throws IOException {
    byte[] content = pattern(2, 1 << 20);
    try (ManagedWriter writer = open();
        Appender appender = writer.appender()) {
      long copied = CopyCounter.bytesCopied();
      int at = 0;
      while (at < content.length) {
        MemorySegment room = appender.claim(1);
        int part = (int) Math.min(room.byteSize(), content.length - at);
        MemorySegment.copy(content, at, room, ValueLayout.JAVA_BYTE, 0, part);
        appender.advance(part);
        at += part;
      }
      assertThat(CopyCounter.bytesCopied()).isEqualTo(copied);
      assertThatIllegalArgumentException().isThrownBy(() -> appender.claim(writer.maxClaim() + 1));
      assertThatIllegalArgumentException().isThrownBy(() -> appender.claim(0));
      assertThatIllegalArgumentException().isThrownBy(() -> appender.advance(1L << 30));
    }
    assertThat(content()).isEqualTo(content);
  }

  @Test
  void roomThatIsTooShortIsGivenUp() throws IOException {
    int size = 40_000;
    byte[] content = pattern(3, 10 * size);
    try (ManagedWriter writer = open();
        Appender appender = writer.appender()) {
      for (int i = 0; i < 10; i++) {
        MemorySegment room = appender.claim(size);
        assertThat(room.byteSize()).isGreaterThanOrEqualTo(size);
        MemorySegment.copy(content, i * size, room, ValueLayout.JAVA_BYTE, 0, size);
        appender.advance(size);
      }
    }
    assertThat(content()).isEqualTo(content);
  }

  @Test
  void flushMakesVisibleWhatWasAppended() throws IOException {
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    try (ManagedWriter writer = open();
        Appender appender = writer.appender()) {
      appender.flush();
      for (int i = 0; i < 20; i++) {
        byte[] part = pattern(i, 1 + 700 * i);
        appender.append(ByteBuffer.wrap(part));
        expected.write(part);
        appender.flush();
        assertThat(content()).isEqualTo(expected.toByteArray());
      }
      appender.sync(Durability.DATA);
      assertThat(content()).isEqualTo(expected.toByteArray());
    }
    assertThat(content()).isEqualTo(expected.toByteArray());
  }

  @Test
  void appenderGoesOnBehindWhatIsThere() throws IOException {
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    byte[] first = pattern(1, 5001);
    Files.write(path, first);
    expected.write(first);
    for (int i = 2; i < 6; i++) {
      byte[] part = pattern(i, 1234 * i);
      try (ManagedWriter writer = open();
          Appender appender = writer.appender()) {
        assertThat(appender.position()).isEqualTo(expected.size());
        appender.append(ByteBuffer.wrap(part));
      }
      expected.write(part);
    }
    assertThat(content()).isEqualTo(expected.toByteArray());
  }

  @Test
  void appenderAtAPositionLeavesTheRestAlone() throws IOException {
    byte[] content = pattern(1, 10 * BLOCK);
    Files.write(path, content);
    byte[] part = pattern(2, 3 * BLOCK - 100);
    try (ManagedWriter writer = open();
        Appender appender = writer.appender(BLOCK + 100)) {
      appender.append(ByteBuffer.wrap(part));
    }
    System.arraycopy(part, 0, content, BLOCK + 100, part.length);
    assertThat(content()).isEqualTo(content);
  }

  @Test
  void claimsGrowWithUse() throws IOException {
    try (ManagedWriter writer = open();
        Appender appender = writer.appender()) {
      long first = appender.claim(1).byteSize();
      assertThat(first).isEqualTo(64 << 10);
      appender.advance(first);
      assertThat(appender.claim(1).byteSize()).isEqualTo(2 * first);
      appender.advance(10);
      appender.flush();
      assertThat(appender.claim(1).byteSize()).isLessThanOrEqualTo(first);
    }
  }

  /// Room for more than the open claim has left, on a writer that has a failure to tell.
  @Test
  void failureThatIsToldBetweenTwoClaimsLosesNoneOfTheSecond() throws IOException {
    byte[] lost = pattern(1, 64 << 10);
    byte[] head = pattern(2, 100_000);
    byte[] rest = pattern(3, 100_000);
    try (ManagedWriter writer = open();
        Appender appender = writer.appender()) {
      gated.fail(OpCode.WRITE, 5);
      appender.append(MemorySegment.ofArray(lost));
      gated.heal();
      fill(appender.claim(head.length), head);
      appender.advance(head.length);
      assertThatThrownBy(() -> appender.claim(rest.length)).isInstanceOf(IOException.class);
      assertThat(appender.position()).isEqualTo(lost.length + head.length);
      fill(appender.claim(rest.length), rest);
      appender.advance(rest.length);
      assertThat(appender.position()).isEqualTo(lost.length + head.length + rest.length);
    }
    assertThat(content())
        .hasSize(lost.length + head.length + rest.length)
        .endsWith(rest)
        .containsSequence(head);
  }

  /// The claim was given up for one with more room, which then could not be had.
  @Test
  void whatFollowsTheLastWholeBlockIsFlushedThoughNoClaimIsOpen() throws IOException {
    byte[] head = pattern(1, 50_000);
    WriterOptions narrow = options().withMaxClaim(256 << 10).withMaxInFlightBytes(256 << 10);
    try (ManagedWriter writer = open(narrow);
        Appender appender = writer.appender()) {
      fill(appender.claim(head.length), head);
      appender.advance(head.length);
      WriteClaim other = writer.beginWrite(1 << 20, 128 << 10);
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> appender.claim(200_000)).isInstanceOf(InterruptedIOException.class);
      assertThat(appender.position()).isEqualTo(head.length);
      other.close();
      appender.flush();
      assertThat(content()).isEqualTo(head);
    }
    assertThat(content()).isEqualTo(head);
  }

  /// As log files are rotated.
  @Test
  void appenderOfARenamedFileGoesOnInThatFile() throws IOException {
    byte[] first = pattern(1, 5001);
    byte[] more = pattern(2, 3000);
    Path rotated = directory.resolve("rotated");
    try (ManagedWriter writer = open()) {
      writer.commit(claim(writer, 0, first)).await();
      writer.flush();
      Files.move(path, rotated);
      Files.write(path, pattern(3, 10_000));
      try (Appender appender = writer.appender()) {
        appender.append(ByteBuffer.wrap(more));
      }
    }
    byte[] all = Files.readAllBytes(rotated);
    assertThat(all).hasSize(8001).startsWith(first).endsWith(more);
    assertThat(content()).isEqualTo(pattern(3, 10_000));
  }

  /// Random pieces, by every way, under a narrow bound; a seed brings them back.
  @Test
  void randomPiecesFollowEachOther() throws IOException {
    for (long seed = Seeds.first(); seed < Seeds.first() + (Seeds.replaying() ? 1 : 8); seed++) {
      try {
        randomPieces(seed);
      } catch (AssertionError | IOException | RuntimeException e) {
        throw new AssertionError("-Dringwell.seed=" + seed + ": " + e, e);
      }
    }
  }

  private void randomPieces(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    Files.deleteIfExists(path);
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    long most = (long) BLOCK << random.nextInt(1, 6);
    WriterOptions narrow =
        options().withMaxClaim(most).withMaxInFlightBytes(most * random.nextInt(1, 4));
    try (ManagedWriter writer = open(narrow);
        Appender appender = writer.appender()) {
      for (int i = 0; i < 150; i++) {
        byte[] part = new byte[random.nextInt(1, 1 << random.nextInt(1, 15))];
        random.nextBytes(part);
        expected.write(part);
        if (random.nextBoolean() && part.length <= most - BLOCK) {
          MemorySegment room = appender.claim(part.length);
          fill(room, part);
          appender.advance(part.length);
        } else {
          appender.append(MemorySegment.ofArray(part));
        }
        if (random.nextInt(10) == 0) {
          appender.flush();
          assertThat(Files.size(path)).isEqualTo(expected.size());
        }
      }
    }
    assertThat(content()).isEqualTo(expected.toByteArray());
  }
}
