package dev.nearside.admin;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.BooleanSupplier;

/// Answers a load balancer or the launcher, without authentication and without a session.
final class Health extends HttpServlet {

    private final transient BooleanSupplier isWell;

    Health(BooleanSupplier isWell) {
        this.isWell = isWell;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        var well = isWell.getAsBoolean();
        response.setStatus(well ? HttpServletResponse.SC_OK : HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        response.setContentType("application/json");
        response.setHeader("Cache-Control", "no-store");
        response.getWriter().write(well ? "{\"status\":\"UP\"}" : "{\"status\":\"DOWN\"}");
    }
}
