package dev.nearside.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Looks at the packaged jar, so it runs after packaging: production mode exists nowhere else.
class ConsoleJarCheck {

    private static final Path JAR = Path.of("target/admin-ui.jar");

    @Test
    void holdsThePrecompiledBundleAndNoOther() throws IOException {
        try (var jar = new JarFile(JAR.toFile())) {
            assertThat(text(jar, "META-INF/VAADIN/config/flow-build-info.json"))
                    .containsPattern("\"productionMode\"\\s*:\\s*true");
            assertThat(text(jar, "META-INF/VAADIN/config/stats.json"))
                    .as("a bundle of our own would lack components that we do not use")
                    .contains("@vaadin/charts");
            assertThat(jar.stream().map(Object::toString))
                    .contains(
                            "META-INF/resources/charts/v1/echarts.esm.min.js",
                            "META-INF/resources/charts/v1/echarts.esm.min.js.gz");
        }
    }

    private static String text(JarFile jar, String name) throws IOException {
        try (var in = jar.getInputStream(jar.getEntry(name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void answersWithSafeHeadersAndACookieThatScriptsCannotRead() throws Exception {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx192m",
                        "-jar",
                        JAR.toString(),
                        "--control-plane",
                        "http://127.0.0.1:9",
                        "--listen",
                        "127.0.0.1:0")
                .redirectErrorStream(true)
                .start();
        try (var log = process.inputReader(StandardCharsets.UTF_8);
                var http = HttpClient.newHttpClient()) {
            var address = ready(log);

            var page = get(http, address, "login");
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.headers().firstValue("X-Frame-Options")).hasValue("DENY");
            assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
                    .contains("default-src 'self'", "frame-ancestors 'none'");
            assertThat(page.headers().firstValue("Set-Cookie").orElse("")).contains("HttpOnly", "SameSite=Lax");
            assertThat(get(http, address, "health/live").statusCode()).isEqualTo(200);
            assertThat(get(http, address, "health/ready").statusCode()).isEqualTo(503);
            assertThat(get(http, address, "health/live").headers().firstValue("Set-Cookie"))
                    .isEmpty();
        } finally {
            process.destroy();
            process.waitFor();
        }
    }

    private static URI ready(BufferedReader log) throws IOException {
        var ready = Pattern.compile("console ready at (http://\\S+/)");
        for (var line = log.readLine(); line != null; line = log.readLine()) {
            var found = ready.matcher(line);
            if (found.find()) return URI.create(found.group(1));
        }
        throw new IOException("the console ended before it was ready");
    }

    private static HttpResponse<String> get(HttpClient http, URI address, String path) throws Exception {
        return http.send(HttpRequest.newBuilder(address.resolve(path)).build(), BodyHandlers.ofString());
    }
}
