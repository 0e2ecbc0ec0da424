/**
 * The flaws that others made, and those one could make, put into our own sources one at a time: each must be noticed by a
 * test. The {@linkplain dev.eventvalues.verification.mutants.Catalogue catalogue} is in {@code verification/mutants}.
 */
@NullMarked
package dev.eventvalues.verification.mutants;

import org.jspecify.annotations.NullMarked;
