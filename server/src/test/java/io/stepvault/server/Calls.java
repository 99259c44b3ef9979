package io.stepvault.server;

import io.stepvault.server.http.Call;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Calls as tests want them: {@code aCall("/").with("Host", "localhost")}. */
public final class Calls {
    private String method = "GET";
    private final String path;
    private String query = "";
    private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private InetAddress remote = InetAddress.getLoopbackAddress();
    private InetAddress local = InetAddress.getLoopbackAddress();

    private Calls(String path) {
        this.path = path;
    }

    /** A GET of a path from this machine, which names the host as it should. */
    public static Calls aCall(String path) {
        return new Calls(path).with("Host", "127.0.0.1:8080");
    }

    public Calls by(String other) {
        method = other;
        return this;
    }

    public Calls asking(String text) {
        query = text;
        return this;
    }

    public Calls with(String name, String value) {
        headers.put(name, value);
        return this;
    }

    public Calls from(InetAddress address) {
        remote = address;
        return this;
    }

    public Calls to(InetAddress address) {
        local = address;
        return this;
    }

    public Call build() {
        Map<String, String> fixed = new TreeMap<>(headers);
        Map<String, String> found = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        found.putAll(fixed);
        return new Call(
                method,
                path,
                query,
                name -> found.containsKey(name) ? List.of(found.getOrDefault(name, "")) : List.of(),
                new Call.Peers(local, remote),
                Map.of());
    }
}
