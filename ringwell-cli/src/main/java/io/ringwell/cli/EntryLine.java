package io.ringwell.cli;

import java.io.IOException;

/// One entry that a line of input means: `key` from `keyStart` to `keyEnd`, and so on.
final class EntryLine {
  /// How a line is read.
  enum Form {
    /// Key, tab and value as they are.
    TEXT,
    /// The same in hex.
    HEX,
    /// An object with `key` or `key_hex`, and `value` or `value_hex`.
    JSON
  }

  private final LineInput input;
  private final Form form;
  byte[] key = {};
  int keyStart;
  int keyEnd;
  byte[] value = {};
  int valueStart;
  int valueEnd;

  EntryLine(LineInput input, Form form) {
    this.input = input;
    this.form = form;
  }

  /// To the next line; false behind the last.
  boolean next() throws IOException {
    if (!input.next()) {
      return false;
    }
    if (form == Form.JSON) {
      EntryJson object = EntryJson.parse(input);
      key = object.key();
      value = object.value();
      keyStart = 0;
      keyEnd = key.length;
      valueStart = 0;
      valueEnd = value.length;
      return true;
    }
    byte[] bytes = input.bytes();
    int tab = input.start();
    while (tab < input.end() && bytes[tab] != '\t') {
      tab++;
    }
    if (tab == input.end()) {
      throw input.bad("there is no tab; a line is KEY<TAB>VALUE, or --json");
    }
    key = bytes;
    value = bytes;
    keyStart = input.start();
    valueStart = tab + 1;
    keyEnd = form == Form.HEX ? decode("key", keyStart, tab) : tab;
    valueEnd = form == Form.HEX ? decode("value", valueStart, input.end()) : input.end();
    return true;
  }

  /// Decodes hex where it lies; where the bytes end.
  private int decode(String what, int start, int end) throws IOException {
    byte[] bytes = input.bytes();
    if ((end - start) % 2 != 0) {
      throw input.bad("the " + what + " has an odd number of hex digits");
    }
    int to = start;
    for (int at = start; at < end; at += 2) {
      int high = Character.digit(bytes[at], 16);
      int low = Character.digit(bytes[at + 1], 16);
      if (high < 0 || low < 0) {
        throw input.bad("the " + what + " is not hex");
      }
      bytes[to++] = (byte) (high << 4 | low);
    }
    return to;
  }

  IOException bad(String what) {
    return input.bad(what);
  }
}
