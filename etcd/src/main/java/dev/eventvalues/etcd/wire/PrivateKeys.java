package dev.eventvalues.etcd.wire;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;

/**
 * Reads private keys. The JDK knows one form only, PKCS#8; the two older ones, which many of etcd's installers still
 * write, are that form without its envelope.
 */
final class PrivateKeys {
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

    private static final byte[] VERSION_0 = {2, 1, 0};
    private static final byte[] RSA = {
        0x30, 13, 6, 9, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 13, 1, 1, 1, 5, 0
    };
    private static final byte[] EC = {6, 7, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 2, 1};

    private static final int SEQUENCE = 0x30;
    private static final int OCTETS = 4;
    private static final int PARAMETERS = 0xa0;

    private PrivateKeys() {}

    static PrivateKey ofPkcs8(byte[] der) throws GeneralSecurityException {
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (InvalidKeySpecException e) {
                // of another kind. The cause must never get out: it may quote the key
            }
        }
        throw new InvalidKeyException("its private key is malformed or of no known kind; known are " + ALGORITHMS);
    }

    /** An RSA key as OpenSSL used to write it. */
    static PrivateKey ofPkcs1(byte[] der) throws GeneralSecurityException {
        return ofPkcs8(element(SEQUENCE, VERSION_0, RSA, element(OCTETS, der)));
    }

    /** A key of an elliptic curve as OpenSSL and Go write it; the curve is named inside. */
    static PrivateKey ofSec1(byte[] der) throws GeneralSecurityException {
        return ofPkcs8(element(SEQUENCE, VERSION_0, element(SEQUENCE, EC, curve(der)), element(OCTETS, der)));
    }

    private static byte[] curve(byte[] sec1) throws GeneralSecurityException {
        try {
            ByteBuffer key = content(ByteBuffer.wrap(sec1));
            while (key.hasRemaining()) {
                int tag = key.get(key.position()) & 0xff;
                ByteBuffer content = content(key);
                if (tag == PARAMETERS) {
                    byte[] curve = new byte[content.remaining()];
                    content.get(curve);
                    return curve;
                }
            }
        } catch (RuntimeException e) {
            throw new InvalidKeyException("its private key is malformed"); // the cause may quote the key
        }
        throw new InvalidKeyException("its private key does not name its curve; convert it with: openssl pkcs8 -topk8");
    }

    /** Takes one element off the front. */
    private static ByteBuffer content(ByteBuffer from) {
        from.get(); // the tag
        int length = from.get() & 0xff;
        if (length >= 0x80) {
            int bytes = length - 0x80;
            length = 0;
            for (int i = 0; i < bytes; i++) {
                length = (length << 8) | (from.get() & 0xff);
            }
        }
        ByteBuffer content = from.slice().limit(length);
        from.position(from.position() + length);
        return content;
    }

    private static byte[] element(int tag, byte[]... contents) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] each : contents) {
            content.writeBytes(each);
        }
        ByteArrayOutputStream element = new ByteArrayOutputStream();
        element.write(tag);
        int length = content.size();
        if (length >= 0x80) {
            element.write(0x82);
            element.write(length >> 8);
        }
        element.write(length);
        element.writeBytes(content.toByteArray());
        return element.toByteArray();
    }

    /** Whether the two belong together; while a pair of files is being replaced they may not. */
    static boolean match(PrivateKey privateKey, PublicKey publicKey) throws GeneralSecurityException {
        String algorithm = switch (privateKey.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> privateKey.getAlgorithm();
        };
        byte[] sample = new byte[32];
        new SecureRandom().nextBytes(sample);
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(privateKey);
        signature.update(sample);
        byte[] signed = signature.sign();
        try {
            signature.initVerify(publicKey);
            signature.update(sample);
            return signature.verify(signed);
        } catch (InvalidKeyException | SignatureException e) {
            return false; // of different kinds
        }
    }
}
