package io.ringwell.cli;

import io.ringwell.s3.S3Location;
import io.ringwell.s3.S3Object;
import io.ringwell.s3.S3Page;
import io.ringwell.s3.S3Store;
import java.io.IOException;

/// Goes through all that a store has below a prefix, page by page.
final class ObjectWalk {
  /// What is done with each object.
  interface Visitor {
    void visit(S3Object object) throws IOException;
  }

  private ObjectWalk() {}

  /// @return how many there were
  static long each(S3Store store, S3Location prefix, Visitor visitor) throws IOException {
    long count = 0;
    String next = null;
    do {
      S3Page page = store.list(prefix, "", next);
      for (S3Object object : page.objects()) {
        visitor.visit(object);
        count++;
      }
      next = page.next();
    } while (next != null);
    return count;
  }
}
