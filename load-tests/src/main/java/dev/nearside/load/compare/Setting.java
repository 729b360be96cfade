package dev.nearside.load.compare;

import dev.nearside.load.report.Machine;

/// Where and how it was measured.
record Setting(Machine machine, int rounds, int seconds) {}
