package io.ringwell.net;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.ringwell.net.openssl.SslConnection;
import io.ringwell.net.openssl.SslOutcome;
import io.ringwell.pipe.PipeRead;
import io.ringwell.pipe.PipeWriter;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// OpenSSL between pipes: it reads records from the memory of the transport's pipe and writes plain
/// text to that of the other; it knows itself where records begin.
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
  private boolean inRecord;
  private boolean owing;

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
    read.get(at); // has its fragment at hand
    long within = at - read.fragmentStart();
    long length = read.length() - within;
    connection.input(read.memory().address() + read.position() + within, length);
    try {
      if (shaken) {
        openAll(read.memory(), read.position() + read.length(), length, plain);
      } else {
        shaken = connection.shake();
      }
    } finally {
      long left = connection.left();
      if (left > 0) {
        connection.input(0, 0); // what is there may go away
      }
      length -= left;
    }
    owing = connection.owed() > 0;
    return length;
  }

  /// A record is asked for with as much room as its plain text may have, so that nothing of that
  /// stays behind; and not with more, so that small ones lie together.
  ///
  /// @param end where in `records` they end
  /// @param length how many bytes before that are to be opened
  private void openAll(MemorySegment records, long end, long length, PipeWriter plain)
      throws IOException {
    long left = length;
    int opened = 0;
    while (opened < OPENED_BYTES) {
      long room = plain.reserve(mostPlain(records, end - left, end));
      int count = connection.read(plain.memory().address() + plain.position(), room);
      if (count <= 0) {
        ended = count == SslConnection.ENDED;
        inRecord = !ended && connection.isInRecord();
        return;
      }
      inRecord = false;
      plain.commit(count);
      opened += count;
      left = connection.left();
      if (left == 0) {
        return;
      }
    }
  }

  /// The most that the record at `at` has, by its header (RFC 8446, 5.1; RFC 5246, 6.2.1). Of one
  /// that is not there as a whole nothing can come yet.
  private long mostPlain(MemorySegment records, long at, long end) {
    if (inRecord) {
      return SslConnection.RECORD_BYTES; // it began in what was there before
    }
    long body = at + HEADER_BYTES;
    if (body > end) {
      return 1;
    }
    int length =
        Byte.toUnsignedInt(records.get(JAVA_BYTE, body - 2)) << Byte.SIZE
            | Byte.toUnsignedInt(records.get(JAVA_BYTE, body - 1));
    return body + length > end ? 1 : Math.clamp(length, 1, SslConnection.RECORD_BYTES);
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
