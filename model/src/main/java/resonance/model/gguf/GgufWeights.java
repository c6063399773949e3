package resonance.model.gguf;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import resonance.model.ModelWeights;
import resonance.model.gguf.GgufParameters.Parameter;

/** A file's tensors under the names and in the order of {@link ModelWeights}. */
final class GgufWeights implements ModelWeights {
    private final GgufFile file;
    private final Map<String, Parameter> parameters;

    GgufWeights(GgufFile file, Map<String, Parameter> parameters) {
        this.file = file;
        this.parameters = parameters;
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(parameters.keySet());
    }

    @Override
    public long size(String name) {
        return parameter(name).tensor().elements();
    }

    @Override
    public void read(String name, long firstElement, int count, float[] target, int offset) {
        Parameter parameter = parameter(name);
        GgufTensor tensor = parameter.tensor();
        boolean vector = tensor.elements() == tensor.rowLength();
        long rowLength = vector ? 1 : tensor.rowLength();
        if (firstElement < 0 || count < 0 || firstElement > tensor.elements() - count) {
            throw new IllegalArgumentException("elements of " + name + " must be from 0 to " + tensor.elements()
                    + ", was " + count + " from " + firstElement + " on");
        }
        if (firstElement % rowLength != 0 || count % rowLength != 0) {
            throw new IllegalArgumentException("elements of " + name + " must be whole rows of " + rowLength + ", was "
                    + count + " from " + firstElement + " on");
        }
        if (parameter.headSize() == 0) {
            file.read(tensor, firstElement, count, target, offset);
            return;
        }
        int length = (int) rowLength;
        long firstRow = firstElement / rowLength;
        for (int row = 0; row < count / length; row++) {
            long stored = storedRow(firstRow + row, parameter.headSize());
            file.read(tensor, stored * length, length, target, offset + row * length);
        }
    }

    /** Row 2i of a head is stored as its row i, row 2i + 1 as its row headSize/2 + i. */
    private static long storedRow(long row, int headSize) {
        long head = row / headSize;
        int within = (int) (row % headSize);
        int stored = within % 2 == 0 ? within / 2 : headSize / 2 + within / 2;
        return head * headSize + stored;
    }

    private Parameter parameter(String name) {
        Parameter parameter = parameters.get(name);
        if (parameter == null) {
            throw new IllegalArgumentException("name must be a parameter of " + file.path() + ", was " + name);
        }
        return parameter;
    }
}
