package io.stepvault.worker.config;

import java.util.List;

/**
 * Keys that belong together in the reference.
 *
 * @param title the heading
 * @param intro a paragraph of Markdown below it
 * @param keys in the order in which they are shown
 */
public record KeyGroup(String title, String intro, List<ConfigKey<?>> keys) {
    public KeyGroup {
        keys = List.copyOf(keys);
    }
}
