package io.ringwell.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KvTablesTest {
  private static final int LINES = 3000;

  @TempDir Path dir;
  private Path table;
  private String lines;

  @BeforeEach
  void build() throws IOException {
    lines = lines(0, LINES);
    Path input = Files.writeString(dir.resolve("input.tsv"), lines);
    table = dir.resolve("t.sst");
    Run.of("kv", "build", input, table).succeeds();
  }

  private static String lines(int from, int to) {
    return IntStream.range(from, to).mapToObj(KvTablesTest::line).collect(Collectors.joining());
  }

  private static String line(int i) {
    return "key%05d\tvalue %d\n".formatted(i, i * 7);
  }

  @Test
  void whatWasBuiltIsScanned() {
    assertThat(Run.of("kv", "scan", table).succeeds().out()).isEqualTo(lines);
    assertThat(Run.of("kv", "scan", "--reverse", "--limit", "2", table).succeeds().out())
        .isEqualTo(line(LINES - 1) + line(LINES - 2));
    assertThat(
            Run.of("kv", "scan", "--from", "key00010", "--to", "key00012", table).succeeds().out())
        .isEqualTo(line(10) + line(11));
    assertThat(Run.of("kv", "scan", "--from", "key02998x", table).succeeds().out())
        .isEqualTo(line(2999));
    assertThat(Run.of("kv", "scan", "--to", "key00001", table).succeeds().out()).isEqualTo(line(0));
    assertThat(Run.of("kv", "scan", "--prefix", "key0123", table).succeeds().out())
        .isEqualTo(lines(1230, 1240));
    assertThat(Run.of("kv", "scan", "--prefix", "key0123", "--reverse", "--limit=1", table).out())
        .isEqualTo(line(1239));
  }

  @Test
  void nothingInTheRangeIsExitCodeOne() {
    Run none = Run.of("kv", "scan", "--prefix", "none", table);
    assertThat(none.code()).isEqualTo(Main.NO);
    assertThat(none.out()).isEmpty();
    assertThat(none.err()).isEmpty();
  }

  @Test
  void scansInHexAndJson() {
    assertThat(
            Run.of("kv", "scan", "--hex", "--from", "6b65793030303032", "--limit", "1", table)
                .succeeds()
                .out())
        .isEqualTo("6b65793030303032\t76616c7565203134\n");
    assertThat(Run.of("kv", "scan", "--json", "--limit", "1", table).succeeds().json())
        .isEqualTo(Map.of("key", "key00000", "value", "value 0"));
    assertThat(Run.of("kv", "scan", "--json", "--hex", "--limit", "1", table).succeeds().json())
        .isEqualTo(Map.of("key_hex", "6b65793030303030", "value_hex", "76616c75652030"));
    Run.of("kv", "scan", "--hex", "--from", "xyz", table).fails("--from", "xyz", "not hex");
    Run.of("kv", "scan", "--prefix", "a", "--to", "b", table).fails("--prefix", "--to");
    Run.of("kv", "scan", "--limit", "-1", table).fails("--limit");
  }

  @Test
  void keysAreGot() {
    assertThat(Run.of("kv", "get", table, "key00007", "key00003").succeeds().out())
        .isEqualTo(line(7) + line(3));
    assertThat(Run.of("kv", "get", "--values", table, "key00007").succeeds().out())
        .isEqualTo("value 49\n");
    assertThat(Run.of("kv", "get", "--hex", table, "6b65793030303037").succeeds().out())
        .isEqualTo("6b65793030303037\t76616c7565203439\n");
    Run some = Run.of("kv", "get", table, "key00007", "key", "key99999");
    assertThat(some.code()).isEqualTo(Main.NO);
    assertThat(some.out()).isEqualTo(line(7));
  }

  @Test
  void severalTablesAreScannedAsOneTheFirstBeingTheNewest() throws IOException {
    Path newer = dir.resolve("newer.sst");
    String input = "key00001\tnew\nkey99999\tnew\n";
    Run.withInput(input.getBytes(UTF_8), "kv", "build", "-", newer).succeeds();
    assertThat(Run.of("kv", "scan", newer, table).succeeds().out())
        .isEqualTo(line(0) + "key00001\tnew\n" + lines(2, LINES) + "key99999\tnew\n");
    assertThat(Run.of("kv", "scan", table, newer).succeeds().out())
        .isEqualTo(lines + "key99999\tnew\n");
  }

  @Test
  void everyFormOfTableIsBuilt() throws IOException {
    Path input = dir.resolve("input.tsv");
    for (String version : List.of("5", "6", "7")) {
      for (String compression : List.of("none", "lz4", "zstd")) {
        for (String checksum : List.of("xxh3", "crc32c")) {
          Run.of(
                  "kv",
                  "build",
                  "--format-version",
                  version,
                  "--compression",
                  compression,
                  "--checksum",
                  checksum,
                  "--block",
                  "1k",
                  input,
                  table)
              .succeeds();
          assertThat(Run.of("kv", "scan", table).succeeds().out()).isEqualTo(lines);
          Map<String, Object> verified = Run.of("kv", "verify", "--json", table).succeeds().json();
          assertThat(JsonReader.number(verified, "entries")).isEqualTo(LINES);
          assertThat(JsonReader.text(verified, "checksum")).isEqualToIgnoringCase(checksum);
        }
      }
    }
    Run.of("kv", "build", "--compression", "brotli", input, table).fails("brotli", "--help");
    Run.of("kv", "build", "--compression", "snappy", input, table).fails("NONE, LZ4 or ZSTD");
    Run.of("kv", "build", "--format-version", "3", input, table).fails("from 5 to 7");
    Run.of("kv", "build", "--block", "9g", input, table).fails("--block");
  }

  @Test
  void whatIsNoTextGoesRoundInJsonAndHex() {
    String json =
        """
        {"key_hex":"00","value_hex":"ff00fe0a09"}
        {"key":"a\\tb\\n\\u00e9\\ud83d\\ude00\\\\\\/\\"","value":""}
         { "value" : "v" , "key_hex" : "FF" }
        """;
    Path binary = dir.resolve("binary.sst");
    Run.withInput(json.getBytes(UTF_8), "kv", "build", "--json", "-", binary).succeeds();
    String shown = Run.of("kv", "scan", "--json", binary).succeeds().out();
    assertThat(shown)
        .isEqualTo(
            """
            {"key":"\\u0000","value_hex":"ff00fe0a09"}
            {"key":"a\\tb\\né😀\\\\/\\"","value":""}
            {"key_hex":"ff","value":"v"}
            """);
    String hex = Run.of("kv", "scan", "--hex", binary).succeeds().out();
    for (String[] again : new String[][] {{"--json", shown}, {"--hex", hex}}) {
      Path copy = dir.resolve("copy.sst");
      Run.withInput(again[1].getBytes(UTF_8), "kv", "build", again[0], "-", copy).succeeds();
      assertThat(Run.of("kv", "scan", "--hex", copy).succeeds().out()).isEqualTo(hex);
    }
  }

  @Test
  void aTabInTheValueIsTheValues() {
    Path tabs = dir.resolve("tabs.sst");
    Run.withInput("a\tb\tc\nd\t".getBytes(UTF_8), "kv", "build", "-", tabs).succeeds();
    assertThat(Run.of("kv", "scan", tabs).succeeds().out()).isEqualTo("a\tb\tc\nd\t\n");
  }

  @Test
  void aLineLongerThanTheBufferIsRead() {
    Path large = dir.resolve("large.sst");
    String value = "v".repeat(3 << 20);
    Run.withInput(("a\t" + value + "\nb\t2\n").getBytes(UTF_8), "kv", "build", "-", large)
        .succeeds();
    assertThat(Run.of("kv", "get", "--values", large, "a", "b").succeeds().out())
        .isEqualTo(value + "\n2\n");
  }

  @Test
  void unsortedInputIsRefusedByItsLineAndLeavesNothing() throws IOException {
    Path target = dir.resolve("unsorted.sst");
    Path input = Files.writeString(dir.resolve("unsorted.tsv"), "a\t1\nc\t2\nb\t3\n");
    Run.of("kv", "build", input, target)
        .fails(input + ":3:", "\"b\" comes after \"c\"", "LC_ALL=C sort");
    Run.withInput("a\t1\na\t2\n".getBytes(UTF_8), "kv", "build", "-", target)
        .fails("standard input:2:", "\"a\" comes twice");
    assertThat(target).doesNotExist();
    try (var files = Files.list(dir)) {
      assertThat(files.map(each -> each.getFileName().toString()))
          .containsExactlyInAnyOrder("input.tsv", "unsorted.tsv", "t.sst");
    }
  }

  @Test
  void linesThatAreNoEntriesAreRefusedByTheirNumber() {
    for (String[] each :
        new String[][] {
          {"", "a\t1\nb\n", ":2: there is no tab"},
          {"--hex", "61\t62\n6\t63\n", ":2: the key has an odd number"},
          {"--hex", "61\t6x\n", ":1: the value is not hex"},
          {"--json", "{\"key\":\"a\",\"value\":\"b\"}\n[]\n", ":2: '{' is missing"},
          {"--json", "{\"key\":\"a\"}", ":1: the value is missing"},
          {"--json", "{\"key\":\"a\",\"key_hex\":\"00\"}", "the key is there twice"},
          {"--json", "{\"key\":\"a\",\"other\":\"b\"}", "'other' is no member"},
          {"--json", "{\"key\":\"a\",\"value\":\"b\"} x", "behind the object"},
          {"--json", "{\"key\":\"a\",\"value\":\"\\ud800\"}", "half a character"},
          {"--json", "{\"key\":\"a\",\"value\":\"\\x\"}", "backslash"},
          {"--json", "{\"key\":\"a\",\"value\":\"\\u12g4\"}", "four hex digits"},
          {"--json", "{\"key\":\"a\",\"value\":\"b", "does not end"},
          {"--json", "{\"key\":1}", "'\"' is missing"},
          {"--json", "{\"key_hex\":\"0\"}", "key_hex is not hex"},
        }) {
      Path target = dir.resolve("bad.sst");
      byte[] input = each[1].getBytes(UTF_8);
      Run run =
          each[0].isEmpty()
              ? Run.withInput(input, "kv", "build", "-", target)
              : Run.withInput(input, "kv", "build", each[0], "-", target);
      run.fails("standard input:", each[2]);
      assertThat(target).doesNotExist();
    }
    Run.of("kv", "build", dir, dir.resolve("x")).fails("is a directory");
    Run.of("kv", "build", dir.resolve("none"), dir.resolve("x")).fails("no such file");
    Run.of("kv", "build", "--json", "--hex", "-", dir.resolve("x")).fails("--json", "key_hex");
  }

  @Test
  void aDamagedTableIsToldByItsPlace() throws IOException {
    assertThat(Run.of("kv", "verify", table).succeeds().out())
        .contains("3000 entries", "XXH3")
        .startsWith(table.toString());
    byte[] bytes = Files.readAllBytes(table);
    bytes[9000] ^= 1;
    Path damaged = Files.write(dir.resolve("damaged.sst"), bytes);
    Run.of("kv", "verify", damaged).fails(damaged, "data block at", "checksum");
    Run both = Run.of("kv", "verify", damaged, table);
    assertThat(both.code()).isEqualTo(Main.ERROR);
    assertThat(both.out()).contains("3000 entries");
    Run scan = Run.of("kv", "scan", damaged);
    assertThat(scan.code()).isEqualTo(Main.ERROR);
    assertThat(lines).startsWith(scan.out());
    assertThat(scan.out()).isNotEmpty();
    Path text = dir.resolve("input.tsv");
    Run.of("kv", "verify", text).fails(text, "footer");
    Run.of("kv", "scan", dir.resolve("none.sst")).fails("none.sst", "no such file");
  }

  @Test
  void aTableTellsOfItself() {
    String shown = Run.of("kv", "dump", table).succeeds().out();
    assertThat(shown)
        .contains(
            "format\tRocksDB\n",
            "version\t5\n",
            "checksum\tXXH3\n",
            "index\tbinary\n",
            "rocksdb.num.entries\t3000\n",
            "rocksdb.comparator\tleveldb.BytewiseComparator\n",
            "block\t0\t");
    assertThat(Run.of("kv", "dump", "--properties", table).succeeds().out())
        .doesNotContain("block\t0\t");
    Map<String, Object> object = Run.of("kv", "dump", "--json", table).succeeds().json();
    assertThat(JsonReader.text(JsonReader.inner(object, "properties"), "rocksdb.num.entries"))
        .isEqualTo("3000");
    long blocks = shown.lines().filter(line -> line.startsWith("block\t")).count();
    assertThat((List<?>) object.get("blocks")).hasSize((int) blocks);
    assertThat(shown).contains("rocksdb.num.data.blocks\t" + blocks + "\n");
  }

  @Test
  void tablesMayBeObjectsOfS3() throws IOException {
    try (Bucket bucket = Bucket.open()) {
      Object url = bucket.endpoint();
      Path input = dir.resolve("input.tsv");
      String name = "s3://bucket/dir/t.sst";
      Run.of("kv", "build", "--endpoint-url", url, "--compression", "zstd", input, name).succeeds();
      assertThat(Run.of("kv", "scan", "--endpoint-url", url, name).succeeds().out())
          .isEqualTo(lines);
      assertThat(Run.of("kv", "get", "--endpoint-url", url, name, "key00042").succeeds().out())
          .isEqualTo(line(42));
      assertThat(Run.of("kv", "verify", "--endpoint-url", url, name).succeeds().out())
          .contains(name + ": 3000 entries");
      assertThat(Run.of("kv", "dump", "--endpoint-url", url, name).succeeds().out())
          .contains("table\t" + name, "rocksdb.num.entries\t3000");
      Run.withInput(
              "b\t1\na\t2\n".getBytes(UTF_8),
              "kv",
              "build",
              "--endpoint-url",
              url,
              "-",
              "s3://bucket/unsorted")
          .fails("standard input:2:");
      Run.of("kv", "scan", "--endpoint-url", url, "s3://bucket/unsorted").fails("unsorted");
      Run.of("kv", "scan", "--endpoint-url", url, table).fails("--endpoint-url");
    }
  }

  @Test
  void aCallWithoutACommandSaysWhatThereIs() {
    Run.of("kv").fails("ringwell kv --help");
    assertThat(Run.of("kv", "--help").succeeds().out())
        .contains("build", "scan", "get", "verify", "dump", "demo");
    assertThat(Run.of("kv", "scan", "--help").succeeds().out()).contains("--prefix");
  }
}
