package dev.eventvalues.etcd;

import static dev.eventvalues.Eventually.BOUND;
import static dev.eventvalues.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventvalues.Call;
import dev.eventvalues.Logs;
import dev.eventvalues.Watcher;
import dev.eventvalues.testkit.EtcdAuth;
import dev.eventvalues.testkit.EtcdAuth.Permission;
import dev.eventvalues.testkit.EtcdCluster;
import dev.eventvalues.testkit.EtcdClusterExtension;
import dev.eventvalues.testkit.Requests;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Users with passwords: what they may do, tokens that end, and operators who change things under a running service. */
class AuthenticatedIT extends ThreeMembers {
    private static final Duration TOKENS_LIVE = Duration.ofSeconds(2);
    private static final Duration NEVER = Duration.ofHours(1);

    @RegisterExtension
    static final EtcdClusterExtension GUARDED = EtcdClusterExtension.starting(
            EtcdCluster.builder().flag("--auth-token-ttl", String.valueOf(TOKENS_LIVE.toSeconds())));

    private final EtcdCluster guarded = GUARDED.cluster();
    private final EtcdAuth auth = guarded.auth();
    private final List<Thread> asked = new CopyOnWriteArrayList<>();
    private final List<char[]> given = new CopyOnWriteArrayList<>();
    private volatile Supplier<char[]> password = "open sesame"::toCharArray;

    @BeforeEach
    void guard() {
        addAlice(); // first, so that a service that goes on running is never unknown
        auth.enable("root");
    }

    private void addAlice() {
        auth.addUser("alice", "open sesame");
        auth.addRole("reader and writer");
        auth.permit("reader and writer", prefix, Permission.READWRITE);
        auth.grantRole("alice", "reader and writer");
    }

    private EtcdValues.Builder alice() {
        return settings().endpoints(guarded.endpoints().toArray(String[]::new)).credentials("alice", () -> {
            asked.add(Thread.currentThread());
            char[] fresh = password.get();
            given.add(fresh);
            return fresh;
        });
    }

    private WritableEtcdValue<String> value(EtcdValues values) {
        return own(values).value("a", Codec.utf8());
    }

    private void write(String state) {
        guarded.put(key("a"), state);
    }

    private static <E extends EtcdException> E refusal(Watcher<?> watcher, Class<E> type) {
        try {
            Object state = watcher.next(BOUND);
            throw new AssertionError("not refused, but " + state);
        } catch (EtcdException e) {
            assertThat(e).isInstanceOf(type);
            return type.cast(e);
        } catch (Exception e) {
            throw new AssertionError("not told in time", e);
        }
    }

    @Nested
    class AUser {
        @Test
        void readsAndWritesWhatItMay() throws Exception {
            WritableEtcdValue<String> value = value(client(alice()));
            value.set("one");
            try (Watcher<Optional<String>> watcher = value.watch()) {
                assertNext(watcher, "one");
                write("two");
                assertNext(watcher, "two");
            }
            assertThat(asked).as("one token for everything").hasSize(1);
        }

        @Test
        void isDeniedTheRest() {
            EtcdValues values = client(alice());
            WritableEtcdValue<String> forbidden = values.value("forbidden", Codec.utf8());
            try (Watcher<Optional<String>> watcher = forbidden.watch()) {
                EtcdException told = refusal(watcher, EtcdAccessDeniedException.class);
                assertThat(told).isNotInstanceOf(EtcdAuthenticationException.class);
                assertSilent(watcher);
            }
            assertThatThrownBy(() -> forbidden.set("one")).isInstanceOf(EtcdAccessDeniedException.class);
            assertThat(guarded.get("forbidden")).isEmpty();
        }

        @Test
        void isToldOnceWhenARoleIsTakenAwayAndGoesOnWhenItIsGivenBack() throws Exception {
            WritableEtcdValue<String> value = value(client(alice()));
            write("one");
            try (Watcher<Optional<String>> watcher = value.watch()) {
                assertNext(watcher, "one");
                auth.revokeRole("alice", "reader and writer");
                assertThatThrownBy(() -> value.set("two")).isInstanceOf(EtcdAccessDeniedException.class);
                guarded.cutClients(); // etcd lets watches go on that it has accepted
                refusal(watcher, EtcdAccessDeniedException.class);
                assertSilent(watcher);
                write("two");
                auth.grantRole("alice", "reader and writer");
                assertNext(watcher, "two");
                value.set("three");
                assertNext(watcher, "three");
            }
        }

