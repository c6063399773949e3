/**
 * Studies on Apache Spark: on the cores of this machine or on a cluster. Knows studies and no experiment, model or command.
 *
 * <p>{@link resonance.spark.SparkRunner} makes a Spark task of every job that is missing, with the names of its cells alone. The
 * recipe of the study goes along once; a process that works for Spark makes the study from it with its first task, and keeps it
 * ({@link resonance.spark.WorkerStudy}). Where tasks run, in which order, and how often one is tried whose process is lost, is
 * Spark's business. A task writes the records of its cells to the output folder itself, so what is finished stays, whoever dies;
 * and a cell that is there is passed over, so what is done twice is kept once.
 */
@org.jspecify.annotations.NullMarked
package resonance.spark;
