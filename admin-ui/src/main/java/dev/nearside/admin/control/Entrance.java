package dev.nearside.admin.control;

/// The way into the control plane, before anybody has signed in.
public interface Entrance {

    /// Trades a name and a password for a token; `SignedOut` when they do not match.
    Answer<Login> login(String username, String password);

    /// What the bearer of this token may ask.
    ControlPlane enter(String token);

    /// Whether the control plane answers at all.
    boolean isReachable();

    /// Somebody who signed in.
    record Login(String username, String role, String token) {}
}
