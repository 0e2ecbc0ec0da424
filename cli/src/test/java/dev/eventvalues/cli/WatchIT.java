package dev.eventvalues.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventvalues.testkit.EtcdCluster;
import dev.eventvalues.testkit.EtcdClusterExtension;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What {@code ev watch} shows of a real etcd. */
class WatchIT {
    @RegisterExtension
    static final EtcdClusterExtension ETCD = EtcdClusterExtension.members(1);

    private final EtcdCluster etcd = ETCD.cluster();

    private EvProcess watch(String... args) {
        return EvProcess.start(arguments(args));
    }

    private String[] arguments(String... args) {
        return Stream.concat(
                        Stream.of("watch", "--endpoints", etcd.endpoints().get(0), "--timeout", "30s"), Stream.of(args))
                .toArray(String[]::new);
    }

    @Nested
    class AKey {
        @Test
        void isShownAsItIsAndThenEachChangeAndRemoval() throws InterruptedException {
            etcd.put("service/address", "203.0.113.24");
            try (EvProcess ev = watch("service/address")) {
                assertThat(ev.line()).isEqualTo("service/address = 203.0.113.24");

                etcd.put("service/address", "203.0.113.103");
                assertThat(ev.line()).isEqualTo("service/address = 203.0.113.103");

                etcd.delete("service/address");
                assertThat(ev.line()).isEqualTo("service/address removed");

                etcd.put("service/address", "203.0.113.5");
                assertThat(ev.line()).isEqualTo("service/address = 203.0.113.5");
                assertThat(ev.errors()).isEmpty();
            }
        }

        @Test
        void thatIsAbsentIsSaidToBeSo() throws InterruptedException {
            try (EvProcess ev = watch("service/address")) {
                assertThat(ev.line()).isEqualTo("service/address is absent");

                etcd.put("service/address", "");
                assertThat(ev.line()).isEqualTo("service/address is empty");
            }
        }

        @Test
        void isNotMistakenForOneThatBeginsLikeIt() throws InterruptedException {
            etcd.put("service/address/6", "::1");
            try (EvProcess ev = watch("service/address")) {
                assertThat(ev.line()).isEqualTo("service/address is absent");

                etcd.put("service/address/6", "::2");
                etcd.put("service/address", "203.0.113.24");
                assertThat(ev.line()).isEqualTo("service/address = 203.0.113.24");
            }
        }

        @Test
        void mayBeginWithADashOrAnAtSign() throws InterruptedException {
            try (EvProcess dash = watch("--", "-key");
                    EvProcess at = watch("@key")) {
                assertThat(dash.line()).isEqualTo("-key is absent");
                assertThat(at.line()).isEqualTo("@key is absent");
            }
        }

        @Test
        void thatWasRemovedWhileEtcdWasOutOfReachIsToldLater() throws InterruptedException {
            etcd.put("service/address", "203.0.113.24");
            try (EvProcess ev = watch("service/address")) {
                assertThat(ev.line()).isEqualTo("service/address = 203.0.113.24");

                etcd.refuseClients();
                etcd.cutClients();
                etcd.delete("service/address");
                etcd.healClients();

                assertThat(ev.line()).isEqualTo("service/address removed");
                assertThat(ev.errors()).isEmpty();
            }
        }

        @Test
        void isAnObjectALineWithJson() throws InterruptedException {
            long before = etcd.revision();
            try (EvProcess ev = watch("a", "--json")) {
                assertThat(ev.line()).isEqualTo("{\"type\":\"absent\",\"key\":\"a\",\"revision\":" + before + "}");

                long added = etcd.put("a", "1");
                assertThat(ev.line())
                        .isEqualTo("{\"type\":\"added\",\"key\":\"a\",\"value\":\"1\",\"revision\":" + added + "}");

                long updated = etcd.put("a", "2");
                assertThat(ev.line())
                        .isEqualTo("{\"type\":\"updated\",\"key\":\"a\",\"value\":\"2\",\"revision\":" + updated + "}");

                long removed = etcd.delete("a");
                assertThat(ev.line()).isEqualTo("{\"type\":\"removed\",\"key\":\"a\",\"revision\":" + removed + "}");
            }
        }
    }

