package resonance.spark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.hadoop.util.ShutdownHookManager;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.CollectionAccumulator;
import org.apache.spark.util.DoubleAccumulator;
import org.jspecify.annotations.Nullable;
import resonance.study.Job;
import resonance.study.OpenedStudy;
import resonance.study.PlannedCell;
import resonance.study.StudyFolder;
import resonance.study.StudyListener;
import resonance.study.StudyRecipe;
import resonance.study.StudyRun;
import resonance.study.StudyRunner;
import resonance.study.WorkerException;

/**
 * Does a study's missing jobs as tasks of one Spark application, which is started for them and ends with them: all at one time, or
 * of an adaptive study wave by wave.
 */
final class SparkRunner implements StudyRunner {
    /** Between two looks at whether to stop. */
    private static final long LOOK_MILLIS = 200;

    /** For jobs that are told to stop to save their state, and Spark to end. */
    private static final long STOP_SECONDS = 60;

    /** Above Spark's own hook, which would take the tasks away from under us. */
    private static final int HOOK_PRIORITY = 100;

    /** Until people are told that no process has taken a job. */
    private static final long UNTAKEN_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final SparkMaster master;
    private final int threads;
    private final boolean gpu;

    /** @param gpu whether a job computes on a GPU, and so asks for one */
    SparkRunner(SparkMaster master, int threads, boolean gpu) {
        this.master = master;
        this.threads = threads;
        this.gpu = gpu;
    }

    @Override
    public <K, R> boolean run(
            OpenedStudy<K, R> opened,
            StudyRecipe recipe,
            StudyFolder<R> folder,
            StudyListener<K, R> listener,
            BooleanSupplier stop)
            throws IOException {
        StudyRun<K, R> run = new StudyRun<>(opened.study(), folder, opened.maker());
        int withinReach = run.withinReach().size();
        List<PlannedCell<K>> wave = run.wave();
        if (wave.isEmpty()) {
            return true;
        }
        Path shared = folder.folder().toRealPath();
        if (master.local()) {
            WorkerStudy.keep(recipe, shared, opened);
        }
        CountDownLatch ended = new CountDownLatch(1);
        Runnable hook = () -> await(ended);
        ShutdownHookManager.get().addShutdownHook(hook, HOOK_PRIORITY, 2 * STOP_SECONDS, TimeUnit.SECONDS);
        try (JavaSparkContext spark = start("resonance " + opened.study().kind())) {
            double before = 0;
            while (!wave.isEmpty()) {
                listener.planned(withinReach);
                JobsAtWork<K, R> work = new JobsAtWork<>(opened.study(), wave, before, folder, listener);
                if (!run(spark, recipe, shared, work, stop)) {
                    return false;
                }
                before = work.finishedWork();
                withinReach = run.withinReach().size();
                wave = run.wave();
            }
            return true;
        } finally {
            ended.countDown();
            if (!ShutdownHookManager.get().isShutdownInProgress()) {
                ShutdownHookManager.get().removeShutdownHook(hook);
            }
            if (master.local()) {
                WorkerStudy.forget();
            }
        }
    }

