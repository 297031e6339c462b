package io.ringwell.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.PoolOptions;
import io.ringwell.pipe.Pipe;
import io.ringwell.pipe.PipeRead;
import io.ringwell.pipe.PipeReader;
import io.ringwell.pipe.PipeWriter;
import io.ringwell.testkit.TestCertificates;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Two transports whose ends are each other's, and what tests of TLS do with them. Closing it looks
/// for memory that did not come back.
final class TlsRig implements AutoCloseable {
  record End(PipeReader input, PipeWriter output) implements Duplex {}

  final BufferPool pool = BufferPool.shared(PoolOptions.ofMaxBytes(16 << 20));

  // What the client sends, and what the server does.
  final Pipe up = new Pipe(pool);
  final Pipe down = new Pipe(pool);
  final End client = new End(down.reader(), up.writer());
  final End server = new End(up.reader(), down.writer());

  static TlsOptions serving(TlsProvider provider, String alias) throws IOException {
    return TlsOptions.of(
        provider.context(TestCertificates.certificate(alias), TestCertificates.key(alias), null));
  }

  static TlsOptions trusting(TlsProvider provider, String alias) throws IOException {
    return TlsOptions.of(provider.client(TestCertificates.certificate(alias)));
  }

  static void assumeIsThere(TlsProvider provider) {
    assumeTrue(provider.isAvailable(), provider.whyAbsent());
  }

  static void write(Duplex to, String text) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    to.output().write(bytes, 0, bytes.length);
    to.output().flush();
  }

  /// Reads that much.
  static String read(Duplex from, int bytes) throws IOException {
    PipeRead read = from.input().readAtLeast(bytes);
    byte[] text = new byte[bytes];
    read.copyTo(read.start(), MemorySegment.ofArray(text), 0, bytes);
    read.advance(read.start() + bytes);
    return new String(text, UTF_8);
  }

  /// Reads until it ends.
  static byte[] readAll(Duplex from) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    while (true) {
      PipeRead read = from.input().read();
      for (long at = read.start(); at < read.end(); ) {
        read.get(at);
        MemorySegment part = read.window();
        all.writeBytes(part.toArray(ValueLayout.JAVA_BYTE));
        at += part.byteSize();
        if (!read.nextFragment()) {
          break;
        }
      }
      boolean last = read.isCompleted();
      read.advance(read.end());
      if (last) {
        return all.toByteArray();
      }
    }
  }

  @Override
  public void close() {
    up.close();
    down.close();
    assertThat(pool.stats().inUseBytes()).as("memory that did not come back").isZero();
    pool.close();
  }
}
