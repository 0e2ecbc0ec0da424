/**
 * The command line: {@code ev watch} shows keys of an etcd and what happens to them, {@code ev demo} shows what the
 * library is for.
 *
 * <p><i>Reading order:</i> {@link dev.eventvalues.cli.Ev} is the root command, says what the exit codes are and makes
 * one line of every error; then {@code WatchCommand} with the {@code Event}s it tells and their two {@code Format}s;
 * {@code DemoCommand} runs {@link dev.eventvalues.cli.demo.MainJob}, which is written to be read by newcomers;
 * {@code OrderlyEnd} is what happens at Ctrl-C.
 */
@NullMarked
package dev.eventvalues.cli;

import org.jspecify.annotations.NullMarked;
