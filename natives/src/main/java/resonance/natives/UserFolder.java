package resonance.natives;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Map;

/**
 * A folder that this user owns and nobody else can write to.
 *
 * <p>Where files have no owner and mode of Unix's (Windows), what the system grants is taken as it is.
 */
final class UserFolder {
    /** Owner of {@code /} where this process sees a part of the system's users only (Linux, user namespaces). */
    private static final int UNMAPPED_USER = 65534;

    private static final int GROUP_WRITES = 0020;
    private static final int OTHERS_WRITE = 0002;
    private static final int STICKY = 01000;
    private static final int PERMISSIONS = 07777;

    private final Path path;
    private final int user;

    private UserFolder(Path path, int user) {
        this.path = path;
        this.user = user;
    }

    /**
     * Makes the folder, with those above it, if it is not there, and checks it.
     *
     * @throws NativeLibraryException if somebody else owns it or can write to it or swap it
     * @throws IOException if it can't be made
     */
    static UserFolder at(Path folder) throws IOException {
        if (!hasOwners()) {
            return new UserFolder(Files.createDirectories(folder).toRealPath(), 0);
        }
        FileAttribute<?> ours = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        Path path = Files.createDirectories(folder, ours).toRealPath();
        UserPrincipal owner = Files.getOwner(path);
        if (!owner.equals(thisUser())) {
            throw new NativeLibraryException("cache folder must be yours, was " + path + ", which belongs to "
                    + owner.getName() + "; " + NativeCache.CURE);
        }
        int mode = mode(path);
        if ((mode & (GROUP_WRITES | OTHERS_WRITE)) != 0) {
            throw new NativeLibraryException("cache folder must be writable by you alone, was " + path + " with mode "
                    + octal(mode) + "; remove it, or " + NativeCache.CURE);
        }
        int user = (int) Files.getAttribute(path, "unix:uid");
        for (Path above = path.getParent(); above != null; above = above.getParent()) {
            checkAbove(above, path, user);
        }
        return new UserFolder(path, user);
    }

    /** Whoever can write to a folder above, or owns one, can put another folder in the place of ours. */
    private static void checkAbove(Path above, Path path, int user) throws IOException {
        int owner = (int) Files.getAttribute(above, "unix:uid");
        if (owner != user && owner != 0 && owner != UNMAPPED_USER) {
            throw new NativeLibraryException("cache folder must be in folders of yours or the system's, was " + path
                    + " in " + above + ", which belongs to "
                    + Files.getOwner(above).getName() + "; " + NativeCache.CURE);
        }
        int mode = mode(above);
        if ((mode & OTHERS_WRITE) != 0 && (mode & STICKY) == 0) {
            throw new NativeLibraryException("cache folder must be in folders that not everybody can write to, was "
                    + path + " in " + above + " with mode " + octal(mode) + "; " + NativeCache.CURE);
        }
    }

    private static int mode(Path path) throws IOException {
        return (int) Files.getAttribute(path, "unix:mode") & PERMISSIONS;
    }

    private static String octal(int mode) {
        return Integer.toOctalString(mode);
    }

    private static boolean hasOwners() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("unix");
    }

    /** True if the path is there and this user's own. */
    static boolean isOurs(Path path) {
        try {
            return !hasOwners() || Files.getOwner(path).equals(thisUser());
        } catch (IOException notThere) {
            return false;
        }
    }

    private static UserPrincipal thisUser() throws IOException {
        try {
            return FileSystems.getDefault()
                    .getUserPrincipalLookupService()
                    .lookupPrincipalByName(System.getProperty("user.name"));
        } catch (IOException noSuchName) { // a container that runs under a number only
            return Files.getOwner(Path.of("/proc/self"));
        }
    }

    /** The folder without symbolic links in its path. */
    Path path() {
        return path;
    }

    /** Size in bytes, time of change and kind of a file that is ours alone. */
    record Entry(long size, long changedMillis, boolean isFolder, boolean isLink) {}

    /** What is at this path, links not followed; fails if somebody else owns it or can write to it. */
    Entry entry(Path file) throws IOException {
        boolean owners = hasOwners();
        String names = (owners ? "unix:uid,mode," : "") + "size,lastModifiedTime,isDirectory,isSymbolicLink";
        Map<String, Object> found = Files.readAttributes(file, names, LinkOption.NOFOLLOW_LINKS);
        boolean isLink = value(found, "isSymbolicLink", Boolean.class);
        if (owners) {
            boolean othersWrite = !isLink && (value(found, "mode", Integer.class) & (GROUP_WRITES | OTHERS_WRITE)) != 0;
            if (value(found, "uid", Integer.class) != user || othersWrite) {
                throw new IOException(file + " is not ours alone");
            }
        }
        return new Entry(
                value(found, "size", Long.class),
                value(found, "lastModifiedTime", FileTime.class).toMillis(),
                value(found, "isDirectory", Boolean.class),
                isLink);
    }

    private static <T> T value(Map<String, Object> attributes, String name, Class<T> type) {
        return requireNonNull(type.cast(attributes.get(name)));
    }

    /** Takes the right to write a file or folder from all others. */
    static void withhold(Path file, boolean isFolder) throws IOException {
        if (hasOwners()) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(isFolder ? "rwx------" : "rw-------"));
        }
    }
}
