package dev.nearside.load.proof;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// Lines and fields of HTTP/1.1, as both ends of a proof read them.
final class Wire {

    private Wire() {}

    /// Without its end; empty at the end of the stream, too.
    static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int read = in.read(); read >= 0 && read != '\n'; read = in.read()) {
            if (read != '\r') line.append((char) read);
        }
        return line.toString();
    }

    /// By names in lower case.
    static Map<String, String> fields(InputStream in) throws IOException {
        var fields = new HashMap<String, String>();
        for (var line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            fields.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return fields;
    }
}
