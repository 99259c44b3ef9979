package io.stepvault.worker.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** Stepvault's version, as the build wrote it down, and the Java it runs on. */
final class StepvaultVersion implements IVersionProvider {
    private static final String RESOURCE = "version.properties";

    @Override
    public String[] getVersion() {
        return new String[] {"stepvault " + read() + " (Java " + Runtime.version() + ")"};
    }

    private static String read() {
        try (InputStream in = StepvaultVersion.class.getResourceAsStream(RESOURCE)) {
            Properties properties = new Properties();
            if (in != null) {
                properties.load(in);
            }
            return properties.getProperty("version", "unknown");
        } catch (IOException e) {
            throw new UncheckedIOException("the jar is damaged: " + RESOURCE + " cannot be read", e);
        }
    }
}
