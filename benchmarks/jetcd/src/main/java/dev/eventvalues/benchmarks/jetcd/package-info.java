/** jetcd, with the libraries it asks for. */
@NullMarked
package dev.eventvalues.benchmarks.jetcd;

import org.jspecify.annotations.NullMarked;
