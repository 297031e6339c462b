package io.ringwell.engine;

import io.ringwell.memory.Bytes;
import io.ringwell.memory.BytesChain;
import io.ringwell.memory.IoBuffer;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What an [Operation] asks for, and the memory that it lends to the engine meanwhile. Written by
/// the caller while the operation is its own, and read by whoever carries it out.
///
/// A class of its own also in memory: what the caller writes and what a ring's thread writes
/// ([OperationState] and [OperationSlot]) then share few cache lines.
abstract sealed class OperationRequest permits OperationState {
  /// `RWF_*` of `linux/fs.h`.
  static final int RWF_DSYNC = 1 << 1;

  static final int RWF_NOWAIT = 1 << 3;
  static final int RWF_DONTCACHE = 1 << 7;

  Kind kind = NopKind.INSTANCE;
  @Nullable FileHandle file;
  @Nullable FileHandle otherFile;
  @Nullable Path path;
  @Nullable Path otherPath;
  @Nullable SocketAddress peer;
  long address;
  long length;
  long offset;
  long otherOffset;
  int arguments;
  int mode;
  int rwFlags;
  boolean once;
  Priority priority = Priority.NORMAL;
  long deadlineNanos = Long.MAX_VALUE;
  @Nullable IoBuffer buffer;
  IoBuffer @Nullable [] buffers;
  @Nullable Bytes bytes;
  @Nullable BytesChain chainOfBytes;

  /// Memory that nobody counts lends of, kept reachable.
  @Nullable Object memory;

  @Nullable Operation linked;
  @Nullable CompletionQueue completions;
  @Nullable CompletionListener listener;

  private @Nullable Scratch scratch;
  private @Nullable Scratch deadlineScratch;

  /// Forgets what was asked for before.
  void clear(Kind kind) {
    this.kind = kind;
    file = null;
    otherFile = null;
    path = null;
    otherPath = null;
    peer = null;
    memory = null;
    address = 0;
    length = -1;
    offset = -1;
    otherOffset = 0;
    arguments = 0;
    mode = 0;
    rwFlags = 0;
    once = false;
    priority = Priority.NORMAL;
    deadlineNanos = Long.MAX_VALUE;
    buffer = null;
    bytes = null;
    chainOfBytes = null;
    buffers = null;
    linked = null;
    completions = null;
    listener = null;
  }

  void range(long offset, long length) {
    requireNotNegative("offset", offset);
    requireNotNegative("length", length);
    if (offset + length < 0) {
      throw new IllegalArgumentException(
          "offset " + offset + " plus length " + length + " is past the largest offset");
    }
    this.offset = offset;
    this.length = length;
  }

  static void requireNotNegative(String name, long value) {
    if (value < 0) {
      throw new IllegalArgumentException(name + " is negative: " + value);
    }
  }

  /// Lends all of the memory, or none where some of it is closed.
  void lend() {
    if (buffer != null) {
      buffer.lend();
    } else if (bytes != null) {
      bytes.lend();
    } else if (chainOfBytes != null) {
      chainOfBytes.lend();
    } else if (buffers != null) {
      int done = 0;
      try {
        for (; done < buffers.length; done++) {
          buffers[done].lend();
        }
      } finally {
        if (done < buffers.length) {
          giveBack(buffers, done);
        }
      }
    }
  }

  void giveBack() {
    if (buffer != null) {
      buffer.giveBack();
    } else if (bytes != null) {
      bytes.giveBack();
    } else if (chainOfBytes != null) {
      chainOfBytes.giveBack();
    } else if (buffers != null) {
      giveBack(buffers, buffers.length);
    }
  }

  private static void giveBack(IoBuffer[] lent, int count) {
    for (int i = 0; i < count; i++) {
      lent[i].giveBack();
    }
  }

  /// Native memory of this operation's own, at least `bytes` of it.
  Scratch scratch(long bytes) {
    Scratch own = scratch;
    if (own == null || own.byteSize() < bytes) {
      own = new Scratch(bytes);
      scratch = own;
    }
    return own;
  }

  /// The same, where preparing made it.
  Scratch scratch() {
    return Objects.requireNonNull(scratch);
  }

  /// Memory for the time of a deadline, or for one vector, apart from what the kind uses.
  Scratch deadlineScratch() {
    Scratch own = deadlineScratch;
    if (own == null) {
      own = new Scratch(16);
      deadlineScratch = own;
    }
    return own;
  }

  /// What it is done to, for people.
  @Nullable String target() {
    if (path != null) {
      return path.toString();
    }
    return peer != null ? SocketNames.of(peer) : file != null ? file.name() : null;
  }

  FileHandle handle() {
    return Objects.requireNonNull(file);
  }

  FileHandle otherHandle() {
    return Objects.requireNonNull(otherFile);
  }

  Path firstPath() {
    return Objects.requireNonNull(path);
  }

  Path secondPath() {
    return Objects.requireNonNull(otherPath);
  }
}
