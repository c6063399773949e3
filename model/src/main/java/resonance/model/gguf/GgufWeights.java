package resonance.model.gguf;

import java.util.Map;
import java.util.Optional;
import resonance.decoder.Parameter;
import resonance.decoder.WeightSource;
import resonance.model.ChangedWeights;
import resonance.model.gguf.GgufParameters.Source;

/** A file's tensors as the parameters of a decoder. */
final class GgufWeights implements WeightSource {
    private final GgufFile file;
    private final Map<Parameter, Source> sources;

    GgufWeights(GgufFile file, Map<Parameter, Source> sources) {
        this.file = file;
        this.sources = sources;
    }

    @Override
    public void read(Parameter parameter, long firstElement, int count, float[] target, int offset) {
        Source source = source(parameter);
        String name = parameter.name();
        GgufTensor tensor = source.tensor();
        int rowLength = parameter.columns();
        if (firstElement < 0 || count < 0 || firstElement > tensor.elements() - count) {
            throw new IllegalArgumentException("elements of " + name + " must be from 0 to " + tensor.elements()
                    + ", was " + count + " from " + firstElement + " on");
        }
        if (firstElement % rowLength != 0 || count % rowLength != 0) {
            throw new IllegalArgumentException("elements of " + name + " must be whole rows of " + rowLength + ", was "
                    + count + " from " + firstElement + " on");
        }
        if (source.headSize() == 0) {
            file.read(tensor, firstElement, count, target, offset);
            return;
        }
        long firstRow = firstElement / rowLength;
        for (int row = 0; row < count / rowLength; row++) {
            long stored = storedRow(firstRow + row, source.headSize());
            file.read(tensor, stored * rowLength, rowLength, target, offset + row * rowLength);
        }
    }

    /** As they would be read from a file whose changed tensors are {@link GgmlType#unquantised}. */
    WeightSource rewritten(ChangedWeights changed) {
        return changed.over(this, (parameter, elements) -> {
            GgmlType type = source(parameter).tensor().type().unquantised();
            type.decode(type.encode(elements, 0, elements.length), 0, elements.length, elements, 0);
        });
    }

    /** The parameter that is read from a tensor; empty if none is. */
    Optional<Parameter> parameter(GgufTensor tensor) {
        return sources.entrySet().stream()
                .filter(entry -> entry.getValue().tensor().equals(tensor))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** Rows of a head that the parameter's tensor has as halves; 0 if it has pairs side by side, or no pairs. */
    int halves(Parameter parameter) {
        return source(parameter).headSize();
    }

    private Source source(Parameter parameter) {
        Source source = sources.get(parameter);
        if (source == null) {
            throw new IllegalArgumentException("parameter must be one of " + file.path() + ", was " + parameter);
        }
        return source;
    }

    /** Row 2i of a head is stored as its row i, row 2i + 1 as its row headSize/2 + i. */
    private static long storedRow(long row, int headSize) {
        long head = row / headSize;
        int within = (int) (row % headSize);
        int stored = within % 2 == 0 ? within / 2 : headSize / 2 + within / 2;
        return head * headSize + stored;
    }
}
