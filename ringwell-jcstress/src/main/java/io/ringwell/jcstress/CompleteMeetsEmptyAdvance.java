package io.ringwell.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import io.ringwell.pipe.PipeRead;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/// The writer's end, behind memory that it took and did not use, meets the advance of a cancelled
/// read that had nothing. The memory before that was read, and is passed by the advance, or let go
/// by the end; twice would be an error.
///
/// Whether the end is seen.
@JCStressTest
@Outcome(id = "true", expect = ACCEPTABLE, desc = "It is.")
@State
public class CompleteMeetsEmptyAdvance extends Meeting {
  private final PipeRead read;

  public CompleteMeetsEmptyAdvance() {
    super(OPTIONS.withKeepBytes(512));
    fill(8);
    flush();
    PipeRead first = readNow();
    first.advance(first.end());
    reader.cancelPending();
    read = readNow();
  }

  @Actor
  public void complete() {
    if (writer.tryReserve(512) < 512) {
      throw new IllegalStateException("no memory");
    }
    writer.complete();
  }

  @Actor
  public void advance() {
    read.advance(read.end());
  }

  @Arbiter
  public void end(Z_Result result) {
    PipeRead last = readNow();
    result.r1 = last.isCompleted() && last.isEmpty();
    reader.close();
  }
}
