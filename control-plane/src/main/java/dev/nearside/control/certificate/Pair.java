package dev.nearside.control.certificate;

import dev.nearside.model.check.Checked;
import dev.nearside.model.check.Problem;
import dev.nearside.model.check.Problems;
import dev.nearside.model.wire.api.NewCertificate;
import java.security.PrivateKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A certificate with its chain and its key, as somebody wants it kept.
///
/// @param name empty if they gave none
record Pair(Optional<String> name, Chain chain, PrivateKey key) {
    static final int LONGEST_CHAIN = 64 * 1024;
    static final int LONGEST_KEY = 16 * 1024;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
    private static final String PEM = "-----BEGIN";

    /// Never shows the key, wherever it is printed.
    @Override
    public String toString() {
        return "Pair[" + name.orElse("") + ", " + chain.fingerprint() + "]";
    }

    /// The key as it is sealed and as edges get it.
    byte[] pkcs8() {
        return key.getEncoded();
    }

    /// What was sent, or every problem of it.
    static Checked<Pair> read(NewCertificate sent, Instant now) {
        var problems = Problems.none();
        var name = sent.name();
        if (name != null && !NAME.matcher(name).matches()) {
            problems.at("name").add("no name (expected: 1 to 64 letters, digits, '-', '_' and '.')");
        }
        var pem = text(sent.certificate(), LONGEST_CHAIN, "PEM certificates", problems.at("certificate"));
        var key = text(sent.privateKey(), LONGEST_KEY, "a PEM key", problems.at("privateKey"));
        if (pem.isEmpty()) return new Checked.Invalid<>(problems.list());
        var all = new ArrayList<>(problems.list());
        return switch (ChainReader.read(pem.get(), now)) {
            case Checked.Invalid<Chain>(var found) -> {
                all.addAll(found);
                yield new Checked.Invalid<>(all);
            }
            case Checked.Valid<Chain>(var chain) -> {
                if (key.isEmpty()) yield new Checked.Invalid<>(all);
                yield switch (KeyReader.read(key.get(), chain.leaf().getPublicKey())) {
                    case Checked.Invalid<PrivateKey>(var found) -> {
                        all.addAll(found);
                        yield new Checked.Invalid<>(all);
                    }
                    case Checked.Valid<PrivateKey>(var read) ->
                        Checked.of(new Pair(Optional.ofNullable(name), chain, read), all);
                };
            }
        };
    }

    private static Optional<String> text(@Nullable String said, int longest, String expected, Problems at) {
        if (said == null || said.isBlank()) {
            at.add("missing (expected: %s)".formatted(expected));
            return Optional.empty();
        }
        if (said.length() > longest) {
            at.add("%d characters (expected: at most %d)".formatted(said.length(), longest));
            return Optional.empty();
        }
        return Optional.of(said);
    }

    /// The same problems, none of which quotes a PEM text: it may be the key, put in the wrong place.
    static List<Problem> withoutSecrets(List<Problem> problems) {
        return problems.stream()
                .map(problem -> new Problem(
                        problem.path().contains(PEM) ? "" : problem.path(),
                        problem.message().contains(PEM) ? "a PEM text in the wrong place" : problem.message()))
                .toList();
    }
}
