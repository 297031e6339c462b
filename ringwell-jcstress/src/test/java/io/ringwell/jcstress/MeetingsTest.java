package io.ringwell.jcstress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jcstress.annotations.Outcome;

/// Every meeting where nobody meets: one actor after the other, in both orders, has an outcome that
/// is allowed. What happens when they do meet is [MeetingsSoakTest]'s.
class MeetingsTest {
  /// What the processor of jcstress has found.
  static List<Class<?>> meetings() throws Exception {
    List<Class<?>> meetings =
        Pattern.compile(
                "^JCTEST\\d+S(io\\.ringwell\\.jcstress\\.[A-Z][A-Za-z]*)", Pattern.MULTILINE)
            .matcher(list())
            .results()
            .map(MeetingsTest::meeting)
            .toList();
    assertThat(meetings).hasSizeGreaterThan(15);
    return meetings;
  }

  private static String list() throws IOException {
    try (InputStream list = MeetingsTest.class.getResourceAsStream("/META-INF/TestList")) {
      return new String(requireNonNull(list).readAllBytes(), UTF_8);
    }
  }

  private static Class<?> meeting(MatchResult found) {
    try {
      return Class.forName(found.group(1));
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @MethodSource("meetings")
  void oneAfterTheOtherIsAllowed(Class<?> meeting) throws Exception {
    List<Method> actors =
        Arrays.stream(meeting.getDeclaredMethods())
            .filter(method -> Modifier.isPublic(method.getModifiers()))
            .filter(method -> !method.getName().equals("end"))
            .sorted(Comparator.comparing(Method::getName))
            .toList();
    assertThat(actors).hasSize(2);
    check(meeting, actors);
    check(meeting, actors.reversed());
  }

  private static void check(Class<?> meeting, List<Method> actors) throws Exception {
    Object state = meeting.getConstructor().newInstance();
    Method end =
        Arrays.stream(meeting.getDeclaredMethods())
            .filter(method -> method.getName().equals("end"))
            .findFirst()
            .orElseThrow();
    Object result = result(actors, end);
    for (Method actor : actors) {
      call(state, actor, result);
    }
    call(state, end, result);
    assertThat(
            Arrays.stream(meeting.getAnnotationsByType(Outcome.class))
                .flatMap(o -> Arrays.stream(o.id())))
        .as(actors.toString())
        .contains(result.toString());
  }

  private static Object result(List<Method> actors, Method end) throws Exception {
    for (Method method : List.of(actors.getFirst(), actors.getLast(), end)) {
      if (method.getParameterCount() == 1) {
        return method.getParameterTypes()[0].getConstructor().newInstance();
      }
    }
    throw new AssertionError("no result");
  }

  private static void call(Object state, Method method, Object result) throws Exception {
    if (method.getParameterCount() == 0) {
      method.invoke(state);
    } else {
      method.invoke(state, result);
    }
  }
}
