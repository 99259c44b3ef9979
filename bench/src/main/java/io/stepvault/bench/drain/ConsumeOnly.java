package io.stepvault.bench.drain;

import io.stepvault.bench.drain.lean.ConsumeOnlyProgram;
import java.io.IOException;
import java.util.List;

/** Consumes, commits and puts nothing: the cost that every drain has. */
public record ConsumeOnly() implements Drain {
    @Override
    public String name() {
        return "consume only";
    }

    @Override
    public List<String> command(DrainTarget target) throws IOException {
        return List.of(
                "-cp",
                System.getProperty("java.class.path"),
                ConsumeOnlyProgram.class.getName(),
                ConsumerFile.write(target).toString(),
                target.topic());
    }
}
