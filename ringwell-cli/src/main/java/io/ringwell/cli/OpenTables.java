package io.ringwell.cli;

import io.ringwell.engine.Engine;
import io.ringwell.kv.KvBounds;
import io.ringwell.kv.KvIterator;
import io.ringwell.kv.MergeIterator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Tables that a command reads as one.
record OpenTables(List<OpenTable> all) implements AutoCloseable {
  static OpenTables open(Engine engine, S3Access access, List<String> names) throws IOException {
    OpenTables opened = new OpenTables(new ArrayList<>());
    boolean done = false;
    try {
      for (String name : names) {
        opened.all.add(OpenTable.open(engine, access, name));
      }
      done = true;
      return opened;
    } finally {
      if (!done) {
        opened.close();
      }
    }
  }

  /// Each key once, as its newest version says. One table alone is merged, too, since that of a
  /// database has versions and deletes.
  KvIterator iterator(KvBounds bounds) throws IOException {
    List<KvIterator> children = new ArrayList<>();
    boolean done = false;
    try {
      for (OpenTable one : all) {
        children.add(one.table().iterator(bounds));
      }
      KvIterator merged = MergeIterator.of(children);
      done = true;
      return merged;
    } finally {
      if (!done) {
        children.forEach(KvIterator::close);
      }
    }
  }

  @Override
  public void close() throws IOException {
    IOException first = null;
    for (OpenTable each : all) {
      try {
        each.close();
      } catch (IOException e) {
        if (first == null) {
          first = e;
        } else if (first != e) {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
