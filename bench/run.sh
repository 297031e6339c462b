#!/usr/bin/env bash
# Builds ringwell-bench where its sources changed, and runs one of its programs:
#   bench/run.sh jmh [JMH OPTION...]              bench/run.sh jmh -h lists them
#   bench/run.sh kv-step [JMH OPTION...]          a step of an iterator over keys and values, and what it allocates
#   bench/run.sh kv-build [ENTRIES]               a table built, beside RocksDB's SstFileWriter; -Dringwell.bench.dir=D
#   bench/run.sh kv-read scan|scan-direct|get-cold|get-hot [ENTRIES]   a table read, beside RocksDB and fio; the same
#   bench/run.sh vthreads cold|direct [OPTION...]
#   bench/run.sh s3 up|down|up-tls|down-tls...
#   bench/run.sh pipe [bytes|ints|message|append]...   pipes beside the JDK's and okio's
#   bench/run.sh tls                              TLS in memory, beside SSLEngine and openssl speed
#   bench/run.sh echo                             echo over loopback, beside Netty on io_uring
#   bench/run.sh sockets [ROUNDS]                 the kernel's ways to accept and to receive, on a bare ring
#   bench/run.sh windows advance|whole|whole-cold|claims|claims-direct|sink|sink-direct|sink-beside|routes|factors|safepoint...
# JAVA_OPTS is passed to the JVM, and by JMH to its forks: -Dringwell.bench.file=F -Dringwell.bench.mib=N.
# Builds into target/bench of the repository, beside what a build of the whole project writes.
set -euo pipefail
root=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
out=$root/target/bench

fail() {
  printf '%s: %s\n' "${0##*/}" "$1" >&2
  exit 2
}

. "$root/scripts/jdk.sh"

is_stale() {
  [[ -e $out/built ]] || return 0
  [[ -n $(find "$root/pom.xml" "$root"/ringwell-{core,search,kv,net,s3,s3-local,bench,bench-netty}/pom.xml "$root"/ringwell-{core,search,kv,net,s3,s3-local,bench,bench-netty}/src/main \
    -newer "$out/built" -print -quit) ]]
}

build() {
  printf 'building ringwell-bench ...\n' >&2
  mkdir -p "$out"
  : >"$out/started"
  rm -rf "$out/ringwell-bench/dist" "$out/ringwell-bench-netty/dist"
  (cd "$root" && JAVA_HOME=$jdk mvn -q -B -Pplain -Dmaven.test.skip=true -Dbuild.dir="$out" package -pl ringwell-bench,ringwell-bench-netty -am) \
    >"$out/build.log" 2>&1 || fail "the build failed: $out/build.log"
  mv "$out/started" "$out/built"
}

pin=
case ${1:-} in
  jmh) main=org.openjdk.jmh.Main ;;
  kv-step)
    main=org.openjdk.jmh.Main
    set -- kv-step KvStep -prof gc "${@:2}"
    ;;
  kv-build) main=io.ringwell.bench.KvBuild ;;
  kv-read) main=io.ringwell.bench.KvRead ;;
  vthreads) main=io.ringwell.bench.VirtualThreads ;;
  s3) main=io.ringwell.bench.S3Comparison ;;
  echo)
    # The server has the first processor, the client the second.
    main=io.ringwell.bench.EchoComparison
    pin='taskset -c 1'
    set -- echo "$out/ringwell-bench-netty/dist/lib/*"
    ;;
  pipe) main=io.ringwell.bench.PipeComparison ;;
  tls) main=io.ringwell.bench.TlsComparison ;;
  sockets) main=io.ringwell.bench.RawSockets ;;
  windows) main=io.ringwell.bench.WindowComparison ;;
  *) sed -n '2,15s/^# //p' "${BASH_SOURCE[0]}" >&2 && exit 2 ;;
esac
shift
find_jdk
if is_stale; then build; fi
# JMH and jasyncfio use Unsafe and JNI; without the two flags the JVM warns of that in every fork.
# shellcheck disable=SC2086 # JAVA_OPTS and pin are lists.
exec $pin "$jdk/bin/java" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow ${JAVA_OPTS:-} \
  -cp "$out/ringwell-bench/dist/lib/*" "$main" "$@"
