package resonance.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StudyFileReaderTest {
    private final Path folder;
    private final Path file;

    StudyFileReaderTest(@TempDir Path folder) {
        this.folder = folder;
        this.file = folder.resolve("a.yaml");
    }

    private StudyFile read(String text) throws IOException {
        return StudyFileReader.read(Files.writeString(file, text));
    }

    /** The commands of a study with a part {@code p}, whose keys are these lines. */
    private List<String> commands(String... keys) throws IOException {
        return read("name: n\nout: o\nparts:\n  p:\n    " + String.join("\n    ", keys) + "\n").parts().stream()
                .map(part -> part.typed(Path.of("o")))
                .toList();
    }

    @Test
    void aPartIsTheCommandThatItsKeysSpell() throws IOException {
        StudyFile study = read("""
                name: two-models
                about: >
                  Where two models
                  break.
                settings:
                  command: perplexity
                  precision: float32
                  threads: 1
                parts:
                  short:
                    model: shipped/model
                    file: [a.txt, b c.txt]
                    lengths: [128, 256]
                    on-top: false
                    replace: true
                    threads: 2
                  asked:
                    command: posgen  compare
                    seeds: 7
                """);
        assertThat(study.name()).isEqualTo("two-models");
        assertThat(study.about()).isEqualTo("Where two models break.");
        assertThat(study.out()).isEqualTo(Path.of("runs/two-models"));
        assertThat(study.parts().stream().map(part -> part.typed(study.out())))
                .containsExactly(
                        "./resonance perplexity shipped/model a.txt 'b c.txt' --precision float32 --threads 2"
                                + " --lengths 128,256 --replace --out runs/two-models/short",
                        "./resonance posgen compare --precision float32 --threads 1 --seeds 7 --out"
                                + " runs/two-models/asked");
    }

    @Test
    void forMakesAPartOfEveryCombination() throws IOException {
        assertThat(commands(
                        "command: perplexity",
                        "file: a.txt",
                        "for: {model: [m/one.gguf, m/two], protocol: [token, yarn]}",
                        "tokens: 9"))
                .containsExactly(
                        "./resonance perplexity m/one.gguf a.txt --tokens 9 --protocol token --out o/p-one-token",
                        "./resonance perplexity m/one.gguf a.txt --tokens 9 --protocol yarn --out o/p-one-yarn",
                        "./resonance perplexity m/two a.txt --tokens 9 --protocol token --out o/p-two-token",
                        "./resonance perplexity m/two a.txt --tokens 9 --protocol yarn --out o/p-two-yarn");
    }

    @Test
    void forMayStandInTheSettingsOfAllParts() throws IOException {
        StudyFile study = read("""
                name: n
                settings: {for: {model: [a, b]}, lengths: 64, model: c}
                parts:
                  p: {command: perplexity}
                  q: {command: passkey, for: {seed: [1, -2]}}
                """);
        assertThat(study.parts().stream().map(StudyPart::name))
                .containsExactly("p-a", "p-b", "q-a-1", "q-a--2", "q-b-1", "q-b--2");
        assertThat(study.parts().get(3).typed(Path.of("o")))
                .isEqualTo("./resonance passkey a --lengths 64 --seed=-2 --out o/q-a--2");
    }

    /** What YAML 1.1 makes truth values, octal, sexagesimal and other numbers of. */
    @Test
    void whatStandsInTheFileIsWhatTheCommandReads() throws IOException {
        assertThat(commands(
                        "command: posgen compare",
                        "tasks: [no, on, y]",
                        "encodings: 'no'",
                        "seeds: [010, 0x10, 1_000, 190:20:30, 1e3]",
                        "base: 0o17",
                        "epochs: .inf",
                        "batch: 2001-12-14",
                        "dropout: 1.10"))
                .containsExactly("./resonance posgen compare --tasks no,on,y --encodings no --seeds"
                        + " 010,0x10,1_000,190:20:30,1e3 --base 0o17 --epochs .inf --batch 2001-12-14 --dropout 1.10"
                        + " --out o/p");
    }

    @Test
    void anAnchorIsWhatItStandsFor() throws IOException {
        StudyFile study = read("""
                name: n
                parts:
                  p: &p {command: passkey, lengths: &l [1, 2]}
                  q: *p
                  r: {command: perplexity, lengths: *l}
                """);
        assertThat(study.parts().stream().map(part -> part.typed(Path.of("o"))))
                .containsExactly(
                        "./resonance passkey --lengths 1,2 --out o/p",
                        "./resonance passkey --lengths 1,2 --out o/q",
                        "./resonance perplexity --lengths 1,2 --out o/r");
    }

    @Test
    void theCopyInAnOutputFolderGoesOnThere() throws IOException {
        Files.writeString(folder.resolve("study.yaml"), "name: n\nparts: {p: {command: passkey}}\n");
        assertThat(StudyFileReader.read(folder).out()).isEqualTo(folder);
        assertThatThrownBy(() -> StudyFileReader.read(Files.createDirectory(folder.resolve("none"))))
                .hasMessage("FILE must be a study's file or output folder, " + folder.resolve("none")
                        + " has no study.yaml; name the file");
    }

    /** In the text, / ends a line. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "|1: must hold a study, is empty; begin with 'name: NAME' and 'parts:'",
                "- a|1: a study must be keys with values, is a list; write 'key: value' in lines of their own, indented"
                        + " alike",
                "name: n/part: {}|2: key 'part' is unknown to a study; did you mean 'parts'?",
                "name: n/zzz: {}|2: key 'zzz' is unknown to a study; known: name, about, out, settings, parts",
                "parts: {p: {command: passkey}}|1: 'name' must be given, was left out; add 'name: my-study'",
                "name: n|1: 'parts' must be given, was left out; add 'parts: with a command in each'",
                "name: n/parts: {}|2: 'parts' must be at least one, was none; add a name with a command",
                "name: n m/parts: {}|1: 'name' must be a letter or digit and up to 99 letters, digits, '-' and '_', was 'n m';"
                        + " call it otherwise, it also names a folder",
                "name: -n/parts: {}|1: 'name' must be a letter or digit and up to 99 letters, digits, '-' and '_', was '-n';"
                        + " call it otherwise, it also names a folder",
                "name:/parts: {}|1: 'name' must have a value, has none; leave the key out for its default",
                "name: [n]/parts: {}|1: 'name' must be one value, is a list; write it behind the key, in one line",
                "name: n/parts:/  a.b: {command: passkey}|3: a part's name must be a letter or digit and up to 99 letters,"
                        + " digits, '-' and '_', was 'a.b'; call it otherwise, it also names a folder",
                "name: n/parts:/  a: {command: passkey}/  A: {command: passkey}|4: parts must have names that differ in"
                        + " more than case, two are called 'A'; call one of them otherwise",
                "name: n/parts:/  a: {command: passkey}/  a: {command: passkey}|4: key 'a' must be given once, is given in"
                        + " line 3 too; leave one of them out",
                "name: n/parts:/  a: {seed: 1}|3: part 'a' must have a command, has none; add one of perplexity, passkey,"
                        + " evaluate, posgen compare",
                "name: n/parts:/  a: {command: passky}|3: command 'passky' is unknown to studies; did you mean 'passkey'?",
                "name: n/parts:/  a: {command: lint}|3: command 'lint' is unknown to studies; known: perplexity, passkey,"
                        + " evaluate, posgen compare",
                "name: n/parts:/  a:/    command: passkey/    lenghts: 5|5: key 'lenghts' is unknown to passkey; did you"
                        + " mean 'lengths'?",
                "name: n/parts:/  a:/    command: passkey/    colour: red|5: key 'colour' is unknown to passkey; see"
                        + " './resonance passkey --help'",
                "name: n/settings: {protocol: yarn}/parts:/  a: {command: passkey}|2: key 'protocol' is unknown to passkey;"
                        + " see './resonance passkey --help'",
                "name: n/parts:/  a: {command: passkey, seed: [1, 2]}|3: 'seed' must be one value, is a list; 'for' makes a"
                        + " part of each",
                "name: n/parts:/  a: {command: passkey, lengths: []}|3: 'lengths' must have a value, has none; leave the"
                        + " key out for its default",
                "name: n/parts:/  a: {command: passkey, lengths: {a: 1}}|3: 'lengths' must be one value, is keys with"
                        + " values; write it behind the key, in one line",
                "name: n/parts:/  a: {command: passkey, on-top: yes}|3: 'on-top' must be true or false, was 'yes'; take one"
                        + " of them",
                "name: n/parts:/  a: {command: passkey, out: x}|3: key 'out' must be left out of a part: results go to a"
                        + " folder of the part's name; put 'out' at the top of the file",
                "name: n/parts:/  a: {command: passkey, spark: x}|3: key 'spark' must be left out of a part: where cells are"
                        + " computed is no part of a study; give --spark to 'study run'",
                "name: n/parts:/  a: {command: perplexity, file: x}|3: 'file' must go with 'model', was given alone; add"
                        + " 'model'",
                "name: n/parts:/  a: {command: passkey, for: {seed: 1}}|3: 'seed' of 'for' must be a list, is one value; put"
                        + " it into the part itself",
                "name: n/parts:/  a: {command: passkey, seed: 1, for: {seed: [1, 2]}}|3: 'seed' must be given once, is given"
                        + " in part 'a' and in its 'for'; leave one of them out",
                "name: n/parts:/  a: {command: passkey, for: {seed: [1, 1]}}|3: parts must have names that differ in more"
                        + " than case, two are called 'a-1'; call one of them otherwise",
                "name: n/parts: {? [a] : {}}|2: a key must be text, is a list; quote it",
            })
    void aStudyThatIsNoneIsRefusedWithItsLine(String text, String refusal) {
        assertThatThrownBy(() -> read(text == null ? "" : text.replace("/", "\n")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(file + ":" + refusal);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name: n/\tparts: {}|2",
                "name: a: b|1",
                "name: n/parts: [|2",
                "name: n/---/name: m|2",
                "name: @n|1",
                "name: *n|1",
            })
    void whatIsNotYamlIsRefusedInOurWords(String text, int line) {
        assertThatThrownBy(() -> read(text.replace("/", "\n")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(file + ":" + line
                        + ": must be one YAML document, is none from here on; indent by spaces, put a space after"
                        + " ':', and quote values that hold ': ' or ' #' or begin with one of [ ] { } , & * ! | > % @");
    }

    @Test
    void aFileThatIsNoTextOrTooDeepOrTooLargeIsRefused() throws IOException {
        assertThatThrownBy(() -> read("name: \u0007"))
                .hasMessage(file + ":1: must be YAML text, holds characters that" + " are none; remove them");
        assertThatThrownBy(() -> read("[".repeat(200_000)))
                .hasMessage(file + ":1: must be nested a few levels deep, is nested thousands; write it anew");
        assertThatThrownBy(() -> read("#".repeat(1 << 21)))
                .hasMessage(file + " must be a study of at most 1 MB, is larger; name a study's file");
        Files.write(file, "name: ä".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> StudyFileReader.read(file))
                .hasMessage(file + " must be text in UTF-8, is not; convert it");
        assertThatThrownBy(() -> StudyFileReader.read(folder.resolve("gone")))
                .hasMessage("FILE must be a study's file or output folder, was " + folder.resolve("gone")
                        + ", which is missing; correct the path");
    }
}
