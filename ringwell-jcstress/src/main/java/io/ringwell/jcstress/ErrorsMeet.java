package io.ringwell.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLLL_Result;

/// Both sides end with an error at once: each hears of the other's, once, and bytes that were given
/// away come back once.
///
/// What the writer heard; what the reader heard; how often each of them was told; how often the
/// bytes came back.
@JCStressTest
@Outcome(id = "reader, writer, 2, 1", expect = ACCEPTABLE, desc = "Each has heard of the other.")
@State
public class ErrorsMeet extends Meeting {
  private volatile @Nullable String writerHeard;
  private volatile @Nullable String readerHeard;

  public ErrorsMeet() {
    super(OPTIONS);
    writer.tryAppend(owned());
    flush();
    writer.onReaderCompleted(error -> {
      told.incrementAndGet();
      writerHeard = message(error);
    });
    reader.onWriterCompleted(error -> {
      told.incrementAndGet();
      readerHeard = message(error);
    });
  }

  private static @Nullable String message(@Nullable Throwable error) {
    return error == null ? null : error.getMessage();
  }

  @Actor
  public void failWriter() {
    writer.complete(new IOException("writer"));
  }

  @Actor
  public void failReader() {
    reader.complete(new IOException("reader"));
  }

  @Arbiter
  public void end(LLLL_Result result) {
    result.r1 = writerHeard;
    result.r2 = readerHeard;
    result.r3 = told.get();
    result.r4 = released.get();
  }
}
