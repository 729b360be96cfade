package dev.nearside.control.http;

/// Tells who presents a credential.
@FunctionalInterface
public interface Authenticator {

    /// The holder of the bearer token, or a stranger.
    Caller authenticate(String bearerToken);
}
