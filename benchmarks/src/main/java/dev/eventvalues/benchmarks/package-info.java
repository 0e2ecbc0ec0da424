/**
 * What is measured, of whom, and how it is shown. Begin with {@link dev.eventvalues.benchmarks.Bench}, the program;
 * then {@link dev.eventvalues.benchmarks.Contender}: who takes part; the classes named after a row's work, such as
 * {@link dev.eventvalues.benchmarks.SetBenchmark} and {@code WakeUp}; and {@code Report}: what is kept.
 *
 * <p>Not published. {@code docs/performance.md} explains the rows.
 */
@NullMarked
package dev.eventvalues.benchmarks;

import org.jspecify.annotations.NullMarked;
