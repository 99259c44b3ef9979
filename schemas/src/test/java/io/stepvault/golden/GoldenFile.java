package io.stepvault.golden;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A golden file as maps, lists, texts, numbers and booleans. A file's expectations are never rewritten: the switch
 * {@code -Dupdate.golden=true} only adds those that a new file lacks.
 */
record GoldenFile(Path path, Map<String, Object> content) {
    private static final Path ROOT = Path.of("src/test/resources/golden");
    private static final JsonFactory JSON =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    static GoldenFile read(String name) {
        return read(ROOT.resolve(name));
    }

    static Stream<GoldenFile> readAll(String folder) throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> entries = Files.list(ROOT.resolve(folder))) {
            entries.filter(file -> file.toString().endsWith(".json")).sorted().forEach(files::add);
        }
        return files.stream().map(GoldenFile::read);
    }

    /** The text that the file expects under {@code field}. */
    Object expected(String field, Object ifNewFile) throws IOException {
        Object expected = content.get(field);
        if (expected != null) {
            return expected;
        }
        if (!Boolean.getBoolean("update.golden")) {
            throw new AssertionError(path + " lacks \"" + field + "\": check what -Dupdate.golden=true would add");
        }
        content.put(field, ifNewFile);
        save();
        return ifNewFile;
    }

    /** The list of cases under {@code field}. */
    List<Case> cases(String field) {
        List<Case> cases = new ArrayList<>();
        for (Object one : (List<?>) present(content, field)) {
            cases.add(new Case((Map<?, ?>) one));
        }
        return cases;
    }

    /** An object all of whose values are texts. */
    record Case(Map<?, ?> fields) {
        String get(String field) {
            return (String) present(fields, field);
        }

        @Override
        public String toString() {
            return get("what");
        }
    }

    static Object present(Map<?, ?> object, String field) {
        Object value = object.get(field);
        if (value == null) {
            throw new AssertionError("lacks \"" + field + "\": " + object);
        }
        return value;
    }

    @Override
    public String toString() {
        return String.valueOf(path.getFileName());
    }

    private static GoldenFile read(Path path) {
        try (JsonParser json = JSON.createParser(Files.readString(path))) {
            json.nextToken();
            return new GoldenFile(path, object(json));
        } catch (IOException e) {
            throw new AssertionError("cannot read " + path, e);
        }
    }

    private static Map<String, Object> object(JsonParser json) throws IOException {
        Map<String, Object> object = new LinkedHashMap<>();
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String field = json.currentName();
            json.nextToken();
            object.put(field, value(json));
        }
        return object;
    }

    private static Object value(JsonParser json) throws IOException {
        return switch (json.currentToken()) {
            case START_OBJECT -> object(json);
            case START_ARRAY -> {
                List<Object> items = new ArrayList<>();
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    items.add(value(json));
                }
                yield items;
            }
            case VALUE_STRING -> json.getText();
            case VALUE_NUMBER_INT -> json.getLongValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> throw new AssertionError("unexpected " + json.currentToken());
        };
    }

    private void save() throws IOException {
        Separators separators =
                Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER);
        DefaultPrettyPrinter pretty = new DefaultPrettyPrinter(separators)
                .withArrayIndenter(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE.withLinefeed("\n"));
        pretty.indentObjectsWith(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE.withLinefeed("\n"));
        try (Writer file = Files.newBufferedWriter(path);
                JsonGenerator json = JSON.createGenerator(file).setPrettyPrinter(pretty)) {
            write(json, content);
            json.writeRaw('\n');
        }
    }

    private static void write(JsonGenerator json, Object value) throws IOException {
        if (value instanceof Map<?, ?> object) {
            json.writeStartObject();
            for (var field : object.entrySet()) {
                json.writeFieldName((String) field.getKey());
                write(json, field.getValue());
            }
            json.writeEndObject();
        } else if (value instanceof List<?> items) {
            json.writeStartArray();
            for (Object item : items) {
                write(json, item);
            }
            json.writeEndArray();
        } else if (value instanceof Long number) {
            json.writeNumber(number);
        } else if (value instanceof Boolean truth) {
            json.writeBoolean(truth);
        } else {
            json.writeString((String) value);
        }
    }
}
