package dev.eventvalues.etcd.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which endpoint is used, one sentence a test; and what holds for every short sequence of events. */
class RouteTest {
    private static final int A = 0;
    private static final int B = 1;
    private static final int C = 2;
    private static final Trouble CUT = new Trouble(Trouble.Kind.UNREACHABLE, "cut");
    private static final Trouble DENIED = new Trouble(Trouble.Kind.ACCESS_DENIED, "denied");
    private static final Route.Pause UNTIL_PROBE = new Route.Pause.UntilProbe();
    private static final Route.Pause FOR_ANSWER = new Route.Pause.ForAnswer();

    private Route route = Route.start(3);
    private List<Route.Command> commands = List.of();

    /** Of the last wake. */
    private long ticket;

    /** Any clock will do, and clocks may be negative. */
    private long now = -42;

    @Nested
    class Idle {
        @Test
        void tryNothingUntilSomethingIsWanted() {
            proved(A);
            failed(B);
            suspected(A);
            happened(new Route.Event.Due(0, true));

            assertThat(commands).isEmpty();
            assertThat(route.isUsable()).isFalse();
        }

        @Test
        void isWokenByWhateverIsWanted() {
            wanted();

            assertThat(commands).containsExactly(probe(A), wake(FOR_ANSWER));
        }

        @Test
        void takesNoNoticeOfAnAnswerThatComesWhenNobodyWantsItAnyMore() {
            wanted();
            dueButNotNeeded();
            proved(A);

            assertThat(commands).isEmpty();
            assertThat(route.isUsable()).isFalse();
        }

        @Test
        void triesTheEndpointFirstThatWasUsedBefore() {
            use(B);
            dueButNotNeeded();
            wanted();

            assertThat(commands).startsWith(probe(B));
        }
    }

    @Nested
    class Trying {
        @BeforeEach
        void want() {
            wanted();
        }

        @Test
        void asksTheNextAlongWithTheFirstWhenThatIsSlow() {
            due();
            assertThat(commands).containsExactly(probe(B), wake(FOR_ANSWER));

            due();
            assertThat(commands).containsExactly(probe(C), wake(FOR_ANSWER));
        }

        /** A member forgets a read that it could not answer when there was no leader. */
        @Test
        void asksAllAgainWhileNoneHasAnswered() {
            due();
            due();
            due();
            assertThat(commands).containsExactly(probe(A), wake(FOR_ANSWER));

            due();
            assertThat(commands).containsExactly(probe(B), wake(FOR_ANSWER));
        }

        @Test
        void doesNotEndWithTheFailureOfOneThatIsAskedAgain() {
            due();
            due();
            failed(A);
            due();
            failed(A);

            assertThat(commands).isEmpty();
        }

        @Test
        void asksTheNextAtOnceWhenOneFails() {
            failed(A);

            assertThat(commands).containsExactly(probe(B), wake(FOR_ANSWER));
        }

        @Test
        void usesTheFirstThatAnswers() {
            due();
            proved(B);

            assertThat(commands).containsExactly(new Route.Command.Use(B), wake(UNTIL_PROBE));
            assertThat(route.isUsable()).isTrue();
        }

        @Test
        void isOverWithTheFirstAnswer() {
            due();
            proved(B);
            proved(A);
            assertThat(commands).isEmpty();

            failed(A);
            assertThat(commands).isEmpty();
            assertThat(route.isUsable()).isTrue();
        }

        @Test
        void isNotBegunAgainByWhateverElseIsWanted() {
            wanted();

            assertThat(commands).isEmpty();
        }

        @Test
        void isGivenUpWhenNobodyNeedsItAnyMore() {
            dueButNotNeeded();
            assertThat(commands).isEmpty();

            wanted();
            assertThat(commands).startsWith(probe(A));
        }

        @Test
        void goesAllTheWayRound() {
            proved(A);
            failed(A);
            due();
            proved(C);
            due();
            failed(C);
            assertThat(commands).containsExactly(new Route.Command.Doubt(), probe(C), probe(A), wake(FOR_ANSWER));

            failed(A);
            assertThat(commands).startsWith(probe(B));
        }
    }

    @Nested
    class Despair {
        @BeforeEach
        void want() {
            wanted();
        }

