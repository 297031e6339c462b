package io.ringwell.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

/// The examples of `docs/kv.md`.
class ExamplesTest {
  @Test
  void oneAfterTheOther() throws IOException {
    List<String> lines = new ArrayList<>();
    try (KvIterator entries = ConcatIterator.of(new TestIterator(0, 5), new TestIterator(5, 7))) {
      while (entries.next()) {
        lines.add(text(entries.key()) + " -> " + text(entries.value()));
      }
    }
    assertThat(lines).hasSize(7).endsWith("key_00006 -> value_00006");
  }

  @Test
  void aPageOfTheNewest() throws IOException {
    List<String> lines = new ArrayList<>();
    KvIterator recent = new TestIterator(120, 140);
    KvIterator older = new TestIterator(0, 130);
    MemorySegment prefix = Row.memory("key_0012");
    MemorySegment from = Row.memory("key_00123");
    KvIterator newest = MergeIterator.of(List.of(recent, older));
    KvIterator page = KvViews.bounded(newest, KvBounds.prefix(prefix));
    page.seek(from);
    for (int i = 0; i < 10 && page.next(); i++) {
      lines.add(text(page.key()));
    }
    page.close();
    assertThat(lines).hasSize(7).startsWith("key_00123").endsWith("key_00129");
  }

  @Test
  void aScan() {
    List<String> keys = new ArrayList<>();
    Executor executor = Runnable::run;
    try (KvIterator entries = new TestIterator(0, 1000)) {
      CompletionStage<Long> visited =
          KvScan.forEach(
              entries,
              at -> {
                keys.add(text(at.key()));
                return true;
              },
              executor,
              256);
      assertThat(visited.toCompletableFuture().join()).isEqualTo(1000);
    }
    assertThat(keys).hasSize(1000);
  }

  private static String text(MemorySegment bytes) {
    return new String(bytes.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.US_ASCII);
  }
}
