package dev.nearside.control.command;

import dev.nearside.command.CommandLines;
import dev.nearside.control.http.Span;
import dev.nearside.model.check.Checked;
import dev.nearside.model.wire.Json;
import dev.nearside.model.wire.api.Distributions;
import dev.nearside.model.wire.api.Invalidations;
import dev.nearside.model.wire.api.NewInvalidation;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Orders an invalidation and waits until edges have applied it; its exit status is what a deploy script leans on.
///
/// What is sent carries a caller reference, so that it can be sent again wherever it is not known whether it arrived.
@Command(
        name = "nearside invalidate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Has every edge stop serving what it stored, and waits until it has.",
            "",
            "With an API token of the role operator in NEARSIDE_TOKEN or --token-file.",
            ""
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:every edge that is waited for serves nothing of it any more (with --wait none: it is ordered)",
            "1:not yet: it is ordered, and the edges that are missing are named",
            "2:refused, or not understood; nothing was ordered",
            "3:no control plane answers; it may have been ordered, and can be said again with the same --reference"
        })
public final class InvalidateMain implements Callable<Integer> {
    private static final int NOT_YET = 1;
    private static final int REFUSED = 2;
    private static final int UNREACHABLE = 3;

    /// Beyond what the control plane was asked to wait.
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration CONNECTING = Duration.ofSeconds(5);
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(250);

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(
            paramLabel = "PATH",
            arity = "0..*",
            description = "A path like /index.html, all that begin so like '/static/*', or a tag like '#product:42'.")
    private List<String> paths = new ArrayList<>();

    @Option(
            names = "--distribution",
            required = true,
            paramLabel = "NAME",
            description = "Of which distribution: its name or id.")
    private String distribution = "";

    @Option(names = "--all", description = "Everything the distribution has: '/*'.")
    private boolean everything;

    @Option(
            names = "--paths-from",
            paramLabel = "FILE",
            description = "More paths, one a line; - is the standard input.")
    private @Nullable String pathsFrom;

    @Option(
            names = "--soft",
            description = "Mark as stale, and let the origin confirm what has not changed, instead of removing.")
    private boolean soft;

    @Option(
            names = "--wait",
            paramLabel = "EDGES",
            defaultValue = "all",
            description = "For which edges to wait: all, quorum (more than half), none, a number like 2 or a share like"
                    + " 60%% (default: ${DEFAULT-VALUE}).")
    private String wait = "";

    @Option(
            names = "--timeout",
            paramLabel = "SPAN",
            defaultValue = "30s",
            description = "How long to wait, at most 5m (default: ${DEFAULT-VALUE}).")
    private String timeout = "";

    @Option(
            names = "--reference",
            paramLabel = "TEXT",
            description = "Names the order: said again, it is the same invalidation (default: a new one each time).")
    private @Nullable String reference;

    @Option(names = "--comment", paramLabel = "TEXT", defaultValue = "", description = "Why; for the audit log.")
    private String comment = "";

    @Option(
            names = "--control-plane",
            paramLabel = "URL",
            split = ",",
            defaultValue = "http://127.0.0.1:8070",
            description = "Which control planes, tried in turn (default: ${DEFAULT-VALUE}).")
    private List<String> controlPlanes = new ArrayList<>();

    @Mixin
    private final Connection connection;

    @Option(names = "--json", description = "Print the answer as it came.")
    private boolean json;

    InvalidateMain(Map<String, String> environment) {
        this.connection = new Connection(environment);
    }

    public static void main(String[] arguments) {
        System.exit(commandLine(System.getenv()).execute(arguments));
    }

    static CommandLine commandLine(Map<String, String> environment) {
        return CommandLines.of(new InvalidateMain(environment));
    }

    /// What a control plane said to a request.
    private sealed interface Said {

        record Answered(HttpResponse<String> response) implements Said {}

        /// None of them answered until the time was up.
        record Nobody(String why) implements Said {}
    }

    @Override
    public Integer call() throws InterruptedException {
        var patience = Span.read(timeout)
                .orElseThrow(() -> wrong("--timeout: %s (expected: %s)".formatted(timeout, Span.EXPECTED)));
        var query = query();
        var order = Json.write(new NewInvalidation(
                lines(),
                reference == null ? "nearside-invalidate-" + UUID.randomUUID() : reference,
                soft ? true : null));
        long end = System.nanoTime() + patience.toNanos();
        try (var http = connection.client(CONNECTING)) {
            var known = send(http, end, Duration.ZERO, "/api/v1/distributions", Optional.empty());
            if (!(known instanceof Said.Answered(var listed))) return failed(known);
            if (listed.statusCode() != 200) return refused(listed);
            var id = idIn(listed);
            if (id.isEmpty()) {
                return failed(
                        REFUSED,
                        "--distribution: %s (expected: the name or id of a distribution, as in the console)"
                                .formatted(distribution));
            }
            var path = "/api/v1/distributions/" + encoded(id.get()) + "/invalidations" + query;
            var said = send(http, end, patience, path, Optional.of(order));
            if (!(said instanceof Said.Answered(var response))) return failed(said);
            if (List.of(200, 201).contains(response.statusCode())) return done(response);
            // A 504 of something in between tells nothing about edges.
            return Problems.isOf(response, "edges-missing") ? notYet(response) : refused(response);
        }
    }

