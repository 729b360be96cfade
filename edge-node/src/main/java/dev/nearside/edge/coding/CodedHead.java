package dev.nearside.edge.coding;

import dev.nearside.edge.http.Headers;
import dev.nearside.edge.http.Headers.Field;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// The head of an answer whose body is compressed here: it must not speak of the plain bytes any more.
public final class CodedHead {

    /// Of the plain bytes: their number, sums over them, and offsets into them.
    private static final Set<String> OF_THE_PLAIN_BODY =
            Set.of("content-length", "content-md5", "digest", "content-digest", "repr-digest", "accept-ranges");

    private CodedHead() {}

    public static Headers of(Headers plain, Coding coding) {
        return described(plain).plus("Content-Encoding", coding.token());
    }

    /// Of a 304 about a stored body that was compressed here: its validators and sums are those of the plain one.
    public static Headers of304(Headers plain) {
        return described(plain);
    }

    /// Says that other viewers may get another coding (RFC 9110, section 12.5.5).
    public static Headers varying(Headers headers) {
        for (var value : headers.all("Vary")) {
            for (var name : value.split(",", -1)) {
                var word = name.strip();
                if (word.equals("*") || word.equalsIgnoreCase("Accept-Encoding")) return headers;
            }
        }
        return headers.plus("Vary", "Accept-Encoding");
    }

    /// Whether a stored head may be one that was made here: only these have a coding of ours and no strong tag.
    public static boolean mayBeOurs(Headers stored) {
        var coding = stored.first("Content-Encoding");
        if (coding.isEmpty()) return false;
        var tag = stored.first("ETag");
        if (tag.isPresent() && !tag.get().strip().startsWith("W/")) return false;
        for (var ours : Coding.values()) if (coding.get().strip().equalsIgnoreCase(ours.token())) return true;
        return false;
    }

    private static Headers described(Headers plain) {
        var fields = new ArrayList<Field>(plain.fields().size() + 2);
        for (var field : plain.fields()) {
            if (field.is("ETag")) weakened(field.value()).ifPresent(tag -> fields.add(new Field(field.name(), tag)));
            else if (!OF_THE_PLAIN_BODY.contains(field.name().toLowerCase(Locale.ROOT))) fields.add(field);
        }
        return varying(new Headers(fields));
    }

    /// The compressed bytes are the same to a reader and not the same to a machine (RFC 9110, section 8.8.1). What
    /// is no tag stays away.
    private static Optional<String> weakened(String tag) {
        var text = tag.strip();
        if (text.startsWith("W/")) return Optional.of(text);
        boolean quoted = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
        return quoted ? Optional.of("W/" + text) : Optional.empty();
    }
}
