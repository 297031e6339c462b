package io.ringwell.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import io.ringwell.sys.SocketCalls;
import io.ringwell.uring.Opcode;
import io.ringwell.uring.RingUnavailableException;
import io.ringwell.uring.Submission;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A socket that comes while its engine closes, as that of an accept that is not cancelled in time.
@Timeout(30)
final class LateSocketTest {
  /// Makes a socket when the closing engine waits for the operation's file, and so has looked
  /// through those that are open.
  private static final class LateKind extends Kind {
    private LateKind() {
      super(OpCode.NOP, Opcode.NOP);
    }

    @Override
    boolean prefersWorker(Operation op) {
      return true;
    }

    @Override
    void encode(Operation op, Submission to, RingLoop loop, int sqeFlags, long userData) {
      throw new IllegalStateException("a worker does it");
    }

    @Override
    int call(Operation op) {
      while (op.handle().gate.isOpen()) {
        Thread.onSpinWait();
      }
      int descriptor = SocketCalls.socket(SocketCalls.AF_UNIX);
      op.opened = op.carrier().adoptSocket(op, descriptor, null);
      return 0;
    }
  }

  @TempDir private Path folder;

  @Test
  void ringShutsItsGate() throws IOException {
    Engine engine;
    try {
      engine = Engine.uring(EngineOptions.defaults());
    } catch (RingUnavailableException e) {
      engine = abort("no io_uring here: " + e.getMessage());
    }
    gateIsShut(engine);
  }

  @Test
  void threadsShutItsGate() throws IOException {
    gateIsShut(Engine.threads(EngineOptions.defaults(), "tested"));
  }

  private void gateIsShut(Engine engine) throws IOException {
    Operation late;
    try (engine) {
      Path path = Files.createFile(folder.resolve("file"));
      FileHandle file = engine.open(path, OpenFlag.READ, 0);
      late = new Operation().fsync(file);
      late.kind = new LateKind();
      engine.submit(late);
    }
    SocketHandle socket = late.openedSocket();
    assertThat(socket.file.gate.isOpen()).isFalse();
    assertThatThrownBy(socket::localAddress)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("the socket is closed");
  }
}
