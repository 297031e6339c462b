package io.ringwell.testkit;

import io.ringwell.engine.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/// What every [Engine] keeps to, as a suite of JUnit tests. Extend it and say how the engine is
/// opened:
///
/// ```java
/// final class MyEngineTest extends EngineContract {
///   @Override
///   protected Engine openEngine(EngineOptions options) {
///     return new MyEngine(options);
///   }
/// }
/// ```
///
/// Each test has an engine of its own and a new directory, and ends with a check that the engine
/// closed in time and that no buffer is still in use. The directory lies below [#root()]; parts
/// about direct I/O are skipped where its file system takes none.
///
/// Results must be exact under [FaultPlan#benign] too; an engine that makes errors up cannot pass.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class EngineContract extends EngineSuite
    implements OpenContract,
        TransferContract,
        CachedReadContract,
        DirectContract,
        VectorContract,
        StorageContract,
        NameContract,
        ReadFileContract,
        TimeContract,
        ChainContract,
        WaitingContract,
        LifeContract,
        BoundsContract {
  /// For suites that extend it.
  protected EngineContract() {}

  /// Where the tests' directories are made: `ringwell.test.dir`, the build's `target`, or the
  /// system's directory for temporary files.
  protected Path root() {
    String chosen = System.getProperty("ringwell.test.dir");
    if (chosen != null) {
      return Path.of(chosen);
    }
    Path target = Path.of("target");
    return Files.isDirectory(target)
        ? target.toAbsolutePath()
        : Path.of(System.getProperty("java.io.tmpdir", "."));
  }

  @Override
  public boolean thorough() {
    return true;
  }

  @BeforeEach
  final void openEngineAndDirectory() throws IOException {
    begin(Files.createTempDirectory(root(), "contract"), 128L << 20);
  }

  @AfterEach
  final void closeEnginesAndLookForLeaks() throws IOException {
    try {
      closeEngines();
    } finally {
      end();
    }
  }
}
