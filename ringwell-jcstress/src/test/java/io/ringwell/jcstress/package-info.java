/// The meetings run: in order, and by jcstress.
@NullMarked
package io.ringwell.jcstress;

import org.jspecify.annotations.NullMarked;
