package io.stepvault.devkit.outside;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The crawler in Java: compiled as it stands, against the SDK of this checkout, and run in this JVM. */
class JavaExampleIT {
    private static final Path EXAMPLE = ExampleSite.EXAMPLES.resolve("java");

    @TempDir
    private Path directory = Path.of("");

    @Test
    void whatItCrawlsIsStoredAsItWas() throws Exception {
        ChildProcess.requireChromium();
        try (IngestBed bed = new IngestBed(directory.resolve("bed"));
                ExampleSite site = new ExampleSite()) {

            String said = run(bed.bootstrapServers(), site.page("index.html").toString(), "java");

            CrawledSite.assertStored(bed, site, "java", said, new CrawledSite.Kind("examples/java", true));
        }
    }

    @Test
    void itsVersionsAreThoseOfThisCheckout() throws Exception {
        String ours = Files.readString(Path.of("..", "pom.xml"));
        String its = Files.readString(EXAMPLE.resolve("pom.xml"));

        assertThat(version(its, "stepvault-producer-sdk")).isEqualTo(version(ours, "stepvault"));
        assertThat(ours).contains("<playwright.version>" + version(its, "playwright") + "<");
        assertThat(ours).contains("<slf4j.version>" + version(its, "slf4j-simple") + "<");
    }

    private static String version(String pom, String artifact) {
        Matcher version = Pattern.compile("<artifactId>" + artifact + "</artifactId>\\s*<version>([^<]*)<")
                .matcher(pom);
        assertThat(version.find()).as(artifact).isTrue();
        return version.group(1);
    }

    private String run(String... arguments) throws Exception {
        Path classes = Files.createDirectories(directory.resolve("classes"));
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        int compiled = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        messages,
                        messages,
                        "-Xlint:all,-processing",
                        "-proc:none",
                        "-Werror",
                        "-d",
                        classes.toString(),
                        "-classpath",
                        System.getProperty("java.class.path"),
                        EXAMPLE.resolve("src/main/java/example/Crawl.java").toString());
        assertThat(compiled).as("%s", messages).isZero();

        PrintStream before = System.out;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setOut(new PrintStream(said, true, UTF_8));
        try (URLClassLoader example = new URLClassLoader(
                new URL[] {classes.toUri().toURL()}, getClass().getClassLoader())) {
            example.loadClass("example.Crawl").getMethod("main", String[].class).invoke(null, (Object) arguments);
        } finally {
            System.setOut(before);
        }
        return said.toString(UTF_8);
    }
}
