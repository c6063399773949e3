package resonance.language.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MlflowRunTest {
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final List<JsonNode> bodies = new CopyOnWriteArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private volatile int experimentStatus = 404;
    private volatile int batchStatus = 200;

    @SuppressWarnings("NullAway.Init")
    private HttpServer server;

    @SuppressWarnings("NullAway.Init")
    private URI address;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        address = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String call = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        calls.add(call);
        byte[] body = exchange.getRequestBody().readAllBytes();
        bodies.add(new ObjectMapper().readTree(body.length == 0 ? "{}".getBytes(StandardCharsets.UTF_8) : body));
        int status = call.contains("get-by-name") ? experimentStatus : call.contains("log-batch") ? batchStatus : 200;
        String answer = call.contains("get-by-name")
                ? "{\"experiment\": {\"experiment_id\": \"7\"}}"
                : call.contains("experiments/create")
                        ? "{\"experiment_id\": \"8\"}"
                        : call.contains("runs/create") ? "{\"run\": {\"info\": {\"run_id\": \"abc\"}}}" : "{}";
        byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private MlflowRun begin(String former) {
        return MlflowRun.begin(address, "my tunes", "out", former, Map.of("steps", "50"), notes::add);
    }

    @Test
    void aRunIsMadeWithItsExperimentFilledAndFinished() {
        try (MlflowRun run = begin("")) {
            run.scalar(1, "loss", 2.5);
            run.scalar(2, "loss", 2.25);
            run.finished();
            assertThat(run.id()).isEqualTo("abc");
        }
        assertThat(notes).isEmpty();
        assertThat(calls)
                .containsExactly(
                        "GET /api/2.0/mlflow/experiments/get-by-name?experiment_name=my+tunes",
                        "POST /api/2.0/mlflow/experiments/create",
                        "POST /api/2.0/mlflow/runs/create",
                        "POST /api/2.0/mlflow/runs/log-batch",
                        "POST /api/2.0/mlflow/runs/log-batch",
                        "POST /api/2.0/mlflow/runs/update");
        assertThat(bodies.get(1).toString()).isEqualTo("{\"name\":\"my tunes\"}");
        assertThat(bodies.get(2).get("experiment_id").asText()).isEqualTo("8");
        assertThat(bodies.get(3).at("/params/0").toString()).isEqualTo("{\"key\":\"steps\",\"value\":\"50\"}");
        assertThat(bodies.get(4).at("/metrics/1/value").asDouble()).isEqualTo(2.25);
        assertThat(bodies.get(4).at("/metrics/1/step").asLong()).isEqualTo(2);
        assertThat(bodies.get(5).get("status").asText()).isEqualTo("FINISHED");
    }

    @Test
    void aRunThatGoesOnMakesNoSecondOne() {
        begin("abc").close();
        assertThat(calls).containsExactly("POST /api/2.0/mlflow/runs/update");
        assertThat(bodies.get(0).get("status").asText()).isEqualTo("RUNNING");
    }

    @Test
    void anExperimentThatIsThereIsTaken() {
        experimentStatus = 200;
        begin("").close();
        assertThat(calls).doesNotContain("POST /api/2.0/mlflow/experiments/create");
        assertThat(bodies.get(1).get("experiment_id").asText()).isEqualTo("7");
    }

    @Test
    void aServerThatFailsIsToldOnceAndAskedNoMore() {
        batchStatus = 500;
        try (MlflowRun run = begin("")) {
            int asked = calls.size();
            run.scalar(1, "loss", 2.5);
            run.finished();
            assertThat(calls).hasSize(asked);
        }
        assertThat(notes)
                .containsExactly("MLflow at " + address
                        + " takes nothing (runs/log-batch gave status 500); training goes on without it");
    }

    @Test
    void aServerThatIsNotThereIsToldOnce() {
        server.stop(0);
        begin("").close();
        assertThat(notes).hasSize(1).first().asString().startsWith("MLflow at " + address + " takes nothing (");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "localhost:5000", "file:/tmp/x", "http://", "a b"})
    void anAddressThatIsNoneIsRefused(String address) {
        assertThatThrownBy(() -> MlflowRun.server(address))
                .hasMessage("mlflow must be the address of a tracking server, was '" + address
                        + "'; for example http://127.0.0.1:5000");
    }
}
