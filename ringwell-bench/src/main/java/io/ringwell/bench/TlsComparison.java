package io.ringwell.bench;

import io.ringwell.net.TlsProvider;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Locale;
import java.util.Map;

/// TLS stages over pipes beside the JDK's `SSLEngine` over heap buffers, in memory, taking turns in
/// one JVM, and beside what `openssl speed` says of the cipher alone; median of seven, `-Drounds=N`
/// changes that.
///
/// Each sends records of 16 KiB one way, by TLS 1.3 with AES-256-GCM. A stage works on threads of
/// its own; of `SSLEngine` there is one form whose thread wraps and unwraps in turn, and one in
/// which one thread wraps what another unwraps.
public final class TlsComparison {
  private static final double MIB = 1 << 20;
  private static final long TURN_BYTES = 1L << 30;

  private TlsComparison() {}

  /// The figures go to standard output.
  public static void main(String[] arguments) throws Exception {
    try (TlsKeys keys = TlsKeys.make()) {
      Contest contest = new Contest("MiB/s");
      SslEngines single = new SslEngines(keys);
      SslEngines pair = new SslEngines(keys);
      contest.add("SSLEngine, one thread", () -> rate(single::alternate));
      contest.add("SSLEngine, two threads", () -> rate(pair::sideBySide));
      try (TlsPair jdk = new TlsPair(TlsProvider.JDK, keys);
          TlsPair openssl = new TlsPair(TlsProvider.OPENSSL, keys)) {
        contest.add("stage, JDK", () -> rate(jdk::send));
        contest.add("stage, OpenSSL", () -> rate(openssl::send));
        System.out.println("JDK: " + jdk.cipher() + "; OpenSSL: " + openssl.cipher());
        Map<String, Double> medians = contest.run();
        double cipher = cipherAlone();
        System.out.printf(Locale.ROOT, "%-36s %,12.1f MiB/s%n", "openssl speed, 16 KiB", cipher);
        medians.forEach((name, rate) ->
            System.out.printf(
                Locale.ROOT, "%-36s %12.2f x of openssl speed%n", name, rate / cipher));
      }
    }
  }

  private interface Body {
    void send(long bytes) throws Exception;
  }

  private static double rate(Body body) throws Exception {
    long start = System.nanoTime();
    body.send(TURN_BYTES);
    return TURN_BYTES / MIB / ((System.nanoTime() - start) / 1e9);
  }

  /// MiB a second that `openssl speed` encrypts on one processor.
  private static double cipherAlone() throws IOException {
    Process process =
        new ProcessBuilder(
                "openssl",
                "speed",
                "-mr",
                "-evp",
                "aes-256-gcm",
                "-bytes",
                "16384",
                "-seconds",
                "3")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    // As in "+F:22:AES-256-GCM:4512345678.90": bytes a second.
    String text = new String(process.getInputStream().readAllBytes(), TlsKeys.TEXT);
    try {
      if (process.waitFor() != 0) {
        throw new IOException("openssl speed failed: " + text);
      }
    } catch (InterruptedException e) {
      InterruptedIOException told = new InterruptedIOException("interrupted");
      told.initCause(e);
      throw told;
    }
    String line =
        text.lines()
            .filter(each -> each.startsWith("+F:"))
            .findFirst()
            .orElseThrow(() -> new IOException("openssl speed says: " + text));
    return Double.parseDouble(line.substring(line.lastIndexOf(':') + 1)) / MIB;
  }
}
