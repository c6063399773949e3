/**
 * Studies in any store that Hadoop's file system interface reaches, HDFS first: {@link resonance.hadoop.HadoopStores} finds the store
 * of a place such as {@code hdfs://host/runs}, and the rest shows it as a {@link java.nio.file.FileSystem}.
 */
@org.jspecify.annotations.NullMarked
package resonance.hadoop;
