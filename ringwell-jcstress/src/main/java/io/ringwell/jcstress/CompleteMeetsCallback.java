package io.ringwell.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IL_Result;

/// The writer's end with an error meets a callback that is registered: it is called once, and with
/// it.
///
/// How often it was called; with what.
@JCStressTest
@Outcome(id = "1, writer", expect = ACCEPTABLE, desc = "Once.")
@State
public class CompleteMeetsCallback extends Meeting {
  private volatile @Nullable String heard;

  public CompleteMeetsCallback() {
    super(OPTIONS);
  }

  @Actor
  public void fail() {
    writer.complete(new IOException("writer"));
  }

  @Actor
  public void register() {
    reader.onWriterCompleted(error -> {
      told.incrementAndGet();
      heard = error == null ? null : error.getMessage();
    });
  }

  @Arbiter
  public void end(IL_Result result) {
    result.r1 = told.get();
    result.r2 = heard;
    reader.close();
  }
}
