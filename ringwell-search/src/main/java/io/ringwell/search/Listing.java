package io.ringwell.search;

import io.ringwell.sys.DirectoryEntry;
import io.ringwell.sys.PlainCalls;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The entries of one directory, in no order. Links are none: a tree is searched without them.
///
/// @param hidden the names that start with a dot
record Listing(List<byte[]> files, List<byte[]> directories, Set<String> hidden) {
  /// Lists by system calls, through `plain`'s memory.
  static Listing read(FileName directory, PlainFile plain, Tally tally) throws IOException {
    Listing listing = new Listing(new ArrayList<>(), new ArrayList<>(), new HashSet<>());
    List<byte[]> unknown = new ArrayList<>();
    MemorySegment memory = plain.memory();
    int fd = plain.openDirectory(directory);
    try {
      while (true) {
        tally.syscalls.increment();
        long bytes = PlainCalls.getdents64(fd, memory.address(), memory.byteSize());
        if (bytes < 0) {
          throw PlainFile.failure(directory, "getdents64", (int) -bytes);
        }
        if (bytes == 0) {
          break;
        }
        long at = 0;
        while (at < bytes) {
          int length =
              memory.get(ValueLayout.JAVA_SHORT_UNALIGNED, at + DirectoryEntry.RECORD_LENGTH)
                  & 0xffff;
          byte type = memory.get(ValueLayout.JAVA_BYTE, at + DirectoryEntry.TYPE);
          byte[] name = name(memory, at + DirectoryEntry.NAME, at + length);
          if (type == DirectoryEntry.UNKNOWN) {
            unknown.add(name);
          } else {
            listing.add(name, type == DirectoryEntry.DIRECTORY, type == DirectoryEntry.REGULAR);
          }
          at += length;
        }
      }
    } finally {
      plain.close();
    }
    for (byte[] name : unknown) {
      int kind = plain.kindOf(directory.child(name));
      listing.add(name, kind == DirectoryEntry.DIRECTORY, kind == DirectoryEntry.REGULAR);
    }
    return listing;
  }

  private static byte[] name(MemorySegment memory, long from, long limit) {
    long end = from;
    while (end < limit && memory.get(ValueLayout.JAVA_BYTE, end) != 0) {
      end++;
    }
    byte[] name = new byte[(int) (end - from)];
    MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, from, name, 0, name.length);
    return name;
  }

  /// Lists with the JDK alone, a further system call for each entry.
  static Listing read(FileName directory) throws IOException {
    Listing listing = new Listing(new ArrayList<>(), new ArrayList<>(), new HashSet<>());
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory.path())) {
      for (Path entry : entries) {
        BasicFileAttributes about =
            Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        Path name = entry.getFileName();
        if (name != null) {
          byte[] bytes = FileName.of(name.toString()).bytes();
          listing.add(bytes, about.isDirectory(), about.isRegularFile());
        }
      }
    }
    return listing;
  }

  private void add(byte[] name, boolean directory, boolean regular) {
    boolean dot = name[0] == '.';
    if (dot && (name.length == 1 || (name.length == 2 && name[1] == '.'))) {
      return;
    }
    if (dot) {
      hidden.add(new String(name, StandardCharsets.ISO_8859_1));
    }
    if (directory) {
      directories.add(name);
    } else if (regular) {
      files.add(name);
    }
  }
}
