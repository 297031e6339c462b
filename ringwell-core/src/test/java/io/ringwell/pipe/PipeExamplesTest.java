package io.ringwell.pipe;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.PoolOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The examples of docs/pipes.md.
class PipeExamplesTest {
  private final BufferPool pool = BufferPool.shared(PoolOptions.ofMaxBytes(1 << 20));

  @Test
  void oneWritesAndOneReads() throws IOException {
    Pipe pipe = new Pipe(pool);
    PipeWriter writer = pipe.writer();
    MemorySegment window = writer.window(6);
    window.setString(0, "hello");
    writer.commit(6);
    writer.flush(); // now the reader sees it

    PipeRead read = pipe.reader().read();
    String seen = read.window().getString(0);
    read.advance(read.end()); // used: its memory may be used again
    assertThat(seen).isEqualTo("hello");
    pipe.close();
  }

  @Test
  void linesWhateverTheirPieces() throws IOException {
    Pipe pipe = new Pipe(pool);
    byte[] text = "one\ntwo\nthr".getBytes(StandardCharsets.UTF_8);
    pipe.writer().write(text, 0, text.length);
    pipe.writer().flush();
    List<String> lines = new ArrayList<>();
    PipeReader reader = pipe.reader();
    PipeRead read = reader.read();
    SequenceReader bytes = read.sequence();
    for (long end = bytes.find((byte) '\n'); end >= 0; end = bytes.find((byte) '\n')) {
      lines.add(bytes.readUtf8(end - bytes.position()));
      bytes.skip(1);
    }
    read.advance(bytes.position(), read.end()); // a half line comes again with its rest
    assertThat(lines).containsExactly("one", "two");
    assertThat(reader.consumed()).isEqualTo(8);
    pipe.close();
  }

  @Test
  void numbersAndObjects() throws IOException {
    TypedPipe<IntWriter, IntRead> ints = TypedPipe.ofInts(pool, PipeOptions.defaults());
    ints.writer().reserve(1);
    ints.writer().put(0, 42);
    ints.writer().commit(1);
    ints.writer().flush();
    IntRead read = ints.reader().read();
    int first = read.get(0);
    read.advance(read.end());
    assertThat(first).isEqualTo(42);
    ints.close();
  }

  @Test
  void streamsAtBothEnds() throws IOException {
    Pipe pipe = new Pipe(pool);
    byte[] text = "hello".getBytes(StandardCharsets.UTF_8);
    try (OutputStream out = pipe.writer().outputStream()) {
      out.write(text);
    } // complete: the reader sees the end
    byte[] all = pipe.reader().inputStream().readAllBytes();
    assertThat(all).isEqualTo(text);
    pipe.close();
  }
}
