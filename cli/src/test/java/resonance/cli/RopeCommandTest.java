package resonance.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RopeCommandTest {

    @Test
    void jsonHasTheKeysThatScriptsRelyOn() throws JsonProcessingException {
        JsonNode json = json("rope --json");
        assertThat(names(json))
                .contains("criticalFeature", "preCriticalFeatures", "repeatPeriod", "attentionScale", "features");
        assertThat(names(json.get("features").get(0)))
                .containsExactly(
                        "index",
                        "wavelength",
                        "scaledWavelength",
                        "roundedWavelength",
                        "periodTokens",
                        "turns",
                        "radiansPerToken",
                        "drift",
                        "preCritical",
                        "featureGap");
    }

    @ParameterizedTest
    @CsvSource({"128, 2048, 41", "128, 4096, 46", "64, 64, 9", "64, 256, 13"})
    void criticalFeatureIsThePapers(int headSize, int trainedLength, int expected) throws JsonProcessingException {
        JsonNode json = json("rope --json --base 10000 --head-size " + headSize + " --trained-length " + trainedLength);
        assertThat(json.get("criticalFeature").intValue()).isEqualTo(expected);
        assertThat(json.get("preCriticalFeatures").intValue()).isEqualTo(expected);
    }

    @Test
    void withoutOptionsItIsLlamaUnscaled() throws JsonProcessingException {
        JsonNode json = json("rope --json");
        assertThat(json.get("features")).hasSize(64);
        JsonNode last = json.get("features").get(63);
        assertThat(last.get("wavelength").doubleValue()).isCloseTo(54_410.14, within(0.005));
        assertThat(last.get("scaledWavelength")).isEqualTo(last.get("wavelength"));
        assertThat(last.get("roundedWavelength").isNull()).isTrue();
        assertThat(json.get("repeatPeriod").isNull()).isTrue();
        assertThat(json.get("attentionScale").doubleValue()).isEqualTo(1);
    }

    @Test
    void resonanceRoundsWavelengthsAndClosesTheGapsOfPreCriticalFeatures() throws JsonProcessingException {
        JsonNode json = json("rope --json --resonance");
        for (JsonNode feature : json.get("features")) {
            long rounded = (long) Math.rint(feature.get("scaledWavelength").doubleValue());
            assertThat(feature.get("roundedWavelength").longValue()).isEqualTo(rounded);
            assertThat(feature.get("radiansPerToken").doubleValue()).isEqualTo(2 * Math.PI / rounded);
            assertThat(feature.get("featureGap").doubleValue() == 0)
                    .isEqualTo(feature.get("preCritical").booleanValue());
        }
        BigInteger period = new BigInteger(json.get("repeatPeriod").textValue());
        assertThat(period.doubleValue()).isCloseTo(7.058e51, within(0.0005e51));
    }

    @Test
    void yarnScalesTheSlowFeaturesAndTheAttention() throws JsonProcessingException {
        JsonNode json = json(
                "rope --json --head-size 128 --base 10000 --trained-length 4096 --scaling yarn --factor 8 --resonance");
        JsonNode first = json.get("features").get(0);
        JsonNode last = json.get("features").get(63);
        assertThat(first.get("scaledWavelength").doubleValue()).isEqualTo(2 * Math.PI);
        assertThat(last.get("scaledWavelength").doubleValue())
                .isCloseTo(8 * last.get("wavelength").doubleValue(), within(1e-6));
        assertThat(json.get("attentionScale").doubleValue()).isCloseTo(0.1 * Math.log(8) + 1, within(1e-12));
        assertThat(json.get("targetLength").longValue()).isEqualTo(32_768);
        assertThat(json.get("criticalFeature").intValue()).isEqualTo(39);
    }

    @Test
    void theFactorFollowsFromTheLengths() throws JsonProcessingException {
        JsonNode json = json("rope --json --scaling linear --trained-length 2048 --target-length 8192");
        assertThat(json.get("factor").doubleValue()).isEqualTo(4);
        assertThat(json.get("features").get(0).get("scaledWavelength").doubleValue())
                .isEqualTo(8 * Math.PI);
    }

    @Test
    void aFeatureThatDoesNotRotateHasNoWavelength() throws JsonProcessingException {
        JsonNode json = json("rope --json --scaling proportional --rotary-share 0.25 --factor 1 --resonance");
        JsonNode still = json.get("features").get(63);
        assertThat(still.get("scaledWavelength").isNull()).isTrue();
        assertThat(still.get("roundedWavelength").isNull()).isTrue();
        assertThat(still.get("radiansPerToken").doubleValue()).isZero();
    }

    @Test
    void theTableIsAsExpected() {
        CommandRun run =
                CommandRun.of("rope --head-size 8 --trained-length 128 --factor 4 --scaling linear --resonance");
        String expected = """
                Head size 8, base 10000, trained length 128, target length 512
                Scaling linear with factor 4, with resonance, attention scale 1.00000

                feature     wavelength         scaled    rounded    radians/token  critical             gap
                      0          6.283         25.133         25       0.25132741  pre-critical           0
                      1         62.832        251.327        251      0.025032611  post-critical   1.400876
                      2        628.319       2513.274       2513     0.0025002727  post-critical   0.923651
                      3       6283.185      25132.741      25133    0.00024999743  post-critical   0.095962

                Critical feature: 1 (1 of 4 features turn fully within the trained length)
                Largest drift of a pre-critical feature from the scaling up to the target length: 0.6783 radians
                Repeat period of the pre-critical features: 25 tokens

                Aliases: distances from 128 to 511 at which the fast features (0) nearly return
                  distance   similarity  features that return
                       150        1.000  0
                       175        1.000  0
                       200        1.000  0
                       225        1.000  0
                       250        1.000  0
                       275        1.000  0
                       300        1.000  0
                       325        1.000  0
                Together the fast features repeat exactly after 25 tokens.
                """.replace("\n", System.lineSeparator());
        assertThat(run).isEqualTo(new CommandRun(0, expected, ""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--scaling linear --beta-fast 4|--beta-fast must go with --scaling ntk-by-parts or yarn or yarn-paper or"
                        + " dynamic-yarn or mrrope, was given with linear; leave it out or change --scaling",
                "--new-base 50000|--new-base must go with --scaling abf, was given with none; leave it out or change --scaling",
                "--head-size 63|--head-size must be even and at least 2, was 63; a rotation turns pairs of dimensions; take an"
                        + " even number such as 128",
                "--factor 0.5|--factor must be a finite number of at least 1, was 0.5; 1 changes nothing, 8 stretches 4096"
                        + " tokens to 32768",
                "--base 1e400|--base must be a finite number above 1, was 1e400; models use 10000 and more",
                "--factor NaN|--factor must be a finite number of at least 1, was NaN; 1 changes nothing, 8 stretches 4096"
                        + " tokens to 32768",
                "--factor 1e18|--factor must stretch --trained-length (4096) to at most 2^53 tokens, was 1e18; 1"
                        + " changes nothing, 8 stretches 4096 tokens to 32768",
                "--head-size 300000|--head-size must be at most 4096, was 300000; take an even number such as 128",
                "--scaling resonance-yarn|--scaling must be named without resonance-, was 'resonance-yarn'; did you mean"
                        + " '--scaling yarn --resonance'?",
                "--base 1|--base must be a finite number above 1, was 1; models use 10000 and more",
                "--trained-length 0|--trained-length must be at least 1, was 0; leave it out for its default",
                "--target-length 2048|--target-length must be at least --trained-length (4096), was 2048; swap the lengths or"
                        + " leave --target-length out",
                "--scaling yarm|--scaling 'yarm' is unknown; known: none, linear, ntk, abf, dynamic-ntk, ntk-by-parts, yarn,"
                        + " yarn-paper, dynamic-yarn, longrope, llama3, proportional,"
                        + " ntk-critical, mrrope, cope; did you mean 'yarn'?",
                "--beta-fast 0.5|--beta-fast must be above --beta-slow (1), was 0.5; the usual values are --beta-fast 32"
                        + " --beta-slow 1",
                "--low-freq-factor 5|--high-freq-factor must be above --low-freq-factor (5), was 4; leave it out for its"
                        + " default",
                "--rotary-share 2|--rotary-share must be from 0 to 1, was 2; leave it out for its default",
                "--scaling longrope|--short-factors and --long-factors must be given for longrope, one divisor per pair, were 0"
                        + " and 0 values; separate the numbers by commas",
            })
    void aValueOutOfRangeIsRefusedByTheNameOfItsOption(String options, String line) {
        assertThat(CommandRun.of("rope --json " + options))
                .isEqualTo(new CommandRun(2, "", line + System.lineSeparator()));
    }

    @Test
    void aliasesAreDistancesBeyondTheTrainedLength() throws JsonProcessingException {
        JsonNode json = json("rope --head-size 64 --trained-length 64 --target-length 256 --resonance --json");
        JsonNode strongest = json.get("aliases").get(0);
        assertThat(names(strongest)).containsExactly("distance", "pairs", "similarity");
        assertThat(strongest.get("distance").intValue()).isEqualTo(120);
        assertThat(strongest.get("pairs").toString()).isEqualTo("[0,1,2,3,4]");
        assertThat(strongest.get("similarity").doubleValue()).isCloseTo(0.848, within(0.0005));
        assertThat(json.get("fastFeatures").toString()).isEqualTo("[0,1,2,3,4,5]");
        assertThat(json.get("fastRepeatPeriod").textValue()).isEqualTo("17160");
        assertThat(json.get("aliasesSearchedTo").intValue()).isEqualTo(256);
    }

    @Test
    void withoutATargetBeyondTheTrainedLengthThereAreNoAliases() throws JsonProcessingException {
        String command = "rope --trained-length 64 --target-length 64";
        assertThat(json(command + " --json").get("aliases")).isEmpty();
        assertThat(CommandRun.of(command).out()).doesNotContain("Aliases");
    }

    @Test
    @Timeout(30)
    void aliasesOfAVastTargetAreSearchedUpToAHorizon() throws JsonProcessingException {
        String command = "rope --target-length 1000000000";
        assertThat(json(command + " --json").get("aliasesSearchedTo").longValue())
                .isEqualTo(4096 + 262_144);
        assertThat(CommandRun.of(command).out())
                .contains("Aliases: distances from 4096 to 266239 at which")
                .endsWith("Farther distances, up to the target length, were not searched." + System.lineSeparator());
    }

    private static JsonNode json(String command) throws JsonProcessingException {
        CommandRun run = CommandRun.of(command);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err()).isEmpty();
        return new ObjectMapper().readTree(run.out());
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void periodsOfSeveralTurnsAreShownWithWhatTheyCost() throws IOException {
        String options = "rope --head-size 64 --base 100000 --trained-length 8192 --target-length 32768 --resonance";
        CommandRun run = CommandRun.of(options + " --periods p8192");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("with resonance p8192")
                .contains(" 710/113 ")
                .contains("Largest drift of a pre-critical");
        JsonNode json = new ObjectMapper()
                .readTree(CommandRun.of(options + " --periods p8192 --json").out());
        assertThat(json.get("rounding").textValue()).isEqualTo("p8192");
        assertThat(json.get("largestDrift").doubleValue()).isBetween(1e-6, 0.006);
        assertThat(json.at("/features/0/periodTokens").intValue()).isEqualTo(710);
        assertThat(json.at("/features/0/turns").intValue()).isEqualTo(113);
        assertThat(json.at("/features/0/roundedWavelength").isNull()).isTrue();
        assertThat(CommandRun.of(options + " --periods q3").err())
                .startsWith(
                        "--periods must be whole, searched, p and tokens such as p64, or x and wavelengths such as x16, was 'q3'");
        assertThat(CommandRun.of("rope --periods p64").err())
                .startsWith("--periods must go with --resonance, was 'p64'; give both");
    }
}
