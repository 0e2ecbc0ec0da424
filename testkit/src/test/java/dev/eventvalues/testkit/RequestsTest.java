package dev.eventvalues.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RequestsTest {
    private static final Requests SOME = Requests.parse("""
            # TYPE grpc_server_handled_total counter
            grpc_server_handled_total{grpc_code="Canceled",grpc_method="Watch",grpc_service="etcdserverpb.Watch",grpc_type="bidi_stream"} 2
            grpc_server_handled_total{grpc_code="NotFound",grpc_method="LeaseRevoke",grpc_service="etcdserverpb.Lease",grpc_type="unary"} 3
            grpc_server_handled_total{grpc_code="OK",grpc_method="LeaseRevoke",grpc_service="etcdserverpb.Lease",grpc_type="unary"} 1.5e+06
            grpc_server_handled_total{grpc_code="OK",grpc_method="Range",grpc_service="etcdserverpb.KV",grpc_type="unary"} 0
            # TYPE grpc_server_started_total counter
            grpc_server_started_total{grpc_method="Range",grpc_service="etcdserverpb.KV",grpc_type="unary"} 0
            grpc_server_started_total{grpc_method="Watch",grpc_service="etcdserverpb.Watch",grpc_type="bidi_stream"} 5
            grpc_server_started_total{grpc_method="Watch",grpc_service="grpc.health.v1.Health",grpc_type="server_stream"} 100
            process_open_fds 7
            """);

    @Test
    void theyAreCountedByMethodOfEtcdsOwnServices() {
        assertThat(SOME.started("Watch")).isEqualTo(5);
        assertThat(SOME.started("Range")).isZero();
        assertThat(SOME.started("NoSuchMethod")).isZero();
    }

    @Test
    void theirEndsAreCountedByCode() {
        assertThat(SOME.handled("LeaseRevoke")).isEqualTo(1_500_003);
        assertThat(SOME.handled("LeaseRevoke", "OK")).isEqualTo(1_500_000);
        assertThat(SOME.failed("LeaseRevoke")).isEqualTo(3);
        assertThat(SOME.failed()).isEqualTo(5);
    }

    @Test
    void theyAreAddedAndSubtracted() {
        Requests twice = SOME.plus(SOME);

        assertThat(twice.started("Watch")).isEqualTo(10);
        assertThat(twice.since(SOME).started("Watch")).isEqualTo(5);
        assertThat(Requests.NONE.since(SOME).failed()).isEqualTo(-5);
    }

    @Test
    void onlyThoseThatAreThereAreNamed() {
        assertThat(SOME.since(SOME)).hasToString("[]");
        assertThat(SOME)
                .hasToString("[LeaseRevoke NotFound: 3, LeaseRevoke OK: 1500000, Watch Canceled: 2, Watch started: 5]");
    }
}
