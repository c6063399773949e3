package resonance.transformer.tensor;

/** Work that is mostly products of a decoder's, so that its time can be told before it begins. */
public interface ProductWork {
    /** What its speed is on this machine. */
    WorkSpeed speed();
}
