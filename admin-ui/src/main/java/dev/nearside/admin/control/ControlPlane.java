package dev.nearside.admin.control;

/// stub
public interface ControlPlane {
    Answer<Boolean> logout();
}
