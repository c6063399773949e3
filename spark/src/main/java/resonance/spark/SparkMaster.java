package resonance.spark;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where Spark gets its processes from.
 *
 * @param url as Spark reads it
 * @param local whether everything runs in this process
 */
record SparkMaster(String url, boolean local) {
    private static final Pattern LOCAL = Pattern.compile("local(?:\\[(\\*|[1-9]\\d{0,3})])?");
    private static final Pattern CLUSTER = Pattern.compile("(spark|k8s)://\\S+|yarn");

    /**
     * The master that a text names.
     *
     * @param threads of every job: it takes as many of Spark's cores
     * @throws IllegalArgumentException if Spark has no such masters, or this one has too few cores for a job
     */
    static SparkMaster of(String text, int threads) {
        Matcher local = LOCAL.matcher(text);
        if (!local.matches()) {
            if (!CLUSTER.matcher(text).matches()) {
                throw new IllegalArgumentException(
                        "--spark must be local[N], spark://HOST:PORT, yarn or k8s://URL, was '" + text
                                + "'; local[2] takes two cores of this machine");
            }
            return new SparkMaster(text, false);
        }
        String count = local.group(1) == null ? "1" : local.group(1);
        int cores = count.equals("*") ? Runtime.getRuntime().availableProcessors() : Integer.parseInt(count);
        if (cores < threads) {
            throw new IllegalArgumentException("--threads must be at most " + cores + " with --spark " + text
                    + ", since a cell takes that many of its cores, was " + threads
                    + "; take fewer threads or more cores");
        }
        return new SparkMaster("local[" + cores + "]", true);
    }
}
