package dev.nearside.admin;

import jakarta.servlet.DispatcherType;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.ee11.webapp.Configuration;
import org.eclipse.jetty.ee11.webapp.MetaInfConfiguration;
import org.eclipse.jetty.ee11.webapp.WebAppContext;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.resource.ResourceFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The web server around the views: plain Jetty, with Vaadin's servlet found by its own scan.
final class ConsoleServer {

    private static final Logger LOG = LoggerFactory.getLogger(ConsoleServer.class);

    /// Only these are scanned for views and static files; the rest of the class path is not a web application.
    private static final String SCANNED = ".*/(vaadin|flow|admin-ui)[^/]*\\.jar|.*/admin-ui/target/classes/.*";

    private final Server server = new Server(new QueuedThreadPool(64, 4));
    private final ServerConnector connector;
    private final Services services;

    ConsoleServer(String host, int port, Services services) {
        this.services = services;
        var http = new HttpConfiguration();
        http.setSendServerVersion(false);
        connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost(host);
        connector.setPort(port);
        server.addConnector(connector);
        server.setHandler(application(services));
    }

    /// Starts and returns the port it listens at.
    int start() throws Exception {
        try {
            server.start();
        } catch (IOException taken) {
            throw new IOException(
                    "--listen %s:%d: %s (expected: a free address of this machine)"
                            .formatted(connector.getHost(), connector.getPort(), taken.getMessage()),
                    taken);
        }
        return connector.getLocalPort();
    }

    void stop() {
        services.traffic().close();
        services.pulse().close();
        try {
            server.stop();
        } catch (Exception failure) {
            LOG.warn("the console stopped untidily", failure);
        }
    }

    private static WebAppContext application(Services services) {
        var context = new WebAppContext();
        context.setContextPath("/");
        context.setBaseResource(ResourceFactory.of(context)
                .newResource(Objects.requireNonNull(ConsoleServer.class.getResource("/webapp"), "the web root")));
        context.setClassLoader(ConsoleServer.class.getClassLoader());
        context.setParentLoaderPriority(true);
        context.setAttribute(MetaInfConfiguration.CONTAINER_JAR_PATTERN, SCANNED);
        context.addConfiguration(new JarsOfTheClassLoader());
        // Browsers keep cookies by host and not by port: the name keeps other services on this host apart.
        var sessions = context.getSessionHandler();
        sessions.setSessionCookie("NEARSIDE_CONSOLE");
        sessions.setHttpOnly(true);
        sessions.setSameSite(HttpCookie.SameSite.LAX);
        sessions.setMaxInactiveInterval(30 * 60);

        context.getServletContext().setAttribute(Services.class.getName(), services);
        context.addFilter(new FilterHolder(new SecurityHeaders()), "/*", EnumSet.of(DispatcherType.REQUEST));
        context.addServlet(new ServletHolder("live", new Health(() -> true)), "/health/live");
        context.addServlet(
                new ServletHolder("ready", new Health(() -> services.entrance().isReachable())), "/health/ready");
        return context;
    }

    /// Finds jars through the class loader: with `java -jar` and a manifest class path Jetty's own search finds none.
    static final class JarsOfTheClassLoader extends MetaInfConfiguration {

        @Override
        public Class<? extends Configuration> replaces() {
            return MetaInfConfiguration.class;
        }

        @Override
        protected List<URI> getAllContainerJars(WebAppContext context) {
            // What the class path names Jetty finds by itself, and would complain about twice.
            var named = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                    .map(entry -> Path.of(entry).toAbsolutePath().normalize())
                    .collect(Collectors.toSet());
            try {
                var found = new LinkedHashSet<URI>();
                for (var manifest :
                        Collections.list(ConsoleServer.class.getClassLoader().getResources("META-INF/MANIFEST.MF"))) {
                    var address = manifest.toString();
                    if (!address.startsWith("jar:file:")) continue;
                    var jar = URI.create(address.substring(4, address.indexOf("!/")));
                    if (!named.contains(Path.of(jar).normalize())) found.add(jar);
                }
                return List.copyOf(found);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }
}
