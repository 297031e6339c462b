#!/usr/bin/env bash
# Runs `ringwell tunnel` and stunnel in alternation in front of the same echo server, clients speaking TLS 1.3 to them, and
# prints medians, least and greatest. Needs stunnel (apt-get install stunnel4), openssl, bash, awk.
#
#   bench/tunnel.sh [ROW...]       small, bulk. Both when none is named.
#
# ROUNDS=5          of every contender in each row
# CONNECTIONS=64    of small, each with one message of BYTES=64 under way, for SECONDS_PER_RUN=5 after a warm-up
# BULK_MIB=4096     of bulk, over one connection, there and back
# CONTENDERS="ringwell ringwell-secure stunnel"
# RINGWELL=...      the command
#
# Processor time is the tunnel's process alone, while the load runs; a JVM's warm-up is in it, its start is not. Clients and
# echo server are the JDK's (TunnelLoad.java), the same for all, and share the machine: where they are what is slow, the
# processor time tells the difference.
set -euo pipefail
export LC_ALL=C

root=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
: "${ROUNDS:=5}" "${CONNECTIONS:=64}" "${BYTES:=64}" "${SECONDS_PER_RUN:=5}" "${BULK_MIB:=4096}"
: "${CONTENDERS:=ringwell ringwell-secure stunnel}" "${RINGWELL:=$root/ringwell}"
scratch=$(mktemp -d)
echo=
tunnel=

fail() {
  printf '%s: %s\n' "${0##*/}" "$1" >&2
  exit 2
}

stop() { # pid
  [[ -z $1 ]] || { kill "$1" && wait "$1"; } 2>/dev/null || true
}
trap 'stop "$tunnel"; stop "$echo"; rm -rf "$scratch"' EXIT

. "$root/scripts/jdk.sh"
find_jdk
stunnel=$(type -P stunnel4 || type -P stunnel) || fail "needs stunnel: apt-get install stunnel4"
type -P openssl >/dev/null || fail "needs openssl: apt-get install openssl"

load() {
  "$jdk/bin/java" "$root/bench/TunnelLoad.java" "$@"
}

# Waits for the first line of a file that a process writes; its end is an error.
first_line() { # file pid
  until [[ -s $1 ]]; do
    kill -0 "$2" 2>/dev/null || fail "did not start: $(tail -n 1 "$scratch/said")"
    sleep 0.1
  done
  head -n 1 "$1"
}

# A port that nobody listens at: stunnel does not tell which one it took.
free_port() {
  local port
  while true; do
    port=$((20000 + RANDOM % 10000))
    (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
  done
  echo "$port"
}

# Starts a contender; sets tunnel and port.
start() { # contender
  : >"$scratch/out"
  case $1 in
    ringwell | ringwell-secure)
      local more=
      [[ $1 == ringwell ]] || more=--secure
      # shellcheck disable=SC2086 # Nothing, or one word.
      "$RINGWELL" tunnel --listen 127.0.0.1:0 --to "127.0.0.1:$echo_port" --cert "$scratch/cert.pem" \
        --key "$scratch/key.pem" --connections $((CONNECTIONS > 64 ? CONNECTIONS : 64)) $more \
        >"$scratch/out" 2>"$scratch/said" &
      tunnel=$!
      port=$(first_line "$scratch/out" "$tunnel")
      port=${port#127.0.0.1:}
      port=${port%% *}
      ;;
    stunnel)
      port=$(free_port)
      printf '%s\n' "foreground = yes" "pid =" "debug = err" "[bench]" "accept = 127.0.0.1:$port" \
        "connect = 127.0.0.1:$echo_port" "cert = $scratch/cert.pem" "key = $scratch/key.pem" >"$scratch/stunnel.conf"
      "$stunnel" "$scratch/stunnel.conf" >"$scratch/said" 2>&1 &
      tunnel=$!
      until (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
        kill -0 "$tunnel" 2>/dev/null || fail "stunnel did not start: $(tail -n 1 "$scratch/said")"
        sleep 0.1
      done
      ;;
    *) fail "no such contender: $1" ;;
  esac
}

# Processor seconds of a process: fields 14 and 15 of proc_pid_stat(5), behind a name that may have spaces.
cpu() { # pid
  local line
  line=$(<"/proc/$1/stat")
  # shellcheck disable=SC2086 # Words.
  set -- ${line##*) }
  awk -v ticks=$((${12} + ${13})) -v hz="$(getconf CLK_TCK)" 'BEGIN { printf "%.2f", ticks / hz }'
}

# Runs the contenders in turn, with the load that follows.
row() { # title unit load...
  local title=$1 unit=$2 round contender before result
  local -a contenders
  shift 2
  read -r -a contenders <<<"$CONTENDERS"
  rm -f "$scratch"/row-*
  for ((round = 0; round < ROUNDS; round++)); do
    for contender in "${contenders[@]}"; do
      start "$contender"
      before=$(cpu "$tunnel")
      result=$(load "$1" "$port" "$scratch/cert.pem" "${@:2}") || fail "$contender: $(tail -n 1 "$scratch/said")"
      printf '%s %s %s\n' "$before" "$(cpu "$tunnel")" "$result" >>"$scratch/row-$contender"
      stop "$tunnel"
      tunnel=
    done
  done
  printf '%s\n' "$title"
  for contender in "${contenders[@]}"; do
    awk -v name="$contender" -v unit="$unit" '
      function median(v, n,   i, j, t) {
        for (i = 2; i <= n; i++) for (j = i; j > 1 && v[j - 1] > v[j]; j--) { t = v[j]; v[j] = v[j - 1]; v[j - 1] = t }
        return v[int((n + 1) / 2)]
      }
      { cpu[NR] = $2 - $1; rate[NR] = $3 + 0; p50[NR] = $4 + 0; p99[NR] = $5 + 0 }
      END {
        m = median(rate, NR)
        printf "  %-16s %10.0f %s (%.0f-%.0f), processor time %.2f s", name, m, unit, rate[1], rate[NR], median(cpu, NR)
        if (p50[1]) printf ", 50%% %.0f us, 99%% %.0f us", median(p50, NR), median(p99, NR)
        printf "\n"
      }' "$scratch/row-$contender"
  done
}

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost \
  -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout "$scratch/key.pem" -out "$scratch/cert.pem" 2>"$scratch/said" ||
  fail "$(tail -n 1 "$scratch/said")"
"$RINGWELL" --version >/dev/null # builds
"$jdk/bin/java" "$root/bench/TunnelLoad.java" echo >"$scratch/echo" 2>"$scratch/said" &
echo=$!
echo_port=$(first_line "$scratch/echo" "$echo")

(($#)) || set -- small bulk
for name in "$@"; do
  case $name in
    small)
      row "$CONNECTIONS connections, messages of $BYTES bytes" messages/s small "$CONNECTIONS" "$BYTES" "$SECONDS_PER_RUN"
      ;;
    bulk) row "$BULK_MIB MiB there and back" MiB/s bulk $((BULK_MIB << 20)) ;;
    *) fail "no such row: $name" ;;
  esac
done
