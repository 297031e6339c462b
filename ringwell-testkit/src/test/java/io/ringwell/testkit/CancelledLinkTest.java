package io.ringwell.testkit;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineOptions;
import io.ringwell.engine.FileHandle;
import io.ringwell.engine.OpenFlag;
import io.ringwell.engine.Operation;
import io.ringwell.uring.RingFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A cancel reaches a link whenever it comes: before the ring has the chain, while the link before
/// is under way, and after that, when the kernel may not have come to the next yet, which takes
/// long where processors are busy.
final class CancelledLinkTest {
  private static final int ECANCELED = 125;
  private static final int ROUNDS = 500;

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @Timeout(120)
  void isReachedWhereProcessorsAreBusy(boolean deferred) throws IOException {
    AtomicBoolean ended = new AtomicBoolean();
    for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
      Thread.ofPlatform()
          .daemon()
          .start(() -> {
            while (!ended.get()) {
              Thread.onSpinWait();
            }
          });
    }
    EngineOptions options = EngineOptions.defaults();
    try (Engine engine =
        Engines.uring(deferred ? options : options.without(RingFeature.DEFER_TASKRUN))) {
      FileHandle file =
          engine.open(directory.resolve("file"), OpenFlag.WRITE | OpenFlag.CREATE, 0644);
      for (int i = 0; i < ROUNDS; i++) {
        Operation first = new Operation().fsync(file);
        Operation timeout = new Operation().timeout(Duration.ofHours(1));
        first.linkTo(timeout);
        engine.submit(first);
        engine.cancel(timeout);
        ContractCase.failed(ECANCELED, timeout);
        first.await();
      }
    } finally {
      ended.set(true);
    }
  }
}
