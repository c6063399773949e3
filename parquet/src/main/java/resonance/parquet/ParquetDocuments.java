package resonance.parquet;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import resonance.language.corpus.Document;
import resonance.language.corpus.DocumentFormat;
import resonance.rope.Refusal;

/**
 * Reads documents from one column of a Parquet file, a row each: text ({@code BYTE_ARRAY} as {@code STRING}), or token ids (a list of
 * {@code INT32} or {@code INT64}), as {@code datasets} and pandas write them. Other columns are passed over unread.
 */
public final class ParquetDocuments implements DocumentFormat {
    @Override
    public List<String> endings() {
        return List.of(".parquet");
    }

    @Override
    public List<Document> read(Path file, String field) throws IOException {
        ParquetReadOptions options = ParquetReadOptions.builder(new PlainParquetConfiguration())
                .withCodecFactory(new Pages())
                .build();
        List<Document> documents = new ArrayList<>();
        try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file), options)) {
            MessageType schema = reader.getFileMetaData().getSchema();
            MessageType wanted = new MessageType(schema.getName(), column(schema, field, file));
            ColumnDescriptor column = wanted.getColumns().get(0);
            String writer = reader.getFileMetaData().getCreatedBy();
            reader.setRequestedSchema(wanted);
            for (PageReadStore rows = reader.readNextRowGroup(); rows != null; rows = reader.readNextRowGroup()) {
                ColumnReader values =
                        new ColumnReadStoreImpl(rows, new Unconverted(), wanted, writer).getColumnReader(column);
                new Rows(file, field, column, values)
                        .addTo(documents, rows.getPageReader(column).getTotalValueCount());
            }
        } catch (Pages.UnreadCodecException e) {
            throw new IllegalArgumentException(
                    file + ": column '" + field + "' " + e.getMessage()
                            + "; write the file anew, for example by pandas.DataFrame.to_parquet",
                    e);
        } catch (Refusal ours) {
            throw ours;
        } catch (FileSystemException theDisks) {
            throw theDisks;
        } catch (IOException | RuntimeException e) { // the library's own, of many classes, for whatever is damaged
            throw new IllegalArgumentException(
                    file + ": must be a whole Parquet file, can't be read (" + reason(e) + "); fetch or write it anew",
                    e);
        }
        if (documents.isEmpty()) {
            throw new IllegalArgumentException(file + ": rows must be at least one, were none; leave the file out");
        }
        return documents;
    }

    private static String reason(Exception damage) {
        return String.valueOf(damage.getMessage()).lines().findFirst().orElse("");
    }

    private static Type column(MessageType schema, String field, Path file) {
        if (!schema.containsField(field)) {
            throw refusal(
                    file,
                    field,
                    "was missing among "
                            + schema.getFields().stream().map(Type::getName).collect(Collectors.joining(", ")));
        }
        Type type = schema.getType(field);
        if (!isText(type) && !isTokens(type)) {
            throw refusal(
                    file,
                    field,
                    type.isPrimitive()
                            ? "was of " + type.asPrimitiveType().getPrimitiveTypeName()
                            : "was of other groups");
        }
        return type;
    }

    private static IllegalArgumentException refusal(Path file, String field, String found) {
        return Refusal.of(
                        "{texts} " + file + ": {field} '" + field + "'",
                        "must be a column of text or of lists of token ids",
                        found)
                .cure("name the column that is");
    }

    private static boolean isText(Type type) {
        return type.isPrimitive()
                && type.asPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.BINARY
                && type.getLogicalTypeAnnotation() instanceof LogicalTypeAnnotation.StringLogicalTypeAnnotation
                && !type.isRepetition(Type.Repetition.REPEATED);
    }

    /** A list of whole numbers: in the standard's three levels, in the two of old writers, or a repeated number. */
    private static boolean isTokens(Type type) {
        if (type.isRepetition(Type.Repetition.REPEATED)) {
            return isWholeNumber(type);
        }
        if (type.isPrimitive() || type.asGroupType().getFieldCount() != 1) {
            return false;
        }
        Type repeated = type.asGroupType().getType(0);
        if (!repeated.isRepetition(Type.Repetition.REPEATED)) {
            return false;
        }
        if (repeated.isPrimitive()) {
            return isWholeNumber(repeated);
        }
        GroupType element = repeated.asGroupType();
        return element.getFieldCount() == 1
                && !element.getType(0).isRepetition(Type.Repetition.REPEATED)
                && isWholeNumber(element.getType(0));
    }

    private static boolean isWholeNumber(Type type) {
        if (!type.isPrimitive()) {
            return false;
        }
        PrimitiveType number = type.asPrimitiveType();
        LogicalTypeAnnotation meaning = number.getLogicalTypeAnnotation();
        return (number.getPrimitiveTypeName() == PrimitiveTypeName.INT32
                        || number.getPrimitiveTypeName() == PrimitiveTypeName.INT64)
                && (meaning == null || meaning instanceof LogicalTypeAnnotation.IntLogicalTypeAnnotation);
    }

    /** The rows of one row group. */
    private static final class Rows {
        private final Path file;
        private final String field;
        private final ColumnDescriptor column;
        private final ColumnReader values;
        private int[] ids = new int[1024];
        private int count;

        Rows(Path file, String field, ColumnDescriptor column, ColumnReader values) {
            this.file = file;
            this.field = field;
            this.column = column;
            this.values = values;
        }

        /** A value whose repetition level is 0 begins a row; one below the highest definition level is none. */
        void addTo(List<Document> documents, long valueCount) {
            boolean text = column.getPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.BINARY;
            long left = valueCount;
            while (left > 0) {
                String place = file + " row " + (documents.size() + 1);
                count = 0;
                int entries = 0;
                String words = "";
                do {
                    if (values.getCurrentDefinitionLevel() == column.getMaxDefinitionLevel()) {
                        if (text) {
                            words = values.getBinary().toStringUsingUTF8();
                        } else {
                            add(id(place));
                        }
                    }
                    values.consume();
                    entries++;
                    left--;
                } while (left > 0 && values.getCurrentRepetitionLevel() > 0);
                if (text ? words.isBlank() : count == 0) {
                    throw empty(place, "was empty");
                }
                if (!text && count < entries) {
                    throw empty(place, "had " + (entries - count) + " that are null");
                }
                documents.add(
                        text ? new Document.Text(place, words) : new Document.Tokens(place, Arrays.copyOf(ids, count)));
            }
        }

        private int id(String place) {
            long id = column.getPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.INT64
                    ? values.getLong()
                    : values.getInteger();
            if (id < 0 || id > Integer.MAX_VALUE) {
                throw Refusal.of("{texts} " + place, "token ids must be in [0, 2^31)", "found " + id)
                        .cure("give text, or ids that the model's own tokenizer made");
            }
            return (int) id;
        }

        private void add(int id) {
            if (count == ids.length) {
                ids = Arrays.copyOf(ids, Math.multiplyExact(2, count));
            }
            ids[count++] = id;
        }

        private IllegalArgumentException empty(String place, String found) {
            return Refusal.of("{texts} " + place + ": {field} '" + field + "'", "must hold text or token ids", found)
                    .cure("leave the row out");
        }
    }

    /** Values are taken one by one, not as records; the library asks for somebody who would take those. */
    private static final class Unconverted extends GroupConverter {
        @Override
        public Converter getConverter(int index) {
            return new Leaf();
        }

        @Override
        public void start() {
            // No record is made.
        }

        @Override
        public void end() {
            // No record is made.
        }

        /** Both, since a list's converter is a group's. */
        private static final class Leaf extends PrimitiveConverter {
            @Override
            public GroupConverter asGroupConverter() {
                return new Unconverted();
            }

            @Override
            public void addBinary(Binary value) {
                // No record is made.
            }
        }
    }
}
