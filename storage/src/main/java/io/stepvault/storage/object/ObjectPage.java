package io.stepvault.storage.object;

import java.util.List;
import java.util.Optional;

/**
 * A page of a listing.
 *
 * @param objects in the order of their keys
 * @param prefixes what was rolled up, each with its slash at the end, in order
 * @param truncated whether there is more
 */
public record ObjectPage(List<ObjectInfo> objects, List<String> prefixes, boolean truncated) {
    /** Copies the lists. */
    public ObjectPage {
        objects = List.copyOf(objects);
        prefixes = List.copyOf(prefixes);
    }

    /** The request for the next page, if there is more. */
    public Optional<ListRequest> next(ListRequest request) {
        if (!truncated || (objects.isEmpty() && prefixes.isEmpty())) {
            return Optional.empty();
        }
        String lastKey =
                objects.isEmpty() ? "" : objects.get(objects.size() - 1).key();
        // Stores differ on whether "x/" itself still rolls up into "x/". After "x/~" none of our keys does.
        String afterPrefix = prefixes.isEmpty() ? "" : prefixes.get(prefixes.size() - 1) + "~";
        return Optional.of(request.after(lastKey.compareTo(afterPrefix) > 0 ? lastKey : afterPrefix));
    }
}
