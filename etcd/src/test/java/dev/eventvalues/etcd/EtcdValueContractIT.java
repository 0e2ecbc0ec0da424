package dev.eventvalues.etcd;

import static dev.eventvalues.Eventually.eventually;

import dev.eventvalues.ValueContract;
import dev.eventvalues.ValueReader;
import dev.eventvalues.testkit.EtcdClusterExtension;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What every value promises, kept by a key in etcd. */
class EtcdValueContractIT extends ValueContract {
    @RegisterExtension
    static final EtcdClusterExtension ETCD = EtcdClusterExtension.shared(3);

    private final String key = "contract/" + UUID.randomUUID();
    private final EtcdValues values =
            EtcdValues.connect(ETCD.cluster().endpoints().toArray(String[]::new));
    private final ValueReader<String> present = values.value(key, Codec.utf8()).present();

    @AfterEach
    void closeClient() {
        values.close();
    }

    @Override
    protected ValueReader<String> reader() {
        return present;
    }

    @Override
    protected void set(String state) {
        ETCD.cluster().put(key, state);
        eventually("etcd's " + state + " is known", () -> present.current().equals(Optional.of(state)));
    }
}
