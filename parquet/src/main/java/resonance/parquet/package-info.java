/**
 * Measured values as a Parquet file, and documents out of one, by Apache Parquet's own library. It is on the class path of those who
 * name such a file, and found there by {@link java.util.ServiceLoader}.
 */
@NullMarked
package resonance.parquet;

import org.jspecify.annotations.NullMarked;
