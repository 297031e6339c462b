package io.ringwell.net.openssl;

import static io.ringwell.sys.NativeLibrary.call;
import static io.ringwell.sys.NativeLibrary.text;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.ringwell.sys.SecretCopy;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/// An `SSL`, between memory and memory.
///
/// Records come from where [#input] says: OpenSSL copies them to a buffer of its own, opens them
/// there, and copies plain text to where [#read] says, after which it wipes its own
/// ([SslSettings#wipes]). Records that go are left in a ring of [#RING_BYTES], from which [#drain]
/// copies them; plain text is copied to OpenSSL's buffer, and becomes ciphertext in place.
///
/// **Threads.** One reads, one writes, as they like: calls take turns, since an `SSL` is nobody's
/// but its caller's. No call waits but for another to be over. After [#close], which comes once,
/// there are none.
public final class SslConnection implements AutoCloseable {
  /// The most plain text of a record (RFC 8446, 5.1).
  public static final int RECORD_BYTES = 16 << 10;

  /// What [#read] answers when the peer's close_notify came.
  public static final int ENDED = -1;

  // More than a record and what may go before it: new keys, alerts.
  private static final int RING_BYTES = RECORD_BYTES + (4 << 10);

  // ssl.h: SSL_ERROR_*.
  private static final int NONE = 0;
  private static final int WANT_READ = 2;
  private static final int WANT_WRITE = 3;
  private static final int ZERO_RETURN = 6;

  // bio.h: BIO_C_SET_BUF_MEM; what is read from stays its owner's.
  private static final long SET_BUF_MEM = 114;
  private static final long NOCLOSE = 0;

  // buffer.h: struct buf_mem_st; behind it a word for results and two for pointers.
  private static final long LENGTH = 0;
  private static final long DATA = 8;
  private static final long MAX = 16;
  private static final long RESULT = 32;
  private static final long NATIVE_BYTES = 48;

  private static final int VERIFIED = 0; // X509_V_OK

  private final ReentrantLock lock = new ReentrantLock();
  private final SslContext context;
  private final SslSettings settings;
  private final MemorySegment memory;
  private final long result;
  private long ssl;
  private long in;
  private long ring;
  private boolean shaken;
  private boolean goesOn = true; // without hearing from the peer
  private long session;

