package io.ringwell.window;

/// The typed views of one window, made when first asked for.
final class TypedViews {
  private final IntWindow ints;
  private final LongWindow longs;
  private final ShortWindow shorts;
  private final CharWindow chars;
  private final FloatWindow floats;
  private final DoubleWindow doubles;

  TypedViews(Window window) {
    ints = new IntWindow(window);
    longs = new LongWindow(window);
    shorts = new ShortWindow(window);
    chars = new CharWindow(window);
    floats = new FloatWindow(window);
    doubles = new DoubleWindow(window);
  }

  IntWindow ints() {
    return ints;
  }

  LongWindow longs() {
    return longs;
  }

  ShortWindow shorts() {
    return shorts;
  }

  CharWindow chars() {
    return chars;
  }

  FloatWindow floats() {
    return floats;
  }

  DoubleWindow doubles() {
    return doubles;
  }
}
