/**
 * Races of two threads, tried on the real memory: what compilers and processors may reorder shows only there. Each race
 * lists the outcomes that may be; any other is a finding. Races of the inside are in the packages of what they race.
 */
@NullMarked
package dev.eventvalues.verification.jcstress;

import org.jspecify.annotations.NullMarked;
