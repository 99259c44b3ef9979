package io.stepvault.worker.assemble;

class InMemoryChunkStoreTest extends ChunkStoreContract {
    private final InMemoryChunkStore store = new InMemoryChunkStore();

    @Override
    protected ChunkStore store() {
        return store;
    }

    @Override
    protected void breakDisk() {
        store.fail(true);
    }

    @Override
    protected void mendDisk() {
        store.fail(false);
    }

    @Override
    protected int setsKept() {
        return store.size();
    }
}
