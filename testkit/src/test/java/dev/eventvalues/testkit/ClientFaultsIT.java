package dev.eventvalues.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ClientFaultsIT {
    private static final String ANSWER = "HTTP/1.1 200 OK";

    @RegisterExtension
    static final EtcdClusterExtension etcd = EtcdClusterExtension.shared(3);

    private final EtcdCluster cluster = etcd.cluster();
    private final Member member = cluster.member(0);
    private final Member other = cluster.member(1);
    private final HttpClient client = HttpClient.newHttpClient();

    private int ask(String endpoint) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(endpoint + "/version"))
                .timeout(Duration.ofMillis(300))
                .build();
        return client.send(request, BodyHandlers.ofString()).statusCode();
    }

    private static Talk openTalk(Member member) throws IOException {
        Talk talk = new Talk(URI.create(member.endpoint()).getPort());
        return talk.say("GET /version HTTP/1.1\r\nHost: etcd\r\n\r\n");
    }

    @Test
    void bothEndpointsOfAMemberAnswer() throws Exception {
        assertThat(ask(member.endpoint())).isEqualTo(200);
        assertThat(ask(member.directEndpoint())).isEqualTo(200);
    }

    @Test
    void aCutResetsTheConnectionsOfThatMemberOnly() throws Exception {
        try (Talk cut = openTalk(member);
                Talk spared = openTalk(other)) {
            cut.hear(ANSWER.length());
            spared.hear(ANSWER.length());

            member.cutClients();

            cut.hearUntilReset();
            assertThat(spared.say("GET /version HTTP/1.1\r\nHost: etcd\r\n\r\n").hear(ANSWER.length()))
                    .isNotEmpty();
            assertThat(ask(member.endpoint())).isEqualTo(200);
        }
    }

    @Test
    void aCutAfterSomeBytesLetsExactlyThosePass() throws Exception {
        member.cutClientsAfter(ANSWER.length());

        try (Talk talk = openTalk(member)) {
            assertThat(talk.hearUntilReset()).isEqualTo(ANSWER);
        }
        assertThat(ask(member.endpoint())).isEqualTo(200);
    }

    @Test
    void refusedClientsCannotConnectButTheTestCan() throws Exception {
        cluster.refuseClients();

        assertThatThrownBy(() -> ask(member.endpoint())).isInstanceOf(ConnectException.class);
        assertThat(ask(member.directEndpoint())).isEqualTo(200);
        cluster.put("key", "value");

        cluster.healClients();
        assertThat(ask(member.endpoint())).isEqualTo(200);
    }

    @Test
    void aBlackHoleIsSilentUntilHealed() throws Exception {
        try (Talk talk = openTalk(member)) {
            assertThat(talk.hear(ANSWER.length())).isEqualTo(ANSWER);
            talk.hear("\r\n".length());

            member.blackHoleClients();
            assertThatThrownBy(() -> ask(member.endpoint())).isInstanceOf(HttpTimeoutException.class);
            try (Talk late = openTalk(member)) {
                assertThat(late.hearsNothing()).isTrue();
                assertThat(ask(other.endpoint())).isEqualTo(200);

                member.healClients();
                assertThat(late.hear(ANSWER.length())).isEqualTo(ANSWER);
            }
        }
    }
}
