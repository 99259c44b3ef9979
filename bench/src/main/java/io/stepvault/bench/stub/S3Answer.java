package io.stepvault.bench.stub;

import java.nio.charset.StandardCharsets;

/** What the stub says: whole answers, ready to be sent. It behaves as a bucket that is empty and stays empty. */
final class S3Answer {
    static final byte[] CONTINUE = bytes("HTTP/1.1 100 Continue\r\n\r\n");

    // Not the MD5 of anything, and by its form it does not claim to be: old clients would compare.
    private static final String ETAG = "\"00000000000000000000000000000000-1\"";
    private static final byte[] STORED = bytes("HTTP/1.1 200 OK\r\nETag: " + ETAG + "\r\nContent-Length: 0\r\n\r\n");
    private static final byte[] OK = bytes("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    private static final byte[] GONE = bytes("HTTP/1.1 204 No Content\r\n\r\n");
    private static final byte[] ABSENT = bytes("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    private static final String XMLNS = " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"";
    private static final byte[] NO_SUCH_KEY = error("404 Not Found", "NoSuchKey", "The stub keeps nothing.");
    private static final byte[] NOT_KNOWN = error("501 Not Implemented", "NotImplemented", "Not a call of the stub.");

    private S3Answer() {}

    static byte[] to(RequestHead request) {
        return switch (request.method()) {
            case "PUT" ->
                request.header("x-amz-copy-source") == null
                        ? STORED
                        : xml("<CopyObjectResult" + XMLNS + "><ETag>" + ETAG
                                + "</ETag><LastModified>2026-01-01T00:00:00.000Z</LastModified></CopyObjectResult>");
            case "HEAD" -> request.isOfBucket() ? OK : ABSENT;
            case "DELETE" -> GONE;
            case "GET" -> request.isOfBucket() ? aboutBucket(request) : NO_SUCH_KEY;
            case "POST" -> posted(request);
            default -> NOT_KNOWN;
        };
    }

    /** A refusal, with S3's code for it. */
    static byte[] error(String status, String code, String message) {
        return answer(status, "<Error><Code>" + code + "</Code><Message>" + escape(message) + "</Message></Error>");
    }

    private static byte[] aboutBucket(RequestHead request) {
        if (request.asks("location")) {
            return xml("<LocationConstraint" + XMLNS + "/>");
        } else if (request.asks("acl")) {
            return xml("<AccessControlPolicy" + XMLNS + "><Owner><ID>stub</ID></Owner><AccessControlList/>"
                    + "</AccessControlPolicy>");
        } else if (request.asks("uploads")) {
            return xml("<ListMultipartUploadsResult" + XMLNS + "><Bucket>" + bucket(request)
                    + "</Bucket><IsTruncated>false</IsTruncated></ListMultipartUploadsResult>");
        }
        return xml("<ListBucketResult" + XMLNS + "><Name>" + bucket(request) + "</Name><Prefix/><KeyCount>0</KeyCount>"
                + "<MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated></ListBucketResult>");
    }

    private static byte[] posted(RequestHead request) {
        String where = "<Bucket>" + bucket(request) + "</Bucket><Key>" + key(request) + "</Key>";
        if (request.asks("uploads")) {
            return xml("<InitiateMultipartUploadResult" + XMLNS + ">" + where
                    + "<UploadId>upload</UploadId></InitiateMultipartUploadResult>");
        } else if (request.asks("uploadId")) {
            return xml("<CompleteMultipartUploadResult" + XMLNS + ">" + where + "<ETag>" + ETAG
                    + "</ETag></CompleteMultipartUploadResult>");
        } else if (request.asks("delete")) {
            return xml("<DeleteResult" + XMLNS + "/>");
        }
        return NOT_KNOWN;
    }

    private static String bucket(RequestHead request) {
        int slash = request.path().indexOf('/', 1);
        return escape(request.path().substring(1, slash < 0 ? request.path().length() : slash));
    }

    private static String key(RequestHead request) {
        int slash = request.path().indexOf('/', 1);
        return escape(slash < 0 ? "" : request.path().substring(slash + 1));
    }

    private static byte[] xml(String document) {
        return answer("200 OK", document);
    }

    private static byte[] answer(String status, String document) {
        String body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + document;
        return bytes("HTTP/1.1 " + status + "\r\nContent-Type: application/xml\r\nContent-Length: "
                + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body);
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
