@NullMarked
package dev.eventvalues.testkit;

import org.jspecify.annotations.NullMarked;
