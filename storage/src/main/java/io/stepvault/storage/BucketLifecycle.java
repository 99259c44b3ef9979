package io.stepvault.storage;

import io.stepvault.storage.object.BucketRule;
import io.stepvault.storage.object.BucketSettings;
import io.stepvault.storage.object.BucketSettings.RuleSummary;
import io.stepvault.storage.object.BucketSettings.Versioning;
import io.stepvault.storage.object.ObjectStore;
import io.stepvault.storage.object.StoreAccessException;
import io.stepvault.storage.object.StoreException;
import io.stepvault.storage.retry.BlockingRetry;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What a bucket does by itself for the store that lies in it: its lifecycle rules and its versions. Rules of ours are
 * told from others by their ids, which begin with {@code stepvault-} and end with a hash of the prefix; all others stay
 * as they are, also those of stores under other prefixes.
 *
 * <p>A bucket goes by when an object was put, not by when a step was captured; knows neither sessions nor labels that
 * hold; and removes the objects of a step in any order, within a day or so. A step that is half gone is answered with
 * {@link io.stepvault.storage.object.ObjectNotFoundException}, "expired".
 *
 * <p>Calls block. Safe for any thread.
 */
public final class BucketLifecycle implements AutoCloseable {
    private static final String SESSIONS = "sessions";
    private static final String DAYS = "days";
    private static final String OLD_VERSIONS = "old-versions";
    private static final String UPLOADS = "uploads";

    /**
     * What the bucket is to do. What is empty is not done, and if there was a rule of ours for it, it goes.
     *
     * @param expireAfterDays objects of steps expire so many days after they were stored, at least 2, and day markers a
     *     day later
     * @param oldVersionsAfterDays versions that are no longer current go after so many days
     * @param uploadsAfterDays uploads that are not finished go after so many days
     */
    public record Wanted(OptionalInt expireAfterDays, OptionalInt oldVersionsAfterDays, OptionalInt uploadsAfterDays) {
        /** No rule of ours. */
        public static final Wanted NOTHING = new Wanted(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty());

        /** Checks the numbers. */
        public Wanted {
            check(expireAfterDays, LifecyclePolicy.MIN_DAYS);
            check(oldVersionsAfterDays, 1);
            check(uploadsAfterDays, 1);
        }

        private static void check(OptionalInt days, int least) {
            if (days.isPresent() && days.getAsInt() < least) {
                throw new IllegalArgumentException("at least " + least + " days, not " + days.getAsInt());
            }
        }
    }

    /**
     * What the bucket does.
     *
     * @param rules empty if the store has no such thing
     */
    public record State(Versioning versioning, Optional<List<Rule>> rules) {}

    /** A rule that the bucket has, and whether it is this store's. */
    public record Rule(RuleSummary rule, boolean isOurs) {}

    private final ObjectStore objects;
    private final ObjectsLayout layout;
    private final BlockingRetry retry;
    private final Runnable onClose;

    /**
     * Of the bucket that {@code objects} are in, which stays open.
     *
     * @param prefix what all keys begin with, without a slash at the end; may be empty
     */
    public BucketLifecycle(ObjectStore objects, String prefix, StoreOptions options) {
        this(objects, new ObjectsLayout(prefix), new BlockingRetry(options.retry()), () -> {});
    }

    BucketLifecycle(ObjectStore objects, ObjectsLayout layout, BlockingRetry retry, Runnable onClose) {
        this.objects = objects;
        this.layout = layout;
        this.retry = retry;
        this.onClose = onClose;
    }

    /**
     * Opens the bucket of a store; see {@link StepStore#open(URI, StoreOptions)}. It is the caller's to close.
     *
     * @throws IllegalArgumentException if the URI does not name a store; the message says what is wrong with it
     */
    public static BucketLifecycle open(URI uri, StoreOptions options) {
        return StoreOpener.openBucket(uri, options);
    }

