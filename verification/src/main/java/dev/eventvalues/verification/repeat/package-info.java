/** The project's own tests, again and again: a test that fails now and then is a bug in the product or in the test. */
@NullMarked
package dev.eventvalues.verification.repeat;

import org.jspecify.annotations.NullMarked;
