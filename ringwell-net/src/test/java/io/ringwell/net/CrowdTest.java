package io.ringwell.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Many clients of one server, of which most do nothing, and some die.
@ParameterizedClass
@EnumSource(
    value = TestEngines.class,
    names = {"URING", "THREADS"})
final class CrowdTest extends ConnectionCase {
  CrowdTest(TestEngines kind) {
    super(kind);
  }

  @Test
  void slowClientsDoNotStarveAFastOne() throws Exception {
    crowd(100, 300);
  }

  @Test
  @Tag("soak")
  void aThousandSlowClientsDoNotStarveAFastOne() throws Exception {
    crowd(1000, 20_000);
  }

  /// The slow ones have said half of a word, and never say the rest.
  @SuppressWarnings("try") // Closed within the block, so that serving ends.
  private void crowd(int slow, int rounds) throws Exception {
    try (Listener listener = Listener.open(engine(), ANY_PORT)) {
      serve(listener, CrowdTest::echoWords);
      List<Connection> crowd = new ArrayList<>();
      for (int i = 0; i < slow; i++) {
        Connection one = Connection.connect(engine(), listener.address());
        send(one, "ha");
        crowd.add(one);
      }
      try (Connection fast = Connection.connect(engine(), listener.address())) {
        for (int i = 0; i < rounds; i++) {
          send(fast, "word");
          assertThat(receive(fast, 4)).isEqualTo("word");
        }
      }
      assertThat(listener.connections()).isGreaterThanOrEqualTo(slow);
      // Half of them are killed, the others leave.
      for (int i = 0; i < slow; i++) {
        if (i % 2 == 0) {
          crowd.get(i).abort();
        } else {
          crowd.get(i).close();
        }
      }
      listener.close();
      for (Connection each : crowd) {
        each.whenClosed().toCompletableFuture().join();
        each.close();
      }
    }
  }

  private static void echoWords(Connection connection) throws IOException {
    while (true) {
      String word = receive(connection, 4);
      if (word.length() < 4) {
        return;
      }
      send(connection, word);
    }
  }
}
