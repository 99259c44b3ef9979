package io.stepvault.storage.s3.sign;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.SortedMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/**
 * Signs requests for one region of S3 by AWS Signature Version 4 in the {@code Authorization} header. Source: AWS,
 * "Authenticating Requests: Using the Authorization Header (AWS Signature Version 4)", Amazon S3 API Reference. The SDK's
 * own signer does the same for all services and pays for that with most of a put's time (docs/performance.md).
 *
 * <p>Safe for any thread.
 */
public final class SigV4 {
    /** The payload's hash in a request whose payload is not signed, only its transport protected. */
    public static final String UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD";

    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final String SERVICE = "s3";
    private static final String END_OF_SCOPE = "aws4_request";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final int DAY_DIGITS = 8;
    private static final String HMAC = "HmacSHA256";

    // Requests come by the thousand in a second.
    private static volatile @Nullable Second lastSecond;

    private record Second(long second, String text) {}

    private final String region;
    // The key of a day takes four hashes; requests come by the thousand. Several threads may compute it: no harm done.
    private volatile @Nullable DayKey dayKey;

    /**
     * The key of a day.
     *
     * @param mac has taken the key up, which costs more than to sign; it is copied for each signature and never used itself
     */
    private record DayKey(String secret, String day, SecretKeySpec key, Mac mac) {
        Mac copiedMac() {
            try {
                return (Mac) mac.clone();
            } catch (CloneNotSupportedException e) {
                return SigV4.mac(key); // not the platform's own provider
            }
        }

        @Override
        public String toString() {
            return "DayKey[" + day + "]";
        }
    }

    /** Signs for {@code region}, as {@code us-east-1}. */
    public SigV4(String region) {
        this.region = region;
    }

    /** The time as the header {@code x-amz-date} has it, which must be among those that are signed. */
    public static String timestamp(Instant time) {
        Second known = lastSecond;
        if (known == null || known.second != time.getEpochSecond()) {
            known = new Second(time.getEpochSecond(), TIME.format(time));
            lastSecond = known;
        }
        return known.text;
    }

    /**
     * The value of the header {@code Authorization}.
     *
     * @param method in capitals
     * @param path encoded, as it is sent; the request has no query
     * @param headers all that are signed, by name in lower case: {@code host}, {@code content-type} if it is sent, and
     *     every {@code x-amz-} header, {@code x-amz-date} and {@code x-amz-content-sha256} among them
     * @param identity whose signature it is
     */
    public String authorization(
            String method, String path, SortedMap<String, String> headers, AwsCredentialsIdentity identity) {
        String timestamp = signed(headers, "x-amz-date");
        String day = timestamp.substring(0, DAY_DIGITS);
        String scope = day + '/' + region + '/' + SERVICE + '/' + END_OF_SCOPE;
        String names = String.join(";", headers.keySet());
        StringBuilder canonical =
                new StringBuilder(1024).append(method).append('\n').append(path).append("\n\n"); // no query
        headers.forEach((name, value) ->
                appendTrimmed(canonical.append(name).append(':'), value).append('\n'));
        canonical.append('\n').append(names).append('\n').append(signed(headers, "x-amz-content-sha256"));
        String toSign = ALGORITHM + '\n' + timestamp + '\n' + scope + '\n' + hex(sha256(bytes(canonical.toString())));
        String signature =
                hex(dayKey(identity.secretAccessKey(), day).copiedMac().doFinal(bytes(toSign)));
        return ALGORITHM + " Credential=" + identity.accessKeyId() + '/' + scope + ", SignedHeaders=" + names
                + ", Signature=" + signature;
    }

    private static String signed(SortedMap<String, String> headers, String name) {
        String value = headers.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the header " + name + " must be signed");
        }
        return value;
    }

    /** Without spaces at its ends, and with one for each run of them: what a server may make of a header. */
    private static StringBuilder appendTrimmed(StringBuilder text, String value) {
        boolean begun = false;
        boolean space = false;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == ' ') {
                space = begun;
            } else {
                if (space) {
                    text.append(' ');
                    space = false;
                }
                text.append(c);
                begun = true;
            }
        }
        return text;
    }

    private DayKey dayKey(String secret, String day) {
        DayKey known = dayKey;
        if (known == null || !known.day.equals(day) || !known.secret.equals(secret)) {
            byte[] key = bytes("AWS4" + secret);
            for (String part : new String[] {day, region, SERVICE, END_OF_SCOPE}) {
                key = mac(key(key)).doFinal(bytes(part));
            }
            known = new DayKey(secret, day, key(key), mac(key(key)));
            dayKey = known;
        }
        return known;
    }

    private static SecretKeySpec key(byte[] bytes) {
        return new SecretKeySpec(bytes, HMAC);
    }

    private static Mac mac(SecretKeySpec key) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + HMAC, e);
        }
    }

    private static byte[] sha256(byte[] data) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(data);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
