package io.ringwell.cli;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.PoolOptions;
import io.ringwell.memory.SecureMemoryException;
import io.ringwell.net.Address;
import io.ringwell.net.ConnectionOptions;
import io.ringwell.net.TlsOptions;
import io.ringwell.net.TlsProvider;
import io.ringwell.pipe.PipeOptions;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What a tunnel does, with all that it needs for it but an engine: files are read, memory is
/// there.
///
/// A connection has four pipes with plain text: those of both directions on either side, of a TLS
/// stage where there is one, else of the socket. Below a stage are two more, with records.
///
/// **Memory** is so much for each connection that no pipe ever waits for another one's: two
/// directions of one connection, or two connections, that wait for each other's memory would wait
/// for good. A secure pipe has two segments, each the size of the largest record: one is filled
/// while the other is read. All blocks of that pool have one size, so there are as many as there is
/// room for. Ordinary pipes have more, which is taken from the system when it is first needed.
final class TunnelPlan implements AutoCloseable {
  /// The options as they were given.
  record Wishes(
      Address listen,
      Address to,
      @Nullable Path certificates,
      @Nullable Path key,
      boolean client,
      @Nullable Path authorities,
      boolean secure,
      @Nullable Integer connections) {}

  /// 8 MiB of secure memory, which most systems let a process lock.
  private static final int SECURE_CONNECTIONS = 64;

  private static final int CONNECTIONS = 1024;

  /// Each has four operations waiting, of which an engine takes 16384.
  static final int MOST_CONNECTIONS = 4000;

  /// RFC 8446, 5.1: a record's plain text lies in one piece.
  private static final int RECORD_BYTES = 16 << 10;

  private static final int SECURE_PIPE_BYTES = 2 * RECORD_BYTES;
  private static final long SECURE_BYTES = 4 * SECURE_PIPE_BYTES;

  /// The reader gets on when one segment is full, the writer when one is free.
  private static final PipeOptions SECURE_PIPE =
      PipeOptions.defaults()
          .withKeepBytes(0)
          .withSegments(RECORD_BYTES, RECORD_BYTES)
          .withMaxMemory(SECURE_PIPE_BYTES)
          .withThresholds(RECORD_BYTES + (RECORD_BYTES >> 1), RECORD_BYTES)
          .withMaxBuffered(SECURE_PIPE_BYTES);

  /// Of what peers send; what goes to them is no more than that came to. The largest segment is one
  /// receive.
  private static final PipeOptions INPUT =
      ConnectionOptions.defaults().input().withSegments(4 << 10, 64 << 10).withMaxMemory(128 << 10);

  private static final PipeOptions OUTPUT =
      ConnectionOptions.defaults().output().withSegments(4 << 10, 64 << 10);

  /// Two directions, each of two inputs of 128 KiB, an output with three times that handed over by
  /// a relay (what a pipe that pauses at 64 KiB holds, and pieces from 32 KiB on), and one of
  /// records.
  private static final long ORDINARY_BYTES = 2 << 20;

  private final Wishes wishes;
  private final int connections;
  private final BufferPool pool;
  private final @Nullable BufferPool secrets;
  private final @Nullable TlsOptions accepting;
  private final @Nullable TlsOptions connecting;

  private TunnelPlan(
      Wishes wishes,
      int connections,
      @Nullable BufferPool secrets,
      @Nullable TlsOptions accepting,
      @Nullable TlsOptions connecting) {
    this.wishes = wishes;
    this.connections = connections;
    this.secrets = secrets;
    this.accepting = accepting == null ? null : withMemory(accepting);
    this.connecting = connecting == null ? null : withMemory(connecting);
    this.pool =
        BufferPool.shared(PoolOptions.ofMaxBytes(connections * ORDINARY_BYTES).withName("tunnel"));
  }

  /// Looks at what is wished for, reads the files, and takes the memory.
  ///
  /// @throws UsageException what does not go together, or cannot be had here
  /// @throws IOException of a file that is not what it should be; names it
  static TunnelPlan of(Wishes wishes) throws IOException {
    require(wishes);
    Integer most = wishes.connections();
    int connections = most != null ? most : wishes.secure() ? SECURE_CONNECTIONS : CONNECTIONS;
    TlsOptions accepting = accepting(wishes);
    TlsOptions connecting = connecting(wishes);
    BufferPool secrets = wishes.secure() ? secrets(connections) : null;
    return new TunnelPlan(wishes, connections, secrets, accepting, connecting);
  }

