package io.ringwell.kv.table;

import java.io.IOException;

/// A table file says something that cannot be, or that this reader does not know.
///
/// The message is one line that names the file, the block and its place, what is wrong, and what to
/// do about it; the first three can also be asked for.
///
/// `/data/000012.sst: data block at 40960: its checksum is 0x1c291ca3, and 0x00d3b3f1 is stored;
/// the file is damaged, take it from a copy`
public final class TableException extends IOException {
  private static final long serialVersionUID = 1L;

  static final String DAMAGED = "the file is damaged, take it from a copy";

  private final String file;
  private final long offset;
  private final String block;

  TableException(String file, long offset, String block, String problem, String remedy) {
    super(file + ": " + block + " at " + offset + ": " + problem + "; " + remedy);
    this.file = file;
    this.offset = offset;
    this.block = block;
  }

  static TableException damaged(String file, long offset, String block, String problem) {
    return new TableException(file, offset, block, problem, DAMAGED);
  }

  /// The file, as its source is called.
  public String file() {
    return file;
  }

  /// Where the block begins in the file, in bytes.
  public long offset() {
    return offset;
  }

  /// Which kind of block it is, such as `data block`, `index` or `footer`.
  public String block() {
    return block;
  }
}
