package io.stepvault.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.event.BatchStored;
import io.stepvault.event.StepCapture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaNormalization;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrozenSchemasTest {
    private static final Path CURRENT = Path.of("src/main/avro");
    private static final Path FROZEN = Path.of("src/main/resources/io/stepvault/event/frozen");

    /** A schema as it is now, and all of its frozen versions. */
    record History(String name, Schema current, List<Schema> frozen) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<History> histories() {
        return List.of(
                new History("StepCapture", StepCapture.getClassSchema(), FrozenSchemas.stepCapture()),
                new History("BatchStored", BatchStored.getClassSchema(), FrozenSchemas.batchStored()));
    }

    @ParameterizedTest
    @MethodSource("histories")
    void everyVersionReadsEveryOther(History history) {
        for (Schema frozen : history.frozen()) {
            assertReads(history.current(), frozen);
            assertReads(frozen, history.current());
            history.frozen().forEach(other -> assertReads(other, frozen));
        }
    }

    @ParameterizedTest
    @MethodSource("histories")
    void everyFrozenFileIsShipped(History history) throws IOException {
        try (Stream<Path> files = Files.list(FROZEN)) {
            assertThat(files.filter(file -> String.valueOf(file.getFileName()).startsWith(history.name() + ".")))
                    .hasSameSizeAs(history.frozen());
        }
        for (int version = 1; version <= history.frozen().size(); version++) {
            assertThat(new Schema.Parser()
                            .parse(FROZEN.resolve(history.name() + ".v" + version + ".avsc")
                                    .toFile()))
                    .isEqualTo(history.frozen().get(version - 1));
        }
    }

    @ParameterizedTest
    @MethodSource("histories")
    void newestFrozenVersionIsTheCurrentOneToTheLetter(History history) {
        Path newest = FROZEN.resolve(history.name() + ".v" + history.frozen().size() + ".avsc");

        assertThat(CURRENT.resolve(history.name() + ".avsc"))
                .as("a changed schema needs a new frozen version; the frozen ones stay as they are")
                .hasSameTextualContentAs(newest);
    }

    @ParameterizedTest
    @MethodSource("histories")
    void generatedClassIsOfTheCurrentSchema(History history) {
        Schema newest = history.frozen().get(history.frozen().size() - 1);

        assertThat(SchemaNormalization.toParsingForm(history.current()))
                .isEqualTo(SchemaNormalization.toParsingForm(newest));
    }

    @Test
    void everythingButIdsAndTimeHasADefault() {
        assertThat(StepCapture.getClassSchema().getFields())
                .filteredOn(field -> !field.hasDefaultValue())
                .extracting(Schema.Field::name)
                .containsExactly("session_id", "step_id", "captured_at");
        assertThat(StepCapture.getClassSchema()
                        .getField("attachments")
                        .schema()
                        .getValueType()
                        .getFields())
                .allMatch(Schema.Field::hasDefaultValue);
    }

    @ParameterizedTest
    @ValueSource(strings = {"src/main/avro", "src/main/resources/io/stepvault/event/frozen"})
    void contractFilesKnowNothingOfJava(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files)
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(Files.readString(file).toLowerCase(Locale.ROOT))
                            .doesNotContain("java"));
        }
    }

    @Test
    void fingerprintsAreTheGoldenOnes() throws IOException {
        // A frozen file that changes breaks every record written with it.
        String golden = Files.readString(Path.of("src/test/resources/golden/fingerprints.json"));
        for (History history : histories()) {
            int version = 1;
            for (Schema frozen : history.frozen()) {
                assertThat(golden)
                        .contains(String.format(
                                Locale.ROOT,
                                "\"%s.v%d.avsc\": \"%016x\"",
                                history.name(),
                                version++,
                                SchemaNormalization.parsingFingerprint64(frozen)));
            }
        }
    }

    private static void assertReads(Schema reader, Schema writer) {
        assertThat(SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
                        .getType())
                .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
    }
}
