package dev.nearside.load.compare;

import dev.nearside.load.report.Machine;

/// Where and how it was measured.
///
/// @param generators what asked, with versions
record Setting(Machine machine, String generators, int rounds, int seconds) {}
