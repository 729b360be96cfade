package dev.nearside.load.proof;

import dev.nearside.command.CommandLines;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Chooses the proof.
@Command(
        name = "nearside verify",
        mixinStandardHelpOptions = true,
        subcommands = {CrashProof.class, SoakProof.class, LargeProof.class, DiskProof.class},
        description = "What a running edge must not do, whatever befalls it.")
public final class ProofMain implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private ProofMain() {}

    public static void main(String... arguments) {
        System.exit(CommandLines.of(new ProofMain()).execute(arguments));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which proof? (expected: --crash, --soak, --large or --disk)");
    }
}
