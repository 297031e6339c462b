package io.ringwell.s3.rig;

import io.ringwell.s3.rig.Fault.Kind;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.CompletionException;

/// One request and its answer on their way through the proxy. The body goes up on a thread of its
/// own, since a server may answer before it has all of it.
final class Exchange {
  private static final long CHUNKED = -1;
  private static final long UNTIL_CLOSED = -2;

  private final Connection client;
  private final Connection server;
  private final HttpHead request;
  private final Fault fault;
  private final Throttle throttle;

  /// Whether all of the request has gone up.
  private volatile boolean sent;

  /// Whether it was broken off on its way up: what the server says to that is not for the client.
  private volatile boolean brokenOff;

  Exchange(Connection client, Connection server, HttpHead request, Fault fault, Throttle throttle) {
    this.client = client;
    this.server = server;
    this.request = request;
    this.fault = fault;
    this.throttle = throttle;
  }

  /// @return whether both connections can take another one
  boolean run() throws IOException, InterruptedException {
    if (fault.kind() == Kind.ANSWER) {
      return answer();
    }
    if (fault.kind() == Kind.HOLD) {
      await();
    }
    if (request.contentLength() == 0 && endsRequest()) {
      endRequest();
      return false;
    }
    server.out.write(request.bytes());
    server.out.flush();
    Thread up = Thread.ofVirtual().name("fault-proxy-up").start(this::sendBody);
    boolean again = receive();
    if (again) {
      up.join();
    }
    return again;
  }

  private void await() throws IOException {
    try {
      fault.until().join();
    } catch (CompletionException e) {
      throw new IOException("a request that was held is given up", e);
    }
  }

  // ---- The proxy's own answer ------------------------------------------------------------------

  private boolean answer() throws IOException {
    boolean unasked = request.says("expect", "100-continue");
    if (!unasked) {
      BodyPipe away = new BodyPipe(client.in, OutputStream.nullOutputStream(), throttle);
      move(away, request.contentLength());
    }
    boolean head = request.word(0).equals("HEAD");
    byte[] body =
        ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>"
                + fault.code()
                + "</Code><Message>The fault proxy says so.</Message>"
                + "<RequestId>FAULT</RequestId></Error>")
            .getBytes(StandardCharsets.UTF_8);
    String lines =
        "HTTP/1.1 "
            + fault.status()
            + " Fault\r\nContent-Type: application/xml\r\nx-amz-request-id: FAULT\r\n"
            + ("Content-Length: " + body.length + "\r\n")
            + (fault.date() == null ? "" : "Date: " + asHttpHasIt(fault.date()) + "\r\n")
            + (unasked ? "Connection: close\r\n\r\n" : "\r\n");
    client.out.write(lines.getBytes(StandardCharsets.US_ASCII));
    if (!head) {
      client.out.write(body);
    }
    client.out.flush();
    if (unasked) {
      client.finish();
    }
    return !unasked;
  }

  private static String asHttpHasIt(Instant moment) {
    return DateTimeFormatter.RFC_1123_DATE_TIME.format(moment.atOffset(ZoneOffset.UTC));
  }

  // ---- The request -----------------------------------------------------------------------------

  private boolean endsRequest() {
    return switch (fault.kind()) {
      case CUT_REQUEST, RESET_REQUEST, STALL_REQUEST -> true;
      default -> false;
    };
  }

  private void endRequest() throws IOException {
    if (fault.kind() == Kind.RESET_REQUEST) {
      brokenOff = true;
      server.reset();
      client.reset();
      return;
    }
    if (fault.kind() == Kind.STALL_REQUEST) {
      client.swallow();
    }
    brokenOff = true;
    server.close();
    client.close();
  }

  private void sendBody() {
    BodyPipe pipe = new BodyPipe(client.in, server.out, throttle);
    try {
      long length = request.contentLength();
      if (endsRequest()) {
        move(pipe, part(length));
        endRequest();
        return;
      }
      if (fault.kind() == Kind.CORRUPT_REQUEST) {
        pipe.flipAt(inside(length));
      }
      move(pipe, length);
      sent = true;
    } catch (IOException e) {
      // A client that has gone ends the exchange. A server that takes no more may have answered all
      // the same, which whoever reads from it finds out.
      if (pipe.isReading()) {
        closeServer();
      }
    }
  }

  private void closeServer() {
    try {
      server.close();
    } catch (IOException e) {
      throw new IllegalStateException("a socket does not close", e);
    }
  }

  // ---- The answer ------------------------------------------------------------------------------

  private boolean receive() throws IOException {
    HttpHead reply = HttpHead.read(server.in);
    while (reply != null && reply.status() < 200) {
      client.out.write(reply.bytes());
      client.out.flush();
      reply = HttpHead.read(server.in);
    }
    if (brokenOff) {
      // Closing a socket ends its output first, and there is time to read an answer to that.
      throw new EOFException("the request was broken off");
    }
    if (reply == null) {
      throw new EOFException("the server ended the connection before it answered");
    }
    long length = lengthOf(reply);
    switch (fault.kind()) {
      case LOSE_ANSWER -> {
        move(new BodyPipe(server.in, OutputStream.nullOutputStream(), throttle), length);
        return false;
      }
      case CUT_ANSWER, RESET_ANSWER, STALL_ANSWER -> {
        breakOff(reply, length);
        return false;
      }
      default -> {
        client.out.write(reply.bytes());
        BodyPipe pipe = new BodyPipe(server.in, client.out, throttle);
        if (fault.kind() == Kind.CORRUPT_ANSWER) {
          pipe.flipAt(inside(length));
        }
        move(pipe, length);
        client.out.flush();
      }
    }
    boolean ends = !sent || length == UNTIL_CLOSED || reply.says("connection", "close");
    if (ends) {
      client.finish();
    }
    return !ends;
  }

  private void breakOff(HttpHead reply, long length) throws IOException {
    if (length != 0) {
      client.out.write(reply.bytes());
      move(new BodyPipe(server.in, client.out, throttle), part(length));
      client.out.flush();
    }
    if (fault.kind() == Kind.STALL_ANSWER) {
      client.swallow();
    } else if (fault.kind() == Kind.RESET_ANSWER) {
      client.reset();
    }
  }

  // ---- Bodies ----------------------------------------------------------------------------------

  private long lengthOf(HttpHead reply) {
    if (request.word(0).equals("HEAD") || reply.status() == 204 || reply.status() == 304) {
      return 0;
    }
    return reply.isChunked() || reply.header("content-length") != null
        ? reply.contentLength()
        : UNTIL_CLOSED;
  }

  /// How much of a body passes; of one whose length nobody knows, nothing.
  private long part(long length) {
    return length < 0 ? 0 : (long) (fault.where() * length);
  }

  /// A byte within a body.
  private long inside(long length) {
    return length < 1 ? 0 : Math.min(part(length), length - 1);
  }

  private static void move(BodyPipe pipe, long length) throws IOException {
    if (length == CHUNKED) {
      pipe.moveChunks();
    } else if (length == UNTIL_CLOSED) {
      pipe.moveToEnd();
    } else {
      pipe.move(length);
    }
  }
}
