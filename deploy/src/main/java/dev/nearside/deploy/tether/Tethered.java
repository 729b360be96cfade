package dev.nearside.deploy.tether;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Runs another main class in this JVM and ends it, in good order, when standard input ends.
///
/// A parent that holds the other end of the pipe need not live long enough to say goodbye: when it is killed, the
/// kernel closes the pipe and every child sees the end. So no orphan keeps a port.
public final class Tethered {

    /// How long an orderly end may take before the JVM is halted.
    private static final long GRACE_SECONDS = 10;

    private Tethered() {}

    public static void main(String[] args) throws ReflectiveOperationException {
        if (args.length == 0) throw new IllegalArgumentException("expected: MAIN-CLASS [ARGUMENT...]");
        Thread.ofPlatform().daemon().name("tether").start(Tethered::watch);
        var main = Class.forName(args[0]).getDeclaredMethod("main", String[].class);
        main.setAccessible(true); // a main class may keep itself to its package
        try {
            main.invoke(null, (Object) Arrays.copyOfRange(args, 1, args.length));
        } catch (InvocationTargetException e) {
            Thread.currentThread()
                    .getUncaughtExceptionHandler()
                    .uncaughtException(Thread.currentThread(), e.getCause() == null ? e : e.getCause());
            System.exit(1);
        }
    }

    private static void watch() {
        try {
            while (System.in.read() >= 0) {
                // whatever the parent says, only its silence counts
            }
        } catch (IOException _) {
            // a broken pipe is an end as well
        }
        var ended = new CountDownLatch(1);
        Thread.ofPlatform().daemon().name("tether-halt").start(() -> {
            try {
                if (!ended.await(GRACE_SECONDS, TimeUnit.SECONDS))
                    Runtime.getRuntime().halt(1);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
        System.exit(0);
    }
}
