package io.ringwell.jcstress;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import io.ringwell.pipe.PipeRead;
import java.util.concurrent.ThreadLocalRandom;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/// What is written to memory, plainly, into two fragments that are flushed at once, is what a read
/// sees. It is something else for each pipe, since memory is used again.
///
/// What a read has seen.
@JCStressTest
@Outcome(id = "nothing", expect = ACCEPTABLE, desc = "The read was first.")
@Outcome(id = "both", expect = ACCEPTABLE, desc = "The flush was first.")
@State
public class MemoryMeetsRead extends Meeting {
  private final long value = ThreadLocalRandom.current().nextLong();

  public MemoryMeetsRead() {
    super(OPTIONS.withKeepBytes(512));
    // Eight bytes less than the smallest memory that a pool gives.
    fill(writer.tryReserve(1) - Long.BYTES);
    flush();
    PipeRead read = readNow();
    read.advance(read.end());
  }

  @Actor
  public void write() {
    put(value);
    put(~value);
    flush();
  }

  @Actor
  public void read(L_Result result) {
    PipeRead read = read();
    if (read == null) {
      result.r1 = "nothing";
      return;
    }
    long first = read.memory().get(JAVA_LONG_UNALIGNED, read.position());
    if (!read.nextFragment()) {
      result.r1 = "one of " + read.size();
    } else if (first == value
        && read.memory().get(JAVA_LONG_UNALIGNED, read.position()) == ~value
        && read.size() == 2 * Long.BYTES) {
      result.r1 = "both";
    } else {
      result.r1 = "other";
    }
    read.advance(read.end());
  }

  @Arbiter
  public void end() {
    pipe.close();
  }
}
