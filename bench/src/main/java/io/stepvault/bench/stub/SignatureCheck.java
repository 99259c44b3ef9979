package io.stepvault.bench.stub;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Checks signatures in the {@code Authorization} header, as Amazon describes them in the S3 API Reference,
 * "Authenticating Requests: Using the Authorization Header (AWS Signature Version 4)". Safe for any thread.
 */
final class SignatureCheck {
    private static final Pattern AUTHORIZATION =
            Pattern.compile("AWS4-HMAC-SHA256 Credential=([^/]+)/(\\d{8})/([^/]+)/s3/aws4_request, *"
                    + "SignedHeaders=([a-z0-9;-]+), *Signature=([0-9a-f]{64})");
    private static final String SAFE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    private final String accessKey;
    private final String secretKey;

    SignatureCheck(String accessKey, String secretKey) {
        this.accessKey = accessKey;
        this.secretKey = secretKey;
    }

    /** What is wrong with the request's signature; empty if it is right. */
    Optional<String> mistake(RequestHead request) {
        String authorization = request.header("authorization");
        String time = request.header("x-amz-date");
        String payload = request.header("x-amz-content-sha256");
        if (authorization == null || time == null || payload == null) {
            return Optional.of("not signed in its headers");
        }
        Matcher parts = AUTHORIZATION.matcher(authorization);
        if (!parts.matches()) {
            return Optional.of("Authorization of an unknown form");
        } else if (!parts.group(1).equals(accessKey)) {
            return Optional.of("another access key");
        } else if (!time.startsWith(parts.group(2))) {
            return Optional.of("another day than x-amz-date");
        }
        List<String> signed = List.of(parts.group(4).split(";", -1));
        Optional<String> unsigned = request.headers().keySet().stream()
                .filter(name -> name.equals("host") || name.startsWith("x-amz-"))
                .filter(name -> !signed.contains(name))
                .findFirst();
        if (unsigned.isPresent()) {
            return Optional.of("a header that is not signed: " + unsigned.get());
        }
        String scope = parts.group(2) + "/" + parts.group(3) + "/s3/aws4_request";
        String toSign = "AWS4-HMAC-SHA256\n" + time + "\n" + scope + "\n" + sha256(canonical(request, signed, payload));
        byte[] key = hmac(("AWS4" + secretKey).getBytes(StandardCharsets.UTF_8), parts.group(2));
        key = hmac(hmac(hmac(key, parts.group(3)), "s3"), "aws4_request");
        return HexFormat.of().formatHex(hmac(key, toSign)).equals(parts.group(5))
                ? Optional.empty()
                : Optional.of("the signature is another");
    }

    private static String canonical(RequestHead request, List<String> signed, String payload) {
        StringBuilder text = new StringBuilder(request.method())
                .append('\n')
                .append(encoded(request.path(), true))
                .append('\n')
                .append(canonicalQuery(request.query()))
                .append('\n');
        for (String name : signed) {
            String value = request.headers().getOrDefault(name, "");
            text.append(name)
                    .append(':')
                    .append(value.strip().replaceAll(" +", " "))
                    .append('\n');
        }
        return text.append('\n')
                .append(String.join(";", signed))
                .append('\n')
                .append(payload)
                .toString();
    }

    private static String canonicalQuery(String query) {
        if (query.isEmpty()) {
            return "";
        }
        return Arrays.stream(query.split("&", -1))
                .map(parameter -> {
                    int equals = parameter.indexOf('=');
                    return equals < 0
                            ? encoded(parameter, false) + "="
                            : encoded(parameter.substring(0, equals), false) + "="
                                    + encoded(parameter.substring(equals + 1), false);
                })
                .sorted()
                .collect(Collectors.joining("&"));
    }

    /** Whatever the client chose to encode, in the one form that is signed. */
    private static String encoded(String text, boolean isPath) {
        ByteArrayOutputStream decoded = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '%' && i + 2 < text.length()) {
                decoded.write(HexFormat.fromHexDigits(text, i + 1, i + 3));
                i += 2;
            } else {
                decoded.write(text.charAt(i)); // the head was read as ISO 8859-1: one character, one byte
            }
        }
        StringBuilder encoded = new StringBuilder();
        for (byte octet : decoded.toByteArray()) {
            char character = (char) (octet & 0xFF);
            if (SAFE.indexOf(character) >= 0 || (isPath && character == '/')) {
                encoded.append(character);
            } else {
                encoded.append(String.format(Locale.ROOT, "%%%02X", (int) character));
            }
        }
        return encoded.toString();
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.ISO_8859_1)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.ISO_8859_1));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}
