package dev.nearside.control.access;

import dev.nearside.control.audit.Authorship;
import dev.nearside.control.http.Answer;
import dev.nearside.control.http.Call;
import dev.nearside.control.http.Caller;
import dev.nearside.control.http.PlainText;
import dev.nearside.control.http.Requirement.Anyone;
import dev.nearside.control.http.Requirement.AtLeast;
import dev.nearside.control.http.Role;
import dev.nearside.control.http.Route;
import dev.nearside.model.check.Checked;
import dev.nearside.model.check.Problems;
import dev.nearside.model.wire.api.Login;
import dev.nearside.model.wire.api.Me;
import dev.nearside.model.wire.api.NewPassword;
import dev.nearside.model.wire.api.NewToken;
import dev.nearside.model.wire.api.Session;
import dev.nearside.model.wire.api.TokenCreated;
import dev.nearside.model.wire.api.Tokens;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Logging in and out, and the tokens of scripts.
public final class AccessResource {
    private static final int LONGEST = 128;
    private static final int SHORTEST_PASSWORD = 12;

    /// Nobody has proved who they are yet.
    private static final int SMALL_BODY = 16 << 10;

    private final Access access;
    private final AccessRepository repository;
    private final InstantSource clock;

    public AccessResource(Access access, AccessRepository repository, InstantSource clock) {
        this.access = access;
        this.repository = repository;
        this.clock = clock;
    }

    public List<Route> routes() {
        var viewer = new AtLeast(Role.VIEWER);
        var admin = new AtLeast(Role.ADMIN);
        return List.of(
                Route.post("/api/v1/login", new Anyone(), Route.Body.REQUIRED, this::login)
                        .upTo(SMALL_BODY),
                Route.post("/api/v1/logout", viewer, Route.Body.NONE, this::logout),
                Route.post("/api/v1/password", viewer, Route.Body.REQUIRED, this::changePassword)
                        .upTo(SMALL_BODY),
                Route.get("/api/v1/me", viewer, AccessResource::me),
                Route.get("/api/v1/tokens", admin, _ -> tokens()),
                Route.post("/api/v1/tokens", admin, Route.Body.REQUIRED, this::createToken),
                Route.delete("/api/v1/tokens/{id}", admin, this::deleteToken));
    }

    private record Credentials(String username, String password) {}

    private Answer login(Call call) throws InterruptedException {
        return switch (call.document(Login.class).then(AccessResource::credentials)) {
            case Checked.Invalid<Credentials>(var problems) -> Answer.invalid(problems);
            case Checked.Valid<Credentials>(var said) ->
                switch (access.login(said.username(), said.password(), call.place())) {
                    case Access.Login.Welcome(var session) ->
                        Answer.ok(new Session(
                                session.secret(),
                                session.grant().expiresAt().orElseThrow(),
                                said.username(),
                                session.grant().role().word()));
                    case Access.Login.Wrong() ->
                        new Answer.Refused(
                                401, "wrong-credentials", "Not logged in", "The user name or the password is wrong.");
                    case Access.Login.TooMany() -> tooMany();
                };
        };
    }

    private static Answer tooMany() {
        return new Answer.Refused(429, "too-many-logins", "Too many logins", "Try again in a few seconds.")
                .with("Retry-After", Long.toString(LoginAttempts.PAUSE.toSeconds()));
    }

    private static Checked<Credentials> credentials(Login said) {
        var problems = Problems.none();
        var username = text(said.username(), problems.at("username"));
        var password = text(said.password(), problems.at("password"));
        return Checked.of(new Credentials(username, password), problems.list());
    }

    private static String text(@Nullable String said, Problems at) {
        if (said == null || said.isEmpty()) at.add("missing (expected: a text)");
        else at.add(PlainText.problemOfLine(said, LONGEST));
        return said == null ? "" : said;
    }

    private record Passed(String present, String wanted) {}

    private Answer changePassword(Call call) throws InterruptedException {
        if (!(call.caller() instanceof Caller.Known known) || !known.isPerson()) {
            return new Answer.Refused(
                    403, "not-a-person", "An API token has no password", "Log in, and change it in that session.");
        }
        return switch (call.document(NewPassword.class).then(AccessResource::passed)) {
            case Checked.Invalid<Passed>(var problems) -> Answer.invalid(problems);
            case Checked.Valid<Passed>(var said) ->
                switch (access.changePassword(
                        said.present(),
                        said.wanted(),
                        call.bearerToken().orElseThrow(),
                        call.place(),
                        Authorship.of(call, clock.instant()))) {
                    case DONE -> new Answer.NoContent();
                    case WRONG_PASSWORD -> Answer.invalid("password", "another one (expected: the present one)");
                    case TOO_MANY -> tooMany();
                };
        };
    }

    private static Checked<Passed> passed(NewPassword said) {
        var problems = Problems.none();
        var present = text(said.password(), problems.at("password"));
        var wanted = text(said.newPassword(), problems.at("newPassword"));
        if (!wanted.isEmpty() && wanted.length() < SHORTEST_PASSWORD) {
            problems.at("newPassword")
                    .add("%d characters (expected: at least %d)".formatted(wanted.length(), SHORTEST_PASSWORD));
        }
        if (!wanted.isEmpty() && wanted.equals(present)) {
            problems.at("newPassword").add("the present one (expected: another)");
        }
        return Checked.of(new Passed(present, wanted), problems.list());
    }

    private Answer logout(Call call) {
        call.bearerToken().ifPresent(access::logout);
        return new Answer.NoContent();
    }

    private static Answer me(Call call) {
        return switch (call.caller()) {
            case Caller.Known known ->
                Answer.ok(new Me(known.name(), known.role().word(), known.isPerson() ? "user" : "token"));
            case Caller.Edge _, Caller.Stranger _ -> throw new IllegalStateException("only known callers get here");
        };
    }

    private Answer tokens() {
        return Answer.ok(new Tokens(repository.tokens().stream()
                .map(grant ->
                        new Tokens.Item(grant.id(), grant.name(), grant.role().word(), grant.createdAt()))
                .toList()));
    }

    private record Wanted(String name, Role role) {}

    private Answer createToken(Call call) {
        return Answer.to(call.document(NewToken.class).then(AccessResource::wanted), wanted -> {
            var by = Authorship.of(call, clock.instant());
            var granted = access.createToken(wanted.name(), wanted.role(), by);
            var grant = granted.grant();
            return Answer.created(
                    new TokenCreated(
                            grant.id(), grant.name(), grant.role().word(), grant.createdAt(), granted.secret()),
                    "/api/v1/tokens/" + grant.id());
        });
    }

    private static Checked<Wanted> wanted(NewToken said) {
        var problems = Problems.none();
        var name = text(said.name(), problems.at("name"));
        var role = Optional.ofNullable(said.role()).flatMap(Role::of);
        if (role.isEmpty()) {
            problems.at("role").add(said.role() == null ? "missing" : said.role(), "viewer, operator or admin");
        }
        return Checked.of(new Wanted(name, role.orElse(Role.VIEWER)), problems.list());
    }

    private Answer deleteToken(Call call) {
        var id = call.parameter("id");
        var by = Authorship.of(call, clock.instant());
        return repository.deleteToken(id, by) ? new Answer.NoContent() : Answer.notFound("There is no token " + id);
    }
}
