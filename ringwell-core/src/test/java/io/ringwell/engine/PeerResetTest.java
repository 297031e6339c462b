package io.ringwell.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.sys.Errno;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import org.junit.jupiter.api.Test;

/// What a send over a channel tells a receive, by how the system words its failure.
final class PeerResetTest {
  private record Failing(IOException failure) implements WritableByteChannel {
    @Override
    public int write(ByteBuffer bytes) throws IOException {
      throw failure;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  private static boolean isTold(IOException failure) throws IOException {
    try (ThreadEngine engine = new ThreadEngine(EngineOptions.defaults(), true, "tested");
        SocketChannel channel = SocketChannel.open()) {
      Workers carrier = new Workers(engine, true, 1, 16);
      PeerReset reset =
          new FileHandle(engine, carrier, "a socket", false, -1, channel).asSocket().reset;
      assertThatThrownBy(() -> reset.write(new Failing(failure), ByteBuffer.allocate(1)))
          .isSameAs(failure);
      return reset.wasTold();
    }
  }

  @Test
  void resetIsToldInWhateverLanguage() throws IOException {
    assertThat(isTold(new IOException("Connection reset by peer"))).isTrue();
    assertThat(isTold(new IOException("Die Verbindung wurde vom Kommunikationspartner beendet")))
        .isTrue();
  }

  @Test
  void endOfTheDirectionIsNoReset() throws IOException {
    assertThat(isTold(new IOException("Broken pipe"))).isFalse();
    assertThat(isTold(new IOException(Errno.spoken(Errno.EPIPE)))).isFalse();
  }

  @Test
  void closedChannelIsNoReset() throws IOException {
    assertThat(isTold(new AsynchronousCloseException())).isFalse();
  }

  @Test
  void shortagesHaveTheirNumbers() {
    assertThat(Workers.errnoOf(new IOException("Cannot allocate memory"))).isEqualTo(Errno.ENOMEM);
    assertThat(Workers.errnoOf(new IOException("No buffer space available")))
        .isEqualTo(Errno.ENOBUFS);
    assertThat(Workers.errnoOf(new IOException(Errno.spoken(Errno.ENOSPC))))
        .isEqualTo(Errno.ENOSPC);
  }
}
