package dev.eventvalues.etcd.wire;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A block of the text form of certificates and keys. Text between the blocks is passed over. */
final class Pem {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----((?:(?!-----).)*+)-----END \\1-----", Pattern.DOTALL);

    /** Such as {@code CERTIFICATE}. */
    private final String type;

    private final byte[] der;

    private Pem(String type, byte[] der) {
        this.type = type;
        this.der = der;
    }

    static List<X509Certificate> certificates(byte[] file) throws GeneralSecurityException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<X509Certificate> certificates = new ArrayList<>();
        for (Pem block : blocks(file)) {
            if (block.type.equals("CERTIFICATE") || block.type.equals("X509 CERTIFICATE")) {
                certificates.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.der)));
            }
        }
        if (certificates.isEmpty()) {
            throw new GeneralSecurityException(
                    "it has no certificate in PEM form (-----BEGIN CERTIFICATE-----); PKCS#12 files need a password");
        }
        return certificates;
    }

    static PrivateKey privateKey(byte[] file) throws GeneralSecurityException {
        for (Pem block : blocks(file)) {
            PrivateKey key = switch (block.type) {
                case "PRIVATE KEY" -> PrivateKeys.ofPkcs8(block.der);
                case "RSA PRIVATE KEY" -> PrivateKeys.ofPkcs1(block.der);
                case "EC PRIVATE KEY" -> PrivateKeys.ofSec1(block.der);
                case "ENCRYPTED PRIVATE KEY" -> throw encrypted();
                default -> null; // the parameters of a curve, certificates
            };
            if (key != null) {
                return key;
            }
        }
        throw new GeneralSecurityException("it has no private key in PEM form (-----BEGIN PRIVATE KEY-----)");
    }

    private static List<Pem> blocks(byte[] file) throws GeneralSecurityException {
        List<Pem> blocks = new ArrayList<>();
        Matcher block = BLOCK.matcher(new String(file, StandardCharsets.ISO_8859_1));
        while (block.find()) {
            if (block.group(2).contains("Proc-Type: 4,ENCRYPTED")) {
                throw encrypted();
            }
            try {
                blocks.add(new Pem(block.group(1), Base64.getMimeDecoder().decode(block.group(2))));
            } catch (IllegalArgumentException e) {
                throw new GeneralSecurityException("a block of type " + block.group(1) + " is not in Base64");
            }
        }
        return blocks;
    }

    private static GeneralSecurityException encrypted() {
        return new GeneralSecurityException("its private key is encrypted; give it decrypted, or in a PKCS#12 file");
    }

    /** Never shows the content. */
    @Override
    public String toString() {
        return type;
    }
}
