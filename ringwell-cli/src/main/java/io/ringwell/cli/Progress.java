package io.ringwell.cli;

import java.util.function.LongConsumer;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/// A bar with rate and time left, where somebody looks at standard error, and nothing elsewhere. It
/// takes the bytes that were done since it was told last.
final class Progress implements LongConsumer, AutoCloseable {
  private static final int COLUMNS = 80;
  private static final long MEBIBYTE = 1 << 20;

  /// Less than this is done before anybody could read it, in bytes.
  private static final long WORTH_SHOWING = 64 * MEBIBYTE;

  private final @Nullable ProgressBar bar;

  private Progress(@Nullable ProgressBar bar) {
    this.bar = bar;
  }

  static Progress show(Standard standard, String task, long bytes) {
    if (bytes < WORTH_SHOWING || !standard.errorIsTerminal()) {
      return new Progress(null);
    }
    return new Progress(
        new ProgressBarBuilder()
            .setTaskName(task)
            .setInitialMax(bytes)
            .setUnit(" MiB", MEBIBYTE)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(200)
            .showSpeed()
            .clearDisplayOnFinish()
            // Given, so that it does not look for a terminal by itself, which takes JLine and 140
            // ms.
            .setConsumer(new ConsoleProgressBarConsumer(standard.err(), COLUMNS))
            .build());
  }

  @Override
  public void accept(long bytes) {
    if (bar != null) {
      bar.stepBy(bytes);
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
