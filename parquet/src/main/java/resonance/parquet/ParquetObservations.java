package resonance.parquet;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import org.jspecify.annotations.Nullable;
import resonance.evaluation.observation.Column;
import resonance.evaluation.observation.Observation;
import resonance.evaluation.observation.ObservationWriter;
import resonance.evaluation.observation.Observations;

/**
 * Writes observations as one Parquet file, compressed by gzip. Every column is optional.
 *
 * <pre>  TEXT     BYTE_ARRAY (STRING)      REAL     DOUBLE
 *   INTEGER  INT64                    FLAG     BOOLEAN
 *   INSTANT  INT64 (TIMESTAMP, microseconds, UTC) </pre>
 */
public final class ParquetObservations implements ObservationWriter {
    /** Held in memory before they are written, bytes. */
    private static final long ROW_GROUP = 16L << 20;

    private static final long MICROSECONDS = 1_000_000;

    @Override
    public void write(Observations observations, OutputStream out) throws IOException {
        try (ParquetWriter<Observation> writer = new Builder(new StreamFile(out))
                .withConf(new PlainParquetConfiguration())
                .withCodecFactory(new Pages())
                .withCompressionCodec(CompressionCodecName.GZIP)
                .withRowGroupSize(ROW_GROUP)
                .build()) {
            observations.forEach(writer::write);
        }
    }

    private static final class Builder extends ParquetWriter.Builder<Observation, Builder> {
        Builder(OutputFile file) {
            super(file);
        }

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        protected WriteSupport<Observation> getWriteSupport(ParquetConfiguration configuration) {
            return new Rows();
        }

        /** The library still asks for it. */
        @Deprecated
        @Override
        protected WriteSupport<Observation> getWriteSupport(org.apache.hadoop.conf.Configuration configuration) {
            return new Rows();
        }
    }

    /** The schema, and a row of it. */
    private static final class Rows extends WriteSupport<Observation> {
        private static final Map<Column, Integer> PLACES = places();

        private @Nullable RecordConsumer consumer;

        private static Map<Column, Integer> places() {
            Map<Column, Integer> places = new EnumMap<>(Column.class);
            for (Column column : Column.values()) {
                places.put(column, places.size());
            }
            return places;
        }

        @Override
        public WriteContext init(ParquetConfiguration configuration) {
            return context();
        }

        /** The library still asks for it. */
        @Deprecated
        @Override
        public WriteContext init(org.apache.hadoop.conf.Configuration configuration) {
            return context();
        }

        private static WriteContext context() {
            List<Type> fields = Stream.of(Column.values()).map(Rows::field).toList();
            return new WriteContext(new MessageType("observations", fields), Map.of());
        }

        private static Type field(Column column) {
            return switch (column.type()) {
                case TEXT ->
                    Types.optional(PrimitiveTypeName.BINARY)
                            .as(LogicalTypeAnnotation.stringType())
                            .named(column.word());
                case INTEGER -> Types.optional(PrimitiveTypeName.INT64).named(column.word());
                case REAL -> Types.optional(PrimitiveTypeName.DOUBLE).named(column.word());
                case FLAG -> Types.optional(PrimitiveTypeName.BOOLEAN).named(column.word());
                case INSTANT ->
                    Types.optional(PrimitiveTypeName.INT64)
                            .as(LogicalTypeAnnotation.timestampType(true, TimeUnit.MICROS))
                            .named(column.word());
            };
        }

        @Override
        public void prepareForWrite(RecordConsumer recordConsumer) {
            consumer = recordConsumer;
        }

        @Override
        public void write(Observation row) {
            RecordConsumer to = Objects.requireNonNull(consumer, "prepareForWrite must come first");
            to.startMessage();
            row.values().forEach((column, value) -> {
                int place = Objects.requireNonNull(PLACES.get(column));
                to.startField(column.word(), place);
                switch (column.type()) {
                    case TEXT -> to.addBinary(Binary.fromString((String) value));
                    case INTEGER -> to.addLong((Long) value);
                    case REAL -> to.addDouble((Double) value);
                    case FLAG -> to.addBoolean((Boolean) value);
                    case INSTANT -> to.addLong(microseconds((Instant) value));
                }
                to.endField(column.word(), place);
            });
            to.endMessage();
        }

        private static long microseconds(Instant instant) {
            return instant.getEpochSecond() * MICROSECONDS + instant.getNano() / 1000;
        }
    }
}
