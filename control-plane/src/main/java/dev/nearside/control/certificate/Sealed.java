package dev.nearside.control.certificate;

/// What lies in the database in place of a secret.
///
/// @param keyId of the secrets key that it was sealed under
/// @param text nonce and ciphertext, in Base64
public record Sealed(String keyId, String text) {}
