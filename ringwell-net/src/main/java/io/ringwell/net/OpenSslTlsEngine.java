package io.ringwell.net;

import io.ringwell.net.openssl.SslConnection;
import io.ringwell.net.openssl.SslOutcome;
import io.ringwell.pipe.PipeRead;
import io.ringwell.pipe.PipeWriter;
import java.io.IOException;

/// OpenSSL between pipes: it reads records from the memory of the transport's pipe and writes plain
/// text to that of the other.
final class OpenSslTlsEngine implements TlsEngine {
  /// Plain text of one [#open], at which its caller looks in between.
  private static final int OPENED_BYTES = 64 << 10;

  /// What a record adds: header, nonce, padding and MAC, rounded up.
  private static final int OVERHEAD_BYTES = 128;

  /// Type, version, and two bytes of length.
  private static final int HEADER_BYTES = 5;

  private final SslConnection connection;
  private boolean shaken;
  private boolean ended;
  private boolean owing;

  /// Of the record that OpenSSL has begun to read: what it has not got yet, and the most plain text
  /// that can come of it.
  private long missing;

  private int mostPlain;

  OpenSslTlsEngine(SslConnection connection) {
    this.connection = connection;
  }

  @Override
  public Need shake() throws IOException {
    while (true) {
      if (connection.owed() > 0) {
        return Need.SAY;
      }
      if (shaken) {
        return Need.NOTHING;
      }
      if (!connection.goesOn()) {
        return Need.HEAR;
      }
      shaken = connection.shake();
    }
  }

  @Override
  public TlsSession session() {
    SslOutcome outcome = connection.outcome();
    String name = outcome.serverName();
    return new TlsSession(
        TlsProvider.OPENSSL,
        outcome.protocol(),
        outcome.cipherSuite(),
        outcome.applicationProtocol(),
        name.isEmpty() ? null : name,
        outcome.certificates());
  }

  // ---- From the peer ---------------------------------------------------------------------------

  @Override
  public long open(PipeRead read, long at, PipeWriter plain) throws IOException {
    long opened;
    try {
      opened = shaken ? openAll(read, at, plain) : hear(read, at);
    } finally {
      connection.input(0, 0); // what is there may go away
    }
    owing = connection.owed() > 0;
    return opened;
  }

  private long hear(PipeRead read, long at) throws IOException {
    long length = give(read, at, Long.MAX_VALUE);
    shaken = connection.shake();
    return length - connection.left();
  }

  /// Names the bytes from `at` on as input, those of one fragment, and `most` of them at the most.
  private long give(PipeRead read, long at, long most) {
    read.get(at); // has its fragment at hand
    long within = at - read.fragmentStart();
    long length = Math.min(read.length() - within, most);
    connection.input(read.memory().address() + read.position() + within, length);
    return length;
  }

  /// OpenSSL gets one record at a time, and as much room as its plain text may have; not more, so
  /// that small ones lie together. Of several it would pass over those without plain text (tickets,
  /// new keys, empty ones) and open the next into the room of the first: what did not fit would
  /// stay in its buffer, where nobody asks for it and nothing wipes it.
  private long openAll(PipeRead read, long start, PipeWriter plain) throws IOException {
    long at = start;
    int opened = 0;
    while (at < read.end() && opened < OPENED_BYTES && !ended) {
      if (missing == 0 && !beginRecord(read, at)) {
        break;
      }
      long given = give(read, at, missing);
      missing -= given;
      // Before it is there as a whole nothing can come of it.
      long room = plain.reserve(missing == 0 ? mostPlain : 1);
      int count = connection.read(plain.memory().address() + plain.position(), room);
      at += given;
      ended = count == SslConnection.ENDED;
      if (count > 0) {
        plain.commit(count);
        opened += count;
      }
    }
    return at - start;
  }

  /// Looks at the header of a record (RFC 8446, 5.1; RFC 5246, 6.2.1).
  ///
  /// @return whether that is there as a whole
  private boolean beginRecord(PipeRead read, long at) {
    if (read.end() - at < HEADER_BYTES) {
      return false;
    }
    int high = Byte.toUnsignedInt(read.get(at + 3));
    int body = high << Byte.SIZE | Byte.toUnsignedInt(read.get(at + 4));
    missing = (long) HEADER_BYTES + body;
    mostPlain = Math.clamp(body, 1, SslConnection.RECORD_BYTES);
    return true;
  }

  @Override
  public boolean isEnded() {
    return ended;
  }

  @Override
  public boolean isOwing() {
    return owing;
  }

  // ---- To the peer -----------------------------------------------------------------------------

  @Override
  public void seal(PipeRead plain, PipeWriter records) throws IOException {
    do {
      long at = plain.memory().address() + plain.position();
      long end = at + plain.length();
      while (at < end) {
        long some = Math.min(end - at, SslConnection.RECORD_BYTES);
        records.reserve(some + OVERHEAD_BYTES);
        at += connection.write(at, some);
        drain(records);
      }
    } while (plain.nextFragment());
  }

  /// Into the window that is there, and into others.
  private void drain(PipeWriter records) throws IOException {
    while (true) {
      long room = records.room();
      int count = connection.drain(records.memory().address() + records.position(), room);
      records.commit(count);
      if (count < room) {
        return;
      }
      records.reserve(1);
    }
  }

  @Override
  public boolean hasToSay() {
    return connection.owed() > 0;
  }

  @Override
  public void say(PipeWriter records) throws IOException {
    long owed = connection.owed();
    if (owed > 0) {
      records.reserve(owed);
      drain(records);
    }
  }

  @Override
  public void end(PipeWriter records) throws IOException {
    connection.end();
    say(records);
  }

  @Override
  public void close() {
    connection.close();
  }
}
