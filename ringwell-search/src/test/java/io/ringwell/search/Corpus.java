package io.ringwell.search;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/// A tree of files made from a seed, with all that makes searching hard: ignore files at several
/// levels, a repository inside a repository, hidden and binary files, other encodings, long lines,
/// files without a last line feed, and two files large enough to be split.
final class Corpus {
  private static final List<String> WORDS =
      List.of(
          "foo",
          "bar",
          "Foo",
          "FOO",
          "foobar",
          "task",
          "Task",
          "TASK",
          "\u017fa\u212a",
          "größe",
          "GRÖSSE",
          "Größe",
          "naïve",
          "λόγος",
          "ΛΌΓΟΣ",
          "日本語",
          "x",
          "aaa",
          "42",
          "0x7f",
          "٣٤",
          "a_b",
          "if (x) {",
          "}",
          "return 0;",
          "\ud83d\ude00",
          "e\u0301",
          "tab\there",
          "zyx");

  private final Random random;
  private final Path root;

  private Corpus(Path root, Random random) {
    this.root = root;
    this.random = random;
  }

  static void make(Path root, Random random) throws IOException {
    new Corpus(root, random).make();
  }

  private void make() throws IOException {
    for (String directory :
        new String[] {
          "t/.git/info",
          "t/src/deep/er",
          "t/src/build",
          "t/doc",
          "t/doc/mit leer",
          "t/.hidden",
          "t/inner/.git",
          "t/inner/lib",
          "t/target/x",
          "plain/sub",
          "t/keep"
        }) {
      Files.createDirectories(root.resolve(directory));
    }
    write(
        "t/.gitignore", "*.log\n/target\nbuild/\n!keep.log\n# no\n\\#odd\n*.[oa]\ndoc/**/x?.txt\n");
    write("t/src/.gitignore", "deep/*\n!deep/er/\nsecret*\n");
    write("t/.ignore", "*.tmp\n!doc/kept.o\n");
    write("t/doc/.rgignore", "!*.tmp\n{a,b}c.txt\n");
    write("t/.git/info/exclude", "excluded.txt\n");
    write("t/inner/.gitignore", "lib\n!.shown\n");
    write("plain/.gitignore", "*.txt\n");
    for (String name :
        new String[] {
          "t/a.txt",
          "t/b.log",
          "t/keep.log",
          "t/#odd",
          "t/target/x/y.txt",
          "t/src/m.c",
          "t/src/m.o",
          "t/src/secret.txt",
          "t/src/deep/no.txt",
          "t/src/deep/er/yes.txt",
          "t/src/build/gone.txt",
          "t/src/n.tmp",
          "t/doc/n.tmp",
          "t/doc/kept.o",
          "t/doc/x1.txt",
          "t/doc/mit leer/x2.txt",
          "t/doc/mit leer/ß ü.txt",
          "t/doc/ac.txt",
          "t/doc/cc.txt",
          "t/.hidden/h.txt",
          "t/.dot",
          "t/excluded.txt",
          "t/inner/k.log",
          "t/inner/lib/l.txt",
          "t/inner/.shown",
          "plain/p.txt",
          "plain/q.md",
          "plain/sub/r.txt",
          "t/keep/z.tmp",
          "t/keep/w.md",
          "plain/-dash",
          "plain/e:x"
        }) {
      Files.write(root.resolve(name), text(random.nextInt(60)));
    }
    Files.write(root.resolve("plain/empty"), new byte[0]);
    Files.write(root.resolve("plain/feeds"), "\n\n\n".getBytes(StandardCharsets.UTF_8));
    Files.write(root.resolve("plain/crlf"), crlf(text(40)));
    Files.write(
        root.resolve("plain/bom8"), ("\ufeff" + string(20)).getBytes(StandardCharsets.UTF_8));
    Files.write(root.resolve("plain/bom16"), string(20).getBytes(StandardCharsets.UTF_16));
    Files.write(
        root.resolve("plain/bom16le"),
        ("\ufeff" + string(9000)).getBytes(StandardCharsets.UTF_16LE));
    Files.write(root.resolve("plain/invalid"), invalid(text(50)));
    Files.write(root.resolve("plain/long"), longLines());
    Files.write(root.resolve("plain/binary"), binary(text(30), random.nextInt(100)));
    // Within ripgrep's first buffer: that grows with long lines, and so depends on earlier files.
    Files.write(root.resolve("plain/late"), binary(text(4000), 40_000 + random.nextInt(1000)));
    Files.write(root.resolve("t/doc/binary.bin"), binary(text(30), 0));
    Files.createSymbolicLink(root.resolve("plain/link"), Path.of("q.md"));
    Files.createSymbolicLink(root.resolve("plain/linked"), Path.of("sub"));
    Files.createDirectories(root.resolve("big"));
    large("big/other", random.nextInt(200));
    large("big/large", 3 << 20);
  }

  private void write(String name, String content) throws IOException {
    Files.writeString(root.resolve(name), content);
  }

  String string(int lines) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < lines; i++) {
      int words = random.nextInt(8);
      for (int w = 0; w < words; w++) {
        text.append(WORDS.get(random.nextInt(WORDS.size())));
        text.append(random.nextInt(4) == 0 ? "" : " ");
      }
      text.append('\n');
    }
    if (lines > 0 && random.nextInt(3) == 0) {
      text.setLength(text.length() - 1);
    }
    return text.toString();
  }

  private byte[] text(int lines) {
    return string(lines).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] crlf(byte[] text) {
    return new String(text, StandardCharsets.UTF_8)
        .replace("\n", "\r\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  private byte[] invalid(byte[] text) {
    for (int i = 0; i < text.length; i++) {
      if (random.nextInt(9) == 0 && text[i] != '\n') {
        text[i] = (byte) (0x80 + random.nextInt(0x80));
      }
    }
    return text;
  }

  private static byte[] binary(byte[] text, int at) {
    if (text.length > 0) {
      text[Math.min(at, text.length - 1)] = 0;
    }
    return text;
  }

  /// Lines longer than any block.
  private byte[] longLines() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < 6; i++) {
      byte[] line =
          string(1 + random.nextInt(20_000)).replace("\n", " ").getBytes(StandardCharsets.UTF_8);
      out.writeBytes(line);
      out.write('\n');
      out.writeBytes(text(3));
    }
    return out.toByteArray();
  }

  /// More than 8 MiB, with a line of `longest` words somewhere.
  private void large(String name, int longest) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] piece = (string(20_000) + "\n").getBytes(StandardCharsets.UTF_8);
    int where = random.nextInt(8 << 20);
    boolean placed = false;
    while (out.size() < (8 << 20) + 100_000) {
      if (!placed && out.size() >= where) {
        placed = true;
        out.writeBytes("v".repeat(longest).getBytes(StandardCharsets.UTF_8));
        out.writeBytes(" needle\n".getBytes(StandardCharsets.UTF_8));
      }
      out.writeBytes(piece);
    }
    Files.write(root.resolve(name), out.toByteArray());
  }
}