        @Test
        void isToldOnceAllHaveFailedAndNotBefore() {
            failed(A);
            failed(B);
            assertThat(commands).noneMatch(Route.Command.Despair.class::isInstance);

            failed(C);
            assertThat(commands).containsExactly(new Route.Command.Despair(CUT), wake(rest(1)));
        }

        @Test
        void isNotToldBeforeTheSlowOnesHaveFailedToo() {
            due();
            due();
            failed(C);
            failed(A);
            assertThat(commands).isEmpty();

            failed(B);
            assertThat(commands).startsWith(new Route.Command.Despair(CUT));
        }

        @Test
        void namesTheTroubleThatSomebodyHasToDoSomethingAbout() {
            failed(A);
            happened(new Route.Event.Failed(B, DENIED));
            failed(C);

            assertThat(commands).startsWith(new Route.Command.Despair(DENIED));
        }

        @Test
        void ofTroublesThatMayPassNamesThatOfTheFirstEndpoint() {
            due();
            due();
            Trouble last = new Trouble(Trouble.Kind.UNREACHABLE, "the last in the settings");
            happened(new Route.Event.Failed(C, last));
            failed(B);
            failed(A);

            assertThat(commands).startsWith(new Route.Command.Despair(CUT));
        }

        @Test
        void isFollowedByARestAndThenAnotherRound() {
            failAll();
            due();

            assertThat(commands).containsExactly(probe(A), wake(FOR_ANSWER));
        }

        @Test
        void isFollowedByLongerAndLongerRests() {
            for (int round = 1; round <= 5; round++) {
                failAll();
                assertThat(commands).endsWith(wake(rest(round)));
                due();
            }
        }

        /** The first may have met an election, which ends sooner than new connections are made. */
        @Test
        void renewsTheConnectionsFromTheSecondRoundOn() {
            failAll();
            assertThat(commands).doesNotContain(new Route.Command.Renew());

            for (int round = 2; round <= 4; round++) {
                due();
                failAll();
                assertThat(commands)
                        .containsExactly(new Route.Command.Despair(CUT), new Route.Command.Renew(), wake(rest(round)));
            }
        }

        @Test
        void isOverAtOnceWhenAnAnswerComesLateDuringTheRest() {
            failAll();
            proved(B);

            assertThat(commands).containsExactly(new Route.Command.Use(B), wake(UNTIL_PROBE));
        }

        @Test
        void doesNotEndForGoodWhenNothingIsNeededDuringTheRest() {
            failAll();
            dueButNotNeeded();
            wanted();

            assertThat(commands).startsWith(probe(A));
        }

        @Test
        void isNotShortenedByWhateverElseIsWanted() {
            failAll();
            wanted();

            assertThat(commands).isEmpty();
        }

        private void failAll() {
            failed(A);
            failed(B);
            failed(C);
        }
    }

    @Nested
    class Using {
        @BeforeEach
        void useTheFirst() {
            use(A);
        }

        @Test
        void isProvedAgainEveryNowAndThen() {
            due();
            assertThat(commands).containsExactly(probe(A));

            proved(A);
            assertThat(commands).containsExactly(wake(UNTIL_PROBE));
            assertThat(route.isUsable()).isTrue();
        }

        /** It has had a third of the time after which what is shown counts as stale: there is none to be lost. */
        @Test
        void endsWhenTheProbeFailsAndTheNextIsAskedAlongWithIt() {
            due();
            failed(A);

            assertThat(commands).containsExactly(new Route.Command.Doubt(), probe(A), probe(B), wake(FOR_ANSWER));
            assertThat(route.isUsable()).isFalse();
        }

        @Test
        void movesToTheNextWhenThatAnswersFirst() {
            due();
            failed(A);
            proved(B);

            assertThat(commands).containsExactly(new Route.Command.Use(B), wake(UNTIL_PROBE));
        }

        @Test
        void goesOnWithTheSameWhenThatAnswersAfterAll() {
            due();
            failed(A);
            proved(A);

            assertThat(commands).containsExactly(new Route.Command.Use(A), wake(UNTIL_PROBE));
        }

