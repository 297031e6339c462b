/// The operating system as Ringwell sees it: libc bindings through `java.lang.foreign`, errno
/// names, and the constants that differ between processors. Not exported; nothing here knows of
/// files, buffers or rings as the layers above mean them.
package io.ringwell.sys;
