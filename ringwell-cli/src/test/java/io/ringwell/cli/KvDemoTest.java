package io.ringwell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KvDemoTest {
  @Test
  void printsWhatTheArticlePrints() {
    String ten =
        """
        b"key_00000" b"value_00000"
        b"key_00001" b"value_00001"
        b"key_00002" b"value_00002"
        b"key_00003" b"value_00003"
        b"key_00004" b"value_00004"
        b"key_00005" b"value_00005"
        b"key_00006" b"value_00006"
        b"key_00007" b"value_00007"
        b"key_00008" b"value_00008"
        b"key_00009" b"value_00009"
        """;
    assertThat(Run.of("kv", "demo").succeeds().out())
        .isEqualTo(
            """
            # TestIterator(0, 5)
            key_00000 -> value_00000
            key_00001 -> value_00001
            key_00002 -> value_00002
            key_00003 -> value_00003
            key_00004 -> value_00004
            # ConcatIterator(TestIterator(0, 5), TestIterator(5, 7))
            key_00000 -> value_00000
            key_00001 -> value_00001
            key_00002 -> value_00002
            key_00003 -> value_00003
            key_00004 -> value_00004
            key_00005 -> value_00005
            key_00006 -> value_00006
            # TestIterator(0, 10)
            """
                + ten
                + "# ConcatIterator(TestIterator(0, 5), TestIterator(5, 10))\n"
                + ten);
  }

  @Test
  void kvByItselfNamesTheRemedy() {
    Run.of("kv").fails("kv", "ringwell kv --help");
    Run.of("kv", "frobnicate").fails("frobnicate", "--help");
    assertThat(Run.of("kv", "demo", "--help").succeeds().out()).contains("ringwell kv demo");
  }
}