    private String query() {
        var waited = switch (wait) {
            case "none" -> "?wait=none";
            case "all", "quorum" -> "?wait=" + wait + "&timeout=" + encoded(timeout);
            default -> {
                if (!wait.matches("[1-9]\\d{0,5}|([1-9]\\d?|100)%")) {
                    throw wrong("--wait: %s (expected: all, quorum, none, a number of edges, or a percentage)"
                            .formatted(wait));
                }
                yield "?wait=quorum&quorum=" + encoded(wait) + "&timeout=" + encoded(timeout);
            }
        };
        return comment.isEmpty() ? waited : waited + "&comment=" + encoded(comment);
    }

    private List<String> lines() {
        var lines = new ArrayList<>(paths);
        if (everything) lines.add("/*");
        if (pathsFrom != null) {
            try {
                var text = pathsFrom.equals("-")
                        ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
                        : Files.readString(Path.of(pathsFrom));
                text.lines().map(String::strip).filter(line -> !line.isEmpty()).forEach(lines::add);
            } catch (IOException e) {
                throw new ParameterException(
                        commandLine(), "--paths-from: %s cannot be read (expected: a file)".formatted(pathsFrom), e);
            }
        }
        if (lines.isEmpty()) throw wrong("nothing to invalidate (expected: paths, --paths-from or --all)");
        return lines;
    }

    private Optional<String> idIn(HttpResponse<String> listed) {
        return switch (Json.readKnown(listed.body(), Distributions.class)) {
            case Checked.Valid<Distributions>(var all) ->
                all.items().stream()
                        .filter(item -> item.id().equals(distribution)
                                || distribution.equals(item.config().name()))
                        .map(Distributions.Item::id)
                        .findFirst();
            case Checked.Invalid<Distributions> _ -> Optional.of(distribution);
        };
    }

    /// Sends to one control plane after the other until one can say something, or the time is up.
    ///
    /// @param held how long the answer may be held back
    private Said send(HttpClient http, long end, Duration held, String path, Optional<String> body)
            throws InterruptedException {
        var addresses = controlPlanes.stream().map(connection::controlPlane).toList();
        for (int i = 0; ; i++) {
            var at = addresses.get(i % addresses.size());
            String why;
            Duration pause = BETWEEN_TRIES;
            try {
                var response = http.send(request(at.resolve(path), held, body), BodyHandlers.ofString());
                var later = retryAfter(response);
                // 503 is one that stops; another one, or itself when it has started again, may answer.
                if (response.statusCode() != 503 && later.isEmpty()) return new Said.Answered(response);
                if (later.isPresent()) {
                    pause = Duration.ofSeconds(later.getAsLong());
                    if (System.nanoTime() + pause.toNanos() > end) return new Said.Answered(response);
                }
                why = "status " + response.statusCode();
            } catch (IOException e) {
                why = Problems.reason(e);
            }
            if (System.nanoTime() + pause.toNanos() > end && i + 1 >= addresses.size()) {
                return new Said.Nobody("%s cannot be reached: %s".formatted(at, why));
            }
            TimeUnit.NANOSECONDS.sleep(pause.toNanos());
        }
    }

    /// When there is room again, of an answer that says that there is none.
    private static OptionalLong retryAfter(HttpResponse<String> response) {
        return response.statusCode() == 429 ? response.headers().firstValueAsLong("Retry-After") : OptionalLong.empty();
    }

    private HttpRequest request(URI to, Duration held, Optional<String> body) {
        var request = HttpRequest.newBuilder(to)
                .timeout(held.plus(PATIENCE))
                .header("Content-Type", "application/json")
                .method("GET", BodyPublishers.noBody());
        body.ifPresent(text -> request.POST(BodyPublishers.ofString(text)));
        connection.token().ifPresent(token -> request.header("Authorization", "Bearer " + token));
        return request.build();
    }

    private int done(HttpResponse<String> response) {
        var out = commandLine().getOut();
        if (json) out.println(response.body());
        else
            switch (Json.readKnown(response.body(), Invalidations.Item.class)) {
                case Checked.Valid<Invalidations.Item>(var item) -> out.println(sentence(item));
                case Checked.Invalid<Invalidations.Item> _ -> out.println(response.body());
            }
        out.flush();
        return 0;
    }

    private static String sentence(Invalidations.Item item) {
        var summary = item.summary();
        return "%s: %d of %d edges have applied it%s"
                .formatted(
                        item.id(),
                        summary.applied(),
                        summary.expected(),
                        summary.drained() == 0 ? "" : ", %d drained".formatted(summary.drained()));
    }

    private int notYet(HttpResponse<String> response) {
        if (json) {
            commandLine().getOut().println(response.body());
            commandLine().getOut().flush();
        }
        return failed(NOT_YET, Problems.of(response, Problems.Detail.ALWAYS));
    }

    private int refused(HttpResponse<String> response) {
        return failed(
                response.statusCode() >= 500 ? UNREACHABLE : REFUSED,
                Problems.of(response, Problems.Detail.WITHOUT_PROBLEMS));
    }

    private int failed(Said said) {
        return switch (said) {
            case Said.Nobody(var why) -> failed(UNREACHABLE, why);
            case Said.Answered(var response) -> refused(response);
        };
    }

    private int failed(int status, String why) {
        var err = commandLine().getErr();
        err.println(why);
        err.flush();
        return status;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private ParameterException wrong(String message) {
        return new ParameterException(commandLine(), message);
    }

    private CommandLine commandLine() {
        if (spec == null) throw new IllegalStateException("picocli has not been here");
        return spec.commandLine();
    }
}
