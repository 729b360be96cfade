package dev.nearside.edge.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nearside.edge.http.Headers;
import dev.nearside.model.origin.Origin;
import dev.nearside.model.origin.OriginId;
import dev.nearside.model.origin.OriginProtocolPolicy;
import dev.nearside.model.origin.Timeouts;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Who is taken for an origin (CF§1.3).
class OriginTlsTest {

    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    Path folder;

    private final Vertx vertx = Vertx.vertx();
    private X509Bundle authority;
    private OriginClient client;

    @BeforeEach
    void start() throws Exception {
        authority = new CertificateBuilder()
                .subject("CN=Our own authority")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        client = client(Optional.of(Files.writeString(folder.resolve("ca.pem"), authority.getCertificatePEM())));
    }

    @AfterEach
    void stop() {
        vertx.close().await();
    }

    private OriginClient client(Optional<Path> authorities) throws IOException {
        var loopback = Set.of(OriginAddresses.Range.LOOPBACK);
        return new OriginClient(
                vertx,
                new OriginAddresses(vertx, loopback, InstantSource.system(), _ ->
                        new InetAddress[] {InetAddress.getLoopbackAddress()}),
                OriginTrust.of(authorities),
                new Health(InstantSource.system()),
                InstantSource.system(),
                System::nanoTime);
    }

    private X509Bundle certificate(String name, Instant from, Instant to, @Nullable X509Bundle issuer)
            throws Exception {
        var builder = new CertificateBuilder().subject("CN=x").notBefore(from).notAfter(to);
        if (Character.isDigit(name.charAt(0))) builder.addSanIpAddress(name);
        else builder.addSanDnsName(name);
        return issuer == null
                ? builder.setIsCertificateAuthority(true).buildSelfSigned()
                : builder.buildIssuedBy(issuer);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # certificate for  | issued by | from | to | origin         | Host                 | outcome
        origin.example     | ours      | -1   | 1  | origin.example | origin.example       | 200 origin.example
        127.0.0.1          | ours      | -1   | 1  | 127.0.0.1      | 127.0.0.1:8443       | 200 -
        shop.example       | ours      | -1   | 1  | origin.example | shop.example         | 200 shop.example
        shop.example       | ours      | -1   | 1  | origin.example | shop.example:8443    | 200 shop.example
        origin.example     | ours      | -1   | 1  | origin.example | shop.example         | its certificate is for another name
        shop.example       | ours      | -1   | 1  | origin.example | origin.example       | its certificate is for another name
        127.0.0.2          | ours      | -1   | 1  | 127.0.0.1      | 127.0.0.1:8443       | its certificate is for another name
        origin.example     | ours      | -2   | -1 | origin.example | origin.example       | its certificate, or one that vouches for it, has expired
        origin.example     | ours      | 1    | 2  | origin.example | origin.example       | its certificate is not valid yet
        origin.example     | itself    | -1   | 1  | origin.example | origin.example       | its certificate is signed by nobody we trust
        origin.example     | a stranger| -1   | 1  | origin.example | origin.example       | its certificate is signed by nobody we trust
        """)
    void onlyWhoShowsACertificateForTheNameIsBelieved(
            String name, String issuer, int from, int to, String domain, String host, String outcome) throws Exception {
        var now = Instant.now();
        var issuedBy = switch (issuer) {
            case "ours" -> authority;
            case "itself" -> null;
            default ->
                new CertificateBuilder()
                        .subject("CN=A stranger")
                        .setIsCertificateAuthority(true)
                        .buildSelfSigned();
        };
        var server = serve(
                certificate(name, now.plus(DAY.multipliedBy(from)), now.plus(DAY.multipliedBy(to)), issuedBy),
                "TLSv1.2",
                "TLSv1.3");

        var said = ask(client, domain, server.actualPort(), host);

        if (outcome.startsWith("200")) assertThat(said).isEqualTo(outcome);
        else assertThat(said).startsWith("502 " + outcome);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        TLSv1.3 | 200 origin.example
        TLSv1.2 | 200 origin.example
        TLSv1.1 | 502 TLS:
        TLSv1   | 502 TLS:
        """)
    void nothingOlderThanTls12IsSpoken(String version, String outcome) throws Exception {
        var server = serve(valid("origin.example"), version);

        assertThat(ask(client, "origin.example", server.actualPort(), "origin.example"))
                .startsWith(outcome);
    }

