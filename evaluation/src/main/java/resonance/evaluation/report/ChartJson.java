package resonance.evaluation.report;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;

/** JSON inside a page. Charts as the page's script reads them: six significant digits, and null for what is not finite. */
final class ChartJson {

    private static final MathContext DIGITS = new MathContext(6);

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new SimpleModule().addSerializer(Double.class, new RoundedNumber()))
            .build();

    private ChartJson() {}

    static String write(LineChart chart) {
        try {
            return MAPPER.writeValueAsString(chart);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a chart of numbers, text and lists must have a JSON form", e);
        }
    }

    /** The same document without white space. */
    static String compact(String json) {
        try {
            return MAPPER.readTree(json).toString();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("dataJson must be a JSON document: " + e.getOriginalMessage(), e);
        }
    }

    private static final class RoundedNumber extends JsonSerializer<Double> {
        @Override
        public void serialize(Double value, JsonGenerator json, SerializerProvider provider) throws IOException {
            if (!Double.isFinite(value)) {
                json.writeNull();
            } else if (value == Math.rint(value) && Math.abs(value) < 1e15) {
                json.writeNumber(value.longValue());
            } else {
                json.writeNumber(new BigDecimal(value).round(DIGITS).toString());
            }
        }
    }
}
