package dev.nearside.control.command;

import dev.nearside.command.ControlPlaneAddress;
import dev.nearside.control.http.TlsFiles;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// The options by which a command reaches a control plane and proves who it is.
final class Connection {
    private final Map<String, String> environment;

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    @Option(
            names = "--control-plane-ca",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "PEM certificates that vouch for it (default: what the Java runtime knows).")
    private @Nullable Path authorities;

    @Option(
            names = "--allow-plain-http",
            scope = ScopeType.INHERIT,
            description = "Send the token to http:// addresses on other machines, readable for everybody between.")
    private boolean allowPlainHttp;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "Holds the API token.")
    private @Nullable Path tokenFile;

    /// @param environment where the token is if it is in no file
    Connection(Map<String, String> environment) {
        this.environment = environment;
    }

    /// The address behind `--control-plane`.
    URI controlPlane(String said) {
        return address("--control-plane", said, allowPlainHttp);
    }

    /// The address behind `--management`, which is sent no token.
    URI edge(String said) {
        return address("--management", said, true);
    }

    private URI address(String option, String said, boolean allowPlainHttp) {
        URI address;
        try {
            address = new URI(said);
        } catch (URISyntaxException e) {
            throw wrong("%s: %s (expected: http://HOST:PORT or https://…)".formatted(option, said), e);
        }
        ControlPlaneAddress.problem(address, allowPlainHttp).ifPresent(problem -> {
            throw wrong(option + ": " + problem, null);
        });
        return address;
    }

    /// @param patience until it is connected
    HttpClient client(Duration patience) {
        var builder = HttpClient.newBuilder().connectTimeout(patience);
        if (authorities == null) return builder.build();
        try {
            return builder.sslContext(TlsFiles.contextTrusting("--control-plane-ca", authorities))
                    .build();
        } catch (TlsFiles.Unusable e) {
            throw wrong(String.valueOf(e.getMessage()), e);
        }
    }

    Optional<String> token() {
        if (tokenFile == null) return Optional.ofNullable(environment.get("NEARSIDE_TOKEN"));
        try {
            return Optional.of(Files.readString(tokenFile).strip());
        } catch (IOException e) {
            throw wrong("--token-file: %s cannot be read (expected: a file with a token)".formatted(tokenFile), e);
        }
    }

    private ParameterException wrong(String message, @Nullable Throwable cause) {
        if (command == null) throw new IllegalStateException("picocli has not been here");
        return new ParameterException(command.commandLine(), message, cause);
    }
}
