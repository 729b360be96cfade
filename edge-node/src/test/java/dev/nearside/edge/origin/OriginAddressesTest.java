package dev.nearside.edge.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OriginAddressesTest {

    private final Vertx vertx = Vertx.vertx();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-31T12:00:00Z"));
    private final AtomicReference<Callable<InetAddress[]>> system = new AtomicReference<>();
    private final List<String> lookedUp = new ArrayList<>();
    private final OriginAddresses addresses =
            new OriginAddresses(vertx, Set.of(OriginAddresses.Range.LOOPBACK), now::get, this::lookUp);

    @AfterEach
    void stop() {
        vertx.close().await();
    }

    private InetAddress[] lookUp(String name) throws UnknownHostException {
        lookedUp.add(name);
        try {
            return system.get().call();
        } catch (UnknownHostException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # address                   | closed | with loopback open | with link-local open
        10.0.0.1                    | true   | true               | true
        192.168.1.1                 | true   | true               | true
        172.16.0.1                  | true   | true               | true
        100.64.0.1                  | true   | true               | true
        203.0.113.7                 | true   | true               | true
        fd12:3456::1                | true   | true               | true
        2001:db8::1                 | true   | true               | true
        127.0.0.1                   | false  | true               | false
        127.255.255.254             | false  | true               | false
        127.1                       | false  | true               | false
        2130706433                  | false  | true               | false
        ::1                         | false  | true               | false
        ::ffff:127.0.0.1            | false  | true               | false
        ::127.0.0.1                 | false  | true               | false
        ::ffff:0:127.0.0.1          | false  | true               | false
        64:ff9b::127.0.0.1          | false  | true               | false
        64:ff9b:1::7f00:1           | false  | true               | false
        2002:7f00:0001::1           | false  | true               | false
        2001:0:1:2:3:4:80ff:fffe    | false  | true               | false
        fd00::5efe:127.0.0.1        | false  | true               | false
        169.254.0.1                 | false  | false              | true
        169.254.169.254             | false  | false              | true
        fe80::1                     | false  | false              | true
        febf::1                     | false  | false              | true
        ::ffff:169.254.169.254      | false  | false              | true
        64:ff9b::169.254.169.254    | false  | false              | true
        2002:a9fe:a9fe::1           | false  | false              | true
        0.0.0.0                     | false  | false              | false
        0.1.2.3                     | false  | false              | false
        ::                          | false  | false              | false
        255.255.255.255             | false  | false              | false
        224.0.0.1                   | false  | false              | false
        ff02::1                     | false  | false              | false
        100.100.100.200             | false  | false              | false
        168.63.129.16               | false  | false              | false
        192.0.0.192                 | false  | false              | false
        64:ff9b::100.100.100.200    | false  | false              | false
        2002:a83f:8110::            | false  | false              | false
        fd00:ec2::254               | false  | false              | false
        fd00:ec2::23                | false  | false              | false
        fd20:ce::254                | false  | false              | false
        64:ff9b::10.0.0.1           | true   | true               | true
        """)
    void mayBeConnectedTo(String text, boolean closed, boolean loopback, boolean linkLocal) throws Exception {
        var address = InetAddress.getByName(text);

        assertThat(with().mayConnectTo(address)).isEqualTo(closed);
        assertThat(with(OriginAddresses.Range.LOOPBACK).mayConnectTo(address)).isEqualTo(loopback);
        assertThat(with(OriginAddresses.Range.LINK_LOCAL).mayConnectTo(address)).isEqualTo(linkLocal);
    }

    private OriginAddresses with(OriginAddresses.Range... opened) {
        return new OriginAddresses(vertx, Set.of(opened), now::get);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # as the system says                    | as they are tried
        10.0.0.1, 10.0.0.2                      | 10.0.0.1 10.0.0.2
        10.0.0.1, 10.0.0.2, fd00::1             | 10.0.0.1 fd00:0:0:0:0:0:0:1 10.0.0.2
        fd00::1, fd00::2, 10.0.0.1              | fd00:0:0:0:0:0:0:1 10.0.0.1 fd00:0:0:0:0:0:0:2
        """)
    void familiesTakeTurns(String said, String tried) throws Exception {
        means(said.split(", ", -1));

        assertThat(resolved()).isEqualTo(tried);
    }

    @Test
    void aNameIsLookedUpAgainWhileItIsInUse() throws Exception {
        means("10.0.0.1");
        assertThat(resolved()).isEqualTo("10.0.0.1");
        means("10.0.0.2");

        pass(Duration.ofMillis(9_999));
        assertThat(resolved()).isEqualTo("10.0.0.1");
        assertThat(lookedUp).hasSize(1);

        pass(Duration.ofMillis(1));
        assertThat(resolved()).isEqualTo("10.0.0.1"); // and looked up beside it
        await().until(() -> resolved().equals("10.0.0.2"));
        assertThat(lookedUp).hasSize(2);
    }

    @Test
    void aNameThatWasNotInUseIsLookedUpFirst() throws Exception {
        means("10.0.0.1");
        resolved();
        means("10.0.0.2");

        pass(Duration.ofMinutes(1));
        assertThat(resolved()).isEqualTo("10.0.0.2");
    }

    @Test
    void theLastKnownAddressesServeForTenMinutesWhileLookingUpFails() throws Exception {
        means("10.0.0.1");
        resolved();
        system.set(() -> {
            throw new UnknownHostException("origin.example");
        });

        pass(Duration.ofMinutes(2));
        assertThat(resolved()).isEqualTo("10.0.0.1");
        pass(Duration.ofSeconds(5));
        assertThat(resolved()).isEqualTo("10.0.0.1");
        assertThat(lookedUp).hasSize(2); // it is not asked all the time
        pass(Duration.ofMinutes(8).minusSeconds(6));
        assertThat(resolved()).isEqualTo("10.0.0.1");
        pass(Duration.ofSeconds(1));
        assertThat(resolved()).contains("UnknownHostException");
    }

    private void means(String... literals) {
        system.set(() -> {
            var found = new InetAddress[literals.length];
            for (int i = 0; i < literals.length; i++) found[i] = InetAddress.getByName(literals[i]);
            return found;
        });
    }

    private void pass(Duration time) {
        now.updateAndGet(then -> then.plus(time));
    }

    private String resolved() {
        return Future.<String>future(told -> vertx.runOnContext(_ -> addresses
                        .resolve("origin.example")
                        .map(found ->
                                found.stream().map(InetAddress::getHostAddress).collect(Collectors.joining(" ")))
                        .otherwise(Throwable::toString)
                        .onComplete(told)))
                .await();
    }
}
