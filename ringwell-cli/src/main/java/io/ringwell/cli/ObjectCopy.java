package io.ringwell.cli;

import io.ringwell.engine.Engine;
import io.ringwell.file.Durability;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.IoBuffer;
import io.ringwell.s3.S3Checksum;
import io.ringwell.s3.S3Location;
import io.ringwell.s3.S3ReadOptions;
import io.ringwell.s3.S3SinkOptions;
import io.ringwell.s3.S3Store;
import io.ringwell.sink.FileSinkOptions;
import io.ringwell.sink.Sink;
import io.ringwell.sink.Sinks;
import io.ringwell.sink.Source;
import io.ringwell.sink.Sources;
import io.ringwell.window.AccessHint;
import io.ringwell.window.ManagedReader;
import io.ringwell.window.ReaderOptions;
import io.ringwell.window.Route;
import java.io.IOException;
import java.net.URLConnection;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// Copies one thing to S3, or from there. What was not copied whole is not to be seen: a file takes
/// its name, and an object its key, when it is complete.
///
/// For any thread; each call parks.
final class ObjectCopy {
  /// Large enough that few pieces make a part.
  private static final int PIECE_BYTES = 1 << 20;

  private static final long WINDOW_BYTES = 8 << 20;
  private static final long FILE_SINK_BYTES = 16 << 20;

  private final Engine engine;
  private final S3Store store;
  private final ObjectCopyOptions options;
  private final LongConsumer progress;

  ObjectCopy(Engine engine, S3Store store, ObjectCopyOptions options, LongConsumer progress) {
    this.engine = engine;
    this.store = store;
    this.options = options;
    this.progress = progress;
  }

  /// What one copy of that many bytes takes at the most, in bytes.
  long memory(long size) {
    long most = options.sinkBytes() + options.readerBytes() + FILE_SINK_BYTES;
    // Windows are whole however small the file is, and there is one on each side.
    return size < 0 ? most : Math.min(most, 2 * Math.max(size, 64 << 10));
  }

  /// A file to an object.
  ///
  /// @return how many bytes it were
  long up(Path from, S3Location to, long size) throws IOException {
    long bytes = send(file(from), to, sinkOptions(from.toString(), size));
    if (options.verify()) {
      verify(file(from), to);
    }
    return bytes;
  }

  /// All that a channel has to an object.
  long up(ReadableByteChannel from, S3Location to) throws IOException {
    try (Sink sink = store.sink(to, sinkOptions(to.key(), -1))) {
      try {
        for (Bytes piece = piece(from); piece != null; piece = piece(from)) {
          progress.accept(piece.size());
          sink.send(piece);
        }
      } catch (IOException | RuntimeException e) {
        sink.fail(e);
        throw e;
      }
      return sink.complete();
    }
  }

  /// Whole pieces, however little a pipe gives at once: a part made of crumbs would hold far more
  /// memory than it has bytes.
  private @Nullable Bytes piece(ReadableByteChannel from) throws IOException {
    IoBuffer buffer = engine.pool().acquire(PIECE_BYTES);
    boolean given = false;
    try {
      ByteBuffer into = buffer.byteBuffer().clear().limit(PIECE_BYTES);
      int read = 0;
      while (into.hasRemaining() && read >= 0) {
        read = from.read(into);
      }
      given = into.position() > 0;
      return given ? buffer.freeze(0, into.position()) : null;
    } finally {
      if (!given) {
        buffer.close();
      }
    }
  }

  /// An object to a file.
  long down(S3Location from, Path to) throws IOException {
    long bytes;
    try (ManagedReader reader = object(from)) {
      FileSinkOptions how =
          FileSinkOptions.defaults()
              .withDurability(options.sync() ? Durability.FULL : Durability.NONE)
              .withMaxBytes(FILE_SINK_BYTES)
              .withExpectedBytes(reader.size());
      bytes =
          drain(
              Sources.windows(reader, 0),
              Sinks.file(engine, to, options.direct() ? how.withDirect() : how));
    }
    if (options.verify()) {
      verify(file(to), from);
    }
    return bytes;
  }

  /// An object to another, by way of this machine.
  long across(S3Location from, S3Location to) throws IOException {
    ManagedReader reader = object(from);
    long bytes = send(reader, to, sinkOptions(to.key(), reader.size()));
    if (options.verify()) {
      verify(object(from), to);
    }
    return bytes;
  }

  private long send(ManagedReader from, S3Location to, S3SinkOptions how) throws IOException {
    try (from) {
      return drain(Sources.windows(from, 0), store.sink(to, how));
    }
  }

  /// Closes the sink, which then has either all or nothing.
  private long drain(Source source, Sink sink) throws IOException {
    try (sink) {
      try {
        for (Bytes piece = source.next(); piece != null; piece = source.next()) {
          progress.accept(piece.size());
          sink.send(piece);
        }
      } catch (IOException | RuntimeException e) {
        sink.fail(e);
        throw e;
      }
      return sink.complete();
    }
  }

  private void verify(ManagedReader one, S3Location other) throws IOException {
    try (one;
        ManagedReader copy = object(other)) {
      Comparison.requireSame(one, copy);
    }
  }

  private ManagedReader file(Path path) throws IOException {
    ReaderOptions how = ReaderOptions.defaults().withHint(AccessHint.SEQUENTIAL);
    return ManagedReader.open(engine, path, options.direct() ? how.withRoute(Route.DIRECT) : how);
  }

  private ManagedReader object(S3Location location) throws IOException {
    S3ReadOptions how = S3ReadOptions.defaults();
    return ManagedReader.open(
        engine,
        store.source(location, options.inFlight() > 0 ? how.withInFlight(options.inFlight()) : how),
        ReaderOptions.defaults()
            .withHint(AccessHint.SEQUENTIAL)
            .withBounds(WINDOW_BYTES, options.readerBytes()));
  }

  private S3SinkOptions sinkOptions(String name, long size) {
    S3SinkOptions how =
        S3SinkOptions.defaults().withPartBytes(options.partBytes()).withExpectedBytes(size);
    if (options.inFlight() > 0) {
      how = how.withPartsInFlight(options.inFlight());
    }
    UploadOptions upload = options.upload();
    how = how.withMetadata(upload.metadata()).withChecksum(S3Checksum.valueOf(upload.checksum()));
    String encryption = upload.encryption();
    if (encryption != null) {
      how = how.withEncryption(encryption, upload.encryptionKey());
    }
    if (upload.createOnly()) {
      how = how.withCreateOnly();
    }
    String type = upload.contentType();
    if (type == null) {
      type = URLConnection.guessContentTypeFromName(name);
    }
    return type == null ? how : how.withContentType(type);
  }
}