        @Test
        void asksTheThirdToo() {
            due();
            failed(A);
            failed(B);

            assertThat(commands).startsWith(probe(C));
        }

        @Test
        void isNotChangedByWhateverElseIsWanted() {
            wanted();

            assertThat(commands).isEmpty();
        }

        @Test
        void doesNotCareHowOthersFare() {
            failed(B);
            proved(C);
            suspected(B);

            assertThat(commands).isEmpty();
            assertThat(route.isUsable()).isTrue();
        }

        @Test
        void endsWhenNothingNeedsIt() {
            dueButNotNeeded();

            assertThat(commands).containsExactly(new Route.Command.Doubt());
            assertThat(route.isUsable()).isFalse();
        }

        @Test
        void takesNoNoticeOfAWakeThatWasReplaced() {
            long late = ticket;
            due();
            proved(A);
            Route before = route;
            happened(new Route.Event.Due(late, true));
            happened(new Route.Event.Due(late, false));

            assertThat(route).isSameAs(before);
        }

        @Test
        void ofTheOnlyEndpointEndsToo() {
            route = Route.start(1);
            use(A);
            due();
            failed(A);
            assertThat(commands).containsExactly(new Route.Command.Doubt(), probe(A), wake(FOR_ANSWER));

            failed(A);
            assertThat(commands).containsExactly(new Route.Command.Despair(CUT), wake(rest(1)));
        }
    }

    @Nested
    class Suspicion {
        @BeforeEach
        void useTheFirst() {
            use(A);
        }

        @Test
        void isLookedIntoAtOnceTheFirstTime() {
            suspected(A);

            assertThat(commands).containsExactly(new Route.Command.Doubt(), probe(A), wake(FOR_ANSWER));
            assertThat(route.isUsable()).isFalse();
        }

        @Test
        void passesWithAnAnswer() {
            suspected(A);
            proved(A);

            assertThat(commands).containsExactly(new Route.Command.Use(A), wake(UNTIL_PROBE));
        }

        /** As of an endpoint that answers reads and ends every stream. */
        @Test
        void thatComesAgainAndAgainRestsLongerEachTime() {
            suspectedAndCleared();
            for (int again = 1; again <= 5; again++) {
                suspected(A);
                assertThat(commands).containsExactly(new Route.Command.Doubt(), wake(rest(again)));
                due();
                assertThat(commands).startsWith(probe(A));
                proved(A);
                assertThat(commands).startsWith(new Route.Command.Use(A));
            }
        }

        @Test
        void isForgottenOnceThereWasNoneForAWhile() {
            suspectedAndCleared();
            now += Route.SETTLED_NANOS;
            suspected(A);

            assertThat(commands).containsExactly(new Route.Command.Doubt(), probe(A), wake(FOR_ANSWER));
        }

        @Test
        void isNotForgottenBefore() {
            suspectedAndCleared();
            now += Route.SETTLED_NANOS - 1;
            suspected(A);

            assertThat(commands).endsWith(wake(rest(1)));
        }

        @Test
        void isForgottenByAProbeThatComesBackAfterAWhile() {
            suspectedAndCleared();
            suspected(A);
            due();
            proved(A);
            now += Route.SETTLED_NANOS;
            due();
            proved(A);
            due();
            failed(A);
            failed(A);
            failed(B);
            failed(C);

            assertThat(commands).as("as the first round that fails").endsWith(wake(rest(1)));
        }

        /** The clock starts when the endpoint is used again, lest the rest itself counts as good conduct. */
        @Test
        void isNotForgottenWhileNothingWasUsed() {
            suspectedAndCleared();
            suspected(A);
            now += Route.SETTLED_NANOS;
            due();
            proved(A);
            suspected(A);

            assertThat(commands).endsWith(wake(rest(2)));
        }

        @Test
        void afterAnOutageRestsAtOnce() {
            due();
            failed(A);
            failed(A);
            failed(B);
            failed(C);
            due();
            proved(A);
            suspected(A);

            assertThat(commands).containsExactly(new Route.Command.Doubt(), wake(rest(1)));
        }

        @Test
        void ofAnEndpointThatIsNotUsedIsIgnored() {
            suspected(B);
            assertThat(commands).isEmpty();

            due();
            failed(A);
            suspected(A);
            assertThat(commands).as("while it is tried anyway").isEmpty();
        }

