package io.ringwell.engine;

import io.ringwell.sys.Errno;
import io.ringwell.sys.PathCalls;
import io.ringwell.uring.Opcode;
import io.ringwell.uring.Submission;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Set;

/// `arguments` are the [OpenFlag] bits.
final class OpenKind extends PathKind {
  static final OpenKind INSTANCE = new OpenKind();

  private OpenKind() {
    super(OpCode.OPEN, Opcode.OPENAT);
  }

  @Override
  void encode(Operation op, Submission to, RingLoop loop, int sqeFlags, long userData) {
    long path = scratchPath(op, op.firstPath(), 0);
    to.set(
        ringOpcode,
        sqeFlags,
        0,
        PathCalls.CWD,
        0,
        path,
        op.mode,
        OpenFlag.toSystem(op.arguments),
        userData,
        0,
        0);
  }

  @Override
  int call(Operation op) {
    return withPath(
        op.firstPath(), path -> PathCalls.open(path, OpenFlag.toSystem(op.arguments), op.mode));
  }

  @Override
  void succeeded(Operation op, int result) {
    if (op.opened == null) {
      op.opened = op.carrier().adopt(op, result);
    }
  }

  @Override
  int channel(Operation op) throws IOException {
    int flags = op.arguments;
    if (OpenFlag.has(flags, OpenFlag.DIRECT)) {
      op.cause =
          new UnsupportedOperationException("an engine over FileChannel alone has no direct I/O");
      return -Errno.EOPNOTSUPP;
    }
    if (Files.isDirectory(op.firstPath())) {
      return -Errno.EISDIR;
    }
    if (Files.exists(op.firstPath())
        && Files.readAttributes(op.firstPath(), BasicFileAttributes.class).isOther()) {
      op.cause = new UnsupportedOperationException("an engine over FileChannel alone has no pipes");
      return -Errno.EOPNOTSUPP;
    }
    FileChannel channel =
        FileChannel.open(op.firstPath(), options(flags), permissions(op.firstPath(), op.mode));
    op.opened = ((Workers) op.carrier()).adopt(op, channel);
    return 0;
  }

  private static Set<OpenOption> options(int flags) {
    Set<OpenOption> options = new HashSet<>();
    boolean write = OpenFlag.has(flags, OpenFlag.WRITE);
    boolean append = OpenFlag.has(flags, OpenFlag.APPEND);
    add(options, flags, OpenFlag.READ, StandardOpenOption.READ);
    add(options, flags, OpenFlag.WRITE, StandardOpenOption.WRITE);
    add(options, flags, OpenFlag.DSYNC, StandardOpenOption.DSYNC);
    add(options, flags, OpenFlag.SYNC, StandardOpenOption.SYNC);
    add(options, flags, OpenFlag.NO_FOLLOW, LinkOption.NOFOLLOW_LINKS);
    if (write && append) {
      options.remove(StandardOpenOption.READ);
      options.add(StandardOpenOption.APPEND);
    }
    if (write && !append) {
      add(options, flags, OpenFlag.TRUNCATE, StandardOpenOption.TRUNCATE_EXISTING);
    }
    if (write && OpenFlag.has(flags, OpenFlag.CREATE)) {
      options.add(
          OpenFlag.has(flags, OpenFlag.EXCLUSIVE)
              ? StandardOpenOption.CREATE_NEW
              : StandardOpenOption.CREATE);
    }
    return options;
  }

  private static void add(Set<OpenOption> options, int flags, int flag, OpenOption option) {
    if (OpenFlag.has(flags, flag)) {
      options.add(option);
    }
  }
}
