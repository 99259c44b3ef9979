package io.stepvault.storage.object;

import java.util.ArrayList;
import java.util.Iterator;
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

    /**
     * The page that a request asks for, for stores that have their keys at hand.
     *
     * @param following all objects from the first key that the request may list on, in the order of their keys; it is
     *     read no further than needed
     */
    public static ObjectPage of(Iterator<ObjectInfo> following, ListRequest request) {
        List<ObjectInfo> infos = new ArrayList<>();
        List<String> prefixes = new ArrayList<>();
        Optional<String> rolledUp = Optional.empty();
        while (following.hasNext()) {
            ObjectInfo next = following.next();
            String key = next.key();
            if (!key.startsWith(request.prefix())) {
                break;
            }
            if (rolledUp.filter(key::startsWith).isPresent()) {
                continue;
            }
            if (infos.size() + prefixes.size() == request.max()) {
                return new ObjectPage(infos, prefixes, true);
            }
            int slash =
                    request.byDirectory() ? key.indexOf('/', request.prefix().length()) : -1;
            if (slash < 0) {
                infos.add(next);
            } else {
                String directory = key.substring(0, slash + 1);
                prefixes.add(directory);
                rolledUp = Optional.of(directory);
            }
        }
        return new ObjectPage(infos, prefixes, false);
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