  SslConnection(SslContext context, SslSettings settings) throws IOException {
    this.context = context;
    this.settings = settings;
    Arena lasting = Arena.ofAuto(); // nothing secret is in it
    this.memory = lasting.allocate(NATIVE_BYTES, Long.BYTES);
    this.result = memory.address() + RESULT;
    SslErrors.clear();
    ssl = some(call(LibSsl.SSL_NEW, context.address()));
    OpenSsl.CONNECTIONS.incrementAndGet();
    try {
      buffers();
      SslSetup.apply(ssl, context, settings, lasting);
    } catch (IOException | RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private void buffers() throws IOException {
    long reading = some(call(LibCrypto.BIO_NEW, call(LibCrypto.BIO_S_MEM)));
    long pointers = result;
    int made =
        (int) call(LibCrypto.BIO_NEW_BIO_PAIR, pointers, RING_BYTES, pointers + Long.BYTES, 1);
    if (made != 1) {
      call(LibCrypto.BIO_FREE, reading);
      throw new IOException("no connection of OpenSSL: " + SslErrors.take());
    }
    long writing = memory.get(JAVA_LONG, RESULT);
    ring = memory.get(JAVA_LONG, RESULT + Long.BYTES);
    in = reading;
    call(LibSsl.SSL_SET_BIO, ssl, reading, writing); // they are the SSL's from now on
    feed(0, 0);
  }

  private static long some(long made) throws IOException {
    if (made == 0) {
      throw new IOException("no connection of OpenSSL: " + SslErrors.take());
    }
    return made;
  }

  // ---- The handshake ---------------------------------------------------------------------------

  /// Goes on with the handshake, with what the peer has said so far.
  ///
  /// @return whether it is done
  public boolean shake() throws IOException {
    lock.lock();
    try {
      SslErrors.clear();
      int done = (int) call(LibSsl.SSL_DO_HANDSHAKE, open());
      goesOn = false;
      if (done == 1) {
        shaken = true;
        keepSession();
      } else {
        int error = (int) call(LibSsl.SSL_GET_ERROR, ssl, done);
        goesOn = error == WANT_WRITE;
        if (error != WANT_READ && error != WANT_WRITE) {
          throw new SSLHandshakeException(reason());
        }
      }
      return shaken;
    } finally {
      lock.unlock();
    }
  }

  /// Whether [#shake] can go on as it is, once all was drained.
  public boolean goesOn() {
    lock.lock();
    try {
      return goesOn;
    } finally {
      lock.unlock();
    }
  }

  public boolean isShaken() {
    lock.lock();
    try {
      return shaken;
    } finally {
      lock.unlock();
    }
  }

  public SslOutcome outcome() {
    lock.lock();
    try {
      return SslOutcome.of(open());
    } finally {
      lock.unlock();
    }
  }

  // ---- From the peer ---------------------------------------------------------------------------

  /// Says where records are to be read from, instead of where they were before. They must stay
  /// there until they were read, or another place is named.
  public void input(long address, long length) {
    lock.lock();
    try {
      open();
      feed(address, length);
    } finally {
      lock.unlock();
    }
  }

  private void feed(long address, long length) {
    memory.set(JAVA_LONG, LENGTH, length);
    memory.set(JAVA_LONG, DATA, address);
    memory.set(JAVA_LONG, MAX, length);
    call(LibCrypto.BIO_CTRL, in, SET_BUF_MEM, NOCLOSE, memory.address());
  }

  /// How much of the input was not read.
  public long left() {
    lock.lock();
    try {
      open();
      return call(LibCrypto.BIO_CTRL_PENDING, in);
    } finally {
      lock.unlock();
    }
  }

  /// Reads on until there is plain text, that of one record, or the input is used up. What does not
  /// find room stays in OpenSSL's buffer for the next read.
  ///
  /// @return how many bytes of plain text are at `to`; 0 where it needs more input; [#ENDED]
  public int read(long to, long room) throws IOException {
    lock.lock();
    try {
      SslErrors.clear();
      int done = (int) call(LibSsl.SSL_READ_EX, open(), to, room, result);
      wipeRegisters();
      int error = done == 1 ? NONE : (int) call(LibSsl.SSL_GET_ERROR, ssl, done);
      return switch (error) {
        case NONE -> {
          keepSession(); // tickets come with plain text, or alone
          yield (int) memory.get(JAVA_LONG, RESULT);
        }
        case WANT_READ -> {
          keepSession();
          yield 0;
        }
        case ZERO_RETURN -> ENDED;
        case WANT_WRITE -> throw new SSLException("the peer asks for more answers than it takes");
        default -> throw new SSLException(reason());
      };
    } finally {
      lock.unlock();
    }
  }

  /// A session that came and may be resumed is kept for others.
  private void keepSession() {
    if (!settings.isClient() || !shaken) {
      return;
    }
    long now = call(LibSsl.SSL_GET_SESSION, ssl);
    if (now != session && (int) call(LibSsl.SSL_SESSION_IS_RESUMABLE, now) == 1) {
      session = now;
      context.sessions().give(settings.sessionKey(), call(LibSsl.SSL_GET1_SESSION, ssl));
    }
  }

  // ---- To the peer -----------------------------------------------------------------------------

  /// Seals plain text, as much as goes into one record.
  ///
  /// @return how many bytes are done with; 0 where the ring has to be drained first
  public int write(long from, long length) throws IOException {
    lock.lock();
    try {
      SslErrors.clear();
      int done = (int) call(LibSsl.SSL_WRITE_EX, open(), from, length, result);
      wipeRegisters();
      if (done == 1) {
        return (int) memory.get(JAVA_LONG, RESULT);
      }
      int error = (int) call(LibSsl.SSL_GET_ERROR, ssl, done);
      if (error != WANT_WRITE) {
        throw new SSLException(error == WANT_READ ? "renegotiation is refused" : reason());
      }
      return 0;
    } finally {
      lock.unlock();
    }
  }

  /// Puts a close_notify into the ring, if hands are shaken and nothing has failed.
  public void end() {
    lock.lock();
    try {
      SslErrors.clear();
      if (shaken) {
        call(LibSsl.SSL_SHUTDOWN, open());
      }
      SslErrors.clear();
    } finally {
      lock.unlock();
    }
  }

  /// How much is in the ring.
  public long owed() {
    lock.lock();
    try {
      open();
      return call(LibCrypto.BIO_CTRL_PENDING, ring);
    } finally {
      lock.unlock();
    }
  }

  /// Moves what is in the ring to memory.
  ///
  /// @return how many bytes, 0 where there are none
  public int drain(long to, long room) {
    lock.lock();
    try {
      open();
      int some = (int) Math.min(room, RING_BYTES);
      return Math.max(0, (int) call(LibCrypto.BIO_READ, ring, to, some));
    } finally {
      lock.unlock();
    }
  }

  // ---- Both ------------------------------------------------------------------------------------

  /// After a call that copied plain text.
  private void wipeRegisters() {
    if (settings.wipes()) {
      SecretCopy.wipe();
    }
  }

  private String reason() {
    String reason = SslErrors.take();
    int verdict = (int) call(LibSsl.SSL_GET_VERIFY_RESULT, ssl);
    if (shaken || verdict == VERIFIED) {
      return reason;
    }
    return reason + ": " + text(call(LibCrypto.X509_VERIFY_CERT_ERROR_STRING, verdict));
  }

  private long open() {
    if (ssl == 0) {
      throw new IllegalStateException("the connection is closed");
    }
    return ssl;
  }

  /// Frees all that is OpenSSL's, plain text in its buffers wiped. Again: does nothing.
  @Override
  public void close() {
    lock.lock();
    try {
      if (ssl == 0) {
        return;
      }
      call(LibSsl.SSL_FREE, ssl);
      ssl = 0;
      if (ring != 0) {
        call(LibCrypto.BIO_FREE, ring);
      }
      OpenSsl.CONNECTIONS.decrementAndGet();
    } finally {
      lock.unlock();
    }
  }
}
