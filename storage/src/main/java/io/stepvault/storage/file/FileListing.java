package io.stepvault.storage.file;

import io.stepvault.storage.object.ListRequest;
import io.stepvault.storage.object.ObjectInfo;
import io.stepvault.storage.object.ObjectPage;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * One page of files in the order that S3 lists keys in: by the bytes of the whole key, in which a directory's name is
 * followed by a slash. A directory is read as often as need be to keep no more of its names than a page has, so that
 * memory is bounded whatever lies in it.
 */
final class FileListing {
    private final ListRequest request;
    private final String startAfter;
    private final List<ObjectInfo> objects = new ArrayList<>();
    private final List<String> prefixes = new ArrayList<>();
    private boolean truncated;

    private FileListing(ListRequest request) {
        this.request = request;
        this.startAfter = request.startAfter().orElse("");
    }

    /** Lists what lies under {@code root}. */
    static ObjectPage list(Path root, ListRequest request) throws IOException {
        FileListing listing = new FileListing(request);
        int slash = request.prefix().lastIndexOf('/');
        String directory = request.prefix().substring(0, slash + 1);
        listing.visit(root.resolve(directory), directory);
        return new ObjectPage(listing.objects, listing.prefixes, listing.truncated);
    }

    /** Adds what lies in a directory, the keys of which begin with {@code key}. */
    private void visit(Path directory, String key) throws IOException {
        String seen = "";
        List<String> names;
        do {
            names = names(directory, key, seen);
            for (String name : names) {
                if (truncated) {
                    return;
                }
                add(directory, name, key + name);
                seen = key + name;
            }
        } while (names.size() > request.max());
    }

    private void add(Path directory, String name, String key) throws IOException {
        if (!key.endsWith("/")) {
            addObject(directory.resolve(name), key);
        } else if (!request.byDirectory() || key.length() <= request.prefix().length()) {
            visit(directory.resolve(name), key);
        } else if (holdsObjects(directory.resolve(name), key)) {
            if (!isFull()) {
                prefixes.add(key);
            }
        }
    }

    private void addObject(Path file, String key) throws IOException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            if (!isFull()) {
                objects.add(new ObjectInfo(
                        key, attributes.size(), attributes.lastModifiedTime().toInstant()));
            }
        } catch (NoSuchFileException e) {
            // Deleted since its directory was read.
        }
    }

    private boolean isFull() {
        truncated = objects.size() + prefixes.size() >= request.max();
        return truncated;
    }

    private boolean holdsObjects(Path directory, String key) throws IOException {
        FileListing first = new FileListing(new ListRequest(key, false, request.startAfter(), 1));
        first.visit(directory, key);
        return !first.objects.isEmpty();
    }

    /**
     * The first names of the directory that come after {@code seen}, as parts of keys: directories end in a slash. One
     * more than a page has, if there are as many.
     */
    private List<String> names(Path directory, String key, String seen) throws IOException {
        NavigableSet<String> first = new TreeSet<>();
        try (DirectoryStream<Path> children = Files.newDirectoryStream(directory)) {
            for (Path child : children) {
                String name = name(child);
                if (!name.isEmpty() && isWanted(key + name, seen)) {
                    first.add(name);
                    if (first.size() > request.max() + 1) {
                        first.pollLast();
                    }
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return List.copyOf(first);
    }

    /** No object's name begins with a dot: those are ours, or the file system's. Nor is a link followed. */
    private static String name(Path child) {
        String name = String.valueOf(child.getFileName());
        if (name.startsWith(".")) {
            return "";
        }
        if (Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
            return name + "/";
        }
        return Files.isRegularFile(child, LinkOption.NOFOLLOW_LINKS) ? name : "";
    }

    private boolean isWanted(String key, String seen) {
        boolean directory = key.endsWith("/");
        boolean begun = key.startsWith(request.prefix())
                || (directory && request.prefix().startsWith(key));
        // A directory on the way to the place to start after holds keys that come after it.
        boolean ahead = key.compareTo(startAfter) > 0 || (directory && startAfter.startsWith(key));
        return begun && ahead && key.compareTo(seen) > 0;
    }
}
