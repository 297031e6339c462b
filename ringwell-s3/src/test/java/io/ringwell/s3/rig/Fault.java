package io.ringwell.s3.rig;

import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// What a [FaultProxy] does to one exchange of a request and its answer.
///
/// @param kind what happens
/// @param where how far into the body, from 0 (nothing of it has passed) to 1 (all of it has)
/// @param status of an answer that the proxy gives itself
/// @param code of that answer, as S3 names it
/// @param date of that answer; null for none
/// @param until when a request that is held goes on
public record Fault(
    Kind kind,
    double where,
    int status,
    String code,
    @Nullable Instant date,
    CompletableFuture<Void> until) {
  /// What can happen.
  public enum Kind {
    /// Nothing.
    NONE,
    /// The proxy answers; the server does not hear of it.
    ANSWER,
    /// The connections end in the middle of the request, as of a peer that has gone (FIN).
    CUT_REQUEST,
    /// The same, as of a peer that has crashed (RST).
    RESET_REQUEST,
    /// From there on the server gets nothing, until the client gives up.
    STALL_REQUEST,
    /// One bit of the request's body is another one.
    CORRUPT_REQUEST,
    /// The connections end in the middle of the answer (FIN).
    CUT_ANSWER,
    /// The same by RST.
    RESET_ANSWER,
    /// From there on the client gets nothing, until it gives up.
    STALL_ANSWER,
    /// One bit of the answer's body is another one.
    CORRUPT_ANSWER,
    /// The server does it all, and the client does not hear of it: the connection ends instead.
    LOSE_ANSWER,
    /// The request waits before the server until it is told.
    HOLD
  }

  private static final CompletableFuture<Void> NOW = CompletableFuture.completedFuture(null);

  /// Nothing happens.
  public static final Fault NONE = at(Kind.NONE, 0);

  public Fault {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(until, "until");
    if (!(where >= 0 && where <= 1)) {
      throw new IllegalArgumentException("where is from 0 to 1, not " + where);
    }
  }

  public static Fault at(Kind kind, double where) {
    return new Fault(kind, where, 0, "", null, NOW);
  }

  /// An answer such as 503 `SlowDown`. A status of 200 makes it one of those answers to
  /// CompleteMultipartUpload that begin well and end in an error.
  public static Fault answer(int status, String code) {
    return new Fault(Kind.ANSWER, 0, status, code, null, NOW);
  }

  /// The same by a clock that may be another one.
  public static Fault answer(int status, String code, Instant date) {
    return new Fault(Kind.ANSWER, 0, status, code, date, NOW);
  }

  /// Waits before the server until `until` is complete, and then goes on unharmed.
  public static Fault hold(CompletableFuture<Void> until) {
    return new Fault(Kind.HOLD, 0, 0, "", null, until);
  }

  @Override
  public String toString() {
    return kind == Kind.ANSWER ? status + " " + code : kind + " at " + (int) (100 * where) + " %";
  }
}
