package io.stepvault.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventTrustTest {
    @Test
    void captureIsBuiltBeforeAnyCodecExists() throws Exception {
        // A class loader of its own, since Avro keeps its trust in a static field that other tests have set.
        try (URLClassLoader fresh = new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader())) {
            Method start = fresh.loadClass(StepCaptures.class.getName())
                    .getMethod("of", String.class, String.class, Instant.class);

            Object builder = start.invoke(null, "session", "step", Instant.EPOCH);
            Object capture = builder.getClass().getMethod("build").invoke(builder);

            assertThat(capture.getClass().getMethod("getSessionId").invoke(capture))
                    .isEqualTo("session");
        }
    }

    private static URL[] classPath() throws Exception {
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path", "").split(File.pathSeparator, -1)) {
            urls.add(Path.of(entry).toUri().toURL());
        }
        return urls.toArray(URL[]::new);
    }
}
