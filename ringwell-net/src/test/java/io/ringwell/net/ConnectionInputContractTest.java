package io.ringwell.net;

import io.ringwell.engine.Engine;
import io.ringwell.pipe.PipeOptions;
import io.ringwell.pipe.PipeReader;
import io.ringwell.testkit.PipeInputContract;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// The input of a connection keeps the promises of readers.
@Timeout(60)
@ParameterizedClass
@EnumSource(TestEngines.class)
final class ConnectionInputContractTest extends ConnectionCase implements PipeInputContract {
  private static final long MOST_BYTES = 40_000;

  ConnectionInputContractTest(TestEngines kind) {
    super(kind);
  }

  @Override
  public Origin origin() throws IOException {
    return new Peer(engine());
  }

  /// What the peer of a connection sends.
  private static final class Peer implements Origin {
    private final Listener listener;
    private final Connection peer;
    private final Connection connection;

    Peer(Engine engine) throws IOException {
      PipeOptions small =
          PipeOptions.defaults()
              .withThresholds(16_000, 8_000)
              .withMaxBuffered(MOST_BYTES)
              .withSegments(1024, 8192);
      ConnectionOptions options = ConnectionOptions.defaults().withPipes(small, small);
      listener = Listener.open(engine, ANY_PORT, ListenOptions.defaults().withConnections(options));
      peer = Connection.connect(engine, listener.address(), options);
      connection = Objects.requireNonNull(listener.accept());
    }

    @Override
    public PipeReader reader() {
      return connection.input();
    }

    @Override
    public void give(byte[] content) throws IOException {
      peer.output().write(content, 0, content.length);
      peer.output().flush();
    }

    @Override
    public void end() {
      peer.output().complete();
    }

    @Override
    public void breakOff() {
      peer.abort();
    }

    @Override
    public CompletionStage<?> over() {
      return connection.whenClosed();
    }

    @Override
    public void close() throws IOException {
      connection.abort();
      peer.abort();
      connection.close();
      peer.close();
      listener.close();
    }
  }

  @Override
  public long mostBuffered() {
    return MOST_BYTES;
  }

  @Override
  public boolean isLive() {
    return true;
  }

  @Override
  public boolean isFragile() {
    return true;
  }

  /// Its output goes on.
  @Override
  public boolean noticesItsReader() {
    return false;
  }
}
