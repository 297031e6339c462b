package io.ringwell.engine;

import io.ringwell.sys.Errno;
import io.ringwell.sys.PathCalls;
import io.ringwell.sys.Statx;
import io.ringwell.uring.Opcode;
import io.ringwell.uring.Submission;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;

/// statx(2) on a path, or on an open file by an empty path. io_uring takes no registered file here.
final class StatKind extends Kind {
  static final StatKind INSTANCE = new StatKind();

  private StatKind() {
    super(OpCode.STATX, Opcode.STATX);
  }

  private static int flags(Operation op) {
    return op.file != null ? Statx.EMPTY_PATH : op.arguments == 0 ? 0 : Statx.NOFOLLOW;
  }

  private static int directory(Operation op) {
    return op.file != null ? op.file.descriptor : PathCalls.CWD;
  }

  /// The answer lies at the start of the scratch memory, the path behind it.
  private static long prepare(Operation op) {
    String text = op.file != null ? "" : op.firstPath().toString();
    byte[] encoded = Scratch.encode(text);
    return op.scratch(Statx.BYTES + encoded.length + 1L).string(Statx.BYTES, encoded);
  }

  @Override
  void encode(Operation op, Submission to, RingLoop loop, int sqeFlags, long userData) {
    long path = prepare(op);
    to.set(
        ringOpcode,
        sqeFlags,
        0,
        directory(op),
        op.scratch().address(),
        path,
        Statx.MASK,
        flags(op),
        userData,
        0,
        0);
  }

  @Override
  int call(Operation op) {
    long path = prepare(op);
    return PathCalls.statx(
        directory(op),
        MemorySegment.ofAddress(path),
        flags(op),
        Statx.MASK,
        op.scratch().address());
  }

  @Override
  void succeeded(Operation op, int result) {
    if (op.info == null) {
      op.info = decode(op.scratch().memory());
    }
  }

  static FileInfo decode(MemorySegment s) {
    boolean tells = Statx.tellsDirectAlign(s);
    return new FileInfo(
        Statx.size(s),
        Statx.sectors(s) * 512,
        Statx.mode(s),
        Statx.uid(s),
        Statx.gid(s),
        Statx.inode(s),
        (long) Statx.deviceMajor(s) << 32 | Statx.deviceMinor(s),
        Statx.blockSize(s),
        Instant.ofEpochSecond(Statx.accessSeconds(s), Statx.accessNanos(s)),
        Instant.ofEpochSecond(Statx.modifySeconds(s), Statx.modifyNanos(s)),
        Instant.ofEpochSecond(Statx.changeSeconds(s), Statx.changeNanos(s)),
        Statx.hasBirth(s)
            ? Instant.ofEpochSecond(Statx.birthSeconds(s), Statx.birthNanos(s))
            : null,
        tells ? Statx.directMemoryAlign(s) : -1,
        tells ? Statx.directOffsetAlign(s) : -1);
  }

  @Override
  int channel(Operation op) throws IOException {
    if (op.file != null && !Files.exists(op.file.path())) {
      // It was unlinked or renamed: the open file tells its size, and nobody tells the rest.
      op.info = FileInfo.ofSize(op.file.channelOrThrow().size());
      return 0;
    }
    boolean follow = op.file != null || op.arguments == 0;
    Path path = op.file != null ? op.file.path() : op.firstPath();
    LinkOption[] links = follow ? new LinkOption[0] : new LinkOption[] {LinkOption.NOFOLLOW_LINKS};
    BasicFileAttributes a = Files.readAttributes(path, BasicFileAttributes.class, links);
    long size = op.file != null ? op.file.channelOrThrow().size() : a.size();
    int type = a.isDirectory() ? 0x4000 : a.isSymbolicLink() ? 0xa000 : 0x8000;
    op.info =
        FileInfo.portable(
            size,
            type,
            a.lastAccessTime().toInstant(),
            a.lastModifiedTime().toInstant(),
            a.creationTime().toInstant());
    return 0;
  }

  @Override
  boolean inChannel() {
    return true;
  }

  @Override
  String remedy(Operation op, int errno) {
    return errno == Errno.ENOENT ? "no such file" : "";
  }
}
