package dev.eventvalues.etcd;

import static dev.eventvalues.Eventually.BOUND;
import static dev.eventvalues.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventvalues.Call;
import dev.eventvalues.Watcher;
import dev.eventvalues.testkit.EtcdCluster;
import dev.eventvalues.testkit.EtcdClusterExtension;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A cluster that demands a name which this client does not give: only an operator can mend that. */
class RefusedIT extends ThreeMembers {
    @RegisterExtension
    static final EtcdClusterExtension GUARDED = EtcdClusterExtension.members(1);

    private final EtcdCluster guarded = GUARDED.cluster();
    private final EtcdKeys keys = own(clientOf(guarded.member(0)));

    /** A flaw of the original: it went on trying in silence. */
    @Test
    void aRefusalIsToldOnceToEachWatcherAndPassesWhenItIsMended() throws Exception {
        WritableEtcdValue<String> value = keys.value("a", Codec.utf8());
        guarded.put(key("a"), "one");
        guard();
        try (Watcher<Optional<String>> watcher = value.watch();
                Watcher<Snapshot<String>> range = keys.prefix("", Codec.utf8()).watch()) {
            assertThatThrownBy(() -> next(watcher)).isInstanceOf(EtcdAccessDeniedException.class);
            assertSilent(watcher);
            assertThatThrownBy(() -> next(range)).isInstanceOf(EtcdAccessDeniedException.class);
            assertThatThrownBy(() -> value.await(BOUND)).isInstanceOf(EtcdAccessDeniedException.class);
            assertThatThrownBy(() -> value.set("two"))
                    .isInstanceOf(EtcdAccessDeniedException.class)
                    .hasMessageContaining("\"a\"")
                    .hasMessageNotContaining("two");
            unguard();
            assertNext(watcher, "one");
            assertThat(text(next(range))).containsEntry("a", "one");
            value.set("two");
            assertNext(watcher, "two");
        } finally {
            unguard();
        }
    }

    @Test
    void aStateThatIsUnseenGoesBeforeARefusal() throws Exception {
        EtcdValue<String> value = keys.value("a", Codec.utf8());
        guarded.put(key("a"), "one");
        try (Watcher<Optional<String>> watcher = value.watch()) {
            eventually("the value has been read", () -> value.current().isPresent());
            guard();
            guarded.member(0).cutClients();
            eventually("the refusal is known", () -> {
                try (Watcher<Optional<String>> other = value.watch()) {
                    assertNext(other, "one");
                    return other.poll().isPresent();
                } catch (EtcdAccessDeniedException e) {
                    return true;
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
            assertNext(watcher, "one");
            assertThatThrownBy(() -> next(watcher)).isInstanceOf(EtcdAccessDeniedException.class);
            assertSilent(watcher);
            unguard();
            guarded.put(key("a"), "two");
            assertNext(watcher, "two");
            guard();
            guarded.member(0).cutClients();
            assertThatThrownBy(() -> next(watcher))
                    .as("again after a recovery")
                    .isInstanceOf(EtcdAccessDeniedException.class);
        } finally {
            unguard();
        }
    }

    /** Else a call that waits for something to appear would never hear why it does not. */
    @Test
    void aRefusalIsToldToACallWhoseConditionRejectsTheStateThatIsThereAndTheStateIsNotLost() throws Exception {
        EtcdValue<String> value = keys.value("a", Codec.utf8());
        guarded.put(key("a"), "one");
        try (Watcher<Optional<String>> watcher = value.watch();
                Watcher<Optional<String>> view =
                        value.filter(Optional.of("two")::equals).watch()) {
            eventually("the value has been read", () -> value.current().isPresent());
            Call<Optional<String>> next = Call.of(() -> watcher.next(Optional.of("two")::equals, BOUND))
                    .blocked();
            guard();
            guarded.member(0).cutClients();
            assertThat(next.failure()).isInstanceOf(EtcdAccessDeniedException.class);
            assertThatThrownBy(() -> view.next(BOUND)).isInstanceOf(EtcdAccessDeniedException.class);
            assertNext(watcher, "one");
            assertSilent(watcher);
            unguard();
            guarded.put(key("a"), "two");
            assertThat(view.next(BOUND)).contains("two");
        } finally {
            unguard();
        }
    }

    private void guard() throws Exception {
        post("/v3/auth/user/add", "{\"name\":\"root\",\"password\":\"root\"}", "");
        post("/v3/auth/role/add", "{\"name\":\"root\"}", "");
        post("/v3/auth/user/grant", "{\"user\":\"root\",\"role\":\"root\"}", "");
        post("/v3/auth/enable", "{}", "");
    }

    private void unguard() throws Exception {
        String answer = post("/v3/auth/authenticate", "{\"name\":\"root\",\"password\":\"root\"}", "");
        Matcher token = Pattern.compile("\"token\":\"([^\"]*)\"").matcher(answer);
        if (token.find()) {
            post("/v3/auth/disable", "{}", token.group(1));
        }
    }

    /** The testkit's own gateway speaks without a name. */
    private String post(String path, String json, String token) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(guarded.member(0).directEndpoint() + path))
                .POST(BodyPublishers.ofString(json));
        if (!token.isEmpty()) {
            request.header("Authorization", token);
        }
        return HttpClient.newHttpClient()
                .send(request.build(), BodyHandlers.ofString())
                .body();
    }
}
