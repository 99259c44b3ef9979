package io.stepvault.storage;

import io.stepvault.storage.object.ByteRange;
import io.stepvault.storage.object.ListRequest;
import io.stepvault.storage.object.ObjectInfo;
import io.stepvault.storage.object.ObjectPage;
import io.stepvault.storage.object.ObjectStore;
import io.stepvault.storage.object.PutRequest;
import java.io.InputStream;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** An object store that does what another one does, where a test does not say otherwise. */
class ForwardingObjectStore implements ObjectStore {
    private final ObjectStore to;

    ForwardingObjectStore(ObjectStore to) {
        this.to = to;
    }

    @Override
    public CompletableFuture<Void> put(PutRequest request) {
        return to.put(request);
    }

    @Override
    public InputStream get(String key, Optional<ByteRange> range) {
        return to.get(key, range);
    }

    @Override
    public Optional<ObjectInfo> head(String key) {
        return to.head(key);
    }

    @Override
    public ObjectPage list(ListRequest request) {
        return to.list(request);
    }

    @Override
    public void delete(String key) {
        to.delete(key);
    }

    @Override
    public URI uriOf(String key) {
        return to.uriOf(key);
    }

    @Override
    public URI location() {
        return to.location();
    }

    @Override
    public void close() {
        to.close();
    }
}
