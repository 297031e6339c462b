package io.ringwell.s3;

import io.ringwell.memory.BufferPool;
import io.ringwell.sink.Sink;
import io.ringwell.testkit.SinkContract;
import io.ringwell.testkit.SinkWaitingContract;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/// A sink to S3 keeps what every sink promises.
@Timeout(120)
final class S3SinkContractTest extends SinkCase implements SinkContract, SinkWaitingContract {
  private S3Store store;
  private GatedTransport gate;

  @BeforeEach
  void openStore() throws IOException {
    store = direct();
    gate = new GatedTransport(store.transport());
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  @Override
  public Sink sink() throws IOException {
    return store.sink(target, S3SinkOptions.defaults().withPartBytes(PART), gate);
  }

  /// One part on its way, and one that is gathered.
  @Override
  public Sink narrow() throws IOException {
    S3SinkOptions options = S3SinkOptions.defaults().withPartBytes(PART).withPartsInFlight(1);
    return store.sink(target, options, gate);
  }

  @Override
  public int pieceBytes() {
    return PART;
  }

  @Override
  public BufferPool pool() {
    return pool;
  }

  @Override
  public byte @Nullable [] arrived(Sink sink) throws IOException {
    return isThere(target) ? content(target) : null;
  }

  @Override
  public boolean put(byte[] content) throws IOException {
    try (Sink sink = store.sink(target, S3SinkOptions.defaults())) {
      sink.send(lent(content));
      sink.complete();
    }
    return true;
  }

  @Override
  public Gate gate() {
    return gate;
  }
}
