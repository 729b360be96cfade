package dev.nearside.control.access;

import dev.nearside.control.http.Role;

/// A person who may log in.
public record Operator(String username, String passwordHash, Role role) {}
