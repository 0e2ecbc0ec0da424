/**
 * The evidence that no fault loses a state, one command for each kind. What was tried is kept in a {@link
 * dev.eventvalues.verification.Ledger} and grows from run to run; {@code docs/reliability.md} shows it.
 */
@NullMarked
package dev.eventvalues.verification;

import org.jspecify.annotations.NullMarked;
