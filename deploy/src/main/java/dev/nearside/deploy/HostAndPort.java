package dev.nearside.deploy;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// An address as an operator writes it: `127.0.0.1:8060`, `localhost:8060`, `[::1]:8060`.
public record HostAndPort(String host, int port) {

    private static final Pattern WRITTEN = Pattern.compile("(\\[[0-9a-fA-F:]+]|[^:\\s/]+):(\\d{1,5})");

    public HostAndPort {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port: %d (expected: 0 to 65535)".formatted(port));
        }
    }

    public static HostAndPort parse(String written) {
        var match = WRITTEN.matcher(written);
        if (!match.matches()) throw new IllegalArgumentException("%s (expected: HOST:PORT)".formatted(written));
        return new HostAndPort(match.group(1), Integer.parseInt(match.group(2)));
    }

    public InetSocketAddress socketAddress() {
        return new InetSocketAddress(host.startsWith("[") ? host.substring(1, host.length() - 1) : host, port);
    }

    public URI http() {
        return URI.create("http://" + this);
    }

    @Override
    public String toString() {
        return host + ':' + port;
    }

    /// Lets the command line say what is wrong in its own words.
    public static final class Converter implements ITypeConverter<HostAndPort> {

        @Override
        public HostAndPort convert(String written) {
            try {
                return parse(written);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
