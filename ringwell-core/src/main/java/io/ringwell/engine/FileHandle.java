package io.ringwell.engine;

import java.nio.channels.FileChannel;
import java.nio.channels.SelectableChannel;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// An open file of one engine. Opened by [Operation#open], closed by [Operation#close], which waits
/// for the operations in flight on it; what the engine still has open when it closes, it closes.
///
/// Any number of threads use it at once, without a lock. Using it after its close began throws
/// [IllegalStateException].
public final class FileHandle {
  private final Engine owner;
  private final Path path;
  private final int flags;
  private final FileFacts facts;
  final int descriptor;
  final @Nullable FileChannel channel;
  private final @Nullable SelectableChannel socketChannel;
  private final @Nullable SocketHandle socket;
  private final boolean unix;
  private final String name;
  final Gate gate = new Gate();
  final Carrier carrier;

  /// Index in the registered files of the ring that carries this file; -1 where it has none.
  /// Written by that ring's thread alone.
  int fixedIndex = -1;

  /// Whether the last receive left something in the socket. The ring's thread's alone; until there
  /// was one, it is looked at.
  boolean hasMore = true;

  /// Whether [UnconfirmedSends] has broken the connection off. The ring's thread's alone.
  boolean brokenOff;

  /// How much more tries to read what is cached have cost than they brought. A hint, as the next:
  /// threads may overwrite each other's.
  int doubt;

  /// Reads while it was doubted.
  int doubtedReads;

  // With the lock of the workers' queue held.
  boolean beingWritten;
  private @Nullable ArrayDeque<Operation> line;

  private volatile boolean closing;

  FileHandle(
      Engine owner,
      Carrier carrier,
      Path path,
      int flags,
      FileFacts facts,
      int descriptor,
      @Nullable FileChannel channel) {
    this.owner = owner;
    this.carrier = carrier;
    this.path = path;
    this.flags = flags;
    this.facts = facts;
    this.descriptor = descriptor;
    this.channel = channel;
    this.socketChannel = null;
    this.socket = null;
    this.unix = false;
    this.name = "";
  }

  /// A socket: a descriptor, or a channel.
  FileHandle(
      Engine owner,
      Carrier carrier,
      String name,
      boolean unix,
      int descriptor,
      @Nullable SelectableChannel socketChannel) {
    this.owner = owner;
    this.carrier = carrier;
    this.path = Path.of("");
    this.flags = OpenFlag.READ | OpenFlag.WRITE;
    this.facts = FileFacts.SOCKET;
    this.descriptor = descriptor;
    this.channel = null;
    this.socketChannel = socketChannel;
    this.socket = new SocketHandle(this);
    this.unix = unix;
    this.name = name;
  }

  /// What messages call it.
  String name() {
    return socket == null ? path.toString() : name;
  }

  boolean isSocket() {
    return socket != null;
  }

  boolean isUnixSocket() {
    return unix;
  }

  SocketHandle asSocket() {
    return Objects.requireNonNull(socket);
  }

  boolean hasSocketChannel() {
    return socketChannel != null;
  }

  SelectableChannel socketChannel() {
    return Objects.requireNonNull(socketChannel);
  }

  /// Writes that wait for the one that a worker is at. With the lock of the workers' queue held.
  ArrayDeque<Operation> line() {
    ArrayDeque<Operation> known = line;
    if (known == null) {
      known = new ArrayDeque<>();
      line = known;
    }
    return known;
  }

  public Path path() {
    return path;
  }

  /// The [OpenFlag] bits that it was opened with.
  public int flags() {
    return flags;
  }

  /// Whether I/O on it goes past the page cache.
  public boolean isDirect() {
    return OpenFlag.has(flags, OpenFlag.DIRECT);
  }

  /// The alignment that direct I/O wants of memory, in bytes; 1 where it is not direct.
  public int memoryAlign() {
    return isDirect() ? facts.memoryAlign() : 1;
  }

  /// The alignment that direct I/O wants of offset and length, in bytes; 1 where it is not direct.
  public int offsetAlign() {
    return isDirect() ? facts.offsetAlign() : 1;
  }

  /// Whether it is a regular file or a block device: something with offsets and an end.
  public boolean isSeekable() {
    return facts.seekable();
  }

  public boolean isDirectory() {
    return facts.directory();
  }

  /// The descriptor, for system calls beside the engine on a file that its caller keeps open; -1
  /// where the engine has none.
  public int descriptor() {
    return descriptor;
  }

  /// Whether its close has not begun.
  public boolean isOpen() {
    return !closing;
  }

  FileFacts facts() {
    return facts;
  }

  FileChannel channelOrThrow() {
    return Objects.requireNonNull(channel);
  }

  /// Lets an operation in, who leaves by [Gate#exit].
  void enter(Engine root) {
    requireOwner(root);
    if (closing || !gate.enter()) {
      throw new IllegalStateException(closedText());
    }
  }

  @SuppressWarnings("ReferenceEquality") // Engines have identity.
  private void requireOwner(Engine root) {
    if (root != owner) {
      throw new IllegalArgumentException("the file belongs to another engine: " + name());
    }
  }

  /// Refuses further operations; the close itself follows.
  synchronized void startClose(Engine root) {
    requireOwner(root);
    if (closing) {
      throw new IllegalStateException(closedText());
    }
    closing = true;
  }

  private String closedText() {
    return (isSocket() ? "the socket is closed: " : "the file is closed: ") + name();
  }

  void unstartClose() {
    closing = false;
  }

  /// Closes a file whose handle nobody has. Where its engine closes meanwhile, that closes it.
  void closeInBackground() {
    Operation op = new Operation().close(this);
    try {
      op.begin(owner);
    } catch (IllegalStateException e) {
      return;
    }
    owner.again(op);
  }

  @Override
  public String toString() {
    return "FileHandle[" + name() + (closing ? ", closed]" : "]");
  }
}
