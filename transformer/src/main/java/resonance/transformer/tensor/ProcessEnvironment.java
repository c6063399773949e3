package resonance.transformer.tensor;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/**
 * The environment of this process as native libraries see it.
 *
 * <p>Java can't change it: {@link System#getenv} is a copy. POSIX lets a program assign {@code environ}, which is done here
 * with a list that has one entry more. The former list is left as it is, so whoever reads it meanwhile reads on.
 */
final class ProcessEnvironment {
    private ProcessEnvironment() {}

    /**
     * Sets a variable for libraries that are loaded from now on; programs that Java starts do not get it.
     *
     * @return whether this was possible
     */
    static boolean set(String name, String value) {
        Loader.load(org.bytedeco.javacpp.presets.javacpp.class);
        Pointer symbol = Loader.addressof("environ");
        if (symbol == null || symbol.isNull()) {
            return false;
        }
        PointerPointer<Pointer> environ = new PointerPointer<>(symbol);
        PointerPointer<Pointer> before = new PointerPointer<>(environ.get(0));
        int count = 0;
        while (!before.isNull() && before.get(count) != null) {
            count++;
        }
        // Without an owner in Java, so that neither is ever freed: both belong to the process from now on.
        byte[] text = (name + "=" + value).getBytes(StandardCharsets.UTF_8);
        Pointer entry = Pointer.malloc(text.length + 1L);
        new BytePointer(entry).put(Arrays.copyOf(text, text.length + 1), 0, text.length + 1);
        PointerPointer<Pointer> after = new PointerPointer<>(Pointer.malloc((count + 2L) * Long.BYTES));
        int at = 0;
        for (int i = 0; i < count; i++) {
            if (!new BytePointer(before.get(i)).getString().startsWith(name + "=")) {
                after.put(at++, before.get(i));
            }
        }
        after.put(at++, entry);
        after.put(at, (Pointer) null);
        environ.put(0, after);
        return true;
    }
}
