package resonance.model.gguf;

import java.util.Map;
import resonance.decoder.Parameter;
import resonance.decoder.WeightSource;
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
        Source source = sources.get(parameter);
        if (source == null) {
            throw new IllegalArgumentException("parameter must be one of " + file.path() + ", was " + parameter);
        }
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

    /** Row 2i of a head is stored as its row i, row 2i + 1 as its row headSize/2 + i. */
    private static long storedRow(long row, int headSize) {
        long head = row / headSize;
        int within = (int) (row % headSize);
        int stored = within % 2 == 0 ? within / 2 : headSize / 2 + within / 2;
        return head * headSize + stored;
    }
}
