package io.stepvault.bench.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/** A report for programs: one JSON object. Numbers are medians, in the units that their names say. */
public final class ReportJson {
    private ReportJson() {}

    /** The whole report. */
    public static String of(BenchReport report) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text).useDefaultPrettyPrinter()) {
            json.writeStartObject();
            json.writeStringField("begun", report.begun().toString());
            machine(json, report.machine());
            json.writeArrayFieldStart("comparisons");
            for (Comparison comparison : report.comparisons()) {
                comparison(json, comparison);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("half_load");
            for (HalfLoadResult result : report.halfLoads()) {
                halfLoad(json, result);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("targets");
            for (Target target : Target.of(report)) {
                target(json, target);
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory cannot fail", e);
        }
        return text + "\n";
    }

    private static void machine(JsonGenerator json, Machine machine) throws IOException {
        json.writeObjectFieldStart("machine");
        json.writeStringField("cpu", machine.cpu());
        json.writeNumberField("cores", machine.cores());
        json.writeNumberField("memory_bytes", machine.memoryBytes());
        json.writeStringField("os", machine.os());
        json.writeStringField("jdk", machine.jdk());
        json.writeNumberField("load", machine.load());
        json.writeEndObject();
    }

    private static void comparison(JsonGenerator json, Comparison comparison) throws IOException {
        json.writeStartObject();
        json.writeStringField("data", comparison.cell().data());
        json.writeNumberField(
                "store_latency_millis", comparison.cell().latency().toMillis());
        json.writeBooleanField("tls", comparison.cell().isEncrypted());
        json.writeArrayFieldStart("contenders");
        for (Row row : comparison.rows()) {
            json.writeStartObject();
            json.writeStringField("id", row.id());
            json.writeStringField("name", row.name());
            json.writeStringField("heap", row.heap());
            json.writeNumberField("rounds", row.rounds());
            for (Metric metric : Metric.values()) {
                if (row.median(metric).isPresent()) {
                    json.writeNumberField(metric.key(), row.median(metric).get());
                }
            }
            if (row.failure().isPresent()) {
                json.writeStringField("failure", row.failure().get());
            }
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void halfLoad(JsonGenerator json, HalfLoadResult result) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", result.name());
        json.writeNumberField("captures_per_second", result.rate());
        json.writeNumberField("captures", result.captures());
        json.writeNumberField("p50_seconds", result.p50Seconds());
        json.writeNumberField("p99_seconds", result.p99Seconds());
        json.writeEndObject();
    }

    private static void target(JsonGenerator json, Target target) throws IOException {
        json.writeStartObject();
        json.writeStringField("what", target.what());
        json.writeNumberField("value", target.value());
        json.writeNumberField(target.isMost() ? "at_most" : "at_least", target.limit());
        json.writeBooleanField("met", target.isMet());
        json.writeEndObject();
    }
}
