package io.ringwell.cli;

import io.ringwell.engine.Engine;
import io.ringwell.kv.table.Table;
import io.ringwell.kv.table.TableOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A table that a command reads, and what is to be closed behind it.
record OpenTable(Table table, List<AutoCloseable> behind) implements AutoCloseable {
  /// A file, or an object of S3.
  static OpenTable open(Engine engine, S3Access access, String name) throws IOException {
    return S3Access.names(name)
        ? ObjectTable.open(engine, access, name)
        : new OpenTable(
            Table.open(engine, Path.of(name), TableOptions.defaults()), new ArrayList<>());
  }

  @Override
  public void close() throws IOException {
    try (Table closed = table) {
      // In this order: the table's reads are over when what it reads from ends.
    } finally {
      for (AutoCloseable each : behind) {
        close(each);
      }
    }
  }

  private static void close(AutoCloseable each) throws IOException {
    try {
      each.close();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }
}
