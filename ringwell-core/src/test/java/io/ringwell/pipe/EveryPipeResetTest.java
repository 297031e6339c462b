package io.ringwell.pipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// The next life of a pipe of any kind.
@ParameterizedClass
@EnumSource(PipeKind.class)
class EveryPipeResetTest extends EveryPipeCase {
  EveryPipeResetTest(PipeKind kind) {
    super(kind);
  }

  @Test
  void resetWantsBothSidesComplete() {
    assertThatThrownBy(pipe::reset).isInstanceOf(IllegalStateException.class);
    pipe.completeReader(null);
    assertThatThrownBy(pipe::reset).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void resetPipeIsAsNew() throws IOException {
    for (int round = 0; round < 3; round++) {
      pipe.send(70);
      pipe.cancelRead();
      pipe.cancelFlush();
      if (round == 1) {
        pipe.read().advance(5);
      }
      pipe.completeWriter(new IOException("old"));
      pipe.completeReader(new IOException("old"));
      pipe.reset();
      assertThat(pipe.tryRead()).isNull();
      assertThat(pipe.send(3)).isEqualTo(FlushResult.OPEN);
      pipe.read().expect(0, 3).advance(3);
    }
  }

  @Test
  void resetSaysWhichSideIsNotComplete() {
    pipe.completeReader(null);
    assertThatThrownBy(pipe::reset).hasMessageContaining("its writer is not");
    try (AnyPipe other = open(Rig.options())) {
      other.completeWriter(null);
      assertThatThrownBy(other::reset).hasMessageContaining("its reader is not");
    }
  }

  @Test
  void resetForgetsAPauseAndCancelsAndCallbacks() throws IOException {
    List<String> heard = new ArrayList<>();
    pipe.onReaderCompleted(error -> heard.add("reader"));
    pipe.onWriterCompleted(error -> heard.add("writer"));
    assertThat(pipe.send(CAP)).isEqualTo(FlushResult.PENDING);
    pipe.cancelFlush();
    pipe.cancelRead();
    pipe.completeWriter(null);
    pipe.completeReader(null);
    pipe.reset();
    assertThat(pipe.tryFlush()).isEqualTo(FlushResult.OPEN);
    assertThat(pipe.committed()).isZero();
    assertThat(pipe.consumed()).isZero();
    assertThat(pipe.send(PAUSE - 1)).isEqualTo(FlushResult.OPEN);
    assertThat(pipe.read().expect(0, PAUSE - 1).isCancelled()).isFalse();
    pipe.completeWriter(null);
    pipe.completeReader(null);
    assertThat(heard).as("those of the first life").containsExactly("writer", "reader");
  }

  @Test
  void readOfTheLastLifeIsStale() throws IOException {
    pipe.send(3);
    AnyPipe.Read old = pipe.read();
    pipe.completeWriter(null);
    pipe.completeReader(null);
    pipe.reset();
    assertThatThrownBy(() -> old.advance(1)).isInstanceOf(IllegalStateException.class);
    pipe.send(1);
    come().expect(0, 1);
  }

  /// A task that its scheduler has not come to would go on in the next life.
  @Test
  void resetIsRefusedWhileACallWaits() throws IOException {
    Rig.Manual readers = new Rig.Manual();
    Rig.Manual writers = new Rig.Manual();
    List<String> heard = new ArrayList<>();
    try (AnyPipe own =
        open(Rig.options().withReaderScheduler(readers).withWriterScheduler(writers))) {
      own.tryRead(() -> heard.add("read"));
      own.completeWriter(null);
      own.completeReader(null);
      assertThatThrownBy(own::reset)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("reader is in progress");
      readers.runAll();
      assertThat(heard).containsExactly("read");
      own.reset();
      own.put(PAUSE);
      CompletableFuture<FlushResult> flush = own.flushAsync();
      own.completeReader(null);
      own.completeWriter(null);
      assertThatThrownBy(own::reset).hasMessageContaining("writer is in progress");
      writers.runAll();
      expectFailure(flush, IllegalStateException.class);
      own.reset();
    }
  }

  /// The rest of that call would end the next life.
  @Test
  void resetIsRefusedWithinTheCallThatCompletes() throws IOException {
    List<String> refused = new ArrayList<>();
    pipe.tryRead(() -> refused.add(resetAfter(() -> pipe.completeWriter(null))));
    pipe.completeReader(null);
    assertThat(refused).containsExactly("reader is in progress");
    pipe.reset();
    assertThat(pipe.send(CAP)).isEqualTo(FlushResult.PENDING);
    assertThat(pipe.tryFlush(() -> refused.add(resetAfter(() -> pipe.completeReader(null)))))
        .isEqualTo(FlushResult.PENDING);
    pipe.completeWriter(null);
    assertThat(refused).endsWith("writer is in progress");
    pipe.reset();
    pipe.send(1);
    come().expect(0, 1).advance(1);
  }

  private String resetAfter(Runnable end) {
    end.run();
    try {
      pipe.reset();
      return "reset";
    } catch (IllegalStateException e) {
      return e.toString().replaceAll(".*(reader|writer)( is in progress).*", "$1$2");
    }
  }

  /// Who hears of the end may reset the pipe at once.
  @Test
  void callbacksMayReset() throws IOException {
    List<String> done = new ArrayList<>();
    pipe.completeWriter(null);
    pipe.onReaderCompleted(error -> {
      pipe.reset();
      done.add("reset");
    });
    pipe.completeReader(null);
    assertThat(done).containsExactly("reset");
    pipe.send(1);
    come().expect(0, 1).advance(1);
  }

  @Test
  void parkedReadOfAPipeThatWasResetIsOver() throws Exception {
    Parked<AnyPipe.Read> read = Parked.of(pipe::read);
    pipe.completeReader(null);
    pipe.completeWriter(null);
    assertThatThrownBy(read::end).hasCauseInstanceOf(IllegalStateException.class);
    pipe.reset();
    pipe.send(1);
    come().expect(0, 1);
  }
}
