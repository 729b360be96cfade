package dev.nearside.control.access;

import dev.nearside.control.audit.Authorship;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Keeps operators and what was granted to them and to scripts.
public interface AccessRepository {

    boolean hasOperators();

    /// Adds an operator unless there is one, whoever else tries it at the same time; whether it was added.
    boolean addFirstOperator(Operator operator, Authorship by);

    Optional<Operator> findOperator(String username);

    /// Gives somebody another password, and ends all their sessions but one.
    void changePassword(String username, String passwordHash, String keptSecretHash, Authorship by);

    void addGrant(Grant grant, String secretHash, Authorship by);

    Optional<Grant> findGrant(String secretHash);

    /// The tokens of scripts, oldest first.
    List<Grant> tokens();

    /// Whether there was such a token.
    boolean deleteToken(String id, Authorship by);

    void deleteGrant(String secretHash);

    void deleteExpired(Instant now);
}
