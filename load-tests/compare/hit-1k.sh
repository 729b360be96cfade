#!/usr/bin/env bash
# Hits of a 1 KiB object per second: nginx's proxy_cache beside a standalone edge, on this machine, over one origin.
# The rounds take turns, so that whatever else the machine does meets both alike; the medians count.
# Usage: hit-1k.sh [ROUNDS] [SECONDS]      JAVA_HOME names a JDK 25; `nearside verify` sets it and builds first.
set -euo pipefail

rounds=${1:-5}
seconds=${2:-5}
home=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
nginx=$(PATH=$PATH:/usr/sbin command -v nginx) || { echo 'nginx is missing: apt-get install nginx-light' >&2; exit 1; }
for program in wrk curl; do
    command -v "$program" > /dev/null || { echo "$program is missing: apt-get install $program" >&2; exit 1; }
done

work=$(mktemp -d)
pids=()
finish() {
    for pid in "${pids[@]}"; do kill "$pid" 2> /dev/null || true; done
    wait
    rm -rf "$work"
}
trap finish EXIT

free_port() {
    local port
    while :; do
        port=$((20000 + RANDOM % 20000))
        (: < "/dev/tcp/127.0.0.1/$port") 2> /dev/null || { echo "$port"; return; }
    done
}

# Becomes the process, so that its id is the one to end.
java_with() {
    local arguments=$1 module=$2
    shift 2
    exec "$JAVA_HOME/bin/java" "@$home/deploy/jvm.args" "@$home/deploy/jvm/$arguments.args" \
        -cp "$home/$module/target/$module.jar:$home/$module/target/lib/*" "$@"
}

await() {
    local name=$1 url=$2
    for _ in $(seq 300); do
        curl -fs -o /dev/null "$url" && return
        sleep 0.1
    done
    echo "$name does not answer; its log:" >&2
    tail -n 20 "$work/$name.log" >&2
    exit 1
}

site=$(free_port) edge=$(free_port) peer=$(free_port)
object=/static/sized/1024

java_with site deploy dev.nearside.deploy.site.SiteMain --listen "127.0.0.1:$site" > "$work/site.log" 2>&1 &
pids+=($!)

# Its workers must be allowed into the work folder, which belongs to whoever runs this.
user=''
[[ $(id -u) != 0 ]] || user='user root;'
cat > "$work/nginx.conf" << CONF
$user
daemon off;
worker_processes 2;
pid $work/nginx.pid;
error_log $work/nginx.log;
events { worker_connections 1024; }
http {
    access_log $work/nginx-access.log combined buffer=64k flush=1s;
    client_body_temp_path $work/body;
    proxy_temp_path $work/proxy;
    fastcgi_temp_path $work/fastcgi;
    uwsgi_temp_path $work/uwsgi;
    scgi_temp_path $work/scgi;
    proxy_cache_path $work/cache keys_zone=one:16m use_temp_path=off;
    open_file_cache max=1000;
    sendfile on;
    tcp_nopush off;
    tcp_nodelay on;
    keepalive_requests 100000000;
    server {
        listen 127.0.0.1:$peer;
        location / {
            proxy_pass http://127.0.0.1:$site;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_cache one;
            add_header X-Cache \$upstream_cache_status;
        }
    }
}
CONF
"$nginx" -p "$work" -c "$work/nginx.conf" > "$work/nginx.log" 2>&1 &
pids+=($!)

cat > "$work/edge.json" << JSON
{ "distributions": [ {
    "name": "compare", "enabled": true, "aliases": ["127.0.0.1"],
    "origins": [ { "id": "site", "domainName": "127.0.0.1", "httpPort": $site, "originProtocolPolicy": "http-only" } ],
    "defaultCacheBehavior": { "targetOriginId": "site", "viewerProtocolPolicy": "allow-all", "cachePolicyId": "CachingOptimized" }
} ] }
JSON
java_with edge edge-node dev.nearside.edge.EdgeMain --config "$work/edge.json" --listen "127.0.0.1:$edge" \
    --data "$work/edge" --cache-disk 256MB --allow-origins loopback > "$work/edge.log" 2>&1 &
pids+=($!)

await site "http://127.0.0.1:$site$object"
await nginx "http://127.0.0.1:$peer$object"
await edge "http://127.0.0.1:$edge$object"
for port in "$peer" "$edge"; do
    curl -fsi -o "$work/warm" "http://127.0.0.1:$port$object"
    grep -qi '^x-cache: hit' "$work/warm" || { echo "no hit on port $port:" >&2; head -n 20 "$work/warm" >&2; exit 1; }
done

measure() {
    wrk -t1 -c32 -d"$2s" "http://127.0.0.1:$1$object" > "$work/wrk"
    if grep -q 'Non-2xx\|Socket errors' "$work/wrk"; then cat "$work/wrk" >&2; exit 1; fi
    awk '/^Requests\/sec:/ { printf "%d\n", $2 }' "$work/wrk"
}

median() { sort -n | awk '{ all[NR] = $1 } END { print NR % 2 ? all[(NR + 1) / 2] : int((all[NR / 2] + all[NR / 2 + 1]) / 2) }'; }

echo "hits of 1 KiB per second, wrk -t1 -c32, $rounds rounds of $seconds s each in turns, both with an access log"
measure "$peer" 10 > /dev/null # both get the same time to warm what their first hits did not
measure "$edge" 10 > /dev/null
for round in $(seq "$rounds"); do
    measure "$peer" "$seconds" >> "$work/nginx.rates"
    measure "$edge" "$seconds" >> "$work/edge.rates"
    printf '  round %s   nginx %7s   nearside %7s\n' "$round" "$(tail -n 1 "$work/nginx.rates")" "$(tail -n 1 "$work/edge.rates")"
done
a=$(median < "$work/nginx.rates") b=$(median < "$work/edge.rates")
printf '  median    nginx %7s   nearside %7s   ratio %s\n' "$a" "$b" "$(awk -v a="$a" -v b="$b" 'BEGIN { printf "%.2f", b / a }')"
"$nginx" -v 2>&1 | sed 's/^/  /'
