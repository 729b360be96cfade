package dev.nearside.edge.store;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/// A store in a process that is killed at any instant, again and again, its files damaged meanwhile; and what the next
/// process finds.
///
/// As a program (`ROUNDS FOLDER`) it prints figures, and fails if anything was served that should not have been.
final class CrashRounds {

    /// With room for everything, and with less.
    static final long ROOMY = 48L << 20;

    static final long TIGHT = 13L << 20;

    private static final int MILLIS_UNTIL_LATE = 700;

    private final Path directory;
    private final long disk;
    private final Random random;
    private final Map<Injury, Integer> injuries = new EnumMap<>(Injury.class);
    private final List<String> broken = new ArrayList<>();
    private final long[] acknowledged = new long[CrashWorker.PATHS];
    private final Set<Path> aside = new HashSet<>();
    private long invalidated;
    private boolean isInjured;
    private int rounds;
    private int killedEarly;
    private long found;
    private long stored;
    private long cut;
    private long lost;
    private long lostUnhurt;
    private long dropped;
    private int setAside;
    private long openingMillis;
    private int opened;

    CrashRounds(Path directory, long disk, long seed) {
        this.directory = directory;
        this.disk = disk;
        this.random = new Random(seed);
    }

    /// What was served that should not have been, in the words of whoever found it.
    List<String> broken() {
        return broken;
    }

    /// Objects that were found with the right bytes.
    long found() {
        return found;
    }

    /// Objects that were acknowledged and are gone although nobody has damaged a file, and nothing has needed their
    /// room.
    long lostUnhurt() {
        return lostUnhurt;
    }

    /// Plays one life of the process, from its start to its end.
    void round() throws IOException, InterruptedException {
        boolean isEarly = random.nextInt(8) == 0;
        if (rounds > 0 && random.nextBoolean()) hurt();
        var process = fork(rounds++);
        tellWhatIsKnown(process);
        boolean isChecked = false;
        try (var lines = process.inputReader(StandardCharsets.US_ASCII)) {
            if (isEarly) {
                // At whatever it is busy with after its start.
                pause(MILLIS_UNTIL_LATE);
                killedEarly++;
            } else {
                isChecked = readUntil(lines, random.nextInt(900));
                pause(20);
            }
            // Not by the process itself, which would close its output: what it said before its end counts.
            process.toHandle().destroyForcibly();
            process.waitFor();
            for (var line = lines.readLine(); line != null; line = lines.readLine()) isChecked |= heard(line);
        } finally {
            process.destroyForcibly().waitFor();
        }
        if (!isEarly && !isChecked) broken.add("round %d: the process ended before it had checked".formatted(rounds));
        if (isChecked) isInjured = false;
        lookAside();
    }

    private void pause(int millis) {
        LockSupport.parkNanos(random.nextLong(millis * 1_000_000L));
    }

    private void hurt() throws IOException {
        int times = 1 + random.nextInt(2);
        for (int i = 0; i < times; i++) {
            var injury = Injury.ALL.get(random.nextInt(Injury.ALL.size()));
            if (!injury.inflict(directory, CrashWorker.SHARDS, random)) continue;
            injuries.merge(injury, 1, Integer::sum);
            isInjured = true;
        }
    }

    /// Its input stays open: the process ends with it.
    private void tellWhatIsKnown(Process process) throws IOException {
        var out = process.outputWriter(StandardCharsets.US_ASCII);
        out.write(invalidated + "\n");
        for (long number : acknowledged) out.write(number + "\n");
        out.flush();
    }

