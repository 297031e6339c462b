package io.ringwell.window;

/// The two window objects of a reader, handed out in turn: so the one before is known to have
/// passed, and moving on allocates nothing.
final class Shown {
  private final Window even = new Window();
  private final Window odd = new Window();
  private Window last = odd;

  /// The one that is out, or was last.
  Window window() {
    return last;
  }

  /// Shows a slot. Where its window is out already, it goes on: whoever has the object may go on,
  /// too.
  void show(Slot slot) {
    if (last.isStale()) {
      last = other();
      last.show(slot);
    }
  }

  @SuppressWarnings("ReferenceEquality") // Windows have identity.
  private Window other() {
    return last == even ? odd : even;
  }

  /// No window is out any more.
  void pass() {
    even.pass();
    odd.pass();
  }
}
