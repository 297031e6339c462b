package io.ringwell.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.PoolOptions;
import io.ringwell.pipe.Pipe;
import io.ringwell.pipe.PipeRead;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A pipe that was reset is not theirs any more who had it before.
@Timeout(60)
final class PipeNextLifeTest {
  @Test
  void sinkThatIsCompleteHasNoPartInIt() throws Exception {
    try (BufferPool pool = BufferPool.shared(PoolOptions.ofMaxBytes(1 << 20));
        Pipe pipe = new Pipe(pool)) {
      Sink sink = Sinks.pipe(pipe.writer());
      sink.send(Bytes.copyOf(new byte[] {1}));
      sink.complete();
      PipeRead first = pipe.reader().readAtLeast(1);
      first.advance(1);
      pipe.reader().complete();
      pipe.reset();
      sink.close();
      pipe.writer().send(Bytes.copyOf(new byte[] {2}));
      PipeRead next = pipe.reader().readAtLeast(1);
      assertThat(next.toArray()).containsExactly(2);
      next.advance(1);
    }
  }

  @Test
  void sourceThatIsClosedHasNoPartInIt() throws Exception {
    try (BufferPool pool = BufferPool.shared(PoolOptions.ofMaxBytes(1 << 20));
        Pipe pipe = new Pipe(pool)) {
      Source source = Sources.pipe(pipe.reader());
      source.close();
      pipe.writer().complete();
      pipe.reset();
      source.close();
      pipe.writer().send(Bytes.copyOf(new byte[] {2}));
      PipeRead next = pipe.reader().readAtLeast(1);
      assertThat(next.toArray()).containsExactly(2);
      next.advance(1);
    }
  }
}
