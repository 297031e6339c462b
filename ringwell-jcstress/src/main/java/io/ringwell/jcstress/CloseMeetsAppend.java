package io.ringwell.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LII_Result;

/// The reader's close meets bytes that are given away and flushed.
///
/// What the flush said; how often they came back by then; and when the writer is complete.
@JCStressTest
@Outcome(id = "OPEN, 1, 1", expect = ACCEPTABLE, desc = "The flush was first.")
@Outcome(id = "COMPLETED, 1, 1", expect = ACCEPTABLE, desc = "The close was first.")
@State
public class CloseMeetsAppend extends Meeting {
  public CloseMeetsAppend() {
    super(OPTIONS);
    fill(8);
  }

  @Actor
  public void append(LII_Result result) {
    if (!writer.tryAppend(owned())) {
      throw new IllegalStateException("no room");
    }
    result.r1 = flush();
  }

  @Actor
  public void close() {
    reader.close();
  }

  @Arbiter
  public void end(LII_Result result) {
    result.r2 = released.get();
    writer.complete();
    result.r3 = released.get();
  }
}
