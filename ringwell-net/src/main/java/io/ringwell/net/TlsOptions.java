package io.ringwell.net;

import io.ringwell.memory.BufferPool;
import io.ringwell.pipe.PipeOptions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// How a [Tls] stage is made. Immutable; each `with` method returns a changed copy.
///
/// @param context keys, trust, and who encrypts. Stages of one context resume each other's sessions
/// @param protocols versions that are spoken
/// @param applicationProtocols what is offered or accepted by ALPN, best first; none: no ALPN
/// @param verifyName whether a client insists that the server's certificate is for the name that it
///   connects to. Without it anybody with any certificate can be in between
/// @param clientCertificate whether a server insists on a certificate of the client
/// @param pool memory of the plain text; null: the engine's of who made the stage
/// @param input how plain text that has come is kept
/// @param output how plain text that is to go is kept
/// @param handshakeTime how long a handshake may take
/// @param closeTime how long [Tls#close] waits for what was flushed to go
public record TlsOptions(
    TlsContext context,
    List<String> protocols,
    List<String> applicationProtocols,
    boolean verifyName,
    boolean clientCertificate,
    @Nullable BufferPool pool,
    PipeOptions input,
    PipeOptions output,
    Duration handshakeTime,
    Duration closeTime) {

  private static final Duration HANDSHAKE_TIME = Duration.ofSeconds(30);
  private static final Duration CLOSE_TIME = Duration.ofSeconds(30);

  public TlsOptions {
    Objects.requireNonNull(context, "context");
    protocols = List.copyOf(protocols);
    applicationProtocols = List.copyOf(applicationProtocols);
    requirePositive("handshakeTime", handshakeTime);
    requirePositive("closeTime", closeTime);
  }

  private static void requirePositive(String name, Duration time) {
    if (time.isNegative() || time.isZero()) {
      throw new IllegalArgumentException(name + " must be positive: " + time);
    }
  }

  /// TLS 1.3 and 1.2, no ALPN, names verified, 30 s to shake hands and to close.
  public static TlsOptions of(TlsContext context) {
    return new TlsOptions(
        context,
        List.of("TLSv1.3", "TLSv1.2"),
        List.of(),
        true,
        false,
        null,
        ConnectionOptions.PIPES,
        ConnectionOptions.PIPES,
        HANDSHAKE_TIME,
        CLOSE_TIME);
  }

  /// The same, the JDK encrypts.
  public static TlsOptions of(SSLContext context) {
    return of(TlsContext.of(context));
  }

  public TlsOptions withProtocols(String... names) {
    return new TlsOptions(
        context,
        List.of(names),
        applicationProtocols,
        verifyName,
        clientCertificate,
        pool,
        input,
        output,
        handshakeTime,
        closeTime);
  }

  public TlsOptions withApplicationProtocols(String... names) {
    return new TlsOptions(
        context,
        protocols,
        List.of(names),
        verifyName,
        clientCertificate,
        pool,
        input,
        output,
        handshakeTime,
        closeTime);
  }

  public TlsOptions withVerifyName(boolean verify) {
    return new TlsOptions(
        context,
        protocols,
        applicationProtocols,
        verify,
        clientCertificate,
        pool,
        input,
        output,
        handshakeTime,
        closeTime);
  }

  public TlsOptions withClientCertificate(boolean insist) {
    return new TlsOptions(
        context,
        protocols,
        applicationProtocols,
        verifyName,
        insist,
        pool,
        input,
        output,
        handshakeTime,
        closeTime);
  }

  /// Plain text lies in memory of `memory`: a secure pool, for instance.
  public TlsOptions withPool(BufferPool memory) {
    return new TlsOptions(
        context,
        protocols,
        applicationProtocols,
        verifyName,
        clientCertificate,
        memory,
        input,
        output,
        handshakeTime,
        closeTime);
  }

  public TlsOptions withPipes(PipeOptions in, PipeOptions out) {
    return new TlsOptions(
        context,
        protocols,
        applicationProtocols,
        verifyName,
        clientCertificate,
        pool,
        in,
        out,
        handshakeTime,
        closeTime);
  }

  public TlsOptions withTimes(Duration handshake, Duration close) {
    return new TlsOptions(
        context,
        protocols,
        applicationProtocols,
        verifyName,
        clientCertificate,
        pool,
        input,
        output,
        handshake,
        close);
  }
}
