package resonance.language.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import resonance.rope.Refusal;

/**
 * A run on an MLflow tracking server, by its REST API 2.0: the experiment by name, made if it is missing; the run; its settings as
 * params and its numbers as metrics, together every few seconds; its end.
 *
 * <p>The server may be slow, answer nonsense or go away: what is wrong is told once, and nothing more is sent.
 */
public final class MlflowRun implements RunTracker {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long SECONDS_BETWEEN_BATCHES = 5;

    /** What a server takes at once. */
    private static final int MOST_METRICS = 1000;

    private static final int MOST_PARAMS = 100;
    private static final int LONGEST_VALUE = 500;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI server;
    private final Consumer<String> notes;
    private final LongSupplier clock;
    private final HttpClient client;
    private ArrayNode metrics = JSON.createArrayNode();
    private long sent;
    private String run = "";
    private boolean failed;

    private MlflowRun(URI server, Consumer<String> notes, LongSupplier clock) {
        this.server = server;
        this.notes = notes;
        this.clock = clock;
        this.client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
        this.sent = clock.getAsLong();
    }

    /**
     * The address of a server as somebody gives it.
     *
     * @throws Refusal if it is no address of a web server
     */
    public static URI server(String address) {
        try {
            URI uri = URI.create(address);
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (web && uri.getHost() != null) {
                return uri;
            }
        } catch (IllegalArgumentException noUri) {
            // Refused below.
        }
        throw Refusal.was("mlflow", "must be the address of a tracking server", "'" + address + "'")
                .cure("for example http://127.0.0.1:5000");
    }

    /**
     * Begins a run, or goes on with one.
     *
     * @param experiment its name
     * @param name of the run
     * @param former the run to go on with; empty to begin one
     * @param params settings by name
     * @param notes told once if the server fails
     */
    public static MlflowRun begin(
            URI server,
            String experiment,
            String name,
            String former,
            Map<String, String> params,
            Consumer<String> notes) {
        MlflowRun tracked = new MlflowRun(server, notes, System::nanoTime);
        tracked.attempt(() -> tracked.begin(experiment, name, former, params));
        return tracked;
    }

    /** The run's id there; empty if there is none. */
    public String id() {
        return run;
    }

    private void begin(String experiment, String name, String former, Map<String, String> params)
            throws IOException, InterruptedException {
        if (!former.isEmpty()) {
            ObjectNode again = JSON.createObjectNode().put("run_id", former).put("status", "RUNNING");
            send("runs/update", again);
            run = former;
            return;
        }
        ObjectNode begun = JSON.createObjectNode()
                .put("experiment_id", experimentId(experiment))
                .put("run_name", name)
                .put("start_time", System.currentTimeMillis());
        run = text(send("runs/create", begun).at("/run/info/run_id"), "runs/create");
        ArrayNode list = JSON.createArrayNode();
        params.forEach((key, value) -> {
            if (list.size() < MOST_PARAMS) {
                list.addObject()
                        .put("key", key)
                        .put("value", value.substring(0, Math.min(value.length(), LONGEST_VALUE)));
            }
        });
        ObjectNode batch = JSON.createObjectNode().put("run_id", run);
        batch.set("params", list);
        send("runs/log-batch", batch);
    }

    private String experimentId(String name) throws IOException, InterruptedException {
        HttpResponse<String> found = response(HttpRequest.newBuilder(address(
                        "experiments/get-by-name?experiment_name=" + URLEncoder.encode(name, StandardCharsets.UTF_8)))
                .GET());
        if (found.statusCode() == 404) {
            return text(
                    send("experiments/create", JSON.createObjectNode().put("name", name))
                            .at("/experiment_id"),
                    "experiments/create");
        }
        return text(body("experiments/get-by-name", found).at("/experiment/experiment_id"), "experiments/get-by-name");
    }

    private static String text(JsonNode node, String call) throws IOException {
        if (!node.isTextual()) {
            throw new IOException(call + " gave no id");
        }
        return node.asText();
    }

    private URI address(String call) {
        return URI.create(server.toString().replaceFirst("/+$", "") + "/api/2.0/mlflow/" + call);
    }

    private JsonNode send(String call, ObjectNode content) throws IOException, InterruptedException {
        return body(
                call,
                response(HttpRequest.newBuilder(address(call))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(content)))));
    }

    private HttpResponse<String> response(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode body(String call, HttpResponse<String> response) throws IOException {
        if (response.statusCode() != 200) {
            throw new IOException(call + " gave status " + response.statusCode());
        }
        return JSON.readTree(response.body().isBlank() ? "{}" : response.body());
    }

    private interface Call {
        void run() throws IOException, InterruptedException;
    }

    private void attempt(Call call) {
        if (failed) {
            return;
        }
        try {
            call.run();
        } catch (IOException e) {
            fail(e.getMessage() == null ? "no answer" : e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail("interrupted");
        }
    }

    private void fail(String why) {
        failed = true;
        metrics = JSON.createArrayNode();
        notes.accept("MLflow at " + server + " takes nothing (" + why + "); training goes on without it");
    }

    @Override
    public void scalar(long step, String tag, double value) {
        if (failed) {
            return;
        }
        metrics.addObject()
                .put("key", tag)
                .put("value", value)
                .put("timestamp", System.currentTimeMillis())
                .put("step", step);
        if (metrics.size() >= MOST_METRICS || clock.getAsLong() - sent > SECONDS_BETWEEN_BATCHES * 1_000_000_000L) {
            sendMetrics();
        }
    }

    private void sendMetrics() {
        if (metrics.isEmpty()) {
            return;
        }
        ObjectNode batch = JSON.createObjectNode().put("run_id", run);
        batch.set("metrics", metrics);
        attempt(() -> send("runs/log-batch", batch));
        metrics = JSON.createArrayNode();
        sent = clock.getAsLong();
    }

    @Override
    public void finished() {
        sendMetrics();
        attempt(() -> send(
                "runs/update",
                JSON.createObjectNode()
                        .put("run_id", run)
                        .put("status", "FINISHED")
                        .put("end_time", System.currentTimeMillis())));
    }

    /** Sends what is left. */
    @Override
    public void close() {
        sendMetrics();
    }
}
