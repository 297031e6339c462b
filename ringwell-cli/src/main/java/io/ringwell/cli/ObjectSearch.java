package io.ringwell.cli;

import io.ringwell.engine.Engine;
import io.ringwell.s3.S3Location;
import io.ringwell.s3.S3ReadOptions;
import io.ringwell.s3.S3Store;
import io.ringwell.search.Search;
import io.ringwell.search.SearchInput;
import io.ringwell.search.SearchResult;
import io.ringwell.window.AccessHint;
import io.ringwell.window.ManagedReader;
import io.ringwell.window.ReaderOptions;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// `ringwell search` where objects are among what is searched.
final class ObjectSearch {
  private ObjectSearch() {}

  static SearchResult run(
      Search search,
      S3Access access,
      List<String> paths,
      WritableByteChannel out,
      Consumer<IOException> problems)
      throws IOException {
    List<String> files = paths.stream().filter(path -> !S3Access.names(path)).toList();
    try (S3Store store = Stores.open(access)) {
      List<SearchInput> inputs = new ArrayList<>();
      boolean folders = false;
      for (String path : paths) {
        if (S3Access.names(path)) {
          folders |= add(store, Stores.location(path), inputs);
        }
      }
      return search.run(null, files, inputs, folders, out, problems);
    }
  }

  /// @return whether it is what a directory is elsewhere
  private static boolean add(S3Store store, S3Location location, List<SearchInput> inputs)
      throws IOException {
    if (!location.isBucket() && !location.key().endsWith("/")) {
      inputs.add(new Input(store, location));
      return false;
    }
    long count =
        ObjectWalk.each(
            store,
            location,
            object -> {
              if (object.size() > 0) {
                inputs.add(new Input(store, object.location()));
              }
            });
    if (count == 0) {
      throw new FileSystemException(location.toString(), null, "there is nothing below it");
    }
    return true;
  }

  private record Input(S3Store store, S3Location location) implements SearchInput {
    @Override
    public String name() {
      return location.toString();
    }

    @Override
    public ManagedReader open(Engine engine) throws IOException {
      return ManagedReader.open(
          engine,
          store.source(location, S3ReadOptions.defaults()),
          ReaderOptions.defaults().withHint(AccessHint.SEQUENTIAL));
    }
  }
}
