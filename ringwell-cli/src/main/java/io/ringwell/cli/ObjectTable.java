package io.ringwell.cli;

import io.ringwell.engine.Engine;
import io.ringwell.kv.table.Table;
import io.ringwell.kv.table.TableOptions;
import io.ringwell.s3.S3ReadOptions;
import io.ringwell.s3.S3SinkOptions;
import io.ringwell.s3.S3Store;
import io.ringwell.sink.Sink;
import java.io.IOException;
import java.util.List;

/// Tables that are objects of S3: nothing else is asked for.
final class ObjectTable {
  private ObjectTable() {}

  static OpenTable open(Engine engine, S3Access access, String name) throws IOException {
    S3Store store = Stores.open(access);
    boolean opened = false;
    try {
      Table table =
          Table.open(
              engine,
              store.source(Stores.location(name), S3ReadOptions.defaults()),
              TableOptions.defaults());
      opened = true;
      return new OpenTable(table, List.of(store));
    } finally {
      if (!opened) {
        store.close();
      }
    }
  }

  /// What is to be done with a sink.
  interface Writing {
    void to(Sink sink) throws IOException;
  }

  static void write(S3Access access, String name, Writing writing) throws IOException {
    try (S3Store store = Stores.open(access);
        Sink sink = store.sink(Stores.location(name), S3SinkOptions.defaults())) {
      writing.to(sink);
    }
  }
}
