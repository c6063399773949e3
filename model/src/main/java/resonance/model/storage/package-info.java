/**
 * Bytes of model files.
 *
 * <p>{@link resonance.model.storage.MappedFile} maps a file of any size, so that a model larger than the heap opens and
 * only the weights that are read come into memory.
 */
@NullMarked
package resonance.model.storage;

import org.jspecify.annotations.NullMarked;
