package resonance.language.pretraining;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import resonance.rope.Refusal;

/**
 * Learns a byte-level BPE vocabulary (Sennrich et al. 2016): the most frequent pair of neighbouring tokens becomes a
 * token, until there are enough.
 *
 * <p>Words are counted first, so that a merge costs as much as there are different words with that pair. Pair counts are
 * kept up to date instead of being counted anew, and the next pair comes from a heap whose stale entries are corrected
 * when they reach the top. Among pairs of one frequency the one with the smaller ids is taken, as the Hugging Face trainer
 * does; ids are its too: the separator, the 256 byte characters in the order of their code points, the merges. So both
 * make the same file of the same texts.
 *
 * <p>Not thread safe.
 */
public final class BytePairTrainer {
    /** The separator and one token for each byte. */
    public static final int SMALLEST_VOCABULARY = 257;

    private static final Pattern SEPARATOR = Pattern.compile(Pattern.quote(BytePairVocabulary.SEPARATOR));

    private final Map<String, long[]> wordCounts = new HashMap<>();

    /** A word's tokens, as far as they are merged, and how often it occurs. */
    private static final class Word {
        int[] tokens;
        final long count;

        Word(int[] tokens, long count) {
            this.tokens = tokens;
            this.count = count;
        }
    }

    /** How often a pair occurs and where it was ever seen. */
    private static final class Occurrences {
        long count;
        final List<Word> words = new ArrayList<>();
    }

    private record Pair(int left, int right) {}

    private record Candidate(Pair pair, long count) {
        static final Comparator<Candidate> MOST_FREQUENT_FIRST = Comparator.comparingLong(Candidate::count)
                .reversed()
                .thenComparingInt(candidate -> candidate.pair.left)
                .thenComparingInt(candidate -> candidate.pair.right);
    }

    private final Map<Pair, Occurrences> pairs = new HashMap<>();
    private final PriorityQueue<Candidate> candidates = new PriorityQueue<>(Candidate.MOST_FREQUENT_FIRST);

    /** Counts a text's words. A separator spelled out in it is left out. */
    public void add(String text) {
        for (String part : SEPARATOR.split(text, -1)) {
            ByteLevelText.forEachWord(part, word -> wordCounts.computeIfAbsent(word, key -> new long[1])[0]++);
        }
    }

    /**
     * The vocabulary of the texts so far; fewer tokens where no pair is left to merge.
     *
     * @param vocabularySize number of tokens, at least {@value #SMALLEST_VOCABULARY}
     */
    public BytePairVocabulary train(int vocabularySize) {
        if (vocabularySize < SMALLEST_VOCABULARY) {
            throw Refusal.was("vocabularySize", "must be at least " + SMALLEST_VOCABULARY, vocabularySize);
        }
        Map<String, Integer> ids = startingIds();
        List<String> tokens = new ArrayList<>(ids.keySet());
        countPairs(ids);
        List<BytePairVocabulary.Merge> merges = new ArrayList<>();
        while (tokens.size() < vocabularySize) {
            Candidate best = candidates.poll();
            if (best == null) {
                break;
            }
            long count = occurrences(best.pair).count;
            if (count != best.count) {
                if (count > 0) {
                    candidates.add(new Candidate(best.pair, count));
                }
                continue;
            }
            String left = tokens.get(best.pair.left);
            String right = tokens.get(best.pair.right);
            String joined = left + right;
            int id = ids.computeIfAbsent(joined, key -> tokens.size());
            if (id == tokens.size()) {
                tokens.add(joined);
            }
            merges.add(new BytePairVocabulary.Merge(left, right));
            merge(best.pair, id);
        }
        pairs.clear();
        candidates.clear();
        return new BytePairVocabulary(tokens, merges);
    }

    private static Map<String, Integer> startingIds() {
        char[] alphabet = new char[256];
        for (int value = 0; value < alphabet.length; value++) {
            alphabet[value] = ByteLevelText.character(value);
        }
        Arrays.sort(alphabet);
        Map<String, Integer> ids = new LinkedHashMap<>();
        ids.put(BytePairVocabulary.SEPARATOR, 0);
        for (char character : alphabet) {
            ids.put(String.valueOf(character), ids.size());
        }
        return ids;
    }

    private void countPairs(Map<String, Integer> ids) {
        for (Map.Entry<String, long[]> entry : new TreeMap<>(wordCounts).entrySet()) {
            String encoded = ByteLevelText.encode(entry.getKey());
            int[] tokens = new int[encoded.length()];
            for (int i = 0; i < tokens.length; i++) {
                tokens[i] = requireNonNull(ids.get(encoded.substring(i, i + 1)));
            }
            Word word = new Word(tokens, entry.getValue()[0]);
            for (Pair pair : add(word, 1)) {
                occurrences(pair).words.add(word);
            }
        }
        pairs.forEach((pair, found) -> candidates.add(new Candidate(pair, found.count)));
    }

    private Occurrences occurrences(Pair pair) {
        return pairs.computeIfAbsent(pair, key -> new Occurrences());
    }

    /** Adds a word's pairs to the counts, or takes them away; the pairs it has. */
    private Set<Pair> add(Word word, int sign) {
        Set<Pair> seen = new HashSet<>();
        for (int i = 0; i + 1 < word.tokens.length; i++) {
            Pair pair = new Pair(word.tokens[i], word.tokens[i + 1]);
            occurrences(pair).count += sign * word.count;
            seen.add(pair);
        }
        return seen;
    }

    private void merge(Pair pair, int id) {
        Set<Pair> changed = new HashSet<>();
        for (Word word : occurrences(pair).words) {
            int[] joined = joined(word.tokens, pair, id);
            if (joined.length == word.tokens.length) {
                continue;
            }
            Set<Pair> before = add(word, -1);
            word.tokens = joined;
            for (Pair now : add(word, 1)) {
                if (!before.contains(now)) {
                    occurrences(now).words.add(word);
                }
                if (now.left == id || now.right == id) {
                    changed.add(now);
                }
            }
        }
        pairs.remove(pair);
        for (Pair now : changed) {
            candidates.add(new Candidate(now, occurrences(now).count));
        }
    }

    /** The tokens with every occurrence of the pair, from left to right, replaced. */
    private static int[] joined(int[] tokens, Pair pair, int id) {
        int[] joined = new int[tokens.length];
        int length = 0;
        for (int i = 0; i < tokens.length; i++) {
            if (i + 1 < tokens.length && tokens[i] == pair.left && tokens[i + 1] == pair.right) {
                joined[length++] = id;
                i++;
            } else {
                joined[length++] = tokens[i];
            }
        }
        return Arrays.copyOf(joined, length);
    }
}
