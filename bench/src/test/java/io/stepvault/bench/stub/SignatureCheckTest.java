package io.stepvault.bench.stub;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The examples of the S3 API Reference, "Signature Calculations for the Authorization Header: Transferring Payload in a
 * Single Chunk".
 */
class SignatureCheckTest {
    private static final String EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private final SignatureCheck check =
            new SignatureCheck("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");

    @Test
    void acceptsAmazonsExampleOfGet() {
        RequestHead get = signed(
                "GET /test.txt",
                EMPTY,
                "Range: bytes=0-9\r\n",
                "host;range;x-amz-content-sha256;x-amz-date",
                "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");

        assertThat(check.mistake(get)).isEmpty();
    }

    @Test
    void acceptsAmazonsExampleOfPut() {
        RequestHead put = signed(
                "PUT /test$file.text",
                "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
                "Date: Fri, 24 May 2013 00:00:00 GMT\r\nx-amz-storage-class: REDUCED_REDUNDANCY\r\n",
                "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
                "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");

        assertThat(check.mistake(put)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "?lifecycle, fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
        "?max-keys=2&prefix=J, 34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
        "?prefix=J&max-keys=2, 34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"
    })
    void acceptsAmazonsExamplesOfQueries(String query, String signature) {
        RequestHead get = signed("GET /" + query, EMPTY, "", "host;x-amz-content-sha256;x-amz-date", signature);

        assertThat(check.mistake(get)).isEmpty();
    }

    @Test
    void refusesAnotherPath() {
        RequestHead get = signed(
                "GET /other.txt",
                EMPTY,
                "Range: bytes=0-9\r\n",
                "host;range;x-amz-content-sha256;x-amz-date",
                "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");

        assertThat(check.mistake(get)).contains("the signature is another");
    }

    @Test
    void refusesAnAmazonHeaderThatIsNotSigned() {
        RequestHead get = signed(
                "GET /test.txt",
                EMPTY,
                "Range: bytes=0-9\r\nx-amz-acl: public-read\r\n",
                "host;range;x-amz-content-sha256;x-amz-date",
                "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");

        assertThat(check.mistake(get)).contains("a header that is not signed: x-amz-acl");
    }

    @Test
    void refusesAnotherAccessKey() {
        SignatureCheck other = new SignatureCheck("AKIAANOTHER", "secret");
        RequestHead get = signed("GET /test.txt", EMPTY, "", "host", "0".repeat(64));

        assertThat(other.mistake(get)).contains("another access key");
    }

    @Test
    void refusesARequestWithoutSignature() {
        assertThat(check.mistake(head("GET / HTTP/1.1\r\nHost: a"))).contains("not signed in its headers");
    }

    private static RequestHead signed(
            String request, String payload, String headers, String signedHeaders, String signature) {
        return head(request + " HTTP/1.1\r\nHost: examplebucket.s3.amazonaws.com\r\n" + headers
                + "x-amz-content-sha256: " + payload + "\r\nx-amz-date: 20130524T000000Z\r\n"
                + "Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
                + "SignedHeaders=" + signedHeaders + ",Signature=" + signature);
    }

    private static RequestHead head(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return RequestHead.parse(bytes, 0, bytes.length);
    }
}