    @Test
    void withoutTheOperatorsFileItsAuthorityIsAStranger() throws Exception {
        var server = serve(valid("origin.example"), "TLSv1.3");

        assertThat(ask(client(Optional.empty()), "origin.example", server.actualPort(), "origin.example"))
                .startsWith("502 its certificate is signed by nobody we trust");
    }

    @Test
    void whoSpeaksNoTlsIsNoSecureOrigin() throws Exception {
        var server = vertx.createHttpServer()
                .requestHandler(request -> request.response().end())
                .listen(0, "127.0.0.1")
                .await();

        assertThat(ask(client, "origin.example", server.actualPort(), "origin.example"))
                .startsWith("502 TLS: ");
    }

    @Test
    void aConnectionMadeForOneNameServesNoOther() throws Exception {
        var server = serve(valid("shop.example"), "TLSv1.3");

        assertThat(ask(client, "origin.example", server.actualPort(), "shop.example"))
                .startsWith("200");
        assertThat(ask(client, "origin.example", server.actualPort(), "other.example"))
                .startsWith("502");
    }

    @ParameterizedTest
    @CsvSource({"missing", "''", "no certificate"})
    void aFileWithoutCertificatesIsRefused(String content) throws Exception {
        var file = folder.resolve("more.pem");
        if (!content.equals("missing")) Files.writeString(file, content);

        assertThatThrownBy(() -> OriginTrust.of(Optional.of(file)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("--origin-ca: " + file);
    }

    private X509Bundle valid(String name) throws Exception {
        return certificate(name, Instant.now().minus(DAY), Instant.now().plus(DAY), authority);
    }

    /// Says which name it was asked for in the handshake.
    private HttpServer serve(X509Bundle certificate, String... versions) {
        var options = new HttpServerOptions()
                .setSsl(true)
                .setSni(true)
                .setEnabledSecureTransportProtocols(Set.of(versions))
                .setKeyCertOptions(new PemKeyCertOptions()
                        .addCertValue(Buffer.buffer(certificate.getCertificatePathPEM()))
                        .addKeyValue(Buffer.buffer(certificate.getPrivateKeyPEM())));
        return vertx.createHttpServer(options)
                .requestHandler(request -> request.response()
                        .putHeader("X-SNI", String.valueOf(request.connection().indicatedServerName()))
                        .end("hello"))
                .listen(0, "127.0.0.1")
                .await();
    }

    private String ask(OriginClient client, String domain, int port, String host) {
        var origin = new Origin(
                new OriginId("site"),
                domain,
                "",
                List.of(),
                OriginProtocolPolicy.HTTPS_ONLY,
                80,
                port,
                new Timeouts(1, Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(5), Optional.empty()),
                Optional.empty());
        var request = new ForwardedRequest("GET", "/", Headers.of("Host", host));
        return Future.<String>future(told -> vertx.runOnContext(_ -> client.ask(
                                origin, OriginAddress.of(origin, "https"), request, Optional.empty(), Optional.empty())
                        .map(OriginTlsTest::said)
                        .onComplete(told)))
                .await();
    }

    private static String said(OriginOutcome outcome) {
        return switch (outcome) {
            case OriginOutcome.Answered answered -> {
                answered.discard();
                yield answered.status() + " "
                        + answered.headers()
                                .first("X-SNI")
                                .filter(name -> !name.equals("null"))
                                .orElse("-");
            }
            case OriginOutcome.Untrusted untrusted -> OriginOutcome.statusOf(untrusted) + " " + untrusted.reason();
            case OriginOutcome.Failed failed -> failed.toString();
        };
    }
}
