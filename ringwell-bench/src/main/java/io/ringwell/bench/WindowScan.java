package io.ringwell.bench;

import io.ringwell.engine.Engine;
import io.ringwell.window.AccessHint;
import io.ringwell.window.ManagedReader;
import io.ringwell.window.ReaderOptions;
import io.ringwell.window.Readiness;
import io.ringwell.window.Window;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;

/// One file read from its beginning to its end in pieces of 64 KiB, by windows or by a plain loop.
/// Of each piece a long is looked at.
abstract sealed class WindowScan implements AutoCloseable {
  static final int WINDOW_BYTES = 64 << 10;

  private final DataFile file;

  private WindowScan(DataFile file) {
    this.file = file;
  }

  /// Makes the file whole windows long.
  static WindowScan windows(Engine engine, DataFile file) throws IOException {
    return new Windows(engine, file);
  }

  static WindowScan channel(DataFile file) throws IOException {
    return new Channel(file);
  }

  final int windowsPerScan() {
    return Math.toIntExact(file.bytes() / WINDOW_BYTES);
  }

  /// Once from the beginning to the end; a sum of what was looked at.
  abstract long scan() throws IOException;

  /// How it reads, in words.
  abstract String plan();

  @Override
  public abstract void close() throws IOException;

  private static final class Windows extends WindowScan {
    private final ManagedReader reader;

    Windows(Engine engine, DataFile file) throws IOException {
      super(file);
      ReaderOptions options =
          ReaderOptions.defaults().withHint(AccessHint.SEQUENTIAL).withWindowSize(WINDOW_BYTES);
      reader = ManagedReader.open(engine, file.path(), options);
    }

    @Override
    long scan() throws IOException {
      long sum = 0;
      int windows = 0;
      long end = (long) windowsPerScan() * WINDOW_BYTES;
      for (long at = 0; at < end; ) {
        if (reader.await(at) != Readiness.READY) {
          throw new EOFException("ends at " + at);
        }
        Window window = reader.window();
        sum += window.segment().get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
        at = window.end();
        windows++;
      }
      if (windows != windowsPerScan()) {
        throw new IllegalStateException(windows + " windows, not " + windowsPerScan());
      }
      return sum;
    }

    @Override
    String plan() {
      return reader.plan().toString();
    }

    @Override
    public void close() throws IOException {
      reader.close();
    }
  }

  private static final class Channel extends WindowScan {
    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(WINDOW_BYTES);

    Channel(DataFile file) throws IOException {
      super(file);
      channel = FileChannel.open(file.path(), StandardOpenOption.READ);
    }

    @Override
    long scan() throws IOException {
      long sum = 0;
      channel.position(0);
      for (int i = windowsPerScan(); i > 0; i--) {
        buffer.clear();
        if (channel.read(buffer) != WINDOW_BYTES) {
          throw new EOFException("ends in window " + i);
        }
        sum += buffer.getLong(0);
      }
      return sum;
    }

    @Override
    String plan() {
      return "FileChannel.read into one direct buffer";
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
