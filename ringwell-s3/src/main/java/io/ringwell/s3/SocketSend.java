package io.ringwell.s3;

import io.ringwell.memory.Bytes;
import io.ringwell.memory.BytesChain;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One attempt to send a payload.
///
/// The store is asked whether it wants the body before that is sent (`Expect: 100-continue`): one
/// that refuses then does not have to take it first. One that does not understand the question is
/// silent; then it is not asked again.
final class SocketSend extends SocketWork {
  /// Written at once. The patience with a connection that stands still counts from one to the next.
  private static final int WRITE_BYTES = 512 << 10;

  /// What writev(2) takes.
  private static final int MOST_PIECES = 1024;

  private final SocketSends way;
  private final SocketPayload payload;
  private final BytesChain body;
  private final boolean expecting;
  private boolean awaiting;
  private boolean sent;

  /// From the last pieces on.
  private volatile boolean handedOver;

  private @Nullable String etag;

  SocketSend(SocketSends way, Sockets sockets, SocketPayload payload, BytesChain body) {
    super(sockets);
    this.way = way;
    this.payload = payload;
    this.body = body;
    this.expecting = body.size() > 0 && way.isAskedFirst();
  }

  @Override
  RequestSigner.Signed sign() {
    return sockets.signer().sign(payload.what(), body.size(), expecting);
  }

  @Override
  AnswerHead ask(Wire wire, RequestSigner.Signed request) throws IOException {
    sent = false; // a request that was signed by a wrong clock went before
    handedOver = false;
    wire.write(request.text().rewind());
    if (expecting) {
      awaiting = true;
      AnswerHead wanted = AnswerHead.read(wire, rest);
      awaiting = false;
      heard();
      if (wanted.status() != 100) {
        return wanted;
      }
    }
    sent = true;
    try {
      writeBody(wire);
    } catch (IOException e) {
      return whyNot(wire, e);
    }
    return lastHead(wire);
  }

  private AnswerHead lastHead(Wire wire) throws IOException {
    AnswerHead head = AnswerHead.read(wire, rest);
    while (head.status() < 200) {
      head = AnswerHead.read(wire, rest);
    }
    return head;
  }

  /// A store that takes no more may have said why, before it ended the connection.
  private AnswerHead whyNot(Wire wire, IOException failure) throws IOException {
    try {
      AnswerHead head = lastHead(wire);
      if (head.status() >= 300) {
        return head;
      }
    } catch (IOException e) {
      if (e != failure) { // TLS that has failed says the same again
        failure.addSuppressed(e);
      }
    }
    throw failure;
  }

  private void writeBody(Wire wire) throws IOException {
    List<ByteBuffer> pieces = new ArrayList<>();
    long bytes = 0;
    long left = body.size();
    for (Bytes fragment : body.fragments()) {
      MemorySegment memory = fragment.segment();
      for (long at = 0; at < memory.byteSize(); ) {
        long length = Math.min(WRITE_BYTES - bytes, memory.byteSize() - at);
        pieces.add(memory.asSlice(at, length).asByteBuffer());
        at += length;
        bytes += length;
        left -= length;
        if (left > 0 && (bytes == WRITE_BYTES || pieces.size() == MOST_PIECES)) {
          write(wire, pieces);
          bytes = 0;
        }
      }
    }
    handedOver = true;
    write(wire, pieces);
  }

  private void write(Wire wire, List<ByteBuffer> pieces) throws IOException {
    wire.write(pieces.toArray(ByteBuffer[]::new));
    pieces.clear();
    heard();
  }

  @Override
  boolean isSent() {
    return sent;
  }

  @Override
  boolean isHandedOver() {
    return handedOver;
  }

  /// A good answer has no body, or a short one.
  @Override
  boolean take(AnswerHead head, Wire wire) throws IOException {
    etag = head.header("etag");
    long left = head.length() - rest.remaining();
    return left == 0;
  }

  @Override
  void isElsewhere() {
    payload.isElsewhere();
  }

  @Override
  void ended(@Nullable Throwable failure) {
    if (awaiting && failure != null && failure.getCause() instanceof SocketTimeoutException) {
      way.isSilentWhenAsked();
    }
    payload.ended(etag, failure);
  }
}
