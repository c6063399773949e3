/** Opens models of every format; the formats' own packages know nothing of each other. */
@NullMarked
package resonance.model.reading;

import org.jspecify.annotations.NullMarked;
