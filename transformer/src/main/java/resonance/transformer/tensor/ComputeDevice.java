package resonance.transformer.tensor;

import java.util.Locale;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import resonance.study.StudyRunner;

/** Where tensors live and are computed. */
public enum ComputeDevice {
    CPU,
    /**
     * One NVIDIA GPU, the first or the one whose number is in the system property {@value StudyRunner#GPU}; needs the CUDA natives
     * of LibTorch on the class path in place of the CPU ones.
     */
    CUDA;

    /** The name used in options and records: {@code cpu} or {@code cuda}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Checks that the device can be used in this process.
     *
     * @throws IllegalStateException if this is CUDA and LibTorch finds no CUDA device
     */
    public void requireAvailable() {
        LibTorch.load();
        if (this == CUDA && !torch.hasCUDA()) {
            throw new IllegalStateException(
                    "device must be available, was cuda, but LibTorch finds no CUDA device; put the"
                            + " CUDA natives (org.bytedeco:pytorch, classifier linux-x86_64-gpu, and the CUDA redistributables)"
                            + " on the class path in place of the CPU ones, or use cpu");
        }
    }

    Device device() {
        return this == CUDA
                ? new Device(
                        DeviceType.CUDA, Integer.getInteger(StudyRunner.GPU, 0).byteValue())
                : new Device(DeviceType.CPU);
    }
}
