package io.ringwell.net;

import io.ringwell.engine.Engine;
import io.ringwell.memory.BufferPool;
import io.ringwell.pipe.Pipe;
import io.ringwell.pipe.PipeReader;
import io.ringwell.pipe.PipeWriter;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/// TLS between two pairs of pipes: records on the side of the transport, plain text on this.
///
/// ```java
/// TlsContext context = TlsProvider.best().client(authorities);
/// try (Tls tls = Tls.client(transport, "localhost", 443, pool, TlsOptions.of(context))) {
///   tls.output().write(request, 0, request.length); // goes when hands are shaken
///   tls.output().flush();
///   PipeRead answer = tls.input().readAtLeast(5);
///   answer.copyTo(answer.start(), said, 0, 5);
///   answer.advance(answer.end());
/// }
/// ```
///
/// A server has each connection handled within TLS by `Listener.serve(options, tls -> ...)`.
///
/// **Ownership.** The transport is the stage's: nobody else reads or writes it from here on, and
/// both its halves are complete when the stage has ended. A [Connection] is closed with the stage.
///
/// **End.** Completing the output sends close_notify, and the other direction goes on (TLS 1.3; by
/// TLS 1.2 the peer ends both). The input is completed by the peer's close_notify. A transport that
/// ends without one was cut, maybe by somebody in between: reads of the input then throw an
/// [SSLException], at once, as the pipes have it, whatever came before and was not read yet. What
/// breaks the protocol is answered by an alert, and both halves throw why. Renegotiation (TLS 1.2)
/// is refused.
///
/// **Back-pressure** goes through: who does not read the input makes the peer wait.
///
/// **Memory.** Plain text rests in the pipes' memory, that of [TlsOptions#pool]. With
/// [TlsProvider#OPENSSL] it passes through OpenSSL's record buffer besides, within a call, and with
/// a secure pool is wiped there before that is over. [TlsProvider#JDK] leaves more: copies of
/// records and of plain text in arrays on the heap, which are not cleared and may stay there until
/// the collector uses the memory again. So with it a secure pool keeps what waits in the pipes out
/// of dumps and swap, and not what passed through the engine. Keys are outside the pool with both.
///
/// **Threads.** Two virtual threads work, one for each direction; who reads and who writes meets
/// them at the pipes only.
public final class Tls implements Duplex, AutoCloseable {
  private final Duplex transport;
  private final TlsOptions options;
  private final Pipe incoming;
  private final Pipe outgoing;
  private final TlsReceiving receiving;
  private final TlsSending sending;
  private final CompletableFuture<TlsSession> handshake = new CompletableFuture<>();
  private final CompletableFuture<Void> received = new CompletableFuture<>();
  private final CompletableFuture<Void> sent = new CompletableFuture<>();
  private final CompletableFuture<Void> ended;

  private Tls(Duplex transport, TlsEngine engine, BufferPool pool, TlsOptions options) {
    this.transport = transport;
    this.options = options;
    this.incoming = new Pipe(pool, options.input());
    this.outgoing = new Pipe(pool, options.output());
    this.sending = new TlsSending(engine, outgoing.reader(), transport.output());
    this.receiving = new TlsReceiving(engine, transport.input(), incoming.writer(), sending);
    this.ended = CompletableFuture.allOf(received, sent).thenRun(engine::close);
  }

  /// Connects, and begins a handshake as client with the host of `to`. Parks until connected.
  ///
  /// @throws IOException the connection's failure; that of the handshake is told by [#handshake]
  public static Tls connect(Engine engine, Address to, TlsOptions options) throws IOException {
    return client(Connection.connect(engine, to), to, options);
  }

  /// Begins a handshake as client over a connection. Where this throws, it is broken off.
  ///
  /// @param server whose host is sent as SNI, and must be in the certificate
  public static Tls client(Connection connection, Address server, TlsOptions options)
      throws IOException {
    return over(
        connection,
        () -> client(connection, server.host(), server.port(), connection.pool(), options));
  }

  /// Waits for the handshake of a client over a connection. Where this throws, it is broken off.
  public static Tls server(Connection connection, TlsOptions options) throws IOException {
    return over(connection, () -> server(connection, connection.pool(), options));
  }

  private interface Start {
    Tls start() throws IOException;
  }

  private static Tls over(Connection connection, Start start) throws IOException {
    boolean started = false;
    try {
      Tls tls = start.start();
      started = true;
      return tls;
    } finally {
      if (!started) {
        connection.abort();
      }
    }
  }