        /** Although the value has not changed, so that there was nothing to tell in between. */
        @Test
        void isToldAgainAfterARoleWasGivenBackAndTakenAwayAgain() throws Exception {
            WritableEtcdValue<String> value = value(client(alice()));
            write("one");
            try (Watcher<Optional<String>> watcher = value.watch()) {
                assertNext(watcher, "one");
                auth.revokeRole("alice", "reader and writer");
                guarded.cutClients();
                refusal(watcher, EtcdAccessDeniedException.class);
                Call<Optional<String>> next = Call.of(watcher::next).blocked();
                auth.grantRole("alice", "reader and writer");
                eventually(
                        "the value is read again",
                        () -> value.freshness().current().orElseThrow() instanceof Freshness.Fresh);
                auth.revokeRole("alice", "reader and writer");
                guarded.cutClients();
                assertThat(next.failure()).isInstanceOf(EtcdAccessDeniedException.class);
            }
        }

        /** That a request is refused says nothing about the endpoint: writes need not wait for it to be probed. */
        @Test
        void thatMayNotReadOneKeyHoldsUpNothingElse() throws Exception {
            auth.addRole("reader of one key");
            auth.permit("reader of one key", "beyond the prefix", Permission.READ);
            auth.grantRole("alice", "reader of one key");
            EtcdValues values = client(alice());
            Logger logger = Logger.getLogger("dev.eventvalues.etcd.wire");
            logger.setLevel(Level.FINE);
            try (Logs logs = Logs.capture();
                    Watcher<Optional<String>> allowed = value(values).watch();
                    Watcher<Optional<String>> denied =
                            values.value("beyond the prefix", Codec.utf8()).watch()) {
                assertThat(next(allowed)).isEmpty();
                assertThat(next(denied)).isEmpty();
                auth.revokeRole("alice", "reader of one key");
                guarded.cutClients();
                refusal(denied, EtcdAccessDeniedException.class);
                write("one");
                assertNext(allowed, "one");
                long suspicions = suspicions(logs);
                Requests before = guarded.requests();
                eventually(
                        "ten more reads, of a key that is denied and a probe now and then",
                        () -> guarded.requests().since(before).started("Range") >= 10);
                assertThat(suspicions(logs)).isEqualTo(suspicions);
            } finally {
                logger.setLevel(null);
            }
        }

        private static long suspicions(Logs logs) {
            return logs.messages().stream()
                    .filter(message -> message.contains("whether it is there"))
                    .count();
        }

        @Test
        void isNeededWhereNoneIsGiven() {
            EtcdValues nobody = client(settings().endpoints(guarded.endpoints().toArray(String[]::new)));
            try (Watcher<Optional<String>> watcher = value(nobody).watch()) {
                assertThat(refusal(watcher, EtcdAuthenticationException.class))
                        .hasMessageContaining("user name is empty");
            }
        }
    }

    @Nested
    class APassword {
        @Test
        void thatIsWrongIsToldAndAskedForAgain() throws Exception {
            password = "wrong"::toCharArray;
            WritableEtcdValue<String> value = value(client(alice()));
            write("one");
            try (Watcher<Optional<String>> watcher = value.watch()) {
                assertThat(refusal(watcher, EtcdAuthenticationException.class))
                        .hasMessageContaining("alice")
                        .hasMessageContaining(guarded.endpoints().get(0))
                        .hasMessageNotContaining("wrong");
                assertSilent(watcher);
                assertThatThrownBy(() -> value.set("two"))
                        .as("nothing was sent")
                        .isInstanceOf(EtcdAuthenticationException.class);
                password = "open sesame"::toCharArray;
                assertNext(watcher, "one");
                value.set("two");
                assertNext(watcher, "two");
            }
        }

        @Test
        void thatWasChangedAtTheServerIsAskedForAgain() throws Exception {
            WritableEtcdValue<String> value = value(client(alice()));
            write("one");
            try (Watcher<Optional<String>> watcher = value.watch()) {
                assertNext(watcher, "one");
                auth.changePassword("alice", "changed");
                guarded.cutClients();
                refusal(watcher, EtcdAuthenticationException.class);
                write("two");
                password = "changed"::toCharArray;
                assertNext(watcher, "two");
                value.set("three");
                assertNext(watcher, "three");
            }
        }

        @Test
        void isClearedAfterUseAndAskedForOnAThreadThatMayBlock() throws Exception {
            WritableEtcdValue<String> value = value(client(alice()));
            value.set("one");
            assertThat(given).hasSize(1);
            assertThat(given.get(0)).containsOnly('\0');
            assertThat(asked.get(0).getName()).isEqualTo("event-values-etcd-password");
            assertThat(asked.get(0).isDaemon()).isTrue();
        }

