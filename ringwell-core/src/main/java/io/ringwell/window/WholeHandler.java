package io.ringwell.window;

import io.ringwell.memory.Bytes;
import java.io.IOException;
import java.nio.file.Path;

/// Hears of the files that [WholeFiles] has read, one at a time, on the thread that reads them.
public interface WholeHandler {
  /// All of a file. `content` is valid for the call; [Bytes#share] what is to be kept, and close it
  /// then. What this throws ends the reading.
  void content(Path path, Bytes content) throws IOException;

  /// A file that could not be read. Unless overridden, this throws the failure, which ends the
  /// reading.
  default void failed(Path path, IOException failure) throws IOException {
    throw failure;
  }
}
