package dev.nearside.control.access;

import dev.nearside.control.audit.Authorship;
import dev.nearside.control.http.Authenticator;
import dev.nearside.control.http.Caller;
import dev.nearside.control.http.Role;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.Supplier;

/// Lets people and scripts in, and tells who they are afterwards.
public final class Access implements Authenticator {
    /// The operator that every control plane begins with.
    public static final String FIRST_OPERATOR = "admin";

    private static final Duration SESSION = Duration.ofHours(12);

    private static final int MOST_AT_THE_DOOR = 32;

    private final AccessRepository repository;
    private final Function<String, Optional<String>> edgeByCredentialHash;
    private final Passwords passwords;
    private final Secrets secrets;
    private final LoginAttempts attempts = new LoginAttempts();

    /// Passwords are compared a few at a time; whoever would wait for long is better sent away.
    private final Semaphore entrance = new Semaphore(MOST_AT_THE_DOOR);
    private final Supplier<UUID> ids;
    private final InstantSource clock;

    public Access(
            AccessRepository repository,
            Function<String, Optional<String>> edgeByCredentialHash,
            Passwords passwords,
            Secrets secrets,
            Supplier<UUID> ids,
            InstantSource clock) {
        this.repository = repository;
        this.edgeByCredentialHash = edgeByCredentialHash;
        this.passwords = passwords;
        this.secrets = secrets;
        this.ids = ids;
        this.clock = clock;
    }

    /// A secret that is shown once, and what it grants.
    public record Granted(Grant grant, String secret) {
        @Override
        public String toString() {
            return "Granted[" + grant + "]";
        }
    }

    /// How a login ended.
    public sealed interface Login {

        record Welcome(Granted session) implements Login {}

        /// Wrong name or wrong password; nobody is told which.
        record Wrong() implements Login {}

        record TooMany() implements Login {}
    }

    public boolean hasOperators() {
        return repository.hasOperators();
    }

    /// Makes the first operator, unless another control plane has.
    ///
    /// @param password their password, which was told before: else it could be lost
    /// @return whether they were made, with this password
    public boolean createFirstOperator(String password) {
        var operator = new Operator(FIRST_OPERATOR, passwords.hash(password), Role.ADMIN);
        return repository.addFirstOperator(operator, new Authorship("nearside", clock.instant(), "first start"));
    }

    /// A password that nobody guesses.
    public String inventPassword() {
        return passwords.invent();
    }

    /// Lets somebody in who knows the password.
    ///
    /// @param place the address that they call from
    public Login login(String username, String password, String place) throws InterruptedException {
        if (!entrance.tryAcquire()) return new Login.TooMany();
        try {
            return admit(username, password, new LoginAttempts.Who(username, place));
        } finally {
            entrance.release();
        }
    }

    private Login admit(String username, String password, LoginAttempts.Who who) throws InterruptedException {
        if (!attempts.begin(who, clock.instant())) return new Login.TooMany();
        var operator = repository.findOperator(username);
        if (operator.isEmpty()) passwords.matchNobody(password);
        if (operator.isEmpty() || !passwords.matches(password, operator.get().passwordHash())) {
            return new Login.Wrong();
        }
        attempts.succeeded(who);
        var now = clock.instant();
        repository.deleteExpired(now);
        var grant = new Grant(
                ids.get().toString(),
                Optional.of(username),
                username,
                operator.get().role(),
                now,
                Optional.of(now.plus(SESSION)));
        return new Login.Welcome(keep(grant, Secrets.Kind.SESSION, new Authorship(username, now, "")));
    }

    /// How a change of password ended.
    public enum PasswordChange {
        DONE,
        WRONG_PASSWORD,
        TOO_MANY
    }

    /// Gives a person another password, and ends their other sessions; guesses of the present one are logins.
    ///
    /// @param session the secret of the session that goes on
    /// @param place the address that they call from
    public PasswordChange changePassword(String present, String wanted, String session, String place, Authorship by)
            throws InterruptedException {
        if (!entrance.tryAcquire()) return PasswordChange.TOO_MANY;
        try {
            var who = new LoginAttempts.Who(by.author(), place);
            if (!attempts.begin(who, clock.instant())) return PasswordChange.TOO_MANY;
            var operator = repository.findOperator(by.author());
            if (operator.isEmpty() || !passwords.matches(present, operator.get().passwordHash())) {
                return PasswordChange.WRONG_PASSWORD;
            }
            attempts.succeeded(who);
            repository.changePassword(by.author(), passwords.hashInTurn(wanted), Secrets.hash(session), by);
            return PasswordChange.DONE;
        } finally {
            entrance.release();
        }
    }

    public void logout(String secret) {
        repository.deleteGrant(Secrets.hash(secret));
    }

    public Granted createToken(String name, Role role, Authorship by) {
        var grant = new Grant(ids.get().toString(), Optional.empty(), name, role, by.at(), Optional.empty());
        return keep(grant, Secrets.Kind.TOKEN, by);
    }

    private Granted keep(Grant grant, Secrets.Kind kind, Authorship by) {
        var secret = secrets.make(kind);
        repository.addGrant(grant, Secrets.hash(secret), by);
        return new Granted(grant, secret);
    }

    @Override
    public Caller authenticate(String bearerToken) {
        var hash = Secrets.hash(bearerToken);
        if (Secrets.Kind.EDGE.made(bearerToken)) {
            return edgeByCredentialHash
                    .apply(hash)
                    .<Caller>map(Caller.Edge::new)
                    .orElseGet(Caller.Stranger::new);
        }
        return repository
                .findGrant(hash)
                .filter(grant -> grant.isLive(clock.instant()))
                .<Caller>map(grant -> new Caller.Known(
                        grant.name(), grant.role(), grant.username().isPresent()))
                .orElseGet(Caller.Stranger::new);
    }
}
