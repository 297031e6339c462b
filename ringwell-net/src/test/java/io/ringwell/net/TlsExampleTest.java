package io.ringwell.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.memory.BufferPool;
import io.ringwell.pipe.PipeRead;
import io.ringwell.testkit.TestCertificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// The example of docs/tls.md, and what it does not show.
class TlsExampleTest {
  @Test
  void clientAsks() throws Exception {
    try (TlsRig rig = new TlsRig();
        Tls server = Tls.server(rig.server, rig.pool, TlsRig.serving(TlsProvider.best(), "good"))) {
      Thread answering =
          Thread.startVirtualThread(() -> {
            try {
              TlsRig.write(server, TlsRig.read(server, 5));
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
      MemorySegment said = MemorySegment.ofArray(new byte[5]);
      ask(TestCertificates.certificate("ca"), rig.client, rig.pool, "hello".getBytes(UTF_8), said);
      answering.join();
      assertThat(said.toArray(ValueLayout.JAVA_BYTE)).asString().isEqualTo("hello");
    }
  }

  private static void ask(
      Path authorities, Duplex transport, BufferPool pool, byte[] request, MemorySegment said)
      throws Exception {
    TlsContext context = TlsProvider.best().client(authorities);
    try (Tls tls = Tls.client(transport, "localhost", 443, pool, TlsOptions.of(context))) {
      tls.output().write(request, 0, request.length); // goes when hands are shaken
      tls.output().flush();
      PipeRead answer = tls.input().readAtLeast(5);
      answer.copyTo(answer.start(), said, 0, 5);
      answer.advance(answer.end());
    }
  }

  @Test
  void filesThatAreNoneAreNamed() {
    for (TlsProvider each : TlsProvider.values()) {
      if (each.isAvailable()) {
        Path missing = Path.of("missing.pem");
        Path key = TestCertificates.key("good");
        Path certificate = TestCertificates.certificate("good");
        assertThatThrownBy(() -> each.client(missing)).hasMessageContaining("missing.pem");
        assertThatThrownBy(() -> each.context(certificate, missing, null))
            .isInstanceOf(IOException.class)
            .hasMessageContaining("missing.pem");
        assertThatThrownBy(() -> each.context(key, key, null))
            .isInstanceOf(IOException.class)
            .hasMessageContaining(key.toString());
        assertThatThrownBy(() -> each.context(certificate, certificate, null))
            .isInstanceOf(IOException.class)
            .hasMessageContaining(certificate.toString());
      }
    }
  }

  @Test
  void keyOfAnotherCertificateIsRefusedByOpenSsl() {
    TlsRig.assumeIsThere(TlsProvider.OPENSSL);
    Path other = TestCertificates.key("other");
    assertThatThrownBy(
            () -> TlsProvider.OPENSSL.context(TestCertificates.certificate("good"), other, null))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(other.toString())
        .hasMessageContaining("mismatch");
  }
}
