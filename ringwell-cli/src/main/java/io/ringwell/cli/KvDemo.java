package io.ringwell.cli;

import io.ringwell.kv.ConcatIterator;
import io.ringwell.kv.KvIterator;
import io.ringwell.kv.TestIterator;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// `ringwell kv demo`: what the first iterators give, in the two forms of the article that they are
/// from.
@Command(
    name = "demo",
    sortOptions = false,
    description = {
      "Walk iterators of made-up entries, one and two in a row, and print what they give:",
      "as arrows, then as byte strings."
    })
final class KvDemo implements Callable<Integer> {
  private final Standard standard;

  KvDemo(Standard standard) {
    this.standard = standard;
  }

  @Override
  public Integer call() throws IOException {
    arrows("TestIterator(0, 5)", new TestIterator(0, 5));
    arrows(
        "ConcatIterator(TestIterator(0, 5), TestIterator(5, 7))",
        ConcatIterator.of(new TestIterator(0, 5), new TestIterator(5, 7)));
    byteStrings("TestIterator(0, 10)", new TestIterator(0, 10));
    byteStrings(
        "ConcatIterator(TestIterator(0, 5), TestIterator(5, 10))",
        ConcatIterator.of(new TestIterator(0, 5), new TestIterator(5, 10)));
    return Main.OK;
  }

  private void arrows(String title, KvIterator entries) throws IOException {
    print(title, entries, "", " -> ", "");
  }

  private void byteStrings(String title, KvIterator entries) throws IOException {
    print(title, entries, "b\"", "\" b\"", "\"");
  }

  private void print(String title, KvIterator entries, String before, String between, String after)
      throws IOException {
    PrintStream out = standard.out();
    out.println("# " + title);
    try (entries) {
      while (entries.next()) {
        out.println(before + text(entries.key()) + between + text(entries.value()) + after);
      }
    }
  }

  private static String text(MemorySegment bytes) {
    return new String(bytes.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.US_ASCII);
  }
}
