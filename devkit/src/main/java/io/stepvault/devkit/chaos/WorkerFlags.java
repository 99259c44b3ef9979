package io.stepvault.devkit.chaos;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** The JVM flags with which the launcher runs a worker, so that what is measured here is what users run. Stateless. */
final class WorkerFlags {
    /** As in the launcher, {@code worker_flags}; a test compares. */
    static final String FLAGS = "-XX:+UseSerialGC -Xms64m -XX:NewRatio=3 -XX:SurvivorRatio=2 -XX:TargetSurvivorRatio=90"
            + " -XX:MinHeapFreeRatio=15 -XX:MaxHeapFreeRatio=30 -XX:MetaspaceSize=64m"
            + " -XX:Tier4InvocationThreshold=15000 -XX:Tier4MinInvocationThreshold=1800"
            + " -XX:Tier4CompileThreshold=45000 -XX:Tier4BackEdgeThreshold=120000 -XX:MaxInlineLevel=6"
            + " -XX:InlineSmallCode=1000 -XX:FreqInlineSize=150 -Djdk.nio.maxCachedBufferSize=5242880"
            + " -Dio.netty.allocator.numDirectArenas=1 -Dio.netty.allocator.maxOrder=6";

    /** As in the launcher, {@code worker_trim_flag}; not every JDK 17 knows it. */
    static final String TRIM_FLAG = "-XX:TrimNativeHeapInterval=500";

    private WorkerFlags() {}

    static List<String> ofThisJvm() {
        List<String> flags = new ArrayList<>(List.of(FLAGS.split(" ", -1)));
        if (isKnown(TRIM_FLAG.replaceAll("-XX:|=.*", ""))) {
            flags.add(TRIM_FLAG);
        }
        return flags;
    }

    private static boolean isKnown(String option) {
        HotSpotDiagnosticMXBean jvm = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        try {
            return jvm != null && jvm.getVMOption(option) != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
