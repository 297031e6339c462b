package io.ringwell.window;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// What a reader's last seek asked for, what it waits for where the answer was NOT_READY, and the
/// set that is to be told.
final class Asked {
  private final ManagedReader owner;
  private @Nullable ReaderSet set;
  private long position;
  private long atLeast;

  /// What the seek waits for; null where it waits for memory.
  private @Nullable Slot wanted;

  private boolean waiting;

  /// Counts what was asked for. A seek that comes again after NOT_READY asks for the same still.
  private long number;

  /// Whether the last seek was answered NOT_READY.
  private boolean open;

  /// What was met on behalf of the waiting seek, for it to hear when it comes again.
  private @Nullable IOException refusal;

  /// Whether the set has been told, and nobody has asked it since.
  private boolean reported;

  Asked(ManagedReader owner) {
    this.owner = owner;
  }

  @Nullable ReaderSet set() {
    return set;
  }

  long position() {
    return position;
  }

  long atLeast() {
    return atLeast;
  }

  @Nullable Slot wanted() {
    return wanted;
  }

  long number() {
    return number;
  }

  /// Nothing waits; members of a set tell that one from now on.
  void join(@Nullable ReaderSet joined) {
    waits(false);
    reported = false;
    set = joined;
  }

  /// The reader closes.
  void leave() {
    waits(false);
    reported = false;
    if (set != null) {
      set.left(owner);
      set = null;
    }
  }

  /// A seek begins: what the set was going to tell, it finds out itself.
  ///
  /// @return whether it asks for the same as the one before, which was answered NOT_READY
  boolean begin(long itsPosition, long itsAtLeast) {
    reported = false;
    if (open && itsPosition == position && itsAtLeast == atLeast) {
      return true;
    }
    open = false;
    number++;
    return false;
  }

  /// A seek has looked for this, and was answered NOT_READY or not.
  void end(long itsPosition, long itsAtLeast, boolean notReady) {
    position = itsPosition;
    atLeast = itsAtLeast;
    open = notReady;
    waits(notReady);
    // What has become known meanwhile, this seek has answered.
    reported = false;
  }

  void want(@Nullable Slot slot) {
    wanted = slot;
  }

  boolean wants(Slot slot) {
    return wanted == slot;
  }

  /// Whether the arrival of `slot` is what is waited for.
  boolean isAbout(Slot slot) {
    return waiting && (wanted == slot || wanted == null);
  }

  void refuse(IOException failure) {
    refusal = failure;
  }

  /// Throws what was met on behalf of a seek to `its` position, once.
  void tellRefusal(long its) throws IOException {
    IOException told = refusal;
    refusal = null;
    if (told != null && its == position) {
      throw told;
    }
  }

  /// The seek that waits will be answered.
  void report() {
    waits(false);
    if (set != null) {
      reported = true;
      set.ready(owner);
    }
  }

  /// Whether the set that this was reported to is to tell; once, and not after a further seek.
  boolean takeReport() {
    boolean due = reported;
    reported = false;
    return due;
  }

  /// Books whether the reader waits, here and with its set.
  void waits(boolean now) {
    if (!now) {
      wanted = null;
    }
    if (waiting != now) {
      waiting = now;
      if (set != null) {
        set.waits(now ? 1 : -1);
      }
    }
  }
}
