package io.ringwell.bench;

import com.sun.management.OperatingSystemMXBean;
import io.ringwell.net.TlsProvider;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// TLS stages over pipes beside the JDK's `SSLEngine` over heap buffers, in memory, and beside what
/// `openssl speed` says of the cipher alone, taking turns; median of seven, `-Drounds=N` changes
/// that.
///
/// Each sends records of 16 KiB one way, by TLS 1.3 with AES-256-GCM: a stage seals, another opens,
/// or both at once. Of `SSLEngine` there is one form whose thread wraps and unwraps in turn, and
/// one in which one thread wraps what another unwraps; `openssl speed` runs once, and twice at
/// once, as two stages do.
public final class TlsComparison {
  private static final double MIB = 1 << 20;
  private static final double NANOS_PER_SECOND = 1e9;
  private static final long TURN_BYTES = 512L << 20;

  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private final Contest contest = new Contest("MiB/s");

  /// Processor time of this process, seconds for each GiB, of the last turn.
  private final Map<String, Double> processor = new LinkedHashMap<>();

  private TlsComparison() {}

  /// The figures go to standard output.
  public static void main(String[] arguments) throws Exception {
    new TlsComparison().run();
  }

  private void run() throws Exception {
    try (TlsKeys keys = TlsKeys.make();
        TlsStages jdk = new TlsStages(TlsProvider.JDK, keys);
        TlsStages openssl = new TlsStages(TlsProvider.OPENSSL, keys)) {
      contest.add("openssl speed", () -> cipherAlone(1));
      contest.add("openssl speed, each of two", () -> cipherAlone(2) / 2);
      SslEngines single = new SslEngines(keys);
      SslEngines pair = new SslEngines(keys);
      add("SSLEngine, one thread", timed(single::alternate));
      add("SSLEngine, two threads", timed(pair::sideBySide));
      add("JDK", jdk);
      add("OpenSSL", openssl);
      System.out.println("JDK: " + jdk.cipher() + "; OpenSSL: " + openssl.cipher());
      contest.run();
      processor.forEach((name, seconds) ->
          System.out.printf(Locale.ROOT, "%-36s %12.2f s of processor a GiB%n", name, seconds));
    }
  }

  private void add(String provider, TlsStages stages) {
    add("stage, " + provider + ", seals", stages::sealed);
    add("stage, " + provider + ", opens", stages::opened);
    add("stages, " + provider + ", both", stages::both);
  }

  private interface Sending {
    /// @return MiB a second
    double send(long bytes) throws Exception;
  }

  private void add(String name, Sending sending) {
    contest.add(
        name,
        () -> {
          long before = SYSTEM.getProcessCpuTime();
          double rate = sending.send(TURN_BYTES);
          double seconds = (SYSTEM.getProcessCpuTime() - before) / NANOS_PER_SECOND;
          processor.put(name, seconds * (1 << 30) / TURN_BYTES);
          return rate;
        });
  }

  private interface Body {
    void send(long bytes) throws Exception;
  }

  private static Sending timed(Body body) {
    return bytes -> {
      long start = System.nanoTime();
      body.send(bytes);
      return bytes / MIB / ((System.nanoTime() - start) / NANOS_PER_SECOND);
    };
  }

  /// MiB a second that so many processes of `openssl speed` encrypt, by the clock.
  private static double cipherAlone(int processes) throws IOException {
    Process process =
        new ProcessBuilder(
                "openssl",
                "speed",
                "-mr",
                "-elapsed",
                "-multi",
                Integer.toString(processes),
                "-evp",
                "aes-256-gcm",
                "-bytes",
                "16384",
                "-seconds",
                "1")
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