  private static void require(Wishes wishes) {
    if (wishes.certificates() != null && wishes.key() == null) {
      throw new UsageException("--cert needs the private key of the certificate: name it by --key");
    }
    if (wishes.key() != null && wishes.certificates() == null) {
      throw new UsageException("--key needs the certificate that it is for: name it by --cert");
    }
    if (wishes.authorities() != null && !wishes.client()) {
      throw new UsageException("--ca is for connecting by TLS: add --client, or leave it away");
    }
    if (wishes.client() && wishes.to().host().isEmpty()) {
      throw new UsageException(
          "--client needs a host in --to, whom the certificate there is for; "
              + wishes.to()
              + " has none");
    }
    Integer most = wishes.connections();
    if (most != null && (most < 1 || most > MOST_CONNECTIONS)) {
      throw new UsageException("--connections takes 1 to " + MOST_CONNECTIONS + ", not " + most);
    }
    boolean tls = wishes.client() || wishes.key() != null;
    if (wishes.secure() && tls && !TlsProvider.OPENSSL.isAvailable()) {
      throw new UsageException(
          "--secure needs OpenSSL for TLS: " + TlsProvider.OPENSSL.whyAbsent());
    }
  }

  private static TlsProvider provider(Wishes wishes) {
    return wishes.secure() ? TlsProvider.OPENSSL : TlsProvider.best();
  }

  private static @Nullable TlsOptions accepting(Wishes wishes) throws IOException {
    Path certificates = wishes.certificates();
    Path key = wishes.key();
    return certificates == null || key == null
        ? null
        : TlsOptions.of(provider(wishes).context(certificates, key, null));
  }

  private static @Nullable TlsOptions connecting(Wishes wishes) throws IOException {
    return wishes.client() ? TlsOptions.of(provider(wishes).client(wishes.authorities())) : null;
  }

  private static BufferPool secrets(int connections) {
    long bytes = connections * SECURE_BYTES;
    PoolOptions options =
        PoolOptions.ofMaxBytes(bytes).withSlabBytes(SECURE_BYTES).withName("tunnel");
    try {
      return BufferPool.secure(options);
    } catch (SecureMemoryException e) {
      throw new UsageException(
          "--secure for %d connections, fewer of which (--connections) need less: %s"
              .formatted(connections, e.getMessage()),
          e);
    }
  }

  private TlsOptions withMemory(TlsOptions options) {
    BufferPool own = secrets;
    return own == null
        ? options.withPipes(INPUT, OUTPUT)
        : options.withPool(own).withPipes(SECURE_PIPE, SECURE_PIPE);
  }

  Address listen() {
    return wishes.listen();
  }

  Address to() {
    return wishes.to();
  }

  /// How many are carried at once, at the most.
  int connections() {
    return connections;
  }

  /// How who connects speaks TLS; null where it does not.
  @Nullable TlsOptions accepting() {
    return accepting;
  }

  /// How the other side speaks TLS; null where it does not.
  @Nullable TlsOptions connecting() {
    return connecting;
  }

  /// How a socket with that stage above it, or none, keeps what comes and goes.
  ConnectionOptions socket(@Nullable TlsOptions stage) {
    ConnectionOptions options = ConnectionOptions.defaults();
    BufferPool own = secrets;
    return own != null && stage == null
        ? options.withPool(own).withPipes(SECURE_PIPE, SECURE_PIPE)
        : options.withPool(pool).withPipes(INPUT, OUTPUT);
  }

  /// Memory in use now, secure and other, in bytes.
  long inUseBytes() {
    BufferPool own = secrets;
    return pool.stats().inUseBytes() + (own == null ? 0 : own.stats().inUseBytes());
  }

  /// Once nothing is carried any more.
  @Override
  public void close() {
    pool.close();
    if (secrets != null) {
      secrets.close();
    }
  }

  /// What is done on the way, for people.
  @Override
  public String toString() {
    String text =
        accepting == null && connecting == null
            ? ""
            : " (" + side(accepting) + " to " + side(connecting) + ")";
    return wishes.secure() ? text + " in secure memory" : text;
  }

  private static String side(@Nullable TlsOptions stage) {
    return stage == null ? "plain" : "TLS";
  }
}
