package io.stepvault.worker.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The content of a configuration file: the syntax of {@link Properties}, in UTF-8.
 *
 * @param values key to value, as written
 * @param repeated keys that are set more than once
 */
record PropertiesFile(Map<String, String> values, Set<String> repeated) {
    private static final Pattern MALFORMED_ESCAPE =
            Pattern.compile("^\\s*[^\\s#!].*(?<!\\\\)(\\\\\\\\)*\\\\u(?![0-9A-Fa-f]{4})");

    PropertiesFile {
        values = Map.copyOf(values);
        repeated = Set.copyOf(repeated);
    }

    /** @throws ConfigException if the file as a whole cannot be read: one line that says why */
    static PropertiesFile read(Path file) {
        try {
            return parse(file.toString(), decode(Files.readAllBytes(file)));
        } catch (NoSuchFileException e) {
            throw unreadable(file.toString(), "there is no such file; check the path");
        } catch (AccessDeniedException e) {
            throw unreadable(file.toString(), "this user may not read it; check its permissions");
        } catch (CharacterCodingException e) {
            throw unreadable(file.toString(), "is not UTF-8 text; save it as UTF-8");
        } catch (IOException e) {
            throw unreadable(
                    file.toString(),
                    Files.isDirectory(file) ? "is a directory; name a file" : "cannot be read: " + e.getMessage());
        }
    }

    private static PropertiesFile parse(String name, String text) throws IOException {
        Recorder recorder = new Recorder();
        try {
            recorder.load(new StringReader(text));
        } catch (IllegalArgumentException e) {
            throw unreadable(
                    name + malformedLine(text),
                    "malformed \\u escape; four hexadecimal digits must follow,"
                            + " and a backslash itself is written \\\\");
        }
        return new PropertiesFile(recorder.values, recorder.repeated);
    }

    /** {@link Properties} does not say where it stopped. */
    private static String malformedLine(String text) {
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            if (MALFORMED_ESCAPE.matcher(lines.get(i)).find()) {
                return " line " + (i + 1);
            }
        }
        return "";
    }

    private static String decode(byte[] bytes) throws CharacterCodingException {
        String text = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private static ConfigException unreadable(String where, String message) {
        return new ConfigException(List.of(Problems.line(where, message)));
    }

    /** Is told of every line by {@link Properties#load}, which itself would keep only the last of two. */
    private static final class Recorder extends Properties {
        private static final long serialVersionUID = 1L;

        private final transient Map<String, String> values = new HashMap<>();
        private final transient Set<String> repeated = new TreeSet<>();

        @Override
        public synchronized Object put(Object key, Object value) {
            if (values.put(key.toString(), value.toString()) != null) {
                repeated.add(key.toString());
            }
            return value;
        }
    }
}
