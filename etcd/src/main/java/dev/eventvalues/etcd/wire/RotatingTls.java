package dev.eventvalues.etcd.wire;

import dev.eventvalues.etcd.wire.TlsFiles.Identity;
import dev.eventvalues.etcd.wire.TlsFiles.Source;
import dev.eventvalues.etcd.wire.TlsFiles.UnusableFileException;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.buffer.ByteBufAllocator;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSessionContext;
import org.jspecify.annotations.Nullable;

/**
 * How connections are secured: with the certificates and keys that are in the files when a connection begins. Files that
 * cannot be used, because they are half written for instance, are logged once and change nothing.
 *
 * <p>Each connection has a context of its own, so that none resumes the session of one before: both sides prove who they
 * are each time, with what they have then.
 */
final class RotatingTls extends SslContext {
    private static final System.Logger LOG = System.getLogger(RotatingTls.class.getPackageName());

    private final TlsFiles files;

    /** For what is the same in all contexts. */
    private final SslContext first;

    /** Makes contexts. Guarded by this, as all that follows. */
    private SslContextBuilder current;

    /** What the server is shown; null if there is no identity. */
    private @Nullable X509Certificate shown;

    /** Of what {@link #current} was made of. */
    private byte[] digest;

    /** Why the files cannot be used now; null while they can. */
    private @Nullable String problem;

    /**
     * Reads the files for the first time.
     *
     * @param files which
     * @throws IllegalArgumentException if one cannot be used; the message names it
     */
    RotatingTls(TlsFiles files) {
        this.files = files;
        try {
            Content content = new Content(files);
            this.digest = content.digest();
            this.current = content.builder();
            this.first = context();
            this.shown = content.shown;
        } catch (UnusableFileException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** Runs on the IO thread when a connection begins; small files, which are only parsed if they have changed. */
    private synchronized SslContext fresh() {
        try {
            Content content = new Content(files);
            byte[] found = content.digest();
            if (!MessageDigest.isEqual(digest, found)) {
                current = content.builder();
                digest = found;
                shown = content.shown;
                LOG.log(System.Logger.Level.INFO, "new connections use new certificates, from {0}", files);
            }
            problem = null;
        } catch (UnusableFileException e) {
            String found = String.valueOf(e.getMessage());
            if (!found.equals(problem)) {
                problem = found;
                LOG.log(
                        System.Logger.Level.WARNING,
                        "{0}; new connections go on with the certificates read before",
                        problem);
            }
        }
        return context();
    }

    private SslContext context() {
        try {
            return current.build();
        } catch (SSLException e) {
            throw new IllegalStateException("this JDK offers no TLS 1.2 or 1.3", e);
        }
    }

    /** What is wrong on our side; null if nothing is. A server need not say why it hangs up. */
    synchronized @Nullable String ownProblem() {
        try {
            if (shown != null) {
                shown.checkValidity();
            }
            return null;
        } catch (CertificateException e) {
            return "the certificate of identity(...) has expired or is not valid yet (" + e.getMessage()
                    + "); renew it";
        }
    }

    /** What is in the files at one time. */
    private static final class Content {
        private final TlsFiles files;
        private final List<byte[]> trust;
        private final List<byte[]> identity;

        /** Known once the context is made. */
        private @Nullable X509Certificate shown;

        Content(TlsFiles files) throws UnusableFileException {
            this.files = files;
            this.trust = read(files.trust());
            this.identity = read(files.identity());
        }

        private static List<byte[]> read(@Nullable Source<?> source) throws UnusableFileException {
            List<byte[]> contents = new ArrayList<>();
            for (Path file : source == null ? List.<Path>of() : source.files()) {
                contents.add(TlsFiles.content(file));
            }
            return contents;
        }

        /** Instead of the content, so that keys are not kept. */
        byte[] digest() {
            try {
                MessageDigest all = MessageDigest.getInstance("SHA-256");
                for (List<byte[]> source : List.of(trust, identity)) {
                    for (byte[] content : source) {
                        all.update(MessageDigest.getInstance("SHA-256").digest(content));
                    }
                }
                return all.digest();
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has SHA-256", e);
            }
        }

        SslContextBuilder builder() throws UnusableFileException {
            // the JDK's own, so that it is the same everywhere and obeys the JDK's security properties
            SslContextBuilder builder = GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
                    .protocols("TLSv1.3", "TLSv1.2");
            Source<List<X509Certificate>> trusted = files.trust();
            if (trusted != null) {
                builder.trustManager(trusted.read(trust));
            }
            Source<Identity> own = files.identity();
            if (own != null) {
                Identity read = own.read(identity);
                builder.keyManager(read.key(), read.chain());
                shown = read.chain().get(0);
            }
            return builder;
        }
    }

    @Override
    public SSLEngine newEngine(ByteBufAllocator allocator, String host, int port) {
        return fresh().newEngine(allocator, host, port);
    }

    @Override
    public SSLEngine newEngine(ByteBufAllocator allocator) {
        return fresh().newEngine(allocator);
    }

    @Override
    public boolean isClient() {
        return true;
    }

    @Override
    public List<String> cipherSuites() {
        return first.cipherSuites();
    }

    @Override
    @SuppressWarnings("deprecation") // the type is, the method to be overridden is not
    public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
        return first.applicationProtocolNegotiator();
    }

    @Override
    public SSLSessionContext sessionContext() {
        return first.sessionContext();
    }
}
