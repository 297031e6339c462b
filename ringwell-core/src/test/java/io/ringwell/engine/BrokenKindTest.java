package io.ringwell.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import io.ringwell.sys.Errno;
import io.ringwell.uring.Opcode;
import io.ringwell.uring.RingUnavailableException;
import io.ringwell.uring.Submission;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// An exception in the engine's own code reaches the caller of the operation that met it, and the
/// engine goes on.
@Timeout(30)
final class BrokenKindTest {
  enum Place {
    ENCODE,
    CALL,
    MEANING
  }

  /// Throws where it is told to.
  private static final class BrokenKind extends Kind {
    private final Place place;

    private BrokenKind(Place place) {
      super(OpCode.NOP, Opcode.NOP);
      this.place = place;
    }

    private void pass(Place at) {
      if (at == place) {
        throw new IllegalStateException("broken at " + at);
      }
    }

    @Override
    void encode(Operation op, Submission to, RingLoop loop, int sqeFlags, long userData) {
      pass(Place.ENCODE);
      to.set(Opcode.NOP, sqeFlags, 0, -1, 0, 0, 0, 0, userData, 0, 0);
    }

    @Override
    int call(Operation op) {
      pass(Place.CALL);
      return 0;
    }

    @Override
    int meaning(Operation op, int result) {
      pass(Place.MEANING);
      return result;
    }
  }

  private static Operation broken(Place place) {
    Operation op = new Operation().nop();
    op.kind = new BrokenKind(place);
    return op;
  }

  private static Engine ring() {
    try {
      return Engine.uring(EngineOptions.defaults());
    } catch (RingUnavailableException e) {
      return abort("no io_uring here: " + e.getMessage());
    }
  }

  private static void isTold(Operation op, Place place) {
    assertThatThrownBy(op::await)
        .isInstanceOfSatisfying(
            OperationException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EIO))
        .cause()
        .hasMessage("broken at " + place);
  }

  @ParameterizedTest
  @EnumSource(
      value = Place.class,
      names = {"ENCODE", "MEANING"})
  void ringGoesOn(Place place) throws IOException {
    try (Engine engine = ring()) {
      goesOn(engine, place);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Place.class,
      names = {"CALL", "MEANING"})
  void workersGoOn(Place place) throws IOException {
    try (Engine engine = Engine.threads(EngineOptions.defaults(), "tested")) {
      goesOn(engine, place);
    }
  }

  private static void goesOn(Engine engine, Place place) throws IOException {
    for (int i = 0; i < 100; i++) {
      Operation op = broken(place);
      engine.submit(op);
      isTold(op, place);
      Operation next = new Operation().nop();
      engine.submit(next);
      assertThat(next.await()).isZero();
    }
  }

  @Test
  void linkBehindIsCancelled() throws IOException {
    try (Engine engine = ring()) {
      Operation first = new Operation().nop();
      Operation second = broken(Place.ENCODE);
      Operation third = new Operation().nop();
      first.linkTo(second).linkTo(third);
      engine.submit(first);
      assertThat(first.await()).isZero();
      isTold(second, Place.ENCODE);
      assertThatThrownBy(third::await)
          .isInstanceOfSatisfying(
              OperationException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ECANCELED));
    }
  }
}
