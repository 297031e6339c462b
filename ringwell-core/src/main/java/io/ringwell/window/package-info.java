/// Windows onto files: the library owns the buffers, and hands out what is in them.
///
/// [ManagedReader] shows one window after another of a file, of bytes in memory or of any
/// [WindowSource]; [ReaderSet] waits for many readers at once; [WholeFiles] reads many small files.
/// [Planner] chooses how, and says why. [ManagedWriter] hands out claims, memory to fill and to
/// commit; [Appender] makes a sequence of them.
package io.ringwell.window;
