package io.ringwell.engine;

import io.ringwell.sys.Errno;
import io.ringwell.sys.PathCalls;
import io.ringwell.uring.Opcode;
import io.ringwell.uring.Probe;
import io.ringwell.uring.Ring;
import io.ringwell.uring.RingFeature;
import io.ringwell.uring.SqeFlags;
import io.ringwell.uring.Submission;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Whole files read by one ring ([ReadFileKind]): for each a chain that the kernel carries out, on
/// a place of the ring's table of files where others have a descriptor. The ring's thread's alone.
///
/// | entry | joined to the next | its completion |
/// |---|---|---|
/// | open into the place | softly: where it fails, none of the others runs | comes only where it fails, and is the only one then |
/// | read | hard: in a buffer larger than the file it ends short | its result is kept |
/// | read of one byte where that one stopped | hard | kept: 0 says that the file ended there |
/// | close of the place | | ends the operation, and the place is free |
///
/// So a place that was opened is always closed. The close is never cancelled; a place whose close
/// failed is not used again.
///
/// The second read is what read(2) asks for: a short result alone may come of a device's error, or
/// from a file system that answers piece by piece.
final class FileChains {
  /// Entries of a chain.
  static final int ENTRIES = 4;

  /// What [#completed] answers while a chain goes on.
  static final int GOES_ON = Integer.MIN_VALUE;

  // Which link a completion is of: bits of the user data that SlotTable leaves alone.
  private static final int OPEN = 0;
  private static final int READ = 1;
  private static final int LOOK = 2;
  private static final int CLOSE = 3;

  private static final int READ_ONLY = 0;

  private final Ring ring;
  private final RegisteredFiles places;
  private final boolean possible;

  // By slot.
  private final int[] place;
  private final int[] read;
  private final int[] beyond;

  /// Operations for which there is no place yet.
  private final ArrayDeque<Operation> waiting = new ArrayDeque<>();

  private int running;

  FileChains(Ring ring, Probe probe, RegisteredFiles places, SlotTable slots) {
    this.ring = ring;
    this.places = places;
    possible =
        ring.has(RingFeature.DIRECT_FILES)
            && places.degraded().isEmpty()
            && probe.supports(Opcode.OPENAT)
            && probe.supports(Opcode.CLOSE)
            && probe.supports(Opcode.READ);
    place = new int[slots.size()];
    read = new int[slots.size()];
    beyond = new int[slots.size()];
  }

  /// Whether this kernel can; else workers do it.
  boolean possible() {
    return possible;
  }

  /// Chains in flight.
  int running() {
    return running;
  }

  boolean hasPlace() {
    return places.hasPlace();
  }

  /// Operations that wait for a place.
  int waiting() {
    return waiting.size();
  }

  /// Keeps an operation until there is a place.
  void await(Operation op) {
    waiting.add(op);
  }

  /// One of those that waited, which there is a place for or will be none.
  @Nullable Operation pollWaiting() {
    return waiting.poll();
  }

  /// The links that a cancel is to reach; user data of each is made by [#link]. The close is none.
  static int cancellable() {
    return CLOSE;
  }

  static long link(long userData, int link) {
    return userData | (long) link << SlotTable.INDEX_BITS;
  }

  /// Writes the chain's entries.
  void encode(Operation op, int slot) {
    int at = places.takePlace();
    place[slot] = at;
    read[slot] = 0;
    beyond[slot] = 0;
    running++;
    long data = op.userData;
    long scratch = op.scratch().address();
    next()
        .set(
            Opcode.OPENAT,
            SqeFlags.LINK | SqeFlags.CQE_SKIP_SUCCESS,
            0,
            PathCalls.CWD,
            0,
            scratch + ReadFileKind.PATH_AT,
            0,
            READ_ONLY,
            link(data, OPEN),
            0,
            at + 1);
    int flags = SqeFlags.FIXED_FILE | SqeFlags.HARDLINK;
    int bytes = ReadFileKind.bytes(op);
    int priority = op.priority.encoded;
    // At the file's own position, which the second read then goes on from.
    next().set(Opcode.READ, flags, priority, at, -1, op.address, bytes, 0, link(data, READ), 0, 0);
    next().set(Opcode.READ, flags, priority, at, -1, scratch, 1, 0, link(data, LOOK), 0, 0);
    next().set(Opcode.CLOSE, 0, 0, 0, 0, 0, 0, 0, link(data, CLOSE), 0, at + 1);
  }

  private Submission next() {
    return Objects.requireNonNull(ring.next());
  }

  /// A link has completed.
  ///
  /// @return the result of the attempt, where that was the last of the chain; else [#GOES_ON]
  int completed(Operation op, long userData, int result) {
    int slot = SlotTable.index(userData);
    switch ((int) userData >>> SlotTable.INDEX_BITS) {
      case READ -> read[slot] = result;
      case LOOK -> beyond[slot] = result;
      case CLOSE -> {
        return closed(op, slot, result);
      }
      default -> {
        free(slot);
        return result;
      }
    }
    return GOES_ON;
  }

  private int closed(Operation op, int slot, int result) {
    if (result < 0 && result != -Errno.EINTR) {
      // Whatever is there, nobody opens into it: what is lost is the place.
      running--;
      return again(op);
    }
    free(slot);
    if (read[slot] < 0 || read[slot] == op.length) {
      return read[slot];
    }
    if (beyond[slot] < 0) {
      return beyond[slot];
    }
    return beyond[slot] == 0 ? read[slot] : again(op);
  }

  private static int again(Operation op) {
    op.arguments = ReadFileKind.BY_CALLS;
    return -Errno.EAGAIN;
  }

  /// The chain in `slot` was never submitted, or has ended.
  void free(int slot) {
    running--;
    places.givePlace(place[slot]);
  }
}
