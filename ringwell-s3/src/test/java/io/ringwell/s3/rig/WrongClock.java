package io.ringwell.s3.rig;

import io.ringwell.s3.rig.S3Request.Operation;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.EnumMap;
import java.util.Map;

/// A store whose clock is another one than this machine's: refuses what was not signed by its own,
/// in the words that Amazon's has, and dates the refusal by it. The server behind it bears a
/// quarter of an hour, and verifies what gets through.
public final class WrongClock implements FaultScript {
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  /// Room for a machine that is slow; less than the least that is corrected.
  private static final Duration BORNE = Duration.ofMinutes(3);

  private final Duration ahead;
  private final Map<Operation, Integer> refused = new EnumMap<>(Operation.class);

  public WrongClock(Duration ahead) {
    this.ahead = ahead;
  }

  @Override
  public Fault on(S3Request request) {
    Instant now = Instant.now().plus(ahead);
    String date = request.date();
    if (date == null
        || Duration.between(FORMAT.parse(date, Instant::from), now).abs().compareTo(BORNE) < 0) {
      return Fault.NONE;
    }
    synchronized (this) {
      refused.merge(request.operation(), 1, Integer::sum);
    }
    boolean presigned = request.target().contains("X-Amz-Date=");
    return Fault.answer(403, presigned ? "AccessDenied" : "RequestTimeTooSkewed", now);
  }

  /// How many requests of a kind were refused so far.
  public synchronized int refused(Operation operation) {
    return refused.getOrDefault(operation, 0);
  }
}
