package dev.eventvalues.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import javax.naming.ldap.Rdn;

/**
 * An authority for tests, which issues certificates to servers and clients. It works through the JDK's {@code keytool},
 * and takes about a second for each.
 */
public final class CertificateAuthority {
    private static final String ALIAS = "authority";
    private static final List<String> LOOPBACK = List.of("127.0.0.1", "localhost");
    private static final List<String> A_YEAR = List.of("-validity", "365");
    private static final List<String> UNTIL_YESTERDAY = List.of("-startdate", "-3d", "-validity", "2");

    private final Path directory;
    private final List<String> validity;

    private CertificateAuthority(Path directory, List<String> validity) {
        this.directory = directory;
        this.validity = validity;
    }

    /**
     * A new authority.
     *
     * @param directory where its files and those of all identities it issues go; made if need be, and of no other
     *     authority
     * @param name the common name of its certificate
     * @return the authority
     * @throws UncheckedIOException if {@code keytool} or the directory is of no use
     */
    public static CertificateAuthority create(Path directory, String name) {
        CertificateAuthority authority = new CertificateAuthority(directory.toAbsolutePath(), A_YEAR);
        try {
            Files.createDirectories(directory);
            Keytool.generate(
                    authority.keyStore(),
                    ALIAS,
                    commonName(name),
                    List.of("-ext", "bc:c", "-ext", "ku:c=keyCertSign,cRLSign", "-validity", "3650"));
            KeyPairStore.read(authority.keyStore(), ALIAS).writeTrust(authority.certificatePem(), authority.pkcs12());
        } catch (IOException e) {
            throw new UncheckedIOException("no authority in " + directory, e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no authority in " + directory, e);
        }
        return authority;
    }

    /** {@return the file with its certificate, which those are to trust that trust this authority, as PEM} */
    public Path certificatePem() {
        return directory.resolve("authority.pem");
    }

    /** {@return the file with its certificate as a PKCS#12 store, for use as a trust store} */
    public Path pkcs12() {
        return directory.resolve("authority.p12");
    }

    /** {@return the password of the trust store} */
    public String pkcs12Password() {
        return Keytool.PASSWORD;
    }

    private Path keyStore() {
        return directory.resolve("authority-key.p12");
    }

    /** {@return this authority, but all that it issues has expired yesterday} */
    public CertificateAuthority expired() {
        return new CertificateAuthority(directory, UNTIL_YESTERDAY);
    }

    /**
     * Issues a certificate for a server. It may be shown by clients too: etcd's gateway does so with that of the server
     * it is part of.
     *
     * @param name the common name, and what the directory with the files is called; those of an earlier identity of
     *     that name are replaced
     * @param hosts the names and addresses of the server; {@code 127.0.0.1} and {@code localhost} if there are none
     * @return the identity
     */
    public TlsIdentity issueServer(String name, String... hosts) {
        String names = (hosts.length == 0 ? LOOPBACK.stream() : Arrays.stream(hosts))
                .map(host -> (isAddress(host) ? "ip:" : "dns:") + host)
                .collect(Collectors.joining(","));
        return issue(name, commonName(name), "-ext", "san=" + names, "-ext", "eku=serverAuth,clientAuth");
    }

    private static String commonName(String name) {
        return "CN=" + Rdn.escapeValue(name);
    }

    private static boolean isAddress(String host) {
        return host.contains(":") || host.matches("[0-9.]+");
    }

    /**
     * Issues a certificate for a client.
     *
     * @param commonName who it is, which etcd takes for the name of a user, and what the directory with the files is
     *     called; those of an earlier identity of that name are replaced
     * @return the identity
     */
    public TlsIdentity issueClient(String commonName) {
        return issue(commonName, commonName(commonName), "-ext", "eku=clientAuth");
    }

    /**
     * Issues a certificate for a client that is no user. Only with such a one can a client log in through etcd's JSON
     * gateway.
     */
    TlsIdentity issueOrganisation(String name) {
        return issue(name, "O=" + Rdn.escapeValue(name), "-ext", "eku=clientAuth");
    }

    private TlsIdentity issue(String name, String owner, String... extensions) {
        TlsIdentity identity = new TlsIdentity(directory.resolve(name));
        try {
            Path drafts = Files.createTempDirectory(directory, "draft-");
            try {
                identity.replaceWith(issueInto(drafts, owner, extensions));
            } finally {
                DataDirectory.delete(drafts);
            }
            return identity;
        } catch (IOException e) {
            throw new UncheckedIOException("no certificate for " + name, e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no certificate for " + name, e);
        }
    }

    private TlsIdentity issueInto(Path drafts, String owner, String... extensions)
            throws IOException, GeneralSecurityException {
        Path pair = drafts.resolve("pair.p12");
        Path request = drafts.resolve("request.pem");
        Path certificate = drafts.resolve("signed.pem");
        List<String> more = new ArrayList<>(validity);
        more.addAll(List.of("-ext", "ku:c=digitalSignature"));
        more.addAll(Arrays.asList(extensions));

        Keytool.generate(pair, "pair", owner, List.of());
        Keytool.request(pair, "pair", request);
        Keytool.sign(keyStore(), ALIAS, request, certificate, more);

        TlsIdentity identity = new TlsIdentity(drafts);
        KeyPairStore.read(pair, "pair").writeIdentity(identity, certificate, certificatePem());
        return identity;
    }

    @Override
    public String toString() {
        return directory.toString();
    }
}
