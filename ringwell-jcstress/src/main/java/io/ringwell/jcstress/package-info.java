/// Meetings of the two sides of a pipe, and of those who cancel and complete, in the narrowest
/// places: each is a test of jcstress, which has two threads meet there millions of times, with all
/// that its JVM's compilers may make of the code, and counts what came of it. An outcome that no
/// line allows is an error.
@NullMarked
package io.ringwell.jcstress;

import org.jspecify.annotations.NullMarked;