    /** Where the store is, as a URI without parameters. */
    public URI location() {
        return objects.uriOf(layout.root());
    }

    /**
     * What the bucket does.
     *
     * @throws StoreAccessException if the store is no bucket
     * @throws StoreException if the store fails
     */
    public State state() {
        BucketSettings settings = settings();
        Set<String> ours = ids();
        return new State(
                retry.call(settings::versioning),
                retry.call(settings::rules)
                        .map(rules -> rules.stream()
                                .map(rule -> new Rule(rule, ours.contains(rule.id())))
                                .toList()));
    }

    /** Whether the bucket expires steps by a rule of ours; a store that is no bucket does not. */
    boolean expiresSteps() {
        return objects.settings().flatMap(settings -> retry.call(settings::rules)).stream()
                .flatMap(List::stream)
                .anyMatch(rule -> rule.id().equals(id(SESSIONS)));
    }

    /** The rules that {@link #apply} would put. */
    public List<BucketRule> rules(Wanted wanted) {
        OptionalInt none = OptionalInt.empty();
        // Without a prefix the bucket may hold other things than ours.
        String all = layout.root().isEmpty() ? layout.sessions() : layout.root();
        List<BucketRule> rules = new ArrayList<>();
        wanted.expireAfterDays().ifPresent(days -> {
            rules.add(new BucketRule(id(SESSIONS), layout.sessions(), OptionalInt.of(days), none, none));
            // A marker is put before the last of its steps, by an hour at most.
            rules.add(new BucketRule(id(DAYS), layout.days(), OptionalInt.of(days + 1), none, none));
        });
        wanted.oldVersionsAfterDays()
                .ifPresent(days -> rules.add(new BucketRule(id(OLD_VERSIONS), all, none, OptionalInt.of(days), none)));
        wanted.uploadsAfterDays()
                .ifPresent(days -> rules.add(new BucketRule(id(UPLOADS), all, none, none, OptionalInt.of(days))));
        return rules;
    }

    /**
     * Has the bucket do what is wanted, and no longer what else ours have said.
     *
     * @throws IllegalArgumentException if the bucket is to expire steps, but the store's policy holds labels
     * @throws StoreAccessException if the store is no bucket, has no lifecycle rules, or takes no more of them
     * @throws StoreException if the store fails
     */
    public void apply(Wanted wanted) {
        BucketSettings settings = settings();
        if (wanted.expireAfterDays().isPresent()
                && new PolicyFile(objects, layout, retry)
                        .read()
                        .filter(policy -> !policy.holds().isEmpty())
                        .isPresent()) {
            throw new IllegalArgumentException("the store's policy holds labels, which a bucket does not know: it would"
                    + " expire held sessions, too; expire by the policy instead, or take the holds out of it");
        }
        List<BucketRule> rules = rules(wanted);
        retry.call(() -> {
            settings.replaceRules(ids(), rules);
            return rules;
        });
    }

    /**
     * Has the bucket keep versions from now on, of all objects in it.
     *
     * @throws StoreAccessException if the store is no bucket, or keeps no versions
     * @throws StoreException if the store fails
     */
    public void enableVersioning() {
        BucketSettings settings = settings();
        retry.call(() -> {
            settings.enableVersioning();
            return settings;
        });
    }

    private BucketSettings settings() {
        return objects.settings()
                .orElseThrow(() -> new StoreAccessException(
                        location().toString(), "", "this store is no bucket, and does nothing by itself", null));
    }

    private Set<String> ids() {
        return Set.of(id(SESSIONS), id(DAYS), id(OLD_VERSIONS), id(UPLOADS));
    }

    /** Of characters that every store takes, and short, whatever the prefix. */
    private String id(String name) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(layout.root().getBytes(StandardCharsets.UTF_8));
            return "stepvault-" + name + "-" + HexFormat.of().formatHex(hash, 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Lets go of connections and threads, if this was opened by a URI. Idempotent. */
    @Override
    public void close() {
        onClose.run();
    }
}