        private void suspectedAndCleared() {
            suspected(A);
            proved(A);
        }
    }

    @Nested
    class EverySequence {
        /**
         * Of probes that answer or fail in any order, on connections that are open or given up; wakes that come, needed or
         * not; suspicions of any endpoint; and time that passes.
         */
        @ParameterizedTest
        @CsvSource({"1, 8", "2, 7", "3, 6"})
        void keepsTheRulesAndIsNeverStuck(int endpoints, int length) {
            assertThat(follow(Course.start(endpoints), length)).isGreaterThan(10_000);
        }

        private static int follow(Course course, int left) {
            if (left == 0) {
                course.checkThatItHeals();
                return 1;
            }
            int leaves = 0;
            for (Happening next : course.possible()) {
                leaves += follow(course.after(next), left - 1);
            }
            return leaves;
        }

        @Test
        void keepsThemInLongOnesToo() {
            for (long seed = 1; seed <= 5_000; seed++) {
                Random random = new Random(seed);
                Course course = Course.start(1 + random.nextInt(4));
                for (int i = 0; i < 100; i++) {
                    List<Happening> possible = course.possible();
                    course = course.after(possible.get(random.nextInt(possible.size())));
                }
                course.checkThatItHeals();
            }
        }
    }

    /** A probe that has been sent and not been answered. On a connection that was given up it can only fail. */
    private record UnderWay(int endpoint, boolean givenUp) {}

    /** An event, and what it answers. */
    private record Happening(Route.Event event, List<UnderWay> answers, long later) {
        @Override
        public String toString() {
            return event + (later > 0 ? " later" : "");
        }
    }

    /** How it came so. */
    private record Way(@Nullable Way before, Happening happening, List<Route.Command> commands) {
        @Override
        public String toString() {
            return (before == null ? "" : before) + "\n" + happening + "\n  -> " + commands;
        }
    }

