package dev.nearside.edge.file;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/// Why a file cannot be read, in an operator's words.
public final class Unreadable {

    private Unreadable() {}

    /// What stands behind the file's name: `does not exist`.
    public static String why(IOException failure) {
        return switch (failure) {
            case NoSuchFileException _ -> "does not exist";
            case AccessDeniedException _ -> "may not be read by the user of this process";
            case FileSystemException system when system.getReason() != null -> "cannot be read: " + system.getReason();
            default -> "cannot be read: " + failure.getMessage();
        };
    }
}
