/** Small programs of a few threads: all their interleavings by Lincheck, and billions of real races by jcstress. */
@NullMarked
package dev.eventvalues.verification.models;

import org.jspecify.annotations.NullMarked;
