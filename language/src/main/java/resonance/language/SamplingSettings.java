package resonance.language;

import resonance.rope.Refusal;

/**
 * How the next token is chosen from the logits.
 *
 * @param temperature logits are divided by it; 0 takes the largest logit always, at least 0
 * @param topK keeps this many of the likeliest tokens; 0 keeps all
 * @param topP keeps the fewest likeliest tokens whose probabilities add up to this or more; 1 keeps all, above 0
 * @param minP keeps tokens at least this many times as likely as the likeliest; 0 keeps all, below 1
 * @param repetitionPenalty divides positive and multiplies negative logits of tokens that the text has already (Keskar
 *     et al., "CTRL", 2019, section 4.1, as Hugging Face applies it); 1 changes nothing, above 0
 * @param seed start of the random numbers
 */
public record SamplingSettings(
        double temperature, int topK, double topP, double minP, double repetitionPenalty, long seed) {
    /** Always the likeliest token. */
    public static final SamplingSettings GREEDY = new SamplingSettings(0, 0, 1, 0, 1, 0);

    public SamplingSettings {
        if (!(temperature >= 0 && temperature < Double.POSITIVE_INFINITY)) {
            throw Refusal.of("temperature", "must be a finite number of at least 0", "was " + temperature)
                    .cure("0 is greedy");
        }
        if (topK < 0) {
            throw Refusal.of("topK", "must be at least 0", "was " + topK).cure("0 keeps all tokens");
        }
        if (!(topP > 0 && topP <= 1)) {
            throw Refusal.of("topP", "must be above 0 and at most 1", "was " + topP)
                    .cure("1 keeps all tokens");
        }
        if (!(minP >= 0 && minP < 1)) {
            throw Refusal.of("minP", "must be at least 0 and below 1", "was " + minP)
                    .cure("0 keeps all tokens");
        }
        if (!(repetitionPenalty > 0 && repetitionPenalty < Double.POSITIVE_INFINITY)) {
            throw Refusal.of("repetitionPenalty", "must be a finite number above 0", "was " + repetitionPenalty)
                    .cure("1 changes nothing");
        }
    }
}
