package resonance.evaluation.observation;

import java.io.IOException;
import java.io.OutputStream;

/**
 * A file format for {@link Observations}. A module that has one names it for {@link java.util.ServiceLoader}.
 */
public interface ObservationWriter {
    /**
     * Writes a whole file: every {@link Column} in its order and with its name, a row for each observation.
     *
     * @param out left open
     */
    void write(Observations observations, OutputStream out) throws IOException;
}
