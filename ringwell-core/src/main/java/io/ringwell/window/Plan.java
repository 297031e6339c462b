package io.ringwell.window;

/// How a reader reads, and why.
///
/// @param route how bytes come into memory
/// @param window the size of a window, in bytes; an adaptive reader grows up to it
/// @param ahead windows that are read before they are asked for while positions go up
/// @param behind the same while positions go down
/// @param why the reason, in words
public record Plan(Route route, long window, int ahead, int behind, String why) {
  @Override
  public String toString() {
    return route
        + ", windows of "
        + window
        + " bytes, "
        + ahead
        + " ahead, "
        + behind
        + " behind: "
        + why;
  }
}
