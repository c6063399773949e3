package resonance.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChatFormatTest {

    private static ChatFormat of(String template) {
        return ChatFormat.of(template).orElseThrow();
    }

    @Test
    void chatmlHasATurnForEachAndItsOwnSystemWordsWhereNoneAreSaid() {
        ChatFormat plain = of("{% for m in messages %}{{ '<|im_start|>' + m.role + '\\n' + m.content }}{% endfor %}");
        assertThat(plain.apply("Be brief.", "Hello? "))
                .isEqualTo(
                        "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHello? <|im_end|>\n<|im_start|>assistant\n");
        assertThat(plain.apply("", "Hello?")).isEqualTo("<|im_start|>user\nHello?<|im_end|>\n<|im_start|>assistant\n");
        for (String lineEnd : new String[] {"\n", "\\n"}) {
            ChatFormat worded =
                    of("{{ '<|im_start|>system" + lineEnd + "You are Tiny, made here.<|im_end|>" + lineEnd + "' }}");
            assertThat(worded.apply("", "Hello?")).isEqualTo("""
                    <|im_start|>system
                    You are Tiny, made here.<|im_end|>
                    <|im_start|>user
                    Hello?<|im_end|>
                    <|im_start|>assistant
                    """);
            assertThat(worded.apply("Be brief.", "Hello?")).isEqualTo(plain.apply("Be brief.", "Hello?"));
        }
    }

    @Test
    void llama3StripsItsTurnsAndLaterOnesHaveDates() {
        String template = "{{ '<|start_header_id|>' + message['role'] + '<|end_header_id|>' }}";
        assertThat(of(template).apply(" Be brief. ", " Hello? "))
                .isEqualTo(
                        "<|start_header_id|>system<|end_header_id|>\n\nBe brief.<|eot_id|><|start_header_id|>user<|end_header_id|>"
                                + "\n\nHello?<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n");
        assertThat(of(template).apply("", "Hello?")).startsWith("<|start_header_id|>user<|end_header_id|>\n\nHello?");
        assertThat(of(template + "{{ 'Cutting Knowledge Date: December 2023' }}")
                        .apply("", "Hello?"))
                .startsWith("<|start_header_id|>system<|end_header_id|>\n\nCutting Knowledge Date: December 2023\n"
                        + "Today Date: 26 Jul 2024\n\n<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nHello?");
    }

    @Test
    void theOthersHaveTheSystemInTheUsersTurnOrBeforeIt() {
        ChatFormat llama2 = of("'[INST] <<SYS>>'");
        assertThat(llama2.apply("Be brief.", "Hello? "))
                .isEqualTo("[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\nHello? [/INST]");
        assertThat(llama2.apply("", "Hello?")).isEqualTo("[INST] Hello? [/INST]");
        ChatFormat gemma = of("'<start_of_turn>'");
        assertThat(gemma.apply("Be brief.", " Hello?"))
                .isEqualTo("<start_of_turn>user\nBe brief.\n\nHello?<end_of_turn>\n<start_of_turn>model\n");
        assertThat(gemma.apply("", "Hello?"))
                .isEqualTo("<start_of_turn>user\nHello?<end_of_turn>\n<start_of_turn>model\n");
        ChatFormat zephyr = of("'<|user|>\\n' '<|system|>\\n'");
        assertThat(zephyr.apply("Be brief.", "Hello?"))
                .isEqualTo("<|system|>\nBe brief.</s>\n<|user|>\nHello?</s>\n<|assistant|>\n");
        assertThat(zephyr.apply("", "Hello?")).isEqualTo("<|user|>\nHello?</s>\n<|assistant|>\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{{ messages }}", "[INST] {{ m }} [/INST]", "<|im_start|> and <|user|>"})
    void anyOtherTemplateIsNotKnown(String template) {
        assertThat(ChatFormat.of(template)).isEmpty();
    }
}
