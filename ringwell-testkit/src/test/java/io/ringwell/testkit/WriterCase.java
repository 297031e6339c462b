package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.engine.Engine;
import io.ringwell.window.ManagedWriter;
import io.ringwell.window.WriteClaim;
import io.ringwell.window.WriterOptions;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// What tests of writers have in common: an engine, a directory, and no memory that is left out.
abstract class WriterCase {
  static final int BLOCK = 4096;

  final WriterSetup setup;
  Engine engine;
  GatedEngine gated;
  Path directory;
  Path path;

  WriterCase(WriterSetup setup) {
    this.setup = setup;
  }

  @BeforeEach
  final void openEngine() throws IOException {
    directory = TestFiles.newDirectory("writer");
    path = directory.resolve("file");
    gated = new GatedEngine(setup.open(Seeds.first()));
    engine = gated;
    setup.requireDirect(engine, directory);
  }

  @AfterEach
  final void closeEngine() throws IOException {
    engine.close();
    assertThat(engine.pool().stats().inUseBytes()).as("memory in use").isZero();
    assertThat(engine.pool().stats().lentBytes()).as("memory lent").isZero();
    assertThat(engine.pool().stats().damaged()).as("memory damaged").isZero();
    TestFiles.delete(directory);
  }

  final WriterOptions options() {
    return setup.options();
  }

  final ManagedWriter open() throws IOException {
    return open(options());
  }

  final ManagedWriter open(WriterOptions options) throws IOException {
    return ManagedWriter.open(engine, path, options);
  }

  static void fill(WriteClaim claim, byte[] content) {
    fill(claim.segment(), content);
  }

  static void fill(MemorySegment into, byte[] content) {
    MemorySegment.copy(content, 0, into, ValueLayout.JAVA_BYTE, 0, content.length);
  }

  /// Claims as much as `content` is long, and fills it.
  static WriteClaim claim(ManagedWriter writer, long position, byte[] content) throws IOException {
    WriteClaim claim = writer.beginWrite(position, content.length);
    fill(claim, content);
    return claim;
  }

  final byte[] content() throws IOException {
    return Files.readAllBytes(path);
  }

  static byte[] pattern(long seed, int length) {
    return ContractCase.pattern(seed, length);
  }
}
