package dev.eventvalues.verification.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntToLongFunction;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Of the samples of a soak: what is steady is let pass, what grows is found. */
class SteadinessTest {
    private static final int ROUNDS = 60;
    private static final long MEGABYTE = 1 << 20;

    private IntToLongFunction heap = round -> 15 * MEGABYTE;
    private IntUnaryOperator threads = round -> 21;
    private IntUnaryOperator pooled = round -> 3;
    private IntUnaryOperator files = round -> 60;
    private IntUnaryOperator sockets = round -> 2;
    private IntUnaryOperator watches = round -> 7;

    private List<Sample> samples(int rounds) {
        List<Sample> samples = new ArrayList<>();
        for (int round = 0; round <= rounds; round++) {
            SortedMap<String, Integer> named = new TreeMap<>();
            named.put("timer", threads.applyAsInt(round));
            named.put("grpc-default-executor-*", pooled.applyAsInt(round));
            Footprint process = new Footprint(
                    heap.applyAsLong(round),
                    named,
                    files.applyAsInt(round),
                    Collections.nCopies(sockets.applyAsInt(round), "socket"));
            samples.add(new Sample(
                    round, round / 2.0, "fault " + round, 100, round * 1_000L, process, watches.applyAsInt(round)));
        }
        return samples;
    }

    private List<String> findings() {
        return new Steadiness(samples(ROUNDS)).findings();
    }

    private void assertFound(String... words) {
        assertThat(findings()).singleElement().asString().contains(words);
    }

    @Test
    void whatStaysTheSameIsSteady() {
        assertThat(findings()).isEmpty();
    }

    @Test
    void thereMustBeSomethingToCompare() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Steadiness(samples(0)));
    }

    @Test
    void aSingleRoundIsComparedWithWhatWasBeforeIt() {
        sockets = round -> 2 + round;
        assertThat(new Steadiness(samples(1)).findings()).hasSize(1);
    }

    @Nested
    class TheHeap {
        @Test
        void mayGoUpAndDown() {
            Random random = new Random(1);
            heap = round -> 15 * MEGABYTE + random.nextInt(2 * (int) MEGABYTE);
            assertThat(findings()).isEmpty();
        }

        @Test
        void mayGrowWhileItWarmsUp() {
            heap = round -> (10 + Math.min(round, ROUNDS / 4)) * MEGABYTE;
            assertThat(findings()).isEmpty();
        }

        @Test
        void mayShrink() {
            heap = round -> (100 - round) * MEGABYTE;
            assertThat(findings()).isEmpty();
        }

        @Test
        void mayHaveAPeakInAShortSoakToo() {
            heap = round -> (round == 6 ? 60 : 15) * MEGABYTE;
            assertThat(new Steadiness(samples(6)).findings()).isEmpty();
        }

        @Test
        void mayHaveAPeak() {
            heap = round -> (round == ROUNDS ? 60 : 15) * MEGABYTE;
            assertThat(findings()).isEmpty();
        }

        @Test
        void isFoundToRiseIfItDoesAllTheTime() {
            heap = round -> 15 * MEGABYTE + round * 80_000L;
            assertFound("heap", "MB early", "MB late", "from round 50");
        }

        @Test
        void isFoundToRiseThoughItGoesUpAndDownMoreThanItRises() {
            Random random = new Random(1);
            heap = round -> 15 * MEGABYTE + round * 90_000L + random.nextInt(2 * (int) MEGABYTE);
            assertFound("heap");
        }
    }

    @Nested
    class WhatIsCounted {
        @Test
        void aThreadThatStaysIsFoundWithItsMoment() {
            threads = round -> round < 40 ? 21 : 22;
            assertFound("threads", "timer=21", "timer=22", "round 40", "20.0 min", "fault 40", "21 of 60");
        }

        @Test
        void aThreadThatIsMissingIsFoundToo() {
            threads = round -> round < 40 ? 21 : 20;
            assertFound("threads");
        }

        @Test
        void anOpenFileIsFound() {
            files = round -> 60 + round / 30;
            assertFound("open files", "at first 60, then 61", "round 30");
        }

        @Test
        void aSocketIsFoundEvenIfItIsGoneLater() {
            sockets = round -> round == 7 ? 3 : 2;
            assertFound("sockets", "at first 2, then 3", "round 7", "1 of 60");
        }

        @Test
        void aWatchIsFound() {
            watches = round -> 7 + round;
            assertFound("watches", "at first 7, then 8", "round 1,");
        }
    }

    @Nested
    class APool {
        @Test
        void mayHaveMoreOrFewerThreads() {
            pooled = round -> round * 7 % 5;
            assertThat(findings()).isEmpty();
        }

        @Test
        void isFoundIfItGrows() {
            pooled = round -> 3 + round / 5;
            assertFound("pool", "at most", "at least");
        }
    }
}