    @Nested
    class APrefix {
        @Test
        void isShownKeyByKeyAndThenEachChangeAndRemoval() throws InterruptedException {
            etcd.put("service/a", "1");
            etcd.put("service/b", "2");
            etcd.put("servicf", "not in it");
            try (EvProcess ev = watch("--prefix", "service/")) {
                assertThat(ev.line()).isEqualTo("service/a = 1");
                assertThat(ev.line()).isEqualTo("service/b = 2");

                etcd.put("service/c", "3");
                assertThat(ev.line()).isEqualTo("service/c = 3");

                etcd.delete("service/b");
                assertThat(ev.line()).isEqualTo("service/b removed");

                etcd.transaction(writes -> writes.put("service/c", "4").delete("service/a"));
                assertThat(List.of(ev.line(), ev.line())).containsExactly("service/a removed", "service/c = 4");
                assertThat(ev.errors()).isEmpty();
            }
        }

        @Test
        void withoutAKeyIsSaidToBeSo() throws InterruptedException {
            try (EvProcess ev = watch("--prefix=service/")) {
                assertThat(ev.line()).isEqualTo("no key begins with \"service/\"");

                etcd.put("service/a", "1");
                assertThat(ev.line()).isEqualTo("service/a = 1");
            }
        }

        @Test
        void thatIsEmptyIsThatOfEveryKey() throws InterruptedException {
            etcd.put("a", "1");
            etcd.put("b", "2");
            try (EvProcess ev = watch("--prefix=")) {
                assertThat(List.of(ev.line(), ev.line())).containsExactly("a = 1", "b = 2");
            }
        }

        @Test
        void isAnObjectALineWithJson() throws InterruptedException {
            long first = etcd.put("service/a", "1");
            long second = etcd.put("service/b", "2");
            try (EvProcess ev = watch("--prefix=service/", "--json")) {
                assertThat(ev.line())
                        .isEqualTo("{\"type\":\"present\",\"key\":\"service/a\",\"value\":\"1\",\"revision\":" + first
                                + "}");
                assertThat(ev.line())
                        .isEqualTo("{\"type\":\"present\",\"key\":\"service/b\",\"value\":\"2\",\"revision\":" + second
                                + "}");

                long removed = etcd.deletePrefix("service/");
                assertThat(List.of(ev.line(), ev.line()))
                        .containsExactly(
                                "{\"type\":\"removed\",\"key\":\"service/a\",\"revision\":" + removed + "}",
                                "{\"type\":\"removed\",\"key\":\"service/b\",\"revision\":" + removed + "}");
            }
        }
    }

    @Nested
    class AValue {
        @Test
        void thatIsNotTextIsEscapedAndWithJsonInBase64() throws InterruptedException {
            etcd.put(new byte[] {'k', (byte) 0xff}, new byte[] {'v', '\n', (byte) 0xfe});
            try (EvProcess text = watch("--prefix=k");
                    EvProcess json = watch("--prefix=k", "--json")) {
                assertThat(text.line()).isEqualTo("k\\xff = v\\n\\xfe");
                assertThat(json.line())
                        .startsWith(
                                "{\"type\":\"present\",\"keyBase64\":\"a/8=\",\"valueBase64\":\"dgr+\",\"revision\":");
            }
        }

        @Test
        void isWrittenInUtf8WhateverTheLocale() throws InterruptedException {
            etcd.put("a", "f\u00fcnf \u20ac");
            try (EvProcess ev = EvProcess.startWith(Map.of("LC_ALL", "C"), arguments("a"))) {
                assertThat(ev.line()).isEqualTo("a = f\u00fcnf \u20ac");
            }
        }
    }
}
