package dev.nearside.deploy.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Upload, publish, renew, start without the control plane: with a control plane and an edge as operators run them.
class CertificatesStory {
    private static final Pattern API = Pattern.compile("ready: (http://\\S+)");
    private static final Pattern PORTS = Pattern.compile("Answering viewers on 127\\.0\\.0\\.1:(\\d+), over TLS on port (\\d+)");
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Process> started = new ArrayList<>();
    private URI api = URI.create("http://127.0.0.1");
    private String token = "";
    private int starts;

    /// A process and where it writes.
    private record Running(Process process, Path output) {
        String said() {
            try {
                return Files.readString(output);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        String awaitSaid(Pattern words, int group) {
            await().atMost(PATIENCE).until(() -> words.matcher(said()).find() || !process.isAlive());
            var found = words.matcher(said());
            if (!found.find()) throw new AssertionError("it ended: " + said());
            return found.group(group);
        }
    }

    /// A certificate and its key in PEM.
    private record Made(String certificate, String key) {}

    @AfterEach
    void stop() throws InterruptedException {
        started.forEach(Process::destroy);
        for (var process : started) {
            if (!process.waitFor(20, TimeUnit.SECONDS)) process.destroyForcibly();
        }
        http.close();
    }

    @Test
    void fromTheOperatorToTheViewers() throws Exception {
        var origin = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        origin.createContext("/", exchange -> {
            exchange.getResponseHeaders().add("Cache-Control", "max-age=600");
            exchange.sendResponseHeaders(200, 5);
            exchange.getResponseBody().write("hello".getBytes(StandardCharsets.US_ASCII));
            exchange.close();
        });
        origin.start();
        try {
            tell(origin.getAddress().getPort());
        } finally {
            origin.stop(0);
        }
    }

    private void tell(int origin) throws Exception {
        var controlPlane = start("control-plane", "--data", folder.resolve("control").toString(), "--listen", "127.0.0.1:0");
        api = URI.create(controlPlane.awaitSaid(API, 1));
        var password = Files.readString(folder.resolve("control/first-admin-password")).strip();
        token = json(call("POST", "/login", "{\"username\": \"admin\", \"password\": \"%s\"}".formatted(password)))
                .getString("token");
        Files.writeString(
                folder.resolve("token"),
                json(call("POST", "/enrolment-tokens", "")).getString("token"));

        // Upload, and publish one distribution with it and one without any.
        var first = make("first");
        var uploaded = json(call("POST", "/certificates", upload("www", first)));
        call("POST", "/distributions", distribution("www", "www.example.test", "www", origin));
        var plain = json(call("POST", "/distributions", distribution("plain", "plain.example.test", "", origin)));
        assertThat(plain.getString("viewerProtocols")).isEqualTo("http-only");
        assertThat(plain.getJsonArray("warnings").getString(0)).isEqualTo("no certificate: served over plain HTTP only");
        call("POST", "/snapshots", "");
        var edge = startEdge();
        int port = Integer.parseInt(edge.awaitSaid(PORTS, 2));
        edge.awaitSaid(Pattern.compile("Running snapshot 1"), 0);

        // A viewer who names the host gets that very certificate.
        try (var open = connect(port, "www.example.test")) {
            assertThat(ask(open)).startsWith("HTTP/1.1 200 ").endsWith("hello");
            assertThat(serial(open)).isEqualTo(serial(first));
            // Who names a host without a certificate is not let in; over plain HTTP it is answered.
            assertThatThrownBy(() -> connect(port, "plain.example.test")).isInstanceOf(SSLException.class);
            assertThat(plainly(Integer.parseInt(edge.awaitSaid(PORTS, 1)), "plain.example.test"))
                    .startsWith("HTTP/1.1 200 ");

            // Renew: the next viewer sees it, nobody restarts, and the open connection goes on.
            var second = make("second");
            var path = "/certificates/" + uploaded.getString("id");
            call("PUT", path, upload("www", second), "If-Match", uploaded.getString("etag"));
            await().atMost(PATIENCE).untilAsserted(() -> {
                try (var next = connect(port, "www.example.test")) {
                    assertThat(serial(next)).isEqualTo(serial(second));
                }
            });
            assertThat(ask(open)).startsWith("HTTP/1.1 200 ").endsWith("hello");
            assertThat(serial(open)).isEqualTo(serial(first));
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(json(call("GET", path, ""))
                            .getJsonArray("edges")
                            .toString())
                    .contains("\"state\":\"applied\""));

            // The edge starts again while nobody can tell it anything.
            end(controlPlane);
            end(edge);
            var again = startEdge();
            try (var alone = connect(Integer.parseInt(again.awaitSaid(PORTS, 2)), "www.example.test")) {
                assertThat(serial(alone)).isEqualTo(serial(second));
            }
            assertThat(again.said()).contains("Showing certificate www, version 2");
        }
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(folder.resolve("edge/certificates.json"))))
                .isEqualTo("rw-------");
        var secret = make("probe").key().substring(0, 27);
        try (var logs = Files.list(folder)) {
            for (var log : logs.filter(file -> file.toString().endsWith(".out")).toList()) {
                assertThat(Files.readString(log)).doesNotContain("PRIVATE KEY").doesNotContain(secret);
            }
        }
    }

    private Running startEdge() throws IOException {
        return start(
                "edge",
                "--control-plane",
                api.toString(),
                "--enrolment-token-file",
                folder.resolve("token").toString(),
                "--name",
                "edge-1",
                "--listen",
                "127.0.0.1:0",
                "--listen-tls",
                "127.0.0.1:0",
                "--data",
                folder.resolve("edge").toString(),
                "--cache-memory",
                "64MB",
                "--cache-disk",
                "128MB",
                "--allow-origins",
                "loopback");
    }

    private Running start(String... words) throws IOException {
        var command = new ArrayList<>(List.of(Path.of("..", "nearside").toString()));
        command.addAll(List.of(words));
        var output = folder.resolve(words[0] + "-" + ++starts + ".out");
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("NEARSIDE_BUILD", "never"); // the packages were made just before this test
        var process = builder.start();
        started.add(process);
        return new Running(process, output);
    }

    private static void end(Running running) throws InterruptedException {
        running.process().destroy();
        assertThat(running.process().waitFor(40, TimeUnit.SECONDS)).isTrue();
    }

    private HttpResponse<String> call(String method, String path, String body, String... fields) throws Exception {
        var request = HttpRequest.newBuilder(api.resolve("/api/v1" + path))
                .timeout(Duration.ofSeconds(30))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!body.isEmpty()) request.header("Content-Type", "application/json");
        if (!token.isEmpty()) request.header("Authorization", "Bearer " + token);
        if (fields.length > 0) request.headers(fields);
        var answer = http.send(request.build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
        return answer;
    }

    private static JsonObject json(HttpResponse<String> answer) {
        try (var reader = Json.createReader(new StringReader(answer.body()))) {
            return reader.readObject();
        }
    }

    private static String upload(String name, Made made) {
        return Json.createObjectBuilder()
                .add("name", name)
                .add("certificate", made.certificate())
                .add("privateKey", made.key())
                .build()
                .toString();
    }

    private static String distribution(String name, String alias, String certificate, int origin) {
        var shown =
                certificate.isEmpty() ? "" : ", \"viewerCertificate\": {\"certificateId\": \"" + certificate + "\"}";
        return """
                {"name": "%s", "enabled": true, "aliases": ["%s"]%s,
                 "origins": [{"id": "site", "domainName": "127.0.0.1", "httpPort": %d, "originProtocolPolicy": "http-only"}],
                 "defaultCacheBehavior": {"targetOriginId": "site", "cachePolicyId": "CachingOptimized"}}
                """.formatted(name, alias, shown, origin);
    }

    /// A certificate for the sites of this test, signed by itself, made by the JDK's own tool.
    private Made make(String name) throws Exception {
        var store = folder.resolve(name + ".p12");
        var password = "changeit";
        var tool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                        "-genkeypair",
                        "-alias",
                        "a",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=dns:www.example.test",
                        "-validity",
                        "90",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        password,
                        "-keystore",
                        store.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".keytool").toFile())
                .start();
        assertThat(tool.waitFor()).isZero();
        var keys = KeyStore.getInstance(store.toFile(), password.toCharArray());
        return new Made(
                pem("CERTIFICATE", keys.getCertificate("a").getEncoded()),
                pem("PRIVATE KEY", keys.getKey("a", password.toCharArray()).getEncoded()));
    }

    private static String pem(String label, byte[] bytes) {
        return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
                .formatted(label, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes));
    }

    private static String serial(Made made) throws GeneralSecurityException {
        var factory = java.security.cert.CertificateFactory.getInstance("X.509");
        var bytes = made.certificate().getBytes(StandardCharsets.US_ASCII);
        return ((X509Certificate) factory.generateCertificate(new java.io.ByteArrayInputStream(bytes)))
                .getSerialNumber()
                .toString(16);
    }

    private static String serial(SSLSocket socket) throws SSLException {
        return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                .getSerialNumber()
                .toString(16);
    }

    /// A viewer who trusts everybody and names a host.
    private static SSLSocket connect(int port, String host) throws Exception {
        var context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Credulous()}, null);
        var plain = new Socket(InetAddress.getLoopbackAddress(), port);
        var socket = (SSLSocket) context.getSocketFactory().createSocket(plain, host, port, true);
        socket.setSoTimeout(20_000);
        var parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(host)));
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private static String ask(SSLSocket socket) throws IOException {
        return ask(socket, "www.example.test");
    }

    private static String plainly(int port, String host) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            return ask(socket, host);
        }
    }

    private static String ask(Socket socket, String host) throws IOException {
        socket.getOutputStream()
                .write(("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        var read = new StringBuilder();
        var in = socket.getInputStream();
        while (!read.toString().endsWith("\r\n\r\nhello")) {
            int next = in.read();
            if (next < 0) break;
            read.append((char) next);
        }
        return read.toString();
    }

    private static final class Credulous implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
