package resonance.model.huggingface;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import resonance.model.ModelFormatException;
import resonance.model.storage.MappedFile;

/** Reads the header of a safetensors file into tensors that are known to lie inside it, side by side. */
final class SafetensorsHeader {
    /** A tensor takes about a hundred bytes; the largest models have a few thousand in a file. */
    static final int LONGEST = 1 << 24;

    private static final int MOST_DIMENSIONS = 8;
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(4)
                    .maxNumberLength(20)
                    .build())
            .build();

    private final MappedFile file;
    private final long dataStart;

    private SafetensorsHeader(MappedFile file, long dataStart) {
        this.file = file;
        this.dataStart = dataStart;
    }

    /** Every tensor by its name. */
    static Map<String, SafetensorsTensor> read(MappedFile file) {
        if (file.size() < Long.BYTES) {
            throw refusal(file, "size must be at least 8 bytes, was " + file.size());
        }
        long length = file.readLong(0);
        long room = Math.min(LONGEST, file.size() - Long.BYTES);
        if (length < 2 || length > room) {
            throw refusal(
                    file,
                    "length of the header must be from 2 to " + room + " bytes, was " + Long.toUnsignedString(length));
        }
        byte[] header = new byte[(int) length];
        file.read(Long.BYTES, header, 0, header.length);
        try (JsonParser json = JSON.createParser(
                new InputStreamReader(new ByteArrayInputStream(header), StandardCharsets.UTF_8.newDecoder()))) {
            return new SafetensorsHeader(file, Long.BYTES + length).tensors(json);
        } catch (IOException e) {
            throw new ModelFormatException(
                    name(file) + ": header must be JSON, was damaged" + JsonObjectFile.reason(e), e);
        }
    }

    private Map<String, SafetensorsTensor> tensors(JsonParser json) throws IOException {
        require(json.nextToken() == JsonToken.START_OBJECT, "header must be an object");
        Map<String, SafetensorsTensor> tensors = new LinkedHashMap<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            require(json.nextToken() == JsonToken.START_OBJECT, "'" + name + "' must be an object");
            if (name.equals(SafetensorsFile.METADATA)) {
                json.skipChildren();
            } else {
                tensors.put(name, tensor(name, json));
            }
        }
        require(json.nextToken() == null, "header must end after its object");
        requireGapless(tensors);
        return tensors;
    }

    private SafetensorsTensor tensor(String name, JsonParser json) throws IOException {
        String type = "";
        List<Long> shape = List.of();
        List<Long> offsets = List.of();
        boolean shaped = false;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String key = json.currentName();
            json.nextToken();
            switch (key) {
                case "dtype" -> {
                    require(json.currentToken() == JsonToken.VALUE_STRING, place(name, key) + " must be a string");
                    type = json.getText();
                }
                case "shape" -> {
                    shape = sizes(name, key, MOST_DIMENSIONS, json);
                    shaped = true;
                }
                case "data_offsets" -> offsets = sizes(name, key, 2, json);
                default -> throw refusal(file, place(name, key) + " is unknown; known: dtype, shape, data_offsets");
            }
        }
        require(!type.isEmpty(), place(name, "dtype") + " must be given, was absent");
        require(shaped, place(name, "shape") + " must be given, was absent");
        require(offsets.size() == 2, place(name, "data_offsets") + " must be two numbers, were " + offsets);
        return located(name, type(name, type), shape, offsets.get(0), offsets.get(1));
    }

    private SafetensorsTensor located(String name, SafetensorsType type, List<Long> shape, long begin, long end) {
        long data = file.size() - dataStart;
        require(
                begin <= end && end <= data,
                place(name, "data_offsets") + " must rise and end within the data's " + data + " bytes, were [" + begin
                        + ", " + end + "]");
        long bytes = type.bytes();
        for (long size : shape) {
            long high = Math.multiplyHigh(bytes, size);
            bytes *= size;
            require(high == 0 && bytes >= 0, place(name, "shape") + " must be of less than 2^63 bytes, was " + shape);
        }
        require(
                bytes == end - begin,
                place(name, "data_offsets") + " must be " + bytes + " bytes apart for " + type + " " + shape
                        + ", were [" + begin + ", " + end + "]");
        return new SafetensorsTensor(name, type, shape, dataStart + begin, dataStart + end);
    }

    private SafetensorsType type(String name, String text) {
        return Arrays.stream(SafetensorsType.values())
                .filter(type -> type.name().equals(text))
                .findFirst()
                .orElseThrow(() -> refusal(
                        file,
                        place(name, "dtype") + " must be F32, F16 or BF16, was '" + text
                                + "'; save the model in one of these"));
    }

    private List<Long> sizes(String name, String key, int most, JsonParser json) throws IOException {
        require(json.currentToken() == JsonToken.START_ARRAY, place(name, key) + " must be a list");
        List<Long> sizes = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            require(
                    json.currentToken() == JsonToken.VALUE_NUMBER_INT,
                    place(name, key) + " must hold whole numbers only");
            long size = json.getLongValue();
            require(size >= 0, place(name, key) + " must not be negative, was " + size);
            require(sizes.size() < most, place(name, key) + " must hold at most " + most + " numbers");
            sizes.add(size);
        }
        return sizes;
    }

    /** Tensors must follow each other from the first byte of the data to the last. */
    private void requireGapless(Map<String, SafetensorsTensor> tensors) {
        List<SafetensorsTensor> ordered = tensors.values().stream()
                .sorted(Comparator.comparingLong(SafetensorsTensor::begin).thenComparingLong(SafetensorsTensor::end))
                .toList();
        long end = dataStart;
        for (SafetensorsTensor tensor : ordered) {
            require(
                    tensor.begin() == end,
                    place(tensor.name(), "data_offsets") + " must begin at " + (end - dataStart)
                            + ", where the tensor before it ends, was " + (tensor.begin() - dataStart));
            end = tensor.end();
        }
        require(
                end == file.size(),
                "data must end with its last tensor, at byte " + end + " of the file, ended at " + file.size());
    }

    private void require(boolean holds, String rule) {
        if (!holds) {
            throw refusal(file, rule);
        }
    }

    private static String place(String name, String key) {
        return "'" + name + "'." + key;
    }

    private static ModelFormatException refusal(MappedFile file, String rule) {
        return new ModelFormatException(name(file) + ": " + rule);
    }

    private static String name(MappedFile file) {
        return String.valueOf(file.path().getFileName());
    }
}
