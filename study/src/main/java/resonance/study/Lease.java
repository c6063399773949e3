package resonance.study;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A lock in a store that has no locks: a file that is made where none is, and signs of life beside it.
 *
 * <pre>
 *   LOCK            who has it and a drawn token; never changed
 *   .TOKEN.sign     written again and again by the process that has it
 *   .TOKEN.dead     a lock that ran out, as long as the one that took over works
 *   .RANDOM.now     written to ask the store what time it is
 * </pre>
 *
 * <p>All times are the store's: how old a sign is, is the time of a file written now less that of the sign. A lock is dead once no
 * sign came for the time of its lease. It is renamed away to a name that follows from its token, which works once: of two that
 * find it dead one gets further, and one that is slow can't rename away the lock of the other. What this rests on is that the
 * store makes a file, and renames one, only where none is, at once; where it doesn't, two may both think that they have the lock for a
 * moment.
 */
final class Lease implements FolderLock.Hold {
    /** For studies: a process may be away for half a minute, and a killed one blocks its folder for no longer. */
    static final Terms USUAL = new Terms(Duration.ofSeconds(5), Duration.ofSeconds(30));

    private static final String SIGN = ".sign";
    private static final String DEAD = ".dead";
    private static final String NOW = ".now";

    private final Path file;
    private final Path place;
    private final String token = AtomicFile.randomName();
    private final Terms terms;
    private final Thread renewer = new Thread(this::renewAgainAndAgain, "folder-lease");
    private final CountDownLatch ended = new CountDownLatch(1);
    private long signs; // under this

    /** When it was last certain that nobody else had it, by {@link System#nanoTime()}. */
    private volatile long certainAt;

    private volatile @Nullable FolderInUseException lost;

    /**
     * How long things take.
     *
     * @param renewal between two signs of life
     * @param lasts without a sign, until others may take over
     */
    record Terms(Duration renewal, Duration lasts) {}

    /** What stands in a lock; empty texts if that is not known, as of one whose writer was killed over it. */
    private record Claim(String owner, String token) {
        private static final Claim UNKNOWN = new Claim("", "");

        static Claim of(String text) {
            List<String> lines = text.lines().toList();
            return lines.size() == 2 ? new Claim(lines.get(0), lines.get(1)) : UNKNOWN;
        }

        String text() {
            return owner + "\n" + token + "\n";
        }
    }

    private Lease(Path file, Path place, Terms terms) {
        this.file = file;
        this.place = place;
        this.terms = terms;
        renewer.setDaemon(true);
    }

    /**
     * Takes a lock, at once if there is none; else waits until its owner shows a sign of life or its time is over.
     *
     * @param place that it stands for
     * @param waiting told in a line before that
     * @throws FolderInUseException if somebody has it and lives
     */
    static Lease take(Path file, Path place, String owner, Terms terms, Consumer<String> waiting) throws IOException {
        Lease lease = new Lease(file, place, terms);
        Claim own = new Claim(owner, lease.token);
        @Nullable Sign first = null;
        while (!lease.make(own)) {
            Optional<Sign> seen = Sign.of(file);
            if (seen.isEmpty()) {
                continue; // let go just now
            }
            Sign last = seen.get();
            if (first != null && first.claim.equals(last.claim) && !first.at.equals(last.at)) {
                throw new FolderInUseException(place, last.claim.owner());
            }
            if (last.isOver(file, terms)) {
                putAway(file, last);
                continue;
            }
            if (first == null) {
                waiting.accept("Waiting up to " + terms.lasts().toSeconds() + " s for "
                        + (last.claim.owner().isEmpty() ? "another process" : last.claim.owner()) + ", which has "
                        + place + " and may be dead");
            }
            first = first == null || !first.claim.equals(last.claim) ? last : first;
            pause(terms.renewal().dividedBy(5));
        }
        lease.certainAt = System.nanoTime();
        if (!read(file).equals(Optional.of(own))) { // a store that lets two make it leaves the one's or the other's
            throw new FolderInUseException(place, read(file).map(Claim::owner).orElse(""));
        }
        lease.renewer.start();
        return lease;
    }

    /** Who has a lock; empty if nobody has. A file is written beside it for a moment, or a sign waited for where none can be. */
    static Optional<String> owner(Path file, Terms terms) throws IOException {
        Optional<Sign> seen = Sign.of(file);
        if (seen.isEmpty()) {
            return Optional.empty();
        }
        Sign last = seen.get();
        boolean over;
        try {
            over = last.isOver(file, terms);
        } catch (IOException mayNotWrite) {
            pause(terms.renewal().plus(terms.renewal().dividedBy(2)));
            over = Sign.of(file).filter(sign -> !sign.equals(last)).isEmpty();
        }
        return over ? Optional.empty() : Optional.of(last.claim.owner());
    }

