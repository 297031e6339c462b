package io.ringwell.cli;

import io.ringwell.engine.Engine;
import io.ringwell.engine.FileHandle;
import io.ringwell.engine.FileInfo;
import io.ringwell.engine.OpenFlag;
import io.ringwell.engine.Operation;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What `ringwell doctor PATH` says of a file or directory.
///
/// @param path absolute, links followed
/// @param share null where the path is no file that can be read at offsets
record PathReport(Path path, FileInfo info, @Nullable Mount mount, @Nullable CachedShare share) {
  static PathReport of(Engine engine, Path given) throws IOException {
    Operation stat = new Operation().statx(given, true);
    engine.submit(stat);
    stat.await();
    FileInfo info = stat.fileInfo();
    Path path = given.toRealPath();
    CachedShare share = null;
    if (info.isRegularFile()) {
      FileHandle file = engine.open(path, OpenFlag.READ, 0);
      try {
        share = CachedShare.sample(engine, file, info.size());
      } finally {
        engine.close(file);
      }
    }
    return new PathReport(path, info, Mount.of(path), share);
  }

  private String type() {
    if (info.isDirectory()) {
      return "directory";
    }
    return info.isRegularFile() ? "file" : info.isBlockDevice() ? "block device" : "special file";
  }

  private String direct() {
    if (info.isDirectory()) {
      return "name a file in it to see its alignment";
    }
    return switch (info.directMemoryAlign()) {
      case -1 -> "this kernel or engine does not tell the alignment; 4096 bytes serve everywhere";
      case 0 -> "no: this file takes none";
      default ->
          "yes: memory aligned to "
              + info.directMemoryAlign()
              + " bytes, offset and length to "
              + info.directOffsetAlign();
    };
  }

  void print(Table table) {
    table.row("path", path + ", " + type() + sizes());
    if (mount != null) {
      table.row(
          "mount",
          mount.type()
              + " on "
              + mount.point()
              + " ("
              + mount.source()
              + ", "
              + mount.options()
              + ")");
    }
    table.row("direct I/O", direct());
    if (share != null) {
      table.row("cached", cached(share));
    }
  }

  private String sizes() {
    return info.isDirectory()
        ? ""
        : ", "
            + ByteSize.format(info.size())
            + " ("
            + info.size()
            + " bytes), "
            + ByteSize.format(info.allocatedBytes())
            + " allocated";
  }

  private static String cached(CachedShare share) {
    if (!share.supported()) {
      return "unknown: this file system does not tell";
    }
    return share.sampled() == 0
        ? "nothing to cache: the file is empty"
        : share.percent()
            + " % in the page cache ("
            + share.cached()
            + " of "
            + share.sampled()
            + " blocks of 4 KiB sampled)";
  }

  Json json() {
    Json json =
        new Json()
            .put("path", path.toString())
            .put("type", type())
            .put("size", info.size())
            .put("allocated", info.allocatedBytes())
            .put("block_size", info.blockSize())
            .put("direct_memory_align", info.directMemoryAlign())
            .put("direct_offset_align", info.directOffsetAlign());
    if (mount != null) {
      json.put("file_system", mount.type())
          .put("mount_point", mount.point().toString())
          .put("mount_source", mount.source())
          .put("mount_options", mount.options());
    }
    if (share != null && share.supported()) {
      json.put("cached_percent_sampled", share.percent()).put("cached_samples", share.sampled());
    }
    return json;
  }
}
