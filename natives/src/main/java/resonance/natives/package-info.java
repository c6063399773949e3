/**
 * Native libraries that come in jars, as files that the system can load: pure Java, knows none of the libraries.
 *
 * <p>{@link resonance.natives.NativeCache} keeps each library in a folder of its own below one cache folder of the user's.
 * A folder is made beside its place, checked, forced to the disk and only then moved there, by one process at a time (a lock
 * of the operating system's, which a process that dies loses). So a folder that is in its place is whole, and a process
 * that is killed at any moment leaves nothing that a later one would load.
 *
 * <p>Because code is loaded from it, the cache folder must belong to the user and be writable by nobody else, and so must
 * what is in it; and no folder above it may let others swap it.
 */
@NullMarked
package resonance.natives;

import org.jspecify.annotations.NullMarked;
