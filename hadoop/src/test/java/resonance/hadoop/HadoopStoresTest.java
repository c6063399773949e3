package resonance.hadoop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import resonance.study.StudyPlace;
import resonance.study.UnfitFolderException;

class HadoopStoresTest {
    @ParameterizedTest
    @CsvSource({
        "hdfs, true",
        "webhdfs, true",
        "viewfs, true",
        "s3a, true",
        "abfs, true",
        "gs, true",
        "file, false",
        "https, false",
        "spark, false",
        "shelf, false",
    })
    void whatHadoopKnowsIsKnown(String scheme, boolean known) {
        assertThat(new HadoopStores().knows(scheme)).isEqualTo(known);
    }

    @Test
    void aStoreWhoseClassIsMissingNamesIt() {
        assertThatThrownBy(() -> StudyPlace.of("s3a://bucket/runs"))
                .isInstanceOf(UnfitFolderException.class)
                .hasMessage("output folder must be a place in a store that can be opened, 's3a://bucket/runs' can't:"
                        + " Hadoop's class for it is missing (Class org.apache.hadoop.fs.s3a.S3AFileSystem not found),"
                        + " whose jar belongs in RESONANCE_CLASSPATH; correct it or the store's settings");
    }

    @Test
    void filesOfSettingsAreReadAndThoseOfSparksAreOverThem(@TempDir Path folder) throws IOException {
        Files.writeString(
                folder.resolve("hdfs-site.xml"),
                "<configuration><property><name>dfs.replication</name><value>5</value></property></configuration>");
        String there = folder.toString();
        assertThat(HadoopStores.configuration(there).getInt("dfs.replication", 0))
                .isEqualTo(5);
        assertThat(HadoopStores.configuration(null).getInt("dfs.replication", 3))
                .isEqualTo(3);
        System.setProperty("spark.hadoop.dfs.replication", "7");
        try {
            assertThat(HadoopStores.configuration(there).getInt("dfs.replication", 0))
                    .isEqualTo(7);
        } finally {
            System.clearProperty("spark.hadoop.dfs.replication");
        }
    }

    /** A record is a small file, and closing one should not wait as for a large one. */
    @Test
    void aFilesEndIsWaitedForInSmallStepsUnlessTheSettingsSayOtherwise() {
        String pause = "dfs.client.block.write.locateFollowingBlock.initial.delay.ms";
        assertThat(HadoopStores.configuration(null).getInt(pause, 0)).isEqualTo(10);
        System.setProperty("spark.hadoop." + pause, "400");
        try {
            assertThat(HadoopStores.configuration(null).getInt(pause, 0)).isEqualTo(400);
        } finally {
            System.clearProperty("spark.hadoop." + pause);
        }
    }

    /** Any store that Hadoop is configured for; here a view of a folder of this machine. */
    @Test
    void aSchemeIsWhatTheSettingsSay(@TempDir Path folder) {
        System.setProperty(
                "spark.hadoop.fs.viewfs.mounttable.here.link./runs",
                folder.toUri().toString());
        try {
            Path place = StudyPlace.of("viewfs://here/runs/a");
            assertThat(place).hasToString("viewfs://here/runs/a");
            assertThat(Files.notExists(place)).isTrue();
        } finally {
            System.clearProperty("spark.hadoop.fs.viewfs.mounttable.here.link./runs");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"hdfs://no-such-host.invalid/runs", "hdfs:///runs"})
    void aStoreThatCantBeOpenedSaysWhy(String place) {
        assertThatThrownBy(() -> StudyPlace.of(place))
                .isInstanceOf(UnfitFolderException.class)
                .hasMessageStartingWith(
                        "output folder must be a place in a store that can be opened, '" + place + "' can't: ");
    }
}
