/** Tells what stock engines will silently ignore or misread in a model's position settings. */
@NullMarked
package resonance.serving.lint;

import org.jspecify.annotations.NullMarked;
