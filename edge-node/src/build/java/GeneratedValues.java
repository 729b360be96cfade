import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.ChronicleMapBuilder;
import net.openhft.compiler.CompilerUtils;

/// Run by the build: keeps the classes that Chronicle Map makes while it opens a map.
///
/// It writes them as Java source and compiles that, in every process anew, which takes longer than all else that a
/// node does before its first hit. But it looks for them on its class path first.
final class GeneratedValues {

    /// @param arguments the folder of the module's classes
    public static void main(String... arguments) {
        var folder = Path.of(arguments[0]);
        ChronicleMapBuilder.of(byte[].class, byte[].class)
                .constantKeySizeBySample(new byte[8])
                .constantValueSizeBySample(new byte[8])
                .entries(1)
                .create()
                .close();
        CompilerUtils.CACHED_COMPILER.updateFileManagerForClassLoader(
                ChronicleMap.class.getClassLoader(), made -> write(made.getAllBuffers(), folder));
    }

    /// What is there already is left alone, so that nothing that is built from it looks out of date.
    private static void write(Map<String, byte[]> classes, Path folder) {
        try {
            for (var made : classes.entrySet()) {
                var file = folder.resolve(made.getKey().replace('.', '/') + ".class");
                if (Files.exists(file) && Arrays.equals(Files.readAllBytes(file), made.getValue())) continue;
                Files.createDirectories(file.getParent());
                Files.write(file, made.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
