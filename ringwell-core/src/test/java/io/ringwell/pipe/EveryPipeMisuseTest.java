package io.ringwell.pipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.ringwell.memory.Bytes;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What nobody should do is refused, and nothing has changed by it.
@ParameterizedClass
@EnumSource(PipeKind.class)
class EveryPipeMisuseTest extends EveryPipeCase {
  EveryPipeMisuseTest(PipeKind kind) {
    super(kind);
  }

  private static final long[] HUGE = {
    CAP + 1, Integer.MAX_VALUE, Long.MAX_VALUE / 8, Long.MAX_VALUE / 4 + 1, Long.MAX_VALUE
  };

  @Test
  void offsetsBeforeTheReadAreRefusedAndTheReadGoesOn() throws IOException {
    pipe.send(5);
    AnyPipe.Read read = pipe.read();
    for (long offset : new long[] {-1, -8, Long.MIN_VALUE, Long.MIN_VALUE + 1}) {
      assertThatThrownBy(() -> read.advance(offset))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("before 0");
      assertThatThrownBy(() -> read.advance(0, offset))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("before consumed");
    }
    read.expect(0, 5).advance(5);
  }

  @Test
  void windowsThatCannotBeAreRefused() throws IOException {
    assumeThat(kind.hasMemory()).isTrue();
    for (long least : HUGE) {
      assertThatThrownBy(() -> pipe.tryReserve(least))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("withMaxBuffered");
      assertThatThrownBy(() -> pipe.reserve(least)).isInstanceOf(IllegalArgumentException.class);
    }
    for (long least : new long[] {-1, Long.MIN_VALUE}) {
      assertThatThrownBy(() -> pipe.tryReserve(least))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("0 or more");
      assertThatThrownBy(() -> pipe.reserve(least)).hasMessageContaining("0 or more");
    }
    assertThat(pipe.tryReserve(0)).as("at least one").isPositive();
    pipe.send(3);
    pipe.read().expect(0, 3);
  }

  @Test
  void commitOfWhatIsNotInTheWindowIsRefused() throws IOException {
    assumeThat(kind.hasMemory()).isTrue();
    assertThatThrownBy(() -> pipe.commit(1))
        .as("no window")
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("reserve");
    long room = pipe.reserve(1);
    for (long count : new long[] {room + 1, Long.MAX_VALUE, -1, Long.MIN_VALUE}) {
      assertThatThrownBy(() -> pipe.commit(count))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("commit of " + count)
          .hasMessageContaining("window of " + room);
    }
    assertThat(pipe.committed()).isZero();
    pipe.commit(0);
    pipe.tryFlush();
    assertThat(pipe.tryRead()).isNull();
    assertThatThrownBy(() -> pipe.commit(1))
        .as("a flush ends the window")
        .isInstanceOf(IllegalArgumentException.class);
    pipe.completeWriter(null);
    assertThatThrownBy(() -> pipe.commit(1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("complete");
  }

  @Test
  void bytesThatAreNoneAreNotAppended() throws IOException {
    assumeThat(kind.hasMemory()).isTrue();
    Bytes closed = kind.elements(0, 3);
    closed.close();
    pipe.put(2);
    assertThatThrownBy(() -> pipe.append(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> pipe.append(closed)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> pipe.tryAppend(closed)).isInstanceOf(IllegalStateException.class);
    assertThat(pipe.committed()).isEqualTo(2);
    pipe.send(3);
    pipe.read().expect(0, 5);
  }

  @Test
  void bytesThatAreNoWholeElementsAreNotAppended() throws IOException {
    assumeThat(kind.elementBytes() > 1).isTrue();
    for (int extra = 1; extra < kind.elementBytes(); extra++) {
      try (Bytes odd = Bytes.copyOf(new byte[2 * kind.elementBytes() + extra])) {
        assertThatThrownBy(() -> pipe.append(odd))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("append a multiple");
        assertThatThrownBy(() -> pipe.tryAppend(odd)).isInstanceOf(IllegalArgumentException.class);
        assertThat(odd.isClosed()).isFalse();
      }
    }
    pipe.send(1);
    pipe.read().expect(0, 1);
  }

  @Test
  void moreBytesThanFitStayTheCallers() throws IOException {
    assumeThat(kind.hasMemory()).isTrue();
    try (Bytes much = kind.elements(0, (int) CAP + 1);
        Bytes all = kind.elements(0, (int) CAP)) {
      assertThatThrownBy(() -> pipe.append(much))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("withMaxBuffered");
      pipe.put(1);
      assertThat(pipe.tryAppend(all)).isFalse();
      assertThat(much.isClosed() || all.isClosed()).isFalse();
    }
  }

  @Test
  void bytesAreAppendedBetweenWhatIsWritten() throws IOException {
    assumeThat(kind.hasMemory()).isTrue();
    pipe.put(3);
    Bytes appended = kind.elements(3, 40);
    pipe.append(appended);
    pipe.put(2);
    assertThat(pipe.tryRead()).as("not flushed").isNull();
    pipe.tryFlush();
    pipe.read().expect(0, 45).advance(43, 45);
    assertThat(appended.isClosed()).isTrue();
    assertThat(pipe.tryAppend(kind.elements(45, 5))).isTrue();
    pipe.completeWriter(null);
    come().expect(43, 50).advance(50);
  }

  @Test
  void appendOfNothingWakesNobody() throws IOException {
    assumeThat(kind.hasMemory()).isTrue();
    Bytes empty = kind.elements(0, 0);
    pipe.append(empty);
    assertThat(empty.isClosed()).isTrue();
    pipe.tryFlush();
    assertThat(pipe.tryRead()).isNull();
  }

  @Test
  void windowThatIsGivenUpIsNotSeen() throws IOException {
    assumeThat(kind.hasMemory()).isTrue();
    pipe.reserve(5);
    pipe.tryFlush();
    pipe.reserve(CAP);
    pipe.put(1);
    pipe.reserve(7);
    pipe.tryFlush();
    pipe.read().expect(0, 1).advance(1);
  }
}