    /** A route, and all that is known about it from outside. Immutable; reports the way that led to a broken rule. */
    private record Course(
            Route route,
            int endpoints,
            boolean idle,
            int used,
            List<UnderWay> probes,
            Route.Command.@Nullable Wake wake,
            long now,
            @Nullable Way way) {
        static Course start(int endpoints) {
            return new Course(Route.start(endpoints), endpoints, true, -1, List.of(), null, 0, null);
        }

        List<Happening> possible() {
            List<Happening> possible = new ArrayList<>();
            possible.add(new Happening(new Route.Event.Wanted(), List.of(), 0));
            if (wake != null) {
                possible.add(new Happening(new Route.Event.Due(wake.ticket(), true), List.of(), 0));
                possible.add(new Happening(new Route.Event.Due(wake.ticket(), false), List.of(), 0));
            }
            for (UnderWay probe : new HashSet<>(probes)) {
                if (!probe.givenUp) {
                    possible.add(new Happening(new Route.Event.Proved(probe.endpoint), List.of(probe), 0));
                }
                possible.add(new Happening(new Route.Event.Failed(probe.endpoint, CUT), List.of(probe), 0));
            }
            for (int endpoint = 0; endpoint < endpoints; endpoint++) {
                possible.add(new Happening(new Route.Event.Suspected(endpoint, CUT), List.of(), 0));
            }
            if (used >= 0) {
                possible.add(new Happening(new Route.Event.Suspected(used, CUT), List.of(), Route.SETTLED_NANOS));
            }
            return possible;
        }

        Course after(Happening happening) {
            long then = now + happening.later + 1;
            Route.Step step = route.step(happening.event, then);
            Way wayNow = new Way(way, happening, step.commands());
            boolean idleNow = happening.event instanceof Route.Event.Due due
                    ? !due.needed()
                    : idle && !(happening.event instanceof Route.Event.Wanted);
            int usedNow = used;
            List<UnderWay> under = new ArrayList<>(probes);
            happening.answers.forEach(under::remove);
            Route.Command.Wake wakeNow = happening.event instanceof Route.Event.Due ? null : wake;
            int probesNow = 0;
            boolean resting = isRest(wakeNow);
            for (Route.Command command : step.commands()) {
                if (command instanceof Route.Command.Use use) {
                    require(usedNow < 0, "used twice", wayNow);
                    usedNow = use.endpoint();
                    under.replaceAll(
                            each -> each.endpoint == use.endpoint() ? each : new UnderWay(each.endpoint, true));
                    resting = false;
                } else if (command instanceof Route.Command.Doubt) {
                    require(usedNow >= 0, "doubted what is not used", wayNow);
                    usedNow = -1;
                } else if (command instanceof Route.Command.Probe probe) {
                    require(!resting, "probed during a rest", wayNow);
                    probesNow++;
                    under.add(new UnderWay(probe.endpoint(), false));
                } else if (command instanceof Route.Command.Renew) {
                    under.replaceAll(each -> new UnderWay(each.endpoint, true));
                } else if (command instanceof Route.Command.Wake next) {
                    require(wake == null || next.ticket() > wake.ticket(), "a ticket twice", wayNow);
                    wakeNow = next;
                } else {
                    require(usedNow < 0, "despaired of a usable endpoint", wayNow);
                }
            }
            int allowed = used >= 0 && usedNow < 0 ? 2 : 1; // in doubt the next is asked along
            require(probesNow <= allowed, "too many probes at once", wayNow);
            require(step.next().isUsable() == usedNow >= 0, "usable differs from used", wayNow);
            boolean probed = under.stream().anyMatch(each -> !each.givenUp);
            require(idleNow || probed || wakeNow != null, "stuck", wayNow);
            return new Course(step.next(), endpoints, idleNow, usedNow, under, wakeNow, then, wayNow);
        }

        private static boolean isRest(Route.Command.@Nullable Wake wake) {
            return wake != null && wake.pause() instanceof Route.Pause.Rest;
        }

        /** Once every probe that is sent from now on is answered, and all before have failed. */
        void checkThatItHeals() {
            Course course = after(new Happening(new Route.Event.Wanted(), List.of(), 0));
            for (UnderWay old : course.probes) {
                course = course.after(new Happening(new Route.Event.Failed(old.endpoint, CUT), List.of(old), 0));
            }
            for (int i = 0; i < 2 * endpoints + 2 && course.used < 0; i++) {
                List<UnderWay> answered =
                        course.probes.stream().filter(each -> !each.givenUp).toList();
                course = answered.isEmpty()
                        ? course.after(new Happening(new Route.Event.Due(course.wake.ticket(), true), List.of(), 0))
                        : course.after(new Happening(
                                new Route.Event.Proved(answered.get(0).endpoint), answered.subList(0, 1), 0));
            }
            require(course.used >= 0, "not usable although all answer", course.way);
        }

        private static void require(boolean kept, String broken, @Nullable Way way) {
            if (!kept) {
                throw new AssertionError(broken + ":" + way);
            }
        }
    }

    // ---- driving

    private void happened(Route.Event event) {
        Route.Step step = route.step(event, now);
        route = step.next();
        commands = step.commands();
        for (Route.Command command : commands) {
            if (command instanceof Route.Command.Wake wake) {
                ticket = wake.ticket();
            }
        }
    }

    private void wanted() {
        happened(new Route.Event.Wanted());
    }

    private void use(int endpoint) {
        wanted();
        proved(endpoint);
        assertThat(commands).startsWith(new Route.Command.Use(endpoint));
    }

    private void proved(int endpoint) {
        happened(new Route.Event.Proved(endpoint));
    }

    private void failed(int endpoint) {
        happened(new Route.Event.Failed(endpoint, CUT));
    }

    private void suspected(int endpoint) {
        happened(new Route.Event.Suspected(endpoint, CUT));
    }

    private void due() {
        happened(new Route.Event.Due(ticket, true));
    }

    private void dueButNotNeeded() {
        happened(new Route.Event.Due(ticket, false));
    }

    private static Route.Command probe(int endpoint) {
        return new Route.Command.Probe(endpoint);
    }

    private static Route.Pause rest(int attempt) {
        return new Route.Pause.Rest(attempt);
    }

    /** The last wake, if it is for that long. */
    private Route.Command wake(Route.Pause pause) {
        return new Route.Command.Wake(ticket, pause);
    }
}
