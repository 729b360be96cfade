-- What wrk asks for and how it tells what it found; the comparison reads the name=value lines, which are unrounded.
--
-- Without arguments it asks for the URL's own path, and wrk sends one ready-made request over and over. With the path
-- of a file it asks for its lines in turn, "LENGTH PATH", which the comparison has drawn: the same ones in every run.

local threads = {}

function setup(thread)
    table.insert(threads, thread)
end

function init(args)
    expected = 0
    if not args[1] then return end
    local requests, lengths, seen = {}, {}, {}
    for line in io.lines(args[1]) do
        local length, path = line:match("^(%d+) (%S+)$")
        seen[path] = seen[path] or wrk.format("GET", path)
        requests[#requests + 1] = seen[path]
        lengths[#lengths + 1] = tonumber(length)
    end
    local at = 0
    function request()
        at = at % #requests + 1
        expected = expected + lengths[at]
        return requests[at]
    end
end

function done(summary, latency, requests)
    local errors, expected = summary.errors, 0
    for _, thread in ipairs(threads) do expected = expected + thread:get("expected") end
    print("requests=" .. summary.requests)
    print("microseconds=" .. summary.duration)
    print("bytes=" .. string.format("%d", summary.bytes))
    print("expected=" .. string.format("%d", expected))
    print("p50=" .. latency:percentile(50))
    print("p99=" .. latency:percentile(99))
    print("failed=" .. errors.connect + errors.read + errors.write + errors.timeout + errors.status)
end
