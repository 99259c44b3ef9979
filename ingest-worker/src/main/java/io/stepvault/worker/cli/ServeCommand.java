package io.stepvault.worker.cli;

import io.stepvault.server.ReadLimits;
import io.stepvault.server.ReadServer;
import io.stepvault.server.ReadServerOptions;
import io.stepvault.server.guard.BearerToken;
import io.stepvault.storage.FallbackStepStore;
import io.stepvault.storage.StepStore;
import io.stepvault.storage.StoreOptions;
import io.stepvault.worker.cli.terminal.Console;
import io.stepvault.worker.spool.file.SpoolDirectory;
import io.stepvault.worker.spool.view.SpooledObjects;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Serves a store's steps over HTTP, and the viewer. */
@Command(
        name = "serve",
        description = {
            "Serves the sessions and steps of a store over HTTP until Ctrl-C: a viewer for people on /, an API for"
                    + " programs under /api/v1. It only reads.",
            "On this machine alone by default. Any other address takes a token, in a file or in the variable"
                    + " STEPVAULT_SERVE_TOKEN: programs send it as 'Authorization: Bearer ...', the viewer asks for it.",
            "HTTP is not encrypted: for other machines put a proxy with TLS in front."
        },
        footer = {
            "",
            "Examples:",
            "  stepvault serve --store s3://bucket/prefix",
            "  stepvault serve --store s3://bucket/prefix --spool /var/lib/stepvault/spool",
            "  stepvault serve --config worker.properties --host 0.0.0.0 --token-file /run/secrets/stepvault-token"
        })
final class ServeCommand implements Callable<Integer> {
    private static final String TOKEN_VARIABLE = "STEPVAULT_SERVE_TOKEN";
    private static final long MAX_TOKEN_FILE = 8_192;

    @Mixin
    private StoreOption store = new StoreOption();

    @Option(
            names = "--spool",
            paramLabel = "DIR",
            description = "Also show what still waits in the disk queue of a worker on this machine. May be repeated.")
    private List<Path> spools = new ArrayList<>();

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            description = "Where to listen (default: ${DEFAULT-VALUE}; 0.0.0.0 for all of this machine's addresses).")
    private String host = "127.0.0.1";

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "The port (default: ${DEFAULT-VALUE}; 0 takes a free one).")
    private int port = 8090;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "A file that holds the token that callers must know. Wins over the variable.")
    private Optional<Path> tokenFile = Optional.empty();

    @Option(
            names = "--allowed-host",
            paramLabel = "NAME",
            description =
                    "A further name by which browsers reach this server, as in their address bar. May be repeated.")
    private Set<String> allowedHosts = Set.of();

    @Option(
            names = "--behind-https",
            description = "A proxy in front speaks HTTPS and sets X-Forwarded-Proto, and nobody can go around it.")
    private boolean behindHttps;

    private final Console console;
    private final Consumer<Console> logging;

    /** A server that {@code logging} makes log. */
    ServeCommand(Console console, Consumer<Console> logging) {
        this.console = console;
        this.logging = logging;
    }

    @Override
    public Integer call() {
        ReadServerOptions options = options();
        logging.accept(console);
        try (StepStore opened = withSpools(store.open(console.environment()));
                ReadServer server = start(opened, options)) {
            CompletableFuture<Integer> end = new CompletableFuture<>();
            GracefulStop stop = new GracefulStop(() -> {
                server.close();
                end.complete(ExitCode.DONE);
                return ExitCode.DONE;
            });
            try {
                console.line("Viewer  " + server.uri());
                console.line("API     " + server.uri().resolve("/api/"));
                console.line("Store   " + opened.location());
                spools.forEach(spool -> console.line("Spool   " + spool));
                return end.join();
            } finally {
                stop.close();
            }
        }
    }

    private StepStore withSpools(StepStore first) {
        StepStore all = first;
        for (Path spool : spools) {
            if (!Files.isDirectory(SpoolDirectory.queueOf(spool))) {
                first.close();
                throw CommandFailure.couldNotRun(
                        "--spool: " + spool + " is not a worker's spool directory: it has no directory 'queue' in it;"
                                + " name the directory that spool.dir names",
                        null);
            }
            all = new FallbackStepStore(all, SpooledObjects.openStore(spool, StoreOptions.defaults()));
        }
        return all;
    }

    private ReadServerOptions options() {
        if (port < 0 || port > 65_535) {
            throw CommandFailure.usage("--port: '" + port + "' is not allowed; expected 0 to 65535");
        }
        Optional<BearerToken> token = token();
        InetAddress address;
        try {
            address = InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw CommandFailure.usage("--host: there is no address for '" + host + "'; give one of this machine's");
        }
        if (token.isEmpty() && !address.isLoopbackAddress()) {
            throw CommandFailure.usage(
                    "--host: other machines can reach " + host + ", so callers must know a token; add"
                            + " --token-file FILE or set " + TOKEN_VARIABLE + " (make one with: openssl rand -hex 32)");
        }
        return new ReadServerOptions(
                new InetSocketAddress(address, port),
                token,
                allowedHosts,
                behindHttps,
                ReadLimits.defaults(),
                Clock.systemUTC());
    }

    private Optional<BearerToken> token() {
        String variable = console.environment().getOrDefault(TOKEN_VARIABLE, "");
        if (tokenFile.isPresent()) {
            return Optional.of(token("--token-file", read(tokenFile.get())));
        }
        return variable.isEmpty() ? Optional.empty() : Optional.of(token(TOKEN_VARIABLE, variable));
    }

    private static String read(Path file) {
        try {
            if (Files.size(file) > MAX_TOKEN_FILE) {
                throw CommandFailure.usage("--token-file: " + file + " is too large for a token");
            }
            return Files.readString(file, StandardCharsets.ISO_8859_1).strip();
        } catch (IOException e) {
            throw CommandFailure.couldNotRun(
                    "--token-file: " + file + " cannot be read (" + e.getClass().getSimpleName()
                            + "); check the path and its permissions",
                    e);
        }
    }

    private static BearerToken token(String where, String text) {
        try {
            return new BearerToken(text);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage(where + ": " + e.getMessage());
        }
    }

    private ReadServer start(StepStore opened, ReadServerOptions options) {
        try {
            return ReadServer.start(opened, options);
        } catch (IOException e) {
            throw CommandFailure.couldNotRun(
                    "cannot listen on " + host + ":" + port + ": " + e.getMessage()
                            + "; choose another --port, or stop what uses this one",
                    e);
        }
    }
}
