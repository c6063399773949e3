package resonance.evaluation.ruler;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.RandomAccess;
import java.util.TreeSet;

/**
 * Every "adjective-noun" in alphabetical order, none twice, without holding them all: RULER draws its keys from 6.2 million.
 *
 * <p>Adjectives are taken in order, and behind each stand the nouns in order. That is the order of the whole, unless one
 * adjective with its hyphen begins another ("self", "self-made"): such a group is written out.
 */
final class SortedKeys extends AbstractList<String> implements RandomAccess {
    private final List<Block> blocks = new ArrayList<>();
    private final int size;

    private record Block(int start, String beginning, List<String> endings) {}

    SortedKeys(Collection<String> adjectives, Collection<String> nouns) {
        TreeSet<String> beginnings = new TreeSet<>();
        adjectives.forEach(adjective -> beginnings.add(adjective + "-"));
        List<String> sortedNouns = List.copyOf(new TreeSet<>(nouns));
        int start = 0;
        while (!beginnings.isEmpty()) {
            String first = beginnings.first();
            List<String> group = beginnings.stream()
                    .takeWhile(word -> word.startsWith(first))
                    .toList();
            group.forEach(beginnings::remove);
            Block block = group.size() == 1
                    ? new Block(start, first, sortedNouns)
                    : new Block(start, "", writtenOut(group, sortedNouns));
            blocks.add(block);
            start += block.endings().size();
        }
        size = start;
    }

    private static List<String> writtenOut(List<String> beginnings, List<String> endings) {
        TreeSet<String> keys = new TreeSet<>();
        beginnings.forEach(beginning -> endings.forEach(ending -> keys.add(beginning + ending)));
        return List.copyOf(keys);
    }

    @Override
    public String get(int index) {
        int low = 0;
        int high = blocks.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (blocks.get(middle).start() <= index) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        Block block = blocks.get(low);
        return block.beginning() + block.endings().get(index - block.start());
    }

    @Override
    public int size() {
        return size;
    }
}
