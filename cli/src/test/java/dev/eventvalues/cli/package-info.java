@NullMarked
package dev.eventvalues.cli;

import org.jspecify.annotations.NullMarked;
