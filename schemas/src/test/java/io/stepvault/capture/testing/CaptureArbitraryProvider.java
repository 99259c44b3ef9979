package io.stepvault.capture.testing;

import io.stepvault.event.Artifact;
import io.stepvault.event.StepCapture;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.providers.ArbitraryProvider;
import net.jqwik.api.providers.TypeUsage;

/** Lets properties ask for {@code @ForAll StepCapture} and {@code @ForAll Artifact}. Found by jqwik as a service. */
public final class CaptureArbitraryProvider implements ArbitraryProvider {
    @Override
    public boolean canProvideFor(TypeUsage wanted) {
        return wanted.isOfType(StepCapture.class) || wanted.isOfType(Artifact.class);
    }

    @Override
    public Set<Arbitrary<?>> provideFor(TypeUsage wanted, SubtypeProvider subtypes) {
        return Set.of(
                wanted.isOfType(StepCapture.class) ? CaptureArbitraries.captures() : CaptureArbitraries.artifacts());
    }
}
