package dev.nearside.admin.control;

import dev.nearside.model.wire.api.Login;
import dev.nearside.model.wire.api.Me;
import dev.nearside.model.wire.api.Session;
import java.net.URI;
import java.net.http.HttpClient;

/// The control plane over HTTP, for those who have not signed in.
public final class HttpEntrance implements Entrance {

    private final HttpClient http;
    private final URI address;

    public HttpEntrance(HttpClient http, URI address) {
        this.http = http;
        this.address = address;
    }

    @Override
    public Answer<Session> login(String username, String password) {
        return new Wire(http, address, "").send("POST", "/login", new Login(username, password), Session.class);
    }

    @Override
    public Answer<Me> identify(String token) {
        return new Wire(http, address, token).get("/me", Me.class);
    }

    @Override
    public ControlPlane enter(String token) {
        return new HttpControlPlane(new Wire(http, address, token));
    }

    @Override
    public boolean isReachable() {
        return new Wire(http, address, "").isReachable();
    }
}
