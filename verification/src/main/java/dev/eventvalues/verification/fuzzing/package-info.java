/** Starts the fuzzer, which has a class path of its own: {@code verification/fuzz}. */
@NullMarked
package dev.eventvalues.verification.fuzzing;

import org.jspecify.annotations.NullMarked;
