package io.stepvault.bench.drain;

import io.stepvault.bench.drain.lean.LeanProgram;
import io.stepvault.bench.drain.lean.Puts;
import java.io.IOException;
import java.util.List;

/**
 * The leanest loop that does nothing but consume and put, the yardstick for the others: raw bytes, no decoding, no
 * hashing, no retries. It signs as S3 demands, sends a CRC32 of what it puts, and commits only what is stored.
 *
 * @param puts how many puts it makes of what it consumes
 */
public record LeanLoop(Puts puts) implements Drain {
    @Override
    public String name() {
        return "lean loop, " + puts.description();
    }

    @Override
    public List<String> command(DrainTarget target) throws IOException {
        return List.of(
                "-cp",
                System.getProperty("java.class.path"),
                LeanProgram.class.getName(),
                ConsumerFile.write(target).toString(),
                target.topic(),
                puts.name(),
                target.endpoint().toString(),
                target.bucket());
    }
}
