/// Small servers to read and to start from.
@NullMarked
package io.ringwell.examples;

import org.jspecify.annotations.NullMarked;
