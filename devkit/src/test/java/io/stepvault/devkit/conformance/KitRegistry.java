package io.stepvault.devkit.conformance;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** A schema registry on loopback that answers the ids of the kit with its schemas, and no other. */
final class KitRegistry implements AutoCloseable {
    private static final String PATH = "/schemas/ids/";

    private final Map<String, String> schemas = new TreeMap<>();
    private final HttpServer server;

    KitRegistry() throws IOException {
        KitCase.all()
                .filter(KitCase::isConfluent)
                .forEach(one -> schemas.put(Long.toString(one.schemaId()), one.text("schema")));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(PATH, exchange -> {
            String schema = schemas.get(exchange.getRequestURI().getPath().substring(PATH.length()));
            byte[] answer = answer(schema == null ? "message" : "schema", schema == null ? "Schema not found" : schema);
            try (exchange) {
                exchange.getResponseHeaders().set("Content-Type", "application/vnd.schemaregistry.v1+json");
                exchange.sendResponseHeaders(schema == null ? 404 : 200, answer.length);
                exchange.getResponseBody().write(answer);
            }
        });
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private static byte[] answer(String field, String text) throws IOException {
        StringWriter json = new StringWriter();
        try (JsonGenerator generator = new JsonFactory().createGenerator(json)) {
            generator.writeStartObject();
            generator.writeStringField(field, text);
            if (field.equals("message")) {
                generator.writeNumberField("error_code", 40403);
            }
            generator.writeEndObject();
        }
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
