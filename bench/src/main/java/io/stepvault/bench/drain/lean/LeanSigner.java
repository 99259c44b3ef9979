package io.stepvault.bench.drain.lean;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs puts by AWS Signature Version 4 with an unsigned payload, and does nothing else: keys must need no escapes, and
 * there is no session token. Source: "Authenticating Requests: Using the Authorization Header", Amazon S3 API reference.
 * For one thread.
 */
final class LeanSigner {
    static final String CONTENT = "UNSIGNED-PAYLOAD";

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final int DAY_LENGTH = 8;
    private static final String ALGORITHM = "HmacSHA256";
    private static final String SIGNED = "host;x-amz-checksum-crc32;x-amz-content-sha256;x-amz-date";

    private final String accessKey;
    private final String secretKey;
    private final String region;
    private final String host;
    private final Clock clock;
    private final Mac mac = mac();
    private final MessageDigest sha256 = sha256();
    private final HexFormat hex = HexFormat.of();

    private long second = Long.MIN_VALUE;
    private String time = "";
    private String scope = "";

    /** @param host as it goes into the request's header */
    LeanSigner(String accessKey, String secretKey, String region, String host, Clock clock) {
        this.accessKey = accessKey;
        this.secretKey = secretKey;
        this.region = region;
        this.host = host;
        this.clock = clock;
    }

    /** With the credentials and the region of the environment. */
    static LeanSigner ofEnvironment(Map<String, String> environment, String host) {
        return new LeanSigner(
                environment.getOrDefault("AWS_ACCESS_KEY_ID", "none"),
                environment.getOrDefault("AWS_SECRET_ACCESS_KEY", "none"),
                environment.getOrDefault("AWS_REGION", "us-east-1"),
                host,
                Clock.systemUTC());
    }

    /**
     * @param path of the request, from its first slash
     * @param crc32 as it goes into {@code x-amz-checksum-crc32}
     */
    Signature sign(String path, String crc32) {
        renewEverySecond();
        String request = "PUT\n" + path + "\n\nhost:" + host + "\nx-amz-checksum-crc32:" + crc32
                + "\nx-amz-content-sha256:" + CONTENT + "\nx-amz-date:" + time + "\n\n" + SIGNED + "\n" + CONTENT;
        String toSign = "AWS4-HMAC-SHA256\n" + time + "\n" + scope + "\n"
                + hex.formatHex(sha256.digest(request.getBytes(US_ASCII)));
        return new Signature(
                time,
                "AWS4-HMAC-SHA256 Credential=" + accessKey + "/" + scope + ", SignedHeaders=" + SIGNED + ", Signature="
                        + hex.formatHex(mac.doFinal(toSign.getBytes(US_ASCII))));
    }

    private void renewEverySecond() {
        Instant now = clock.instant();
        if (now.getEpochSecond() == second) {
            return;
        }
        second = now.getEpochSecond();
        time = TIME.format(now);
        String day = time.substring(0, DAY_LENGTH);
        String today = day + "/" + region + "/s3/aws4_request";
        if (!today.equals(scope)) {
            scope = today;
            byte[] key = ("AWS4" + secretKey).getBytes(US_ASCII);
            for (String part : new String[] {day, region, "s3", "aws4_request"}) {
                setKey(key);
                key = mac.doFinal(part.getBytes(US_ASCII));
            }
            setKey(key);
        }
    }

    private void setKey(byte[] key) {
        try {
            mac.init(new SecretKeySpec(key, ALGORITHM));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a key of " + key.length + " bytes was refused", e);
        }
    }

    private static Mac mac() {
        try {
            return Mac.getInstance(ALGORITHM);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JVM has " + ALGORITHM, e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    /**
     * What a signed request says of itself.
     *
     * @param time {@code x-amz-date}
     * @param authorization {@code Authorization}
     */
    record Signature(String time, String authorization) {}
}
