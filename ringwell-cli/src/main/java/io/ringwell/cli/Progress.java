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

  private final Standard standard;
  private final String task;
  private final boolean looked;
  private long expected;
  private long done;
  private @Nullable ProgressBar bar;

  private Progress(Standard standard, String task) {
    this.standard = standard;
    this.task = task;
    this.looked = standard.errorIsTerminal();
  }

  static Progress show(Standard standard, String task, long bytes) {
    Progress progress = new Progress(standard, task);
    progress.expect(bytes);
    return progress;
  }

  /// There are that many more bytes to do.
  synchronized void expect(long bytes) {
    expected += bytes;
    if (bar != null) {
      bar.maxHint(expected);
    } else if (looked && expected >= WORTH_SHOWING) {
      bar = bar();
      bar.stepTo(done);
    }
  }

  private ProgressBar bar() {
    return new ProgressBarBuilder()
        .setTaskName(task)
        .setInitialMax(expected)
        .setUnit(" MiB", MEBIBYTE)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(200)
        .showSpeed()
        .clearDisplayOnFinish()
        // Given, so that it does not look for a terminal by itself, which takes JLine and 140
        // ms.
        .setConsumer(new ConsoleProgressBarConsumer(standard.err(), COLUMNS))
        .build();
  }

  @Override
  public synchronized void accept(long bytes) {
    done += bytes;
    if (bar != null) {
      bar.stepBy(bytes);
    }
  }

  @Override
  public synchronized void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