        @Test
        void thatTakesItsTimeIsNotAskedForTwice() throws Exception {
            CountDownLatch found = new CountDownLatch(1);
            password = () -> {
                try {
                    found.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return "open sesame".toCharArray();
            };
            write("one");
            EtcdValues hurried =
                    client(alice().staleAfter(Duration.ofSeconds(1)).requestTimeout(Duration.ofSeconds(1)));
            try (Watcher<Optional<String>> watcher = value(hurried).watch()) {
                assertThatThrownBy(() -> watcher.next(Duration.ofSeconds(3))).isInstanceOf(TimeoutException.class);
                assertThat(asked).hasSize(1);
                found.countDown();
                assertNext(watcher, "one");
            }
        }

        @Test
        void thatCannotBeHadIsToldWithoutItsMessageAndAskedForAgain() throws Exception {
            password = () -> {
                throw new IllegalStateException("the vault at open sesame is sealed");
            };
            write("one");
            try (Watcher<Optional<String>> watcher = value(client(alice())).watch()) {
                assertThat(refusal(watcher, EtcdAuthenticationException.class))
                        .hasMessageContaining("java.lang.IllegalStateException")
                        .hasMessageNotContaining("sesame");
                password = "open sesame"::toCharArray;
                assertNext(watcher, "one");
            }
        }
    }

    @Nested
    class AToken {
        /** Nothing keeps tokens alive in the background. */
        private final WritableEtcdValue<String> value = value(client(alice().staleAfter(NEVER)));

        private void outliveTheToken(Watcher<?> watcher) {
            assertThatThrownBy(() -> watcher.next(TOKENS_LIVE.multipliedBy(2))).isInstanceOf(TimeoutException.class);
        }

        @Test
        void thatExpiresIsReplacedWithoutAnybodyNoticing() throws Exception {
            value.set("one");
            try (Watcher<Optional<String>> watcher = value.watch()) {
                assertNext(watcher, "one");
                outliveTheToken(watcher);
                value.set("two");
                assertNext(watcher, "two");
                outliveTheToken(watcher);
                guarded.cutClients();
                write("three");
                assertNext(watcher, "three");
            }
            assertThat(asked).hasSizeGreaterThanOrEqualTo(3);
        }

        @Test
        void thatHasExpiredUnderAStreamDoesNotKeepNewWatchesOut() throws Exception {
            value.set("one");
            EtcdRange<String> range = own(client(alice().staleAfter(NEVER))).prefix("", Codec.utf8());
            try (Watcher<Snapshot<String>> first = range.watch()) {
                assertThat(text(next(first))).containsEntry("a", "one");
                outliveTheToken(first);
                try (Watcher<Optional<String>> second =
                        range.at("a").entries().map(e -> e.map(Entry::value)).watch()) {
                    assertNext(second, "one");
                    write("two");
                    assertNext(second, "two");
                }
                assertThat(text(next(first))).containsEntry("a", "two");
            }
        }

        @Test
        void isReplacedWhenAMemberHasForgottenIt() throws Exception {
            value.set("one");
            try (Watcher<Optional<String>> watcher = value.watch()) {
                assertNext(watcher, "one");
                guarded.member(0).kill();
                guarded.member(0).start();
                write("two");
                assertNext(watcher, "two");
                value.set("three");
                assertNext(watcher, "three");
            }
        }

        @Test
        void isAskedForOnceHoweverManyWaitForIt() throws Exception {
            List<Watcher<Optional<String>>> watchers = new ArrayList<>();
            EtcdKeys keys = own(client(alice()));
            for (int i = 0; i < 50; i++) {
                watchers.add(closedAfterwards(keys.value("k" + i, Codec.utf8()).watch()));
            }
            for (Watcher<Optional<String>> watcher : watchers) {
                assertThat(next(watcher)).isEmpty();
            }
            assertThat(asked).hasSize(1);
        }
    }

    @Nested
    class Authentication {
        @Test
        void mayBeTurnedOffAndOnUnderARunningService() throws Exception {
            WritableEtcdValue<String> value = value(client(alice()));
            value.set("one");
            try (Watcher<Optional<String>> watcher = value.watch()) {
                assertNext(watcher, "one");
                auth.disable();
                value.set("two");
                assertNext(watcher, "two");
                guarded.cutClients();
                write("three");
                assertNext(watcher, "three");
                guard();
                value.set("four");
                assertNext(watcher, "four");
                guarded.cutClients();
                write("five");
                assertNext(watcher, "five");
            }
        }

        @Test
        void mayBeOffAtFirst() throws Exception {
            auth.disable();
            WritableEtcdValue<String> value = value(client(alice()));
            value.set("one");
            try (Watcher<Optional<String>> watcher = value.watch()) {
                assertNext(watcher, "one");
                guard();
                value.set("two");
                assertNext(watcher, "two");
            }
        }
    }
}
