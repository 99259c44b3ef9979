package io.stepvault.server.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.capture.ArtifactName;
import io.stepvault.capture.testing.CaptureArbitraries;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PresentationTest {
    private static Map<String, String> headers(String contentType) {
        return Presentation.of("step", ArtifactName.ofAttachment("a"), contentType, false)
                .headers();
    }

    @ParameterizedTest
    @CsvSource({
        "text/html,text/html",
        "TEXT/HTML; Charset=UTF-8,text/html; charset=utf-8",
        "'text/html; charset=\"windows-1251\"',text/html; charset=windows-1251",
        "text/plain; charset=utf-8,text/plain; charset=utf-8",
        "application/json,application/json",
        "image/png,image/png",
        "image/jpg,image/jpeg",
        "image/webp,image/webp",
        "' image/gif ; q=1',image/gif",
        "text/html; version=5,text/html"
    })
    void showsWhatCanBeLookedAt(String contentType, String sent) {
        assertThat(headers(contentType))
                .containsEntry("Content-Type", sent)
                .hasEntrySatisfying(
                        "Content-Disposition", value -> assertThat(value).startsWith("inline;"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "image/svg+xml",
                "text/xml",
                "application/xml",
                "application/xhtml+xml",
                "text/javascript",
                "application/javascript",
                "text/css",
                "application/pdf",
                "application/octet-stream",
                "multipart/x-mixed-replace; boundary=x",
                "text/cache-manifest",
                "",
                "html",
                "text/html, text/plain",
                "text/html/x",
                "text/html\r\nX-Evil: 1",
                "text/html;\r\nX-Evil: 1",
                "text/html; charset=utf-8\nX-Evil: 1",
                "text/html\0",
                "*/*"
            })
    void hasTheRestSavedAsBytesOfNoType(String contentType) {
        assertThat(headers(contentType))
                .containsEntry("Content-Type", "application/octet-stream")
                .hasEntrySatisfying(
                        "Content-Disposition", value -> assertThat(value).startsWith("attachment;"));
    }

    @Test
    void hasAVeryLongTypeSaved() {
        assertThat(headers("text/html;" + "x".repeat(1_000_000)))
                .containsEntry("Content-Type", "application/octet-stream");
    }

    @Property
    void putsEverythingIntoASandbox(@ForAll("texts") String contentType, @ForAll("texts") String name) {
        Map<String, String> headers =
                Presentation.of(name, ArtifactName.HTML, contentType, false).headers();

        assertThat(headers.get("Content-Security-Policy"))
                .isEqualTo(
                        "sandbox; default-src 'none'; style-src 'unsafe-inline' data:; img-src data: blob:;"
                                + " font-src data:; media-src data:; form-action 'none'; frame-ancestors 'self'; base-uri 'none'");
        assertThat(headers.values()).allSatisfy(value -> assertThat(value).matches("[\\x20-\\x7E]*"));
    }

    @Provide
    Arbitrary<String> texts() {
        return CaptureArbitraries.text(1, 40);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "network.har|network.har|network.har",
                "a \"b\".txt|a _b_.txt|a%20_b_.txt",
                "../../etc/passwd|_.._.._etc_passwd|_.._.._etc_passwd",
                ".bashrc|_.bashrc|_.bashrc",
                "C:\\x.exe|C__x.exe|C__x.exe",
                "été.txt|_t_.txt|%C3%A9t%C3%A9.txt",
                "100%.txt|100_.txt|100%25.txt",
                "a;b=c.txt|a;b=c.txt|a%3Bb%3Dc.txt"
            })
    void namesFilesSafely(String name, String ascii, String exact) {
        String disposition = Presentation.of("step", ArtifactName.ofAttachment(name), "text/plain", true)
                .headers()
                .getOrDefault("Content-Disposition", "");

        assertThat(disposition).isEqualTo("attachment; filename=\"" + ascii + "\"; filename*=UTF-8''" + exact);
    }

    @Test
    void namesFilesWithoutWhatCannotBeSeen() {
        FileName name = FileName.of("step", ArtifactName.ofAttachment("a\r\nb\u202Egnp.exe\u0000"), "text/plain");

        assertThat(name.text()).isEqualTo("a__b_gnp.exe_");
    }

    @Test
    void namesPagesAndScreenshotsAfterTheirStep() {
        assertThat(FileName.of("s/1", ArtifactName.HTML, "text/html; charset=utf-8")
                        .text())
                .isEqualTo("s_1.html");
        assertThat(FileName.of("s", ArtifactName.SCREENSHOT, "image/png").text())
                .isEqualTo("s.png");
        assertThat(FileName.of("s", ArtifactName.HTML, "application/octet-stream")
                        .text())
                .isEqualTo("s.bin");
    }
}