    /** The last sign of a lock's owner. */
    private record Sign(Claim claim, FileTime at) {
        /** Empty if there is no lock. */
        static Optional<Sign> of(Path file) throws IOException {
            try {
                FileTime made = Files.getLastModifiedTime(file);
                Claim claim = readOrUnknown(file);
                FileTime signed = claim.token().isEmpty() ? made : time(beside(file, claim.token() + SIGN), made);
                return Optional.of(new Sign(claim, signed.compareTo(made) > 0 ? signed : made));
            } catch (NoSuchFileException letGo) {
                return Optional.empty();
            }
        }

        private static FileTime time(Path sign, FileTime otherwise) throws IOException {
            try {
                return Files.getLastModifiedTime(sign);
            } catch (NoSuchFileException noneYet) {
                return otherwise;
            }
        }

        boolean isOver(Path file, Terms terms) throws IOException {
            return now(file) - at.toMillis() > terms.lasts().toMillis();
        }
    }

    /** Milliseconds by the store's clock. */
    private static long now(Path file) throws IOException {
        Path asking = beside(file, AtomicFile.randomName() + NOW);
        try {
            write(asking, NOW);
            return Files.getLastModifiedTime(asking).toMillis();
        } finally {
            Files.deleteIfExists(asking);
        }
    }

    /** Makes the lock; false if there is one. */
    private boolean make(Claim own) throws IOException {
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            out.write(own.text().getBytes(StandardCharsets.UTF_8));
            return true;
        } catch (FileAlreadyExistsException another) {
            return false;
        }
    }

    /** Takes a dead lock out of the way, unless somebody else did. */
    private static void putAway(Path file, Sign last) throws IOException {
        String token = last.claim.token().isEmpty() ? Long.toHexString(last.at.toMillis()) : last.claim.token();
        try {
            Files.move(file, beside(file, token + DEAD));
        } catch (NoSuchFileException anotherWasFaster) {
            // Then there is its lock, or none.
        } catch (FileAlreadyExistsException anotherWasFasterOrKilledOverIt) {
            if (read(file).equals(Optional.of(last.claim))) { // where a renaming is a copy and a removal
                Files.deleteIfExists(file);
            }
        }
    }

    private static Path beside(Path file, String name) {
        return file.resolveSibling("." + name + file.getFileName());
    }

    private static void write(Path path, String text) throws IOException {
        Files.write(path, text.getBytes(StandardCharsets.UTF_8));
    }

    private static Optional<Claim> read(Path file) throws IOException {
        try {
            return Optional.of(Claim.of(Files.readString(file)));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
    }

    /** A lock whose writer was killed over it may be there and give nothing. */
    private static Claim readOrUnknown(Path file) throws IOException {
        try {
            return Claim.of(Files.readString(file));
        } catch (NoSuchFileException letGo) {
            throw letGo;
        } catch (IOException unreadable) {
            return Claim.UNKNOWN;
        }
    }

    private void renewAgainAndAgain() {
        try {
            while (lost == null && !ended.await(terms.renewal().toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    renew();
                } catch (IOException storeIsAway) {
                    // Perhaps not at the next time; before anything is kept it must be there.
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Shows a sign of life, and finds out whether the lock is still this one. */
    private synchronized void renew() throws IOException {
        long begun = System.nanoTime();
        signs++;
        try {
            write(beside(file, token + SIGN), String.valueOf(signs));
        } catch (NoSuchFileException folder) {
            lost = FolderInUseException.gone(place);
            return;
        }
        Optional<Claim> there = read(file);
        if (there.isEmpty()) {
            lost = FolderInUseException.gone(place);
        } else if (!there.get().token().equals(token)) {
            lost = FolderInUseException.taken(
                    place, there.get().owner(), terms.lasts().toSeconds());
        } else {
            certainAt = begun;
        }
    }

    @Override
    public void requireHeld() throws IOException {
        if (System.nanoTime() - certainAt > terms.lasts().toNanos() / 2) {
            requireHeldNow();
        }
        requireNotLost();
    }

    @Override
    public void requireHeldNow() throws IOException {
        if (lost == null) {
            renew();
        }
        requireNotLost();
    }

    private void requireNotLost() throws FolderInUseException {
        @Nullable FolderInUseException known = lost;
        if (known != null) {
            throw known;
        }
    }

    @Override
    public void release() throws IOException {
        ended.countDown();
        try {
            renewer.join(terms.lasts().toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Files.deleteIfExists(beside(file, token + SIGN));
        if (read(file).filter(claim -> claim.token().equals(token)).isPresent()) {
            removeDead();
            Files.deleteIfExists(file);
        }
    }

    /** Removes what dead owners left. */
    private void removeDead() throws IOException {
        String ending = DEAD + file.getFileName();
        Path folder = file.resolveSibling("");
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                String name = String.valueOf(entry.getFileName());
                if (name.endsWith(ending)) {
                    String deadToken = name.substring(1, name.length() - ending.length());
                    Files.deleteIfExists(beside(file, deadToken + SIGN));
                    Files.deleteIfExists(entry);
                }
            }
        }
    }

    private static void pause(Duration time) throws InterruptedIOException {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("waiting for a lock was interrupted");
        }
    }
}
