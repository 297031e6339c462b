package io.ringwell.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LII_Result;

/// A read that wants more than the writer may write before it pauses meets the flush that pauses:
/// the writer is told to go on, since the reader waits for it.
///
/// What the flush said; how often the writer was told; how often the read came, which it does with
/// the rest that is written at the end.
@JCStressTest
@Outcome(id = "OPEN, 0, 1", expect = ACCEPTABLE, desc = "The read was first.")
@Outcome(id = "PENDING, 1, 1", expect = ACCEPTABLE, desc = "The writer waited, and was told.")
@State
public class ReadMeetsPause extends Meeting {
  public ReadMeetsPause() {
    super(OPTIONS.withThresholds(16, 8));
  }

  @Actor
  public void write(LII_Result result) {
    fill(16);
    result.r1 = flushToldOf();
  }

  @Actor
  public void readMore() {
    var _ =
        reader
            .readAtLeastAsync(32)
            .thenAccept(read -> {
              cameWith = read.size();
              read.advance(read.end());
            });
  }

  @Arbiter
  public void end(LII_Result result) {
    result.r2 = told.get();
    fill(16);
    flush();
    result.r3 = cameWith == 32 ? 1 : 0;
    pipe.close();
  }

  private long cameWith;
}
