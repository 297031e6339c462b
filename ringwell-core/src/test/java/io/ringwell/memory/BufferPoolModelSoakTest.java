package io.ringwell.memory;

import org.junit.jupiter.api.Tag;

/// The same, a hundred times as long.
@Tag("soak")
class BufferPoolModelSoakTest extends BufferPoolModelTest {}
