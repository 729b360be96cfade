package dev.nearside.deploy.demo;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Response;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/// The system's own Chromium, as an operator in front of the console.
final class ConsoleBrowser implements AutoCloseable {

    private static final List<String> QUIETLY = List.of(
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");

    private final Playwright playwright;
    private final Browser browser;
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final List<String> foreignRequests = new CopyOnWriteArrayList<>();
    final Page page;

    ConsoleBrowser(int port) {
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new LaunchOptions().setExecutablePath(chromium()).setArgs(QUIETLY));
        page = browser.newPage(new Browser.NewPageOptions()
                .setBaseURL("http://127.0.0.1:" + port)
                .setViewportSize(1440, 900));
        page.setDefaultTimeout(60_000);
        page.onConsoleMessage(this::listen);
        page.onResponse(response -> watch(response, port));
    }

    private void listen(ConsoleMessage message) {
        if (message.type().equals("error")) complaints.add(message.text());
    }

    private void watch(Response response, int port) {
        var own = "http://127.0.0.1:" + port + "/";
        if (!response.url().startsWith(own) && response.url().startsWith("http")) foreignRequests.add(response.url());
    }

    /// What the browser said against the page.
    List<String> complaints() {
        return complaints;
    }

    /// Requests to anybody but the console itself.
    List<String> foreignRequests() {
        return foreignRequests;
    }

    private static Path chromium() {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
                .flatMap(folder -> Stream.of("chromium", "chromium-browser").map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new AssertionError("Chromium is missing (apt-get install chromium)"));
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
