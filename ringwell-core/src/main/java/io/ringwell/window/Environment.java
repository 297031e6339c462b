package io.ringwell.window;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What a [Planner] knows of the machine and of what it may do.
///
/// @param processors that this JVM may use
/// @param freeBytes memory that the kernel could give without swapping; -1 where nobody has asked
/// @param engine which engine reads
/// @param tryNow whether the page cache can be read without waiting
/// @param dontCache whether reads can leave the page cache alone; false once one was refused
/// @param allowMapped whether the caller permits maps
/// @param maxWindow the largest window, in bytes
/// @param maxBytes what all windows of a reader may take, in bytes
public record Environment(
    int processors,
    long freeBytes,
    EngineInfo.Kind engine,
    boolean tryNow,
    boolean dontCache,
    boolean allowMapped,
    long maxWindow,
    long maxBytes) {

  private static final Path MEMORY_FACTS = Path.of("/proc/meminfo");

  /// What is so here and now. Memory is asked for where `largeFile` makes it matter: reading
  /// /proc/meminfo takes about 20 microseconds.
  static Environment of(Engine engine, ReaderOptions options, boolean largeFile) {
    EngineInfo.Kind kind = engine.info().kind();
    boolean systemCalls = kind != EngineInfo.Kind.CHANNELS;
    return new Environment(
        Runtime.getRuntime().availableProcessors(),
        largeFile ? availableBytes() : -1,
        kind,
        systemCalls,
        systemCalls,
        options.mapsAllowed(),
        options.maxWindow(),
        options.maxBytes());
  }

  Environment withoutDontCache() {
    return new Environment(
        processors, freeBytes, engine, tryNow, false, allowMapped, maxWindow, maxBytes);
  }

  Environment withoutMaps() {
    return new Environment(
        processors, freeBytes, engine, tryNow, dontCache, false, maxWindow, maxBytes);
  }

  /// `MemAvailable` of proc(5); -1 where there is none.
  private static long availableBytes() {
    try {
      for (String line : Files.readAllLines(MEMORY_FACTS)) {
        if (line.startsWith("MemAvailable:")) {
          return Long.parseLong(line.replaceAll("\\D", "")) << 10;
        }
      }
      return -1;
    } catch (IOException | NumberFormatException absent) {
      // Not Linux, or a /proc of another kind: then it is not known, which the value says.
      return -1;
    }
  }
}
