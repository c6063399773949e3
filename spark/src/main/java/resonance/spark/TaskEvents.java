package resonance.spark;

import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.jspecify.annotations.Nullable;
import scala.Tuple4;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** What Spark tells of its tasks on a thread of its own, for another thread to take. */
final class TaskEvents extends SparkListener {
    private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final long done;
    private final long notes;

    /** Of the one job that begins while this listens: a stage of an earlier job may have more to tell. */
    private volatile int stage = -1;

    /** Something that happened to an attempt at a job. */
    sealed interface Event {
        /** Spark's number of the attempt. */
        long task();

        /** It began, with the job of this index. */
        record Started(long task, int job) implements Event {}

        /** So much of it is done, 0 to 1, and this is all that was told of it up to now. */
        record Advanced(long task, double done, List<String> notes) implements Event {}

        /** It ended; if it succeeded, the job is done. */
        record Ended(long task, int job, boolean succeeded) implements Event {}
    }

    /**
     * @param done number of the accumulator of what is done
     * @param notes number of the accumulator of notes
     */
    TaskEvents(long done, long notes) {
        this.done = done;
        this.notes = notes;
    }

    /** The next event; null if there was none within the time. */
    @Nullable
    Event next(long milliseconds) throws InterruptedException {
        return events.poll(milliseconds, TimeUnit.MILLISECONDS);
    }

    @Override
    public void onJobStart(SparkListenerJobStart start) {
        stage = (Integer) start.stageIds().last();
    }

    @Override
    public void onTaskStart(SparkListenerTaskStart start) {
        if (start.stageId() != stage) {
            return;
        }
        events.add(new Event.Started(start.taskInfo().taskId(), start.taskInfo().partitionId()));
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
        if (end.stageId() != stage) {
            return;
        }
        advanced(end.taskInfo().taskId(), end.taskInfo().accumulables());
        events.add(new Event.Ended(
                end.taskInfo().taskId(),
                end.taskInfo().partitionId(),
                end.taskInfo().successful()));
    }

    @Override
    public void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate update) {
        for (Tuple4<Object, Object, Object, Seq<AccumulableInfo>> task :
                CollectionConverters.asJava(update.accumUpdates())) {
            advanced((Long) task._1(), task._4());
        }
    }

    private void advanced(long task, scala.collection.Seq<AccumulableInfo> values) {
        double fraction = 0;
        List<String> told = List.of();
        for (AccumulableInfo value : CollectionConverters.asJava(values)) {
            if (value.update().isEmpty()) {
                continue;
            }
            Object update = value.update().get();
            if (value.id() == done && update instanceof Number number) {
                fraction = number.doubleValue();
            } else if (value.id() == notes && update instanceof List<?> list) {
                told = list.stream().map(String::valueOf).toList();
            }
        }
        if (fraction > 0 || !told.isEmpty()) {
            events.add(new Event.Advanced(task, fraction, told));
        }
    }
}
