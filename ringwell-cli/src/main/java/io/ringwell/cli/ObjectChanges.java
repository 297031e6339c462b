package io.ringwell.cli;

import io.ringwell.s3.S3Exception;
import io.ringwell.s3.S3Location;
import io.ringwell.s3.S3Store;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.regex.Pattern;

/// Makes buckets, removes objects. What fails is told, and the rest goes on.
final class ObjectChanges {
  private static final int FORBIDDEN = 403;

  /// As S3 has it, but for rarer rules, which the store tells.
  private static final Pattern BUCKET = Pattern.compile("[a-z0-9.-]{3,63}");

  private final Standard standard;
  private final S3Access access;

  ObjectChanges(Standard standard, S3Access access) {
    this.standard = standard;
    this.access = access;
  }

  int make(List<String> buckets) throws IOException {
    List<S3Location> all = buckets.stream().map(Stores::location).toList();
    for (S3Location one : all) {
      if (!one.isBucket()) {
        throw new UsageException(
            one + ": is an object; a bucket is s3://" + one.bucket() + ", and keys need no making");
      }
      if (!BUCKET.matcher(one.bucket()).matches()) {
        throw new UsageException(
            one + ": a bucket's name has 3 to 63 letters (a to z), digits, dots and hyphens");
      }
    }
    try (S3Store store = Stores.open(access);
        Jobs jobs = new Jobs(standard)) {
      for (S3Location one : all) {
        jobs.start(() -> store.createBucket(one.bucket()));
      }
      return jobs.finish() > 0 ? Main.ERROR : Main.OK;
    }
  }

  int remove(List<String> locations, boolean recursive, boolean verbose) throws IOException {
    List<S3Location> all = locations.stream().map(Stores::location).toList();
    for (S3Location one : all) {
      if (one.isBucket() && !recursive) {
        throw new UsageException(one + ": is a bucket; -r removes all objects in it");
      }
    }
    try (S3Store store = Stores.open(access);
        Jobs jobs = new Jobs(standard)) {
      for (S3Location one : all) {
        if (recursive) {
          jobs.run(() -> below(store, one, verbose, jobs));
        } else {
          jobs.start(() -> {
            requireThere(store, one);
            remove(store, one, verbose);
          });
        }
      }
      return jobs.finish() > 0 ? Main.ERROR : Main.OK;
    }
  }

  private void below(S3Store store, S3Location one, boolean verbose, Jobs jobs) throws IOException {
    long count =
        ObjectWalk.each(
            store,
            Stores.asFolder(one),
            object -> jobs.start(() -> remove(store, object.location(), verbose)));
    if (count == 0 && !one.isBucket()) {
      throw new FileSystemException(Stores.asFolder(one) + "", null, "there is nothing below it");
    }
  }

  /// S3 removes what is not there without a word. Who may not look is not told either.
  private static void requireThere(S3Store store, S3Location one) throws IOException {
    try {
      store.head(one);
    } catch (S3Exception e) {
      if (e.status() != FORBIDDEN) {
        throw e;
      }
    }
  }

  private void remove(S3Store store, S3Location one, boolean verbose) throws IOException {
    store.delete(one);
    if (verbose) {
      standard.say(one + ": removed");
    }
  }
}
