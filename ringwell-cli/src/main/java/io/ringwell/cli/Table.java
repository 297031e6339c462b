package io.ringwell.cli;

import java.io.PrintStream;

/// Lines of a label and a text for people to read.
final class Table {
  private static final int LABEL_COLUMNS = 12;

  private final PrintStream out;

  Table(PrintStream out) {
    this.out = out;
  }

  Table row(String label, String text) {
    out.println(pad(label, LABEL_COLUMNS) + text);
    return this;
  }

  /// A line that belongs to the one before.
  Table more(String text) {
    return row("", text);
  }

  static String pad(String text, int columns) {
    return text.length() >= columns ? text + " " : text + " ".repeat(columns - text.length());
  }
}
