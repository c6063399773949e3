/**
 * Texts that a model is trained on: files, the documents in them, and the order in which their tokens are visited.
 */
@NullMarked
package resonance.language.corpus;

import org.jspecify.annotations.NullMarked;
