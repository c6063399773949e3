package resonance.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import resonance.evaluation.observation.ObservationWriter;
import resonance.evaluation.observation.Observations;
import resonance.evaluation.sidebyside.SideBySide.Source;
import resonance.study.AtomicFile;
import resonance.study.FolderLock;
import resonance.study.UnfitFolderException;
import resonance.study.WrittenFiles;

/** Option for one Parquet file of every measured value. */
final class ParquetOption {
    private static final String WRITER = "report";

    @Option(
            names = "--parquet",
            paramLabel = "FILE",
            description =
                    "write every measured value of the folders into one Parquet file, a row each, for DuckDB, pandas and"
                            + " the like (docs/parquet.md)")
    private @Nullable Path file;

    /** Where the file is; empty if none was asked for. */
    Optional<Path> file() {
        return Optional.ofNullable(file);
    }

    /**
     * Writes the file if one was asked for, whole or not at all; only one that this wrote before is replaced.
     *
     * @throws picocli.CommandLine.ParameterException if it can't be written there, or the writer is not on the class path
     */
    void write(List<Source> sources, OptionRefusals refusals) throws IOException {
        if (file == null) {
            return;
        }
        Path place = file.toAbsolutePath().normalize();
        refusals.run(() -> requireName(place));
        String name = String.valueOf(Objects.requireNonNull(place.getFileName(), "a file must have a name"));
        Path folder = Objects.requireNonNull(place.getParent(), "a file must be in a folder");
        WrittenFiles files = WrittenFiles.in(folder, WRITER, SoftwareVersion.version());
        ObservationWriter writer = refusals.check(ParquetOption::writer);
        try {
            files.makeFolder();
            FolderLock lock = FolderLock.take(folder);
            try (lock) {
                files.requireOurs(List.of(name));
                Observations observations = Observations.of(sources);
                try (WrittenFiles.Change change = files.change()) {
                    AtomicFile.write(change.stage(name), out -> writer.write(observations, out));
                    change.commit();
                }
            }
        } catch (UnfitFolderException refusal) {
            throw refusals.refusal(refusal.message("--parquet"), refusal);
        }
    }

    private static void requireName(Path place) {
        if (place.getFileName() == null) {
            throw new IllegalArgumentException(
                    "--parquet must be a file in a folder, was " + place + "; add the file's name");
        }
    }

    private static ObservationWriter writer() {
        return ServiceLoader.load(ObservationWriter.class)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "--parquet must have the module parquet on the class path, which is"
                                + " not there; start by ./resonance, which adds it"));
    }
}
