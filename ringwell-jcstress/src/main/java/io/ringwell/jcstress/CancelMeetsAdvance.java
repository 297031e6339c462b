package io.ringwell.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import io.ringwell.pipe.FlushResult;
import io.ringwell.pipe.PipeRead;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ILL_Result;

/// A cancel of a flush that waits meets the advance that it waits for: the writer is told once, and
/// the cancel is not lost.
///
/// How often it was told; what a flush says then; what the next one says.
@JCStressTest
@Outcome(id = "1, OPEN, CANCELLED", expect = ACCEPTABLE, desc = "The advance was first.")
@Outcome(
    id = "1, CANCELLED, OPEN",
    expect = ACCEPTABLE,
    desc = "The cancel was first, or both were seen.")
@State
public class CancelMeetsAdvance extends Meeting {
  private final PipeRead read;
  private volatile @Nullable FlushResult first;

  public CancelMeetsAdvance() {
    super(OPTIONS.withThresholds(16, 8));
    fill(16);
    if (must(() -> writer.tryFlush(this::look)) != FlushResult.PENDING) {
      throw new IllegalStateException("not paused");
    }
    read = readNow();
  }

  private void look() {
    told.incrementAndGet();
    first = flush();
  }

  @Actor
  public void advance() {
    read.advance(read.end());
  }

  @Actor
  public void cancel() {
    writer.cancelPending();
  }

  @Arbiter
  public void end(ILL_Result result) {
    result.r1 = told.get();
    result.r2 = first;
    result.r3 = flush();
    pipe.close();
  }
}
