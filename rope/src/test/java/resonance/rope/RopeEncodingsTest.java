package resonance.rope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RopeEncodingsTest {
    private static final RopeEncodings METHODS = RopeEncodings.standard();
    private static final RopeEncodings TRAINING = METHODS.forTraining();
    private static final RopeEncodings MODELS = METHODS.forModels();
    private static final ScalingSettings SETTINGS = ScalingSettings.ofFactor(4);
    private static final String SCALED = "linear, ntk, abf, dynamic-ntk, ntk-by-parts, yarn, yarn-paper, dynamic-yarn,"
            + " longrope, llama3, proportional, ntk-critical, mrrope, cope";

    /** A method of a jar of its own, with a parameter of its own. */
    public static final class Halving implements ScalingProvider {
        static final Parameter<Double> TIMES =
                Parameter.number("halvings", 1, Parameter.Range.AT_LEAST_0, "how often to halve");

        @Override
        public List<ScalingMethod> methods() {
            return List.of(new ScalingMethod(
                    "halved",
                    "Halved",
                    "a test",
                    LinearScaling.class,
                    List.of(TIMES),
                    settings -> new LinearScaling(Math.pow(2, settings.get(TIMES)))));
        }
    }

    private static RopeScaling encoding(String name, ScalingSettings settings) {
        return TRAINING.encoding(name).scaling(settings);
    }

    @Test
    void namesChooseMethods() {
        assertThat(encoding("rope", SETTINGS)).isEqualTo(new NoScaling());
        assertThat(encoding("linear", SETTINGS)).isEqualTo(new LinearScaling(4));
        assertThat(encoding("ntk", SETTINGS)).isEqualTo(new NtkAwareScaling(4));
        assertThat(encoding("abf", SETTINGS)).isEqualTo(AdjustedBaseScaling.multipliedBy(4));
        assertThat(encoding("abf", SETTINGS.with(AdjustedBaseScaling.NEW_BASE, 500_000.0)))
                .isEqualTo(AdjustedBaseScaling.to(500_000));
        assertThat(encoding("dynamic-ntk", SETTINGS)).isEqualTo(new DynamicNtkScaling(1));
        assertThat(encoding("ntk-by-parts", SETTINGS)).isEqualTo(new NtkByPartsScaling(4));
        assertThat(encoding("yarn", SETTINGS.with(YarnScaling.BETA_FAST, 2.0))).isEqualTo(new YarnScaling(4, 2, 1));
        assertThat(encoding("yarn-paper", SETTINGS)).isEqualTo(new PaperYarnScaling(4));
        assertThat(encoding("dynamic-yarn", SETTINGS)).isEqualTo(new DynamicYarnScaling(new YarnScaling(1)));
        assertThat(encoding("llama3", SETTINGS)).isEqualTo(new Llama3Scaling(4));
        assertThat(encoding("proportional", SETTINGS.with(ProportionalScaling.ROTATED_SHARE, 0.25)))
                .isEqualTo(new ProportionalScaling(0.25, 4));
        assertThat(encoding("ntk-critical", SETTINGS)).isEqualTo(new CriticalNtkScaling(4));
        assertThat(encoding("mrrope", SETTINGS.with(YarnScaling.BETA_FAST, 2.0)))
                .isEqualTo(new MixedRadixScaling(4, 2, 1));
        assertThat(encoding("cope", SETTINGS)).isEqualTo(new ClippedScaling(0.3125));
        assertThat(encoding("longrope", EveryScaling.settings(4))).isInstanceOf(LongRopeScaling.class);
    }

    @Test
    void everyMethodMakesAScalingOfItsOwnClass() {
        for (ScalingMethod method : METHODS.methods()) {
            assertThat(method.scaling(EveryScaling.settings(64)))
                    .as(method.name())
                    .isInstanceOf(method.type());
            assertThat(METHODS.method(method.name())).isEqualTo(method);
        }
    }

    @Test
    void everyMethodReadsNothingButTheParametersThatItDeclares() {
        ScalingSettings changed = EveryScaling.settings(64)
                .with(AdjustedBaseScaling.NEW_BASE, 70_000.0)
                .with(DynamicNtkScaling.DYNAMIC_FACTOR, 2.0)
                .with(YarnScaling.BETA_FAST, 16.0)
                .with(YarnScaling.BETA_SLOW, 2.0)
                .with(YarnScaling.TRUNCATE, false)
                .with(YarnScaling.ATTENTION_FACTOR, 1.5)
                .with(YarnScaling.MSCALE, 0.5)
                .with(YarnScaling.MSCALE_ALL_DIM, 0.7)
                .with(Llama3Scaling.LOW_FREQUENCY_FACTOR, 2.0)
                .with(Llama3Scaling.HIGH_FREQUENCY_FACTOR, 8.0)
                .with(ClippedScaling.CLIPPED_SHARE, 0.5);
        for (ScalingMethod method : METHODS.methods()) {
            ScalingSettings own = ScalingSettings.DEFAULTS;
            for (Parameter<?> parameter : method.parameters()) {
                own = own.with(parameter, changed.get(parameter));
            }
            assertThat(method.scaling(own)).as(method.name()).isEqualTo(method.scaling(changed));
        }
    }

    @Test
    void resonanceStandsBeforeAnyName() {
        assertThat(encoding("resonance-rope", SETTINGS)).isEqualTo(new Resonance(new NoScaling()));
        assertThat(encoding("resonance-yarn", SETTINGS)).isEqualTo(new Resonance(new YarnScaling(4)));
        assertThat(TRAINING.encodings())
                .hasSize(2 * 15 + 4)
                .extracting(EncodingName::toString)
                .startsWith("rope", "linear")
                .contains("resonance-rope", "resonance-linear")
                .endsWith("nope", "sinusoidal", "alibi", "t5");
    }

    @Test
    void aMethodOfAnotherJarCannotTakeTheNameOfAnEncodingThatDoesNotRotate() {
        RopeEncodings more = METHODS.with(named("alibi"));
        assertThatThrownBy(more::forTraining)
                .isInstanceOf(Refusal.class)
                .hasMessage("name must be new, was 'alibi'; taken: rope, " + SCALED + ", alibi, nope, sinusoidal");
    }

    @Test
    void besideAModelRopeIsCalledNoneAndItsOwnEncodingModel() {
        assertThat(METHODS.names()).isEqualTo("none, " + SCALED);
        assertThat(MODELS.names()).isEqualTo("none, " + SCALED + ", model");
        assertThat(TRAINING.names()).isEqualTo("rope, " + SCALED);
        assertThat(METHODS.method("none").scaling(SETTINGS)).isEqualTo(new NoScaling());
        assertThat(MODELS.encoding("rope")).hasToString("none");
        assertThat(MODELS.encoding("resonance-rope")).isEqualTo(MODELS.encoding("resonance-none"));
        assertThatThrownBy(() -> MODELS.encoding("model").scaling(SETTINGS))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("encoding model must be asked of the model");
    }

    @Test
    void unknownNamesAreRefusedWithTheKnownOnesAndTheNearest() {
        assertThatThrownBy(() -> METHODS.method("yarm"))
                .isInstanceOf(Refusal.class)
                .hasMessage("scaling 'yarm' is unknown; known: none, " + SCALED + "; did you mean 'yarn'?");
        assertThatThrownBy(() -> TRAINING.encoding("resonance-yam"))
                .isInstanceOf(Refusal.class)
                .hasMessage(
                        "encoding 'resonance-yam' is unknown; known: rope, " + SCALED
                                + ", and resonance- before any, or nope, sinusoidal, alibi, t5; did you mean 'resonance-yarn'?");
        assertThatThrownBy(() -> TRAINING.encoding("none"))
                .isInstanceOf(Refusal.class)
                .hasMessage("encoding 'none' is unknown; known: rope, " + SCALED
                        + ", and resonance- before any, or nope, sinusoidal, alibi, t5; did you mean 'nope'?");
        assertThatThrownBy(() -> MODELS.encoding("alibi"))
                .isInstanceOf(Refusal.class)
                .hasMessage(
                        "encoding 'alibi' is unknown; known: none, " + SCALED + ", model, and resonance- before any");
        assertThatThrownBy(() -> TRAINING.method("alibi"))
                .isInstanceOf(Refusal.class)
                .hasMessage("scaling 'alibi' is unknown; known: rope, " + SCALED);
        assertThatThrownBy(() -> METHODS.parameter("betaFats"))
                .isInstanceOf(Refusal.class)
                .hasMessage(
                        "parameter 'betaFats' is unknown; known: factor, newBase, dynamicFactor, betaFast, betaSlow,"
                                + " truncate, attentionFactor, mscale, mscaleAllDim, shortFactors, longFactors,"
                                + " lowFrequencyFactor, highFrequencyFactor, rotatedShare, clippedShare; did you mean 'betaFast'?");
    }

    @Test
    void aParameterKnowsItsReaders() {
        assertThat(METHODS.readers(YarnScaling.BETA_FAST))
                .containsExactly("ntk-by-parts", "yarn", "yarn-paper", "dynamic-yarn", "mrrope");
        assertThat(METHODS.readers(YarnScaling.ATTENTION_FACTOR)).containsExactly("yarn", "dynamic-yarn", "longrope");
        assertThat(METHODS.readers(Halving.TIMES)).isEmpty();
    }

    @Test
    void usersAddTheirOwn() {
        ScalingMethod halved = new Halving().methods().get(0);
        RopeEncodings more = METHODS.with(halved);
        assertThat(more.encoding("resonance-halved").scaling(SETTINGS)).isEqualTo(new Resonance(new LinearScaling(2)));
        assertThat(more.forModels().names()).endsWith("cope, halved, model");
        assertThat(more.parameter("halvings")).isSameAs(Halving.TIMES);
        assertThat(METHODS.names()).doesNotContain("halved");
        assertThatThrownBy(() -> more.with(halved))
                .isInstanceOf(Refusal.class)
                .hasMessageStartingWith("name must be new, was 'halved'; taken: none,");
    }

    @Test
    void methodsOfAnotherJarAreFound(@TempDir Path jar) throws IOException {
        Path services = Files.createDirectories(jar.resolve("META-INF/services"));
        Files.writeString(services.resolve(ScalingProvider.class.getName()), Halving.class.getName());
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {jar.toUri().toURL()}, getClass().getClassLoader())) {
            RopeEncodings more = METHODS.with(ServiceLoader.load(ScalingProvider.class, loader));
            assertThat(more.encoding("resonance-halved").scaling(SETTINGS.with(Halving.TIMES, 3.0)))
                    .isEqualTo(new Resonance(new LinearScaling(8)));
            assertThat(more.encoding("resonance-halved").label()).isEqualTo("Resonance Halved");
        }
        assertThat(RopeEncodings.installed().names()).isEqualTo(METHODS.names());
    }

    @Test
    void aParameterOfTheSameNameThatIsAnotherOneIsRefused() {
        Parameter<Double> other = Parameter.number("betaFast", 2, Parameter.Range.ABOVE_0, "another");
        ScalingMethod method =
                new ScalingMethod("mine", "Mine", "a test", NoScaling.class, List.of(other), s -> new NoScaling());
        assertThatThrownBy(() -> METHODS.with(method))
                .isInstanceOf(Refusal.class)
                .hasMessage("parameter 'betaFast' of mine must be the one of the other methods, was another");
    }

    @Test
    void aNameThatCannotBeTypedIsRefused() {
        for (String name : List.of("", "two words", "Upper", "-x")) {
            assertThatThrownBy(() -> named(name))
                    .isInstanceOf(Refusal.class)
                    .hasMessage("name must be lower-case letters, digits and hyphens, starting with a letter, was '"
                            + name + "'");
        }
        assertThatThrownBy(() -> named("resonance-mine"))
                .isInstanceOf(Refusal.class)
                .hasMessage("name must not start with \"resonance-\", was 'resonance-mine'");
    }

    private static ScalingMethod named(String name) {
        return new ScalingMethod(name, "Mine", "a test", NoScaling.class, List.of(), settings -> new NoScaling());
    }

    /** One row of the README may hold several methods of one source. */
    @Test
    void theReadmesTableIsTheCatalogues() throws IOException {
        List<String> readme = Files.readAllLines(Path.of("../README.md"));
        List<String> rows = readme.subList(
                readme.indexOf("| Encoding | Class | Source |") + 2,
                readme.indexOf(
                        "| `resonance-` before any of these | `Resonance` | wavelengths rounded to whole tokens |"));
        List<String> named = new ArrayList<>();
        for (String row : rows) {
            String[] cells = row.split("\\|", -1);
            List<String> classes = new ArrayList<>();
            Set<String> sources = new LinkedHashSet<>();
            for (String name : cells[1].strip().split(", ", -1)) {
                ScalingMethod method = TRAINING.method(name.replace("`", ""));
                named.add(method.name());
                classes.add("`" + method.type().getSimpleName() + "`");
                sources.add(method.source());
            }
            assertThat(cells[2].strip()).as(row).isEqualTo(String.join(", ", classes));
            assertThat(cells[3].strip()).as(row).isEqualTo(String.join("; ", sources));
        }
        assertThat(named)
                .containsExactlyInAnyOrderElementsOf(
                        TRAINING.methods().stream().map(ScalingMethod::name).toList());
    }

    @Test
    void theNearestWordNeedsFewEdits() {
        List<String> words = List.of("linear", "yarn", "longrope");
        assertThat(Spelling.nearest("lineer", words)).contains("linear");
        assertThat(Spelling.nearest("yarn", words)).contains("yarn");
        assertThat(Spelling.nearest("LongRoPE", words)).contains("longrope");
        assertThat(Spelling.nearest("lngrop", words)).contains("longrope");
        assertThat(Spelling.nearest("xyz", words)).isEmpty();
        assertThat(Spelling.nearest("", words)).isEmpty();
    }
}
