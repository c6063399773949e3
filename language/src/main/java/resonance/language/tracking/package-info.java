/**
 * Numbers of a training as other programs show them while it runs: event files for TensorBoard, and runs on an MLflow server.
 */
@NullMarked
package resonance.language.tracking;

import org.jspecify.annotations.NullMarked;