    private static void await(CountDownLatch ended) {
        try {
            ended.await(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private JavaSparkContext start(String name) {
        try {
            return new JavaSparkContext(settings(name));
        } catch (Exception refused) { // Spark throws checked exceptions that its signatures hide
            throw gaveUp(
                    "Spark must start an application at " + master.url(),
                    refused,
                    "start the master or correct --spark");
        }
    }

    /** What the application asks of Spark, beside what the user sets by properties. */
    SparkConf settings(String name) {
        SparkConf conf = new SparkConf().setMaster(master.url()).setAppName(name);
        String cores = String.valueOf(threads);
        conf.set("spark.task.cpus", cores);
        conf.setIfMissing("spark.ui.enabled", "false");
        if (master.local()) {
            conf.set("spark.driver.host", "127.0.0.1");
            conf.set("spark.driver.bindAddress", "127.0.0.1");
            conf.setIfMissing("spark.executor.heartbeatInterval", "1s");
        } else {
            // A process a job at a time: a model serves one caller at a time.
            conf.setIfMissing("spark.executor.cores", cores);
            conf.setIfMissing("spark.executor.heartbeatInterval", "5s");
            conf.setIfMissing("spark.executorEnv.OPENBLAS_NUM_THREADS", "1");
            conf.setIfMissing("spark.jars", String.join(",", OwnJars.of(System.getProperty("java.class.path"))));
        }
        if (gpu) {
            conf.set("spark.task.resource.gpu.amount", "1");
            conf.setIfMissing("spark.executor.resource.gpu.amount", "1");
        }
        return conf;
    }

    private <K, R> boolean run(
            JavaSparkContext spark, StudyRecipe recipe, Path folder, JobsAtWork<K, R> work, BooleanSupplier stop)
            throws IOException {
        DoubleAccumulator done = spark.sc().doubleAccumulator("work done");
        CollectionAccumulator<String> notes = spark.sc().collectionAccumulator("notes");
        TaskEvents events = new TaskEvents(done.id(), notes.id());
        spark.sc().addSparkListener(events);
        List<List<String>> shares = new ArrayList<>();
        for (Job<K, R> job : work.jobs()) {
            shares.add(new ArrayList<>(
                    job.cells().stream().map(PlannedCell::fileName).toList()));
        }
        JavaFutureAction<Void> action =
                spark.parallelize(shares, shares.size()).foreachAsync(new ShareTask(recipe, folder, done, notes));
        try {
            long begun = System.nanoTime();
            boolean untaken = true;
            while (!action.isDone() && !stop.getAsBoolean()) {
                TaskEvents.@Nullable Event event = events.next(LOOK_MILLIS);
                if (event != null) {
                    work.take(event);
                    untaken = false;
                } else if (untaken && System.nanoTime() - begun > UNTAKEN_NANOS) {
                    untaken = false;
                    work.noteUntaken(threads);
                }
            }
            boolean stopped = !action.isDone();
            if (stopped) {
                action.cancel(true);
            }
            takeRest(spark, events, work);
            if (stopped) {
                return work.takeFinished();
            }
            action.get();
            work.takeFinished();
            work.requireAll();
            return true;
        } catch (ExecutionException failure) {
            work.takeFinished();
            if (stop.getAsBoolean()) {
                return false;
            }
            throw failed(failure);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            spark.sc().removeSparkListener(events);
        }
    }

    /**
     * Takes what is still on its way, until no job is at work any more: one that fails ends the others, which save their state, and
     * what they work on is closed after this.
     */
    private static void takeRest(JavaSparkContext spark, TaskEvents events, JobsAtWork<?, ?> work)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(STOP_SECONDS);
        TaskEvents.@Nullable Event event = events.next(LOOK_MILLIS);
        while ((event != null || work.running() > 0)
                && System.nanoTime() < end
                && !spark.sc().isStopped()) {
            if (event != null) {
                work.take(event);
            }
            event = events.next(LOOK_MILLIS);
        }
    }

    /** What a job threw, in whichever process; else that Spark gave up. */
    private static WorkerException failed(ExecutionException failure) throws IOException {
        for (@Nullable Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof SparkException) {
                continue;
            }
            if (cause instanceof IOException ofJob) {
                throw ofJob;
            }
            if (cause instanceof RuntimeException ofJob) {
                throw ofJob;
            }
            if (cause instanceof Error ofJob) {
                throw ofJob;
            }
        }
        return gaveUp(
                "Spark must finish every cell",
                failure.getCause() == null ? failure : failure.getCause(),
                "what is finished is kept; see its executors' logs, and run again to go on");
    }

    private static WorkerException gaveUp(String rule, Throwable failure, String cure) {
        String reason = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
        WorkerException told = new WorkerException(rule + ", gave up (" + reason + "); " + cure);
        told.initCause(failure);
        return told;
    }
}
