package dev.nearside.control.certificate;

import dev.nearside.model.check.Checked;
import dev.nearside.model.check.Problem;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/// Blocks of text encoded as RFC 7468 says, and as OpenSSL wrote them before.
final class Pem {
    private static final Pattern LABEL = Pattern.compile("[A-Z0-9 ]{1,40}");
    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";

    private Pem() {}

    /// @param isEncrypted by the header lines that OpenSSL once wrote (RFC 1421)
    @SuppressWarnings("ArrayRecordComponent") // blocks are not compared, and nobody changes the bytes
    record Block(String label, boolean isEncrypted, byte[] bytes) {
        /// Never shows the bytes, wherever it is printed.
        @Override
        public String toString() {
            return "Block[" + label + "]";
        }
    }

    /// All blocks of a text, or what is wrong with one; what stands between them is for people.
    static Checked<List<Block>> blocks(String text, String path) {
        var blocks = new ArrayList<Block>();
        var body = new StringBuilder();
        var label = "";
        boolean isEncrypted = false;
        for (var line : (Iterable<String>) text.lines().map(String::strip)::iterator) {
            if (line.startsWith(BEGIN)) {
                if (!label.isEmpty()) return invalid(path, "a block of %s does not end".formatted(label));
                label = label(line, BEGIN);
                if (label.isEmpty()) return invalid(path, "a block begins with a malformed line");
                body.setLength(0);
                isEncrypted = false;
            } else if (line.startsWith(END)) {
                if (label.isEmpty() || !label(line, END).equals(label)) {
                    return invalid(path, "a block ends that did not begin");
                }
                try {
                    blocks.add(new Block(label, isEncrypted, Base64.getDecoder().decode(body.toString())));
                } catch (IllegalArgumentException _) {
                    return invalid(path, "a block of %s is damaged".formatted(label));
                }
                label = "";
            } else if (!label.isEmpty()) {
                if (line.startsWith("Proc-Type:") && line.contains("ENCRYPTED")) isEncrypted = true;
                if (line.indexOf(':') < 0) body.append(line);
            }
        }
        if (!label.isEmpty()) return invalid(path, "a block of %s does not end".formatted(label));
        return new Checked.Valid<>(blocks);
    }

    /// Empty if the line is none of that kind.
    private static String label(String line, String start) {
        if (!line.endsWith(DASHES) || line.length() < start.length() + DASHES.length()) return "";
        var label = line.substring(start.length(), line.length() - DASHES.length());
        return LABEL.matcher(label).matches() ? label : "";
    }

    private static Checked<List<Block>> invalid(String path, String what) {
        return new Checked.Invalid<>(List.of(new Problem(path, what + " (expected: PEM)")));
    }

    static String write(String label, byte[] bytes) {
        var body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return BEGIN + label + DASHES + "\n" + body + "\n" + END + label + DASHES + "\n";
    }
}
