package dev.nearside.admin.control;

import dev.nearside.model.wire.api.Me;
import dev.nearside.model.wire.api.Session;

/// The way into the control plane, before anybody has signed in.
public interface Entrance {

    /// Trades a name and a password for a token; `SignedOut` when they do not match.
    Answer<Session> login(String username, String password);

    /// What the bearer of this token may ask.
    /// Whose API token this is; nobody's if it is not good.
    Answer<Me> identify(String token);

    ControlPlane enter(String token);

    /// Whether the control plane answers at all.
    boolean isReachable();
}
