package io.ringwell.cli;

import io.ringwell.s3.S3Location;
import io.ringwell.s3.S3Object;
import io.ringwell.s3.S3Page;
import io.ringwell.s3.S3Store;
import java.io.IOException;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/// Prints what a store has, as the AWS CLI does: time, size, name.
final class ObjectListing {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT)
          .withZone(ZoneId.systemDefault());
  private static final String NO_TIME = " ".repeat("2026-01-01 00:00:00".length());

  private final Standard standard;
  private final boolean recursive;
  private final boolean json;

  ObjectListing(Standard standard, boolean recursive, boolean json) {
    this.standard = standard;
    this.recursive = recursive;
    this.json = json;
  }

  int run(S3Access access, List<String> locations) throws IOException {
    int code = Main.OK;
    try (S3Store store = Stores.open(access)) {
      for (String location : locations.isEmpty() ? List.of("s3://") : locations) {
        boolean any =
            location.equalsIgnoreCase("s3://")
                ? buckets(store)
                : objects(store, Stores.location(location));
        if (!any) {
          code = Main.NO;
        }
      }
    }
    return code;
  }

  private boolean buckets(S3Store store) throws IOException {
    List<String> names = store.buckets();
    for (String name : names) {
      standard
          .out()
          .println(json ? new Json().put("bucket", name).toString() : "s3://" + name + "/");
    }
    return !names.isEmpty();
  }

  private boolean objects(S3Store store, S3Location location) throws IOException {
    // Names are told from the last slash on, as in a directory.
    int from = recursive ? 0 : location.key().lastIndexOf('/') + 1;
    boolean any = false;
    String next = null;
    do {
      S3Page page = store.list(location, recursive ? "" : "/", next);
      for (S3Location folder : page.folders()) {
        folder(folder, from);
        any = true;
      }
      for (S3Object object : page.objects()) {
        object(object, from);
        any = true;
      }
      next = page.next();
    } while (next != null && !standard.out().checkError());
    return any;
  }

  private void folder(S3Location folder, int from) {
    standard
        .out()
        .println(
            json
                ? new Json().put("prefix", folder.toString()).toString()
                : NO_TIME + String.format(" %12s ", "") + folder.key().substring(from));
  }

  private void object(S3Object object, int from) {
    standard
        .out()
        .println(
            json
                ? new Json()
                    .put("object", object.location().toString())
                    .put("size", object.size())
                    .put("etag", object.etag())
                    .put("modified", object.modified().toString())
                    .toString()
                : TIME.format(object.modified())
                    + String.format(" %12d ", object.size())
                    + object.location().key().substring(from));
  }
}
