package io.stepvault.worker.config;

import io.stepvault.registry.CachedSchemas;
import io.stepvault.registry.Credentials;
import io.stepvault.registry.RegistrySettings;
import io.stepvault.registry.RegistryTls;
import io.stepvault.registry.RegistryTls.StoreFile;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The schema registry. Immutable; safe for any thread. No secret shows in its {@code toString}.
 *
 * @param settings where it is and how it is asked; empty if there is none
 * @param cache what is kept of it
 */
public record RegistryConfig(Optional<RegistrySettings> settings, CachedSchemas.Limits cache) {
    /** No registry. */
    public static final RegistryConfig NONE = new RegistryConfig(Optional.empty(), CachedSchemas.Limits.DEFAULT);

    static final ValueType<List<URI>> URLS = new ValueType<>(
            "`http://host:port` or `https://host/path`, several separated by commas",
            RegistrySettings::parseUrls,
            urls -> urls.stream().map(URI::toString).collect(Collectors.joining(",")),
            urls -> !urls.isEmpty());

    static RegistryConfig read(Settings settings) {
        CachedSchemas.Limits cache = new CachedSchemas.Limits(
                settings.get(WorkerKeys.REGISTRY_CACHE_SIZE), settings.get(WorkerKeys.REGISTRY_UNKNOWN_TTL));
        Optional<RegistrySettings> registry = settings.find(WorkerKeys.REGISTRY_URL)
                .map(urls -> new RegistrySettings(
                        urls,
                        credentials(settings),
                        new RegistryTls(
                                store(
                                        settings,
                                        WorkerKeys.REGISTRY_TRUSTSTORE,
                                        WorkerKeys.REGISTRY_TRUSTSTORE_PASSWORD),
                                store(settings, WorkerKeys.REGISTRY_KEYSTORE, WorkerKeys.REGISTRY_KEYSTORE_PASSWORD)),
                        settings.get(WorkerKeys.REGISTRY_TIMEOUT),
                        RegistrySettings.Retry.DEFAULT));
        return new RegistryConfig(registry, cache);
    }

    private static Credentials credentials(Settings settings) {
        Optional<String> user = settings.find(WorkerKeys.REGISTRY_USER);
        Optional<Secret> password = settings.find(WorkerKeys.REGISTRY_PASSWORD);
        if (user.isPresent() && password.isPresent()) {
            return new Credentials.Basic(user.get(), password.get().reveal());
        }
        return settings.find(WorkerKeys.REGISTRY_TOKEN)
                .<Credentials>map(token -> new Credentials.Bearer(token.reveal()))
                .orElseGet(Credentials.None::new);
    }

    private static Optional<StoreFile> store(Settings settings, ConfigKey<Path> file, ConfigKey<Secret> password) {
        return settings.find(file)
                .map(path -> new StoreFile(
                        path, settings.find(password).map(Secret::reveal).orElse("")));
    }

    /** What the values of several keys get wrong together. */
    static List<Problem> together(Settings settings) {
        List<Problem> problems = new ArrayList<>();
        needs().forEach((key, needed) -> {
            if (settings.isSet(key) && !settings.isSet(needed)) {
                problems.add(new Problem(key.name(), "is set, but " + needed.name() + " is not; set both or none"));
            }
        });
        if (settings.isSet(WorkerKeys.REGISTRY_USER) && !settings.isSet(WorkerKeys.REGISTRY_URL)) {
            problems.add(new Problem(
                    WorkerKeys.REGISTRY_USER.name(), "is set, but " + WorkerKeys.REGISTRY_URL.name() + " is not"));
        }
        if (settings.isSet(WorkerKeys.REGISTRY_USER) && settings.isSet(WorkerKeys.REGISTRY_TOKEN)) {
            problems.add(new Problem(
                    WorkerKeys.REGISTRY_TOKEN.name(),
                    "is set, and so is " + WorkerKeys.REGISTRY_USER.name() + "; leave one of them out"));
        }
        problems.addAll(unusableToken(settings));
        problems.sort(Comparator.comparing(Problem::key));
        return problems;
    }

    /** Values that mean nothing without another. */
    private static Map<ConfigKey<?>, ConfigKey<?>> needs() {
        return Map.of(
                WorkerKeys.REGISTRY_USER, WorkerKeys.REGISTRY_PASSWORD,
                WorkerKeys.REGISTRY_PASSWORD, WorkerKeys.REGISTRY_USER,
                WorkerKeys.REGISTRY_TOKEN, WorkerKeys.REGISTRY_URL,
                WorkerKeys.REGISTRY_TRUSTSTORE, WorkerKeys.REGISTRY_URL,
                WorkerKeys.REGISTRY_TRUSTSTORE_PASSWORD, WorkerKeys.REGISTRY_TRUSTSTORE,
                WorkerKeys.REGISTRY_KEYSTORE, WorkerKeys.REGISTRY_URL,
                WorkerKeys.REGISTRY_KEYSTORE_PASSWORD, WorkerKeys.REGISTRY_KEYSTORE);
    }

    private static List<Problem> unusableToken(Settings settings) {
        if (!settings.isSet(WorkerKeys.REGISTRY_TOKEN) || !settings.usable(WorkerKeys.REGISTRY_TOKEN)) {
            return List.of();
        }
        try {
            settings.find(WorkerKeys.REGISTRY_TOKEN).ifPresent(token -> new Credentials.Bearer(token.reveal()));
            return List.of();
        } catch (IllegalArgumentException e) {
            return List.of(
                    new Problem(WorkerKeys.REGISTRY_TOKEN.name(), "is empty, or has blanks or unusual characters"));
        }
    }

    /** The keys and their values, defaults included, secrets masked. */
    Map<String, String> values() {
        Map<String, String> values = new TreeMap<>();
        put(values, WorkerKeys.REGISTRY_CACHE_SIZE, cache.maxSchemas());
        put(values, WorkerKeys.REGISTRY_UNKNOWN_TTL, cache.unknownFor());
        put(
                values,
                WorkerKeys.REGISTRY_TIMEOUT,
                settings.map(RegistrySettings::timeout).orElse(RegistrySettings.DEFAULT_TIMEOUT));
        settings.ifPresent(registry -> {
            put(values, WorkerKeys.REGISTRY_URL, registry.urls());
            if (registry.credentials() instanceof Credentials.Basic basic) {
                put(values, WorkerKeys.REGISTRY_USER, basic.user());
                put(values, WorkerKeys.REGISTRY_PASSWORD, new Secret(basic.password()));
            } else if (registry.credentials() instanceof Credentials.Bearer bearer) {
                put(values, WorkerKeys.REGISTRY_TOKEN, new Secret(bearer.token()));
            }
            registry.tls().trust().ifPresent(store -> {
                put(values, WorkerKeys.REGISTRY_TRUSTSTORE, store.file());
                put(values, WorkerKeys.REGISTRY_TRUSTSTORE_PASSWORD, new Secret(store.password()));
            });
            registry.tls().key().ifPresent(store -> {
                put(values, WorkerKeys.REGISTRY_KEYSTORE, store.file());
                put(values, WorkerKeys.REGISTRY_KEYSTORE_PASSWORD, new Secret(store.password()));
            });
        });
        return values;
    }

    private static <T> void put(Map<String, String> values, ConfigKey<T> key, T value) {
        values.put(key.name(), key.type().format().apply(value));
    }
}
