package dev.eventvalues.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * How the members of a cluster serve their clients over TLS. Among themselves they talk in the clear.
 *
 * <p>etcd reads the files of its identity anew for each connection: to renew it, replace them.
 */
public final class ClusterTls {
    private final TlsIdentity server;
    private final @Nullable CertificateAuthority clientAuthority;
    private final @Nullable TlsIdentity oracle;

    private ClusterTls(
            TlsIdentity server, @Nullable CertificateAuthority clientAuthority, @Nullable TlsIdentity oracle) {
        this.server = server;
        this.clientAuthority = clientAuthority;
        this.oracle = oracle;
    }

    /**
     * Members that all present the same identity, to any client.
     *
     * @param server the identity
     * @return the settings
     */
    public static ClusterTls presenting(TlsIdentity server) {
        return new ClusterTls(server, null, null);
    }

    /**
     * The same, but members refuse clients without a certificate of an authority; {@link EtcdStore} gets one. The
     * server's certificate must be of that authority too, and valid, for etcd's JSON gateway shows it to the rest of
     * etcd.
     *
     * @param authority the authority of the clients
     * @return the settings
     */
    public ClusterTls demandingClientsOf(CertificateAuthority authority) {
        return new ClusterTls(server, authority, authority.issueOrganisation("oracle"));
    }

    /** The flags of etcd. */
    List<String> flags() {
        List<String> flags = new ArrayList<>(
                List.of("--cert-file=" + server.certificatePem(), "--key-file=" + server.privateKeyPem()));
        if (clientAuthority != null) {
            flags.add("--client-cert-auth");
            flags.add("--trusted-ca-file=" + clientAuthority.certificatePem());
        }
        return flags;
    }

    /** The flags of etcd's command line client. */
    String[] etcdctlFlags() {
        List<String> flags = new ArrayList<>(List.of("--insecure-transport=false", "--insecure-skip-tls-verify"));
        if (oracle != null) {
            flags.add("--cert=" + oracle.certificatePem());
            flags.add("--key=" + oracle.privateKeyPem());
        }
        return flags.toArray(String[]::new);
    }

    /**
     * What the oracle connects with. It trusts every server: it asks processes that it has started itself, whose
     * certificates may be bad on purpose.
     */
    SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys(), new TrustManager[] {new Credulity()}, null);
            return context;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private KeyManager @Nullable [] keys() throws IOException, GeneralSecurityException {
        if (oracle == null) {
            return null;
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(KeyPairStore.open(oracle.pkcs12()), oracle.pkcs12Password().toCharArray());
        return factory.getKeyManagers();
    }
}
