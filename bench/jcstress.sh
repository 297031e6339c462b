#!/usr/bin/env bash
# Builds ringwell-jcstress where its sources changed, and has jcstress try all meetings:
#   bench/jcstress.sh [sanity|quick|default|tough|stress] [JCSTRESS OPTION...]    -h lists them
#   bench/jcstress.sh quick -t CloseMeets -v
# Without a mode: quick. Ends with 1 where an outcome is forbidden or a test had an error. The report is
# target/jcstress/report/index.html of the repository.
set -euo pipefail
root=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
out=$root/target/jcstress

fail() {
  printf '%s: %s\n' "${0##*/}" "$1" >&2
  exit 2
}

. "$root/scripts/jdk.sh"

is_stale() {
  [[ -e $out/built ]] || return 0
  [[ -n $(find "$root/pom.xml" "$root"/ringwell-{core,jcstress}/pom.xml "$root"/ringwell-{core,jcstress}/src/main \
    -newer "$out/built" -print -quit) ]]
}

build() {
  printf 'building ringwell-jcstress ...\n' >&2
  mkdir -p "$out"
  : >"$out/started"
  rm -rf "$out/ringwell-jcstress/dist"
  (cd "$root" && JAVA_HOME=$jdk mvn -q -B -Pplain -Dmaven.test.skip=true -Dbuild.dir="$out" package -pl ringwell-jcstress -am) \
    >"$out/build.log" 2>&1 || fail "the build failed: $out/build.log"
  mv "$out/started" "$out/built"
}

mode=quick
case ${1:-} in
  sanity | quick | default | tough | stress)
    mode=$1
    shift
    ;;
esac
find_jdk
if is_stale; then build; fi
# Its raw results lie where it is started.
cd "$out"
native=--enable-native-access=ALL-UNNAMED
exec "$jdk/bin/java" "$native" -cp "$out/ringwell-jcstress/dist/lib/*" org.openjdk.jcstress.Main \
  -m "$mode" -jvmArgsPrepend "$native" -r "$out/report" "$@"