    /// Until so many objects were stored, or the process has ended; whether it has checked what it found.
    private boolean readUntil(BufferedReader lines, int objects) throws IOException {
        boolean isChecked = false;
        long until = stored + objects;
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            isChecked |= heard(line);
            if (isChecked && stored >= until) break;
        }
        return isChecked;
    }

    /// Whether it was said that all was checked.
    private boolean heard(String line) {
        if (!line.startsWith(CrashWorker.SAYS)) return false; // its log
        var words = line.substring(CrashWorker.SAYS.length()).split(" ", -1);
        switch (words[0]) {
            case "broken" -> broken.add("round %d: %s".formatted(rounds, line));
            case "opened" -> {
                openingMillis += Long.parseLong(words[1]);
                dropped += Long.parseLong(words[2]);
                opened++;
            }
            case "checked" -> {
                return true;
            }
            case "found" -> found++;
            case "cut" -> {
                cut++;
                inDoubt(Integer.parseInt(words[1]));
            }
            case "lost" -> {
                lost++;
                if (!isInjured) lostUnhurt++;
                inDoubt(Integer.parseInt(words[1]));
            }
            case "storing" -> inDoubt(Integer.parseInt(words[1]));
            case "stored" -> {
                // A line that was torn by the end of its process is not known to be whole.
                if (words.length == 3) acknowledged[Integer.parseInt(words[1])] = Long.parseLong(words[2]);
                stored++;
            }
            case "invalidated" -> invalidated = Math.max(invalidated, Long.parseLong(words[1]));
            default -> broken.add("round %d: %s".formatted(rounds, line));
        }
        return false;
    }

    private void inDoubt(int path) {
        acknowledged[path] = -Math.abs(acknowledged[path]);
    }

    private void lookAside() throws IOException {
        try (var entries = Files.list(directory)) {
            for (var entry : entries.filter(path -> path.toString().contains(".damaged-"))
                    .toList()) {
                if (aside.add(entry)) setAside++;
            }
        }
    }

    private Process fork(int round) throws IOException {
        var command = new ArrayList<String>();
        command.add(ProcessHandle.current().info().command().orElseThrow());
        for (var argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (argument.startsWith("--") || argument.startsWith("-D") || argument.startsWith("-XX:+Use"))
                command.add(argument);
        }
        command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of(CrashWorker.class.getName(), directory.toString(), Long.toString(disk)));
        command.add(Integer.toString(round));
        var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        return builder.start();
    }

    void print(PrintStream out) {
        var kinds = injuries.entrySet().stream()
                .map(each -> each.getKey().name().toLowerCase(Locale.ROOT).replace('_', ' ') + " " + each.getValue())
                .collect(Collectors.joining(", "));
        out.printf(
                Locale.ROOT,
                "%d rounds with %d MB of disk, %d killed at their start%n",
                rounds,
                disk >> 20,
                killedEarly);
        out.printf(Locale.ROOT, "  files damaged                     %d (%s)%n", sum(), kinds);
        out.printf(Locale.ROOT, "  objects stored, invalidations     %,d, %,d%n", stored, invalidated);
        out.printf(Locale.ROOT, "  objects found after a kill, every byte checked   %,d%n", found);
        out.printf(Locale.ROOT, "  served wrong                      %d%n", broken.size());
        out.printf(Locale.ROOT, "  broken off while they were read   %,d%n", cut);
        if (disk >= ROOMY) {
            out.printf(
                    Locale.ROOT,
                    "  acknowledged objects lost         %,d, of these without damage %,d%n",
                    lost,
                    lostUnhurt);
        }
        out.printf(Locale.ROOT, "  records dropped by recovery       %,d%n", dropped);
        out.printf(Locale.ROOT, "  shards set aside                  %d%n", setAside);
        out.printf(
                Locale.ROOT,
                "  from opening to all recovered     %d ms on average%n",
                openingMillis / Math.max(1, opened));
        for (var each : broken.stream().limit(20).toList()) out.println("  " + each);
    }

    private int sum() {
        return injuries.values().stream().mapToInt(Integer::intValue).sum();
    }

    @SuppressWarnings("SystemOut") // the figures are what this is for
    public static void main(String... arguments) throws IOException, InterruptedException {
        int rounds = Integer.parseInt(arguments[0]);
        long begun = System.nanoTime();
        boolean isSound = true;
        for (long disk : new long[] {ROOMY, TIGHT}) {
            var crash = new CrashRounds(Path.of(arguments[1]).resolve("store-" + (disk >> 20)), disk, disk);
            for (int i = 1; i <= rounds / 2; i++) {
                crash.round();
                if (i % 25 == 0)
                    System.out.printf(
                            Locale.ROOT,
                            "  … %d rounds, %d findings%n",
                            i,
                            crash.broken().size());
            }
            crash.print(System.out);
            isSound &= crash.broken().isEmpty() && (disk < ROOMY || crash.lostUnhurt() == 0);
        }
        System.out.printf(Locale.ROOT, "%d rounds in %.0f s%n", rounds / 2 * 2, (System.nanoTime() - begun) / 1e9);
        if (!isSound) System.exit(1);
    }
}
