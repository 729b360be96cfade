package dev.nearside.deploy.demo;

import java.util.Optional;

/// What an operator reads when everything runs.
final class Summary {

    private Summary() {}

    static String of(State state, Ports ports, Optional<String> password, boolean withTraffic) {
        var signIn = password.map(secret -> "sign in as admin, password " + secret)
                .orElse("sign in as admin, with the password of the first start");
        return """

            Nearside is running.

              site through edge-1   http://127.0.0.1:%d/     metrics http://127.0.0.1:%d/metrics
              site through edge-2   http://127.0.0.1:%d/     metrics http://127.0.0.1:%d/metrics
              console               http://127.0.0.1:%d/     %s
              management API        http://127.0.0.1:%d/api/v1
              sample site (origin)  http://127.0.0.1:%d/
              state and logs        %s, %s
              traffic               %s

            Try, twice:
              curl -i http://127.0.0.1:%d/static/quiet.svg

            Ctrl-C stops everything.
            """.formatted(
                        ports.edge1(),
                        ports.edge1Management(),
                        ports.edge2(),
                        ports.edge2Management(),
                        ports.console(),
                        signIn,
                        ports.controlPlane(),
                        ports.site(),
                        state.directory(),
                        state.logs(),
                        withTraffic ? "about 30 requests a second; --no-traffic leaves it out" : "none",
                        ports.edge1());
    }
}
