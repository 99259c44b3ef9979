package io.stepvault.worker.config;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * What the configuration has to know about the process it is for. Immutable; safe for any thread.
 *
 * @param hostName the name of this host
 * @param processId the id of this process
 * @param heap the largest heap that this JVM will use
 */
public record Machine(String hostName, long processId, ByteSize heap) {
    private static final int MAX_HOST_NAME_LENGTH = 75;

    /** This process. */
    public static Machine current() {
        String hostName;
        try {
            hostName = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            // Only a name for people: a host that cannot resolve its own is no reason not to start.
            hostName = "worker";
        }
        return new Machine(
                hostName,
                ProcessHandle.current().pid(),
                new ByteSize(Runtime.getRuntime().maxMemory()));
    }

    /** The default of {@code worker.id}. */
    String workerId() {
        String kept = hostName.replaceAll("[^A-Za-z0-9._-]", "-");
        return kept.substring(0, Math.min(kept.length(), MAX_HOST_NAME_LENGTH)) + "-" + processId;
    }
}
