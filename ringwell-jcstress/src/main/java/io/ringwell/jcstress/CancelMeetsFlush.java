package io.ringwell.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;

import io.ringwell.pipe.PipeRead;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ILL_Result;

/// A cancel of a read that waits meets the flush that it waits for: the reader is told once, and
/// neither the cancel nor the bytes are lost.
///
/// How often it was told; what it came with; what the next read comes with.
@JCStressTest
@Outcome(
    id = "1, both, nothing",
    expect = ACCEPTABLE_INTERESTING,
    desc = "The read came with both.")
@Outcome(id = "1, bytes, cancel", expect = ACCEPTABLE, desc = "The flush was first.")
@Outcome(id = "1, cancel, bytes", expect = ACCEPTABLE, desc = "The cancel was first.")
@State
public class CancelMeetsFlush extends Meeting {
  private final Seen seen = new Seen();

  public CancelMeetsFlush() {
    super(OPTIONS);
    if (must(() -> reader.tryRead(seen)) != null) {
      throw new IllegalStateException("nothing was written");
    }
  }

  @Actor
  public void write() {
    put(1);
    flush();
  }

  @Actor
  public void cancel() {
    reader.cancelPending();
  }

  @Arbiter
  public void end(ILL_Result result) {
    result.r1 = told.get();
    result.r2 = seen.first;
    result.r3 = look();
    pipe.close();
  }

  private String look() {
    PipeRead read = read();
    if (read == null) {
      return "nothing";
    }
    String what = read.isCancelled() ? (read.isEmpty() ? "cancel" : "both") : "bytes";
    read.advance(read.end());
    return what;
  }

  /// Looks in the call that told of it.
  private final class Seen implements Runnable {
    private volatile String first = "";

    @Override
    public void run() {
      told.incrementAndGet();
      first = look();
    }
  }
}
