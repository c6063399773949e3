package resonance.evaluation.ruler;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.ToIntFunction;

/**
 * Samples as long as fit: a binary search finds the units of the haystack, then each sample is drawn with so many, and drawn
 * again with one increment fewer while it is too long.
 *
 * <p>Search and samples draw from one stream in the order of NVIDIA's scripts, which decides that the samples are theirs. Their
 * scripts never end where the smallest increment does not fit, or where a sample of that size stays too long; here the haystack
 * then shrinks unit by unit down to its minimum, after {@value #REDRAWS} tries.
 */
final class FittingSamples {
    /** Of a prompt that could be shorter. */
    private static final int REDRAWS = 100;

    private final Haystack haystack;
    private final ToIntFunction<String> tokens;
    private final int length;
    private final int answer;
    private final int example;

    /**
     * @param tokens how many tokens a text has
     * @param length tokens that prompt and answer may have together
     * @param answer tokens kept free for the answer
     * @param example tokens of the example that stands before a sample but not before a prompt of the search
     */
    FittingSamples(Haystack haystack, ToIntFunction<String> tokens, int length, int answer, int example) {
        this.haystack = haystack;
        this.tokens = tokens;
        this.length = length;
        this.answer = answer;
        this.example = example;
    }

    /** So many samples; empty if not even the smallest fits. */
    Optional<List<RulerSample>> of(int count) {
        int least = haystack.increment();
        int specimen = haystack.specimen();
        double tokensPerUnit = tokens.applyAsInt(haystack.draw(specimen).text()) / (double) specimen;
        int bound = Math.max(haystack.bound(length, tokensPerUnit), 2 * least);
        OptionalInt units = mostThatFit(least, bound);
        if (units.isEmpty()) {
            units = mostThatFit(haystack.minimum(), least - 1);
        }
        return units.isEmpty() ? Optional.empty() : drawn(units.getAsInt(), count);
    }

    private OptionalInt mostThatFit(int least, int most) {
        OptionalInt fits = OptionalInt.empty();
        int low = least;
        int high = most;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (tokens.applyAsInt(haystack.draw(middle).text()) + example + answer <= length) {
                fits = OptionalInt.of(middle);
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return fits;
    }

    private Optional<List<RulerSample>> drawn(int units, int count) {
        List<RulerSample> samples = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Optional<RulerSample> sample = one(units, Redraws.of(i));
            if (sample.isEmpty()) {
                return Optional.empty();
            }
            samples.add(sample.get());
        }
        return Optional.of(List.copyOf(samples));
    }

    private Optional<RulerSample> one(int most, int draws) {
        int units = most;
        int redraws = 0;
        while (true) {
            Draw draw = haystack.sample(units);
            int prompt = tokens.applyAsInt(draw.text());
            if (prompt + answer <= length) {
                return Optional.of(new RulerSample(
                        draw.input(), draw.answerPrefix(), draw.references(), draw.target(), prompt, answer));
            }
            if (units > haystack.increment()) {
                units = Math.max(haystack.minimum(), units - haystack.increment());
            } else if (units > haystack.minimum()) {
                redraws++;
                if (redraws == REDRAWS) {
                    units--;
                    redraws = 0;
                }
            } else if (++redraws == draws) {
                return Optional.empty();
            }
        }
    }
}
