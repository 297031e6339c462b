package io.ringwell.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import io.ringwell.memory.Bytes;
import io.ringwell.memory.BytesChain;
import io.ringwell.pipe.PipeRead;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;

/// The reader's close, on another thread, meets the detach of what lies in a segment that the
/// writer has left, and in the tail.
///
/// Whether there were bytes to have; how often what was appended came back in the end.
@JCStressTest
@Outcome(id = "true, 1", expect = ACCEPTABLE, desc = "The detach was first.")
@Outcome(id = "false, 1", expect = ACCEPTABLE, desc = "The close was first.")
@State
public class CloseMeetsDetach extends Meeting {
  private final PipeRead read;

  public CloseMeetsDetach() {
    super(OPTIONS);
    fill(8);
    Bytes bytes = owned();
    if (!writer.tryAppend(bytes)) {
      throw new IllegalStateException("no room");
    }
    flush();
    read = readNow();
  }

  @Actor
  public void detach(ZI_Result result) {
    try (BytesChain chain = must(() -> read.detach(read.end()))) {
      result.r1 = chain.size() > 0;
    } catch (IllegalStateException e) {
      result.r1 = false; // complete
    }
  }

  @Actor
  public void close() {
    reader.close();
  }

  @Arbiter
  public void end(ZI_Result result) {
    flush();
    writer.complete();
    result.r2 = released.get();
  }
}
