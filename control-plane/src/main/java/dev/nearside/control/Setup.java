package dev.nearside.control;

import dev.nearside.control.http.TlsFiles;
import dev.nearside.control.invalidation.OrderLimits;
import dev.nearside.control.persistence.DatabaseSettings;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/// How a control plane is set up.
///
/// @param data for what is this control plane's alone; made if it is missing
/// @param listen where to listen; port 0 takes a free one
/// @param tls what the API proves itself with; it speaks plain HTTP if empty
/// @param secretsKey the file of the keys that secrets are sealed under
/// @param limits of what may be invalidated
public record Setup(
        Path data,
        DatabaseSettings database,
        InetSocketAddress listen,
        Optional<TlsFiles> tls,
        Path secretsKey,
        OrderLimits limits) {

    /// Everything in one directory, over plain HTTP.
    public static Setup in(Path data, InetSocketAddress listen) {
        return new Setup(
                data,
                new DatabaseSettings.InDirectory(data),
                listen,
                Optional.empty(),
                data.resolve("secrets.key"),
                OrderLimits.USUAL);
    }

    public Setup with(DatabaseSettings other) {
        return new Setup(data, other, listen, tls, secretsKey, limits);
    }

    public Setup with(TlsFiles files) {
        return new Setup(data, database, listen, Optional.of(files), secretsKey, limits);
    }

    /// Keys that several control planes share.
    public Setup sealedUnder(Path file) {
        return new Setup(data, database, listen, tls, file, limits);
    }

    public Setup with(OrderLimits other) {
        return new Setup(data, database, listen, tls, secretsKey, other);
    }
}