  /// Begins a handshake as client.
  ///
  /// @param host who is meant: sent as SNI, unless it is an address, and what the certificate must
  ///   be for
  /// @param port together with the host, for whom sessions are resumed
  /// @param pool memory of the plain text, where the options name none
  public static Tls client(
      Duplex transport, String host, int port, BufferPool pool, TlsOptions options)
      throws IOException {
    BufferPool memory = pool(options, pool);
    TlsEngine engine = options.context().client(host, port, options, memory.isSecure());
    return start(transport, engine, memory, options);
  }

  /// Waits for the handshake of a client.
  ///
  /// @param pool memory of the plain text, where the options name none
  public static Tls server(Duplex transport, BufferPool pool, TlsOptions options)
      throws IOException {
    BufferPool memory = pool(options, pool);
    TlsEngine engine = options.context().server(options, memory.isSecure());
    return start(transport, engine, memory, options);
  }

  private static BufferPool pool(TlsOptions options, BufferPool given) {
    return options.pool() == null ? given : options.pool();
  }

  private static Tls start(
      Duplex transport, TlsEngine engine, BufferPool pool, TlsOptions options) {
    Tls tls = make(transport, engine, pool, options);
    String text = "the peer took more than %d ms".formatted(options.handshakeTime().toMillis());
    CompletionStage<TlsSession> limited =
        tls.handshake.copy().orTimeout(options.handshakeTime().toNanos(), TimeUnit.NANOSECONDS);
    limited.whenComplete((session, failure) -> {
      if (failure instanceof TimeoutException) {
        tls.abort(new SSLException(text, failure));
      }
    });
    tls.incoming.writer().onReaderCompleted(why -> tls.discard());
    Thread.ofVirtual().name("ringwell-tls-receive").start(tls::receive);
    Thread.ofVirtual().name("ringwell-tls-send").start(tls::send);
    return tls;
  }

  /// Where that fails (a pool that is closed), the engine has nobody else to let go of it.
  private static Tls make(Duplex transport, TlsEngine engine, BufferPool pool, TlsOptions options) {
    try {
      return new Tls(transport, engine, pool, options);
    } catch (RuntimeException | Error e) {
      engine.close();
      throw e;
    }
  }

  private void receive() {
    try {
      receiving.run(handshake);
    } finally {
      received.complete(null);
    }
  }

  private void send() {
    try {
      sending.run(handshake);
    } finally {
      sent.complete(null);
    }
    if (input().isComplete()) {
      receiving.letGo();
    }
  }

  /// Nobody reads the input any more. The transport's is kept for as long as something is to go:
  /// data that nobody takes would have the socket reset.
  private void discard() {
    receiving.discard();
    if (sent.isDone()) {
      receiving.letGo();
    }
  }

  @Override
  public PipeReader input() {
    return incoming.reader();
  }

  @Override
  public PipeWriter output() {
    return outgoing.writer();
  }

  /// Parks until hands are shaken, and tells what came of it: version, cipher, certificates.
  ///
  /// @throws IOException why there is no session, a bad certificate for instance
  public TlsSession handshake() throws IOException {
    try {
      return handshake.get();
    } catch (ExecutionException e) {
      throw TlsSending.noHandshake(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while shaking hands");
    }
  }

  /// [#handshake] as a stage.
  public CompletionStage<TlsSession> handshakeAsync() {
    return handshake.minimalCompletionStage();
  }

  /// What ALPN has chosen; empty where it has not been used.
  ///
  /// @throws IllegalStateException before the handshake is done
  public String applicationProtocol() {
    if (!handshake.isDone() || handshake.isCompletedExceptionally()) {
      throw new IllegalStateException("hands are not shaken yet");
    }
    return handshake.resultNow().applicationProtocol();
  }

  /// Breaks off: no close_notify, and whoever waits at the pipes gets an exception. From any
  /// thread.
  public void abort() {
    abort(new SSLException("broken off here"));
  }

  private void abort(SSLException why) {
    handshake.completeExceptionally(why);
    receiving.stop(why);
    sending.stop(why);
  }

  /// Completes output and input, and parks until what was flushed and close_notify have gone to the
  /// transport; breaks off where that takes longer than [TlsOptions#closeTime]. A connection is
  /// closed then.
  @Override
  public void close() {
    output().complete();
    input().complete();
    try {
      sent.get(options.closeTime().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      abort(new SSLException("the peer did not take what was sent", e));
      sent.join();
    } catch (InterruptedException e) {
      abort();
      sent.join();
      Thread.currentThread().interrupt();
    } catch (ExecutionException | CompletionException e) {
      throw new AssertionError("a direction ends without an error", e);
    }
    ended.join();
    if (transport instanceof Connection connection) {
      connection.close();
    }
  }
}
