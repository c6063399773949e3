package resonance.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import resonance.study.Sha256;

/** Changes a record and its checksum with it, as another build would have written it. */
final class SealedRecord {
    private static final ObjectMapper JSON = new ObjectMapper();

    private SealedRecord() {}

    static void edit(Path file, UnaryOperator<String> change) throws IOException {
        ObjectNode own = (ObjectNode) JSON.readTree(change.apply(Files.readString(file)));
        own.remove("sha256");
        ObjectNode sealed = JSON.createObjectNode().put("sha256", Sha256.of(JSON.writeValueAsString(own)));
        sealed.setAll(own);
        Files.writeString(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(sealed));
    }
}
