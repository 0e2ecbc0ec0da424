/**
 * The main job, to be read: one fact, one producer, three consumers.
 *
 * <p>Start with {@link dev.eventvalues.cli.demo.MainJob}, which puts them together. {@code NetworkService} sets the
 * fact; {@code HostsFile}, {@code StatusLine} and {@code AddressLog} follow it. None of them knows where it is held.
 */
@NullMarked
package dev.eventvalues.cli.demo;

import org.jspecify.annotations.NullMarked;
