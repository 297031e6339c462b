package io.ringwell.pipe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// A writer that is called back where it may write on, at once and by the reader's thread, and says
/// the same again and again: none of its calls is lost, and none comes twice.
class FlushCallbackRaceTest {
  private static final int BYTES = 300_000;

  private final CompletableFuture<Void> written = new CompletableFuture<>();
  private final Rig rig = new Rig(Rig.options().withThresholds(1, 1));

  /// A byte for each flush, each of which waits for the reader.
  private void writeOn() {
    try {
      FlushResult result = FlushResult.OPEN;
      while (result == FlushResult.OPEN) {
        if (rig.writer.committed() == BYTES) {
          rig.writer.complete();
          written.complete(null);
          return;
        }
        rig.writeBytes(1);
        result = rig.writer.tryFlush(this::writeOn);
      }
    } catch (IOException | RuntimeException e) {
      written.completeExceptionally(e);
    }
  }

  @Test
  void nobodyIsForgottenOrCalledTwice() throws Exception {
    try (rig) {
      CompletableFuture<Long> read = new CompletableFuture<>();
      Thread reader =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  read.complete(readAll());
                } catch (IOException | RuntimeException | AssertionError e) {
                  read.completeExceptionally(e);
                }
              });
      writeOn();
      assertThat(read.get(60, TimeUnit.SECONDS)).isEqualTo(BYTES);
      written.get(60, TimeUnit.SECONDS);
      reader.join();
    }
  }

  private long readAll() throws IOException {
    while (true) {
      PipeRead read = rig.reader.tryRead();
      if (read == null) {
        Thread.onSpinWait();
        continue;
      }
      for (long at = read.start(); at < read.end(); at++) {
        assertThat(read.get(at)).isEqualTo((byte) at);
      }
      long end = read.end();
      boolean last = read.isCompleted();
      read.advance(end);
      if (last) {
        return end;
      }
    }
  }
}
