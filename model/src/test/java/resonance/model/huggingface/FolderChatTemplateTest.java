package resonance.model.huggingface;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderChatTemplateTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private void config(String json) throws IOException {
        Files.writeString(folder.resolve("tokenizer_config.json"), json);
    }

    @Test
    void aFileOfItsOwnComesBeforeTheConfiguration() throws IOException {
        assertThat(FolderChatTemplate.read(folder)).isEmpty();
        config("{\"chat_template\": \"{{ a }}\"}");
        assertThat(FolderChatTemplate.read(folder)).contains("{{ a }}");
        Files.writeString(folder.resolve("chat_template.jinja"), "{{ b }}\n");
        assertThat(FolderChatTemplate.read(folder)).contains("{{ b }}\n");
    }

    @Test
    void amongNamedOnesTheDefaultIsMeant() throws IOException {
        config(
                "{\"chat_template\": [{\"name\": \"tools\", \"template\": \"t\"}, {\"name\": \"default\", \"template\": \"d\"}]}");
        assertThat(FolderChatTemplate.read(folder)).contains("d");
        config("{\"chat_template\": [{\"name\": \"tools\", \"template\": \"t\"}]}");
        assertThat(FolderChatTemplate.read(folder)).isEmpty();
        config("{\"chat_template\": null}");
        assertThat(FolderChatTemplate.read(folder)).isEmpty();
        config("{\"chat_template\": \" \"}");
        assertThat(FolderChatTemplate.read(folder)).isEmpty();
    }
}
