/**
 * What waiting and the cells promise, as programs of a few threads. Lincheck runs each in thousands of interleavings, one
 * switch of threads after another. Start at {@link dev.eventvalues.verification.lincheck.Specification}.
 */
@NullMarked
package dev.eventvalues.verification.lincheck;

import org.jspecify.annotations.NullMarked;
