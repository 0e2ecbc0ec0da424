package dev.eventvalues.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class BackupIT {
    @RegisterExtension
    static final EtcdClusterExtension etcd = EtcdClusterExtension.members(3);

    private final EtcdCluster cluster = etcd.cluster();

    @TempDir
    private Path directory;

    private static String text(EtcdStore store, String key) {
        return new String(store.get(key).orElseThrow(), UTF_8);
    }

    @Test
    void aRestoredClusterHasItsOldRevisionAndTheSameIds() {
        long id = cluster.id();
        List<Long> ids = cluster.members().stream().map(Member::id).toList();
        long then = cluster.put("key", "then");
        Path snapshot = cluster.saveSnapshot();
        cluster.put("key", "now");
        cluster.put("other", "now");

        cluster.restore(snapshot);

        assertThat(cluster.revision()).isEqualTo(then);
        assertThat(cluster.members()).allSatisfy(member -> {
            assertThat(text(member, "key")).isEqualTo("then");
            assertThat(member.get("other")).isEmpty();
        });
        assertThat(cluster.id()).isEqualTo(id);
        assertThat(cluster.members()).extracting(Member::id).containsExactlyElementsOf(ids);
        assertThat(cluster.put("key", "again")).isEqualTo(then + 1);
    }

    @Test
    void anotherTokenIsAnotherClusterUntilTheNextOne() {
        long first = cluster.id();
        cluster.put("key", "then");
        Path snapshot = cluster.saveSnapshot();

        cluster.restore(snapshot, "another token");

        long second = cluster.id();
        assertThat(second).isNotEqualTo(first);
        assertThat(text(cluster, "key")).isEqualTo("then");

        cluster.restore(snapshot);
        assertThat(cluster.id()).isEqualTo(second);
    }

    @Test
    void membersThatArePausedOrDoNotRunAreRestoredToo() {
        cluster.put("key", "then");
        Path snapshot = cluster.saveSnapshot();
        cluster.put("key", "now");
        cluster.member(0).kill();
        cluster.member(1).pause();

        cluster.restore(snapshot);

        assertThat(cluster.members())
                .allSatisfy(member -> assertThat(text(member, "key")).isEqualTo("then"));
    }

    @Test
    void aMemberSavesWhatItKnows() {
        cluster.put("key", "then");
        Member behind = cluster.members().stream()
                .filter(member -> member != cluster.leader())
                .findFirst()
                .orElseThrow();
        cluster.awaitApplied();
        cluster.isolate(behind);
        cluster.put("key", "now");

        Path snapshot = behind.saveSnapshot(directory.resolve("behind.db"));

        cluster.repair();
        cluster.restore(snapshot);
        assertThat(text(cluster, "key")).isEqualTo("then");
    }

    @Test
    void whatIsNoBackupIsRefusedAndChangesNothing() throws IOException {
        cluster.put("key", "now");
        Path junk = Files.writeString(directory.resolve("junk.db"), "no backup");

        assertThatThrownBy(() -> cluster.restore(junk))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("junk.db");
        assertThatThrownBy(() -> cluster.restore(directory.resolve("no-such.db")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("no-such.db");

        assertThat(cluster.members())
                .allSatisfy(member -> assertThat(text(member, "key")).isEqualTo("now"));
    }

    @Test
    void rootSavesAndIsRestored() {
        cluster.auth().enable("root's");
        cluster.put("key", "then");
        Path snapshot = cluster.saveSnapshot();
        for (int i = 0; i < 10; i++) {
            cluster.put("key", "now " + i);
        }

        cluster.restore(snapshot);

        assertThat(text(cluster, "key")).isEqualTo("then");
    }

    @Test
    void aClusterIsRestoredToATimeBeforeItHadUsers() {
        Path snapshot = cluster.saveSnapshot();
        cluster.auth().enable("root's");
        cluster.put("key", "now");

        cluster.restore(snapshot);

        assertThat(cluster.get("key")).isEmpty();
    }

    @Test
    void backupsWorkOverTls() {
        CertificateAuthority authority = CertificateAuthority.create(directory, "authority");
        ClusterTls tls = ClusterTls.presenting(authority.issueServer("server")).demandingClientsOf(authority);
        try (EtcdCluster secure = EtcdCluster.builder().tls(tls).start()) {
            secure.auth().enable("root's");
            secure.put("key", "then");
            Path snapshot = secure.saveSnapshot();
            secure.put("key", "now");

            secure.restore(snapshot);

            assertThat(text(secure, "key")).isEqualTo("then");
        }
    }
}
