package io.ringwell.sys;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs({OS.LINUX, OS.MAC})
class NativeMemoryTest {
  private final NativeMemory system = NativeMemory.get().orElseThrow();

  @Test
  @SuppressWarnings("restricted")
  void reservedMemoryIsUsableOnceItIsMadeAccessible() {
    long bytes = 16 * system.pageSize();
    long address =
        system.mmap(
            0,
            bytes,
            NativeMemory.PROT_NONE,
            NativeMemory.MAP_PRIVATE | NativeMemory.MAP_ANONYMOUS | NativeMemory.MAP_NORESERVE,
            -1,
            0);
    assertThat(address).isPositive();
    assertThat(address % system.pageSize()).isZero();
    assertThat(
            system.mprotect(
                address, system.pageSize(), NativeMemory.PROT_READ | NativeMemory.PROT_WRITE))
        .isZero();
    MemorySegment page = MemorySegment.ofAddress(address).reinterpret(system.pageSize());
    page.set(JAVA_LONG, 0, 42);
    assertThat(page.get(JAVA_LONG, 0)).isEqualTo(42);
    assertThat(system.mlock(address, system.pageSize())).isZero();
    assertThat(system.munlock(address, system.pageSize())).isZero();
    assertThat(system.madvise(address, system.pageSize(), NativeMemory.MADV_DONTNEED)).isZero();
    if (Platform.LINUX) {
      assertThat(page.get(JAVA_LONG, 0)).isZero();
    }
    assertThat(system.munmap(address, bytes)).isZero();
  }

  @Test
  void failuresAreMinusTheErrorNumber() {
    assertThat(system.munmap(1, system.pageSize())).isEqualTo(-Errno.EINVAL);
    assertThat(system.mprotect(1, system.pageSize(), NativeMemory.PROT_READ))
        .isEqualTo(-Errno.EINVAL);
    assertThat(system.mmap(0, 0, NativeMemory.PROT_NONE, NativeMemory.MAP_PRIVATE, -1, 0))
        .isNegative();
  }

  @Test
  void pageSizeIsAPowerOfTwo() {
    assertThat(Long.bitCount(system.pageSize())).isOne();
    assertThat(NativeMemory.whyAbsent()).isEmpty();
  }
}
