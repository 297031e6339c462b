package io.ringwell.cli;

import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/// The logs of this process: silent unless `--debug`, since `ringwell doctor` shows what they tell,
/// and standard error is for errors. Being found in front of `java.logging` it also keeps that from
/// being loaded.
public final class CommandLog extends System.LoggerFinder {
  private static volatile boolean on;

  /// For the service loader.
  public CommandLog() {}

  static void turnOn() {
    on = true;
  }

  static boolean isOn() {
    return on;
  }

  @Override
  public System.Logger getLogger(String name, Module module) {
    return new Lines(name);
  }

  private record Lines(String name) implements System.Logger {
    @Override
    public String getName() {
      return name;
    }

    @Override
    public boolean isLoggable(Level level) {
      return on && level.getSeverity() >= Level.INFO.getSeverity();
    }

    @Override
    public void log(
        Level level,
        @Nullable ResourceBundle bundle,
        @Nullable String message,
        @Nullable Throwable thrown) {
      if (isLoggable(level)) {
        System.err.println(level + " " + name + ": " + message);
        if (thrown != null) {
          thrown.printStackTrace();
        }
      }
    }

    @Override
    public void log(
        Level level,
        @Nullable ResourceBundle bundle,
        @Nullable String format,
        @Nullable Object @Nullable ... parameters) {
      if (isLoggable(level)) {
        String text =
            format == null || parameters == null || parameters.length == 0
                ? format
                : java.text.MessageFormat.format(format, parameters);
        System.err.println(level + " " + name + ": " + text);
      }
    }
  }
}
