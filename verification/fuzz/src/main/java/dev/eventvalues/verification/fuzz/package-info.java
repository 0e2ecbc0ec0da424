/** Runs one target of the fuzzer, in a JVM of its own; the targets are beside what they try, in its packages. */
@NullMarked
package dev.eventvalues.verification.fuzz;

import org.jspecify.annotations.NullMarked;
