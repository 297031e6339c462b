package io.ringwell.search;

import io.ringwell.memory.Bytes;
import io.ringwell.window.WholeFiles;
import io.ringwell.window.WholeHandler;
import io.ringwell.window.WholeOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/// Searches the files of one directory by the ring, each read whole and many on their way at once:
/// a file that is opened, looked at, read and closed by itself waits for the ring four times. One
/// thread's.
final class WholeSearch implements WholeHandler {
  /// What a larger file has on its way at once when it is read by itself.
  private static final long MOST_BYTES = 4 * AheadBlocks.BLOCK_BYTES;

  /// Searches one file that is in memory.
  interface Each {
    void search(FileName name, Blocks blocks) throws IOException;
  }

  private final Iterator<FileName> names;
  private final List<FileName> left;
  private final Each each;

  private WholeSearch(Iterator<FileName> names, List<FileName> left, Each each) {
    this.names = names;
    this.left = left;
    this.each = each;
  }

  /// Reads regular files and has `each` search them, on this thread, in their order.
  ///
  /// @return the others: those that are too large, that could not be read, or whose names the JDK
  ///   cannot say. Read by itself, such a file tells what is wrong with it.
  static List<FileName> run(Session session, List<FileName> files, Each each) throws IOException {
    List<FileName> left = new ArrayList<>();
    List<FileName> names = new ArrayList<>();
    for (FileName file : files) {
      (file.isSayable() ? names : left).add(file);
    }
    WholeOptions options =
        WholeOptions.defaults()
            .withInFlight(Math.max(1, names.size()))
            .withOrder(WholeOptions.Order.INPUT)
            .withMaxFileBytes(MOST_BYTES);
    List<Path> paths = names.stream().map(FileName::path).toList();
    WholeFiles.read(
        session.engine(), paths, options, new WholeSearch(names.iterator(), left, each));
    return left;
  }

  @Override
  public void content(Path path, Bytes content) throws IOException {
    each.search(names.next(), new BytesBlocks(content));
  }

  @Override
  public void failed(Path path, IOException failure) {
    left.add(names.next());
  }
}
