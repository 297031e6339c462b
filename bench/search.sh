#!/usr/bin/env bash
# Runs `ringwell search` and ripgrep in alternation on the same files, and prints medians and ratios. Needs rg, bash, awk;
# the cold rows need root.
#
#   bench/search.sh [ROW...]       file-warm, file-cold, tree-warm (whole processes); file-in, tree-in (in one JVM that
#                                  is warm, rg beside it). All of them when none is named.
#
# FILE=...      a text file; made where it is missing, SIZE_MIB=8192 of it     TREE=...   a directory
# COLD_FILE=... for file-cold; FILE without it. What is read past the page cache is fio's, for comparison, where fio is.
# ROUNDS=7      of every contender in each row, after WARM_UP=2 (cold: none)
# ROUTES, JOBS  of the file rows "auto pread ring direct map" and "2", of the tree "auto pread ring map" and "1 2 4"
# PATTERN=...   for the file: matches nothing   TREE_PATTERN=...   for the tree: the same
# RINGWELL=...  the command
#
# A ratio is the median of rg's best row to the median of ours: more than 1 is faster than rg. Rows say whether what is
# read lies in the page cache (warm) or was dropped from it before each run (cold).
set -euo pipefail
export LC_ALL=C

root=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
: "${FILE:=$root/target/bench/search.txt}" "${SIZE_MIB:=8192}" "${TREE:=$root}" "${ROUNDS:=7}" "${WARM_UP:=2}"
: "${COLD_FILE:=$FILE}"
: "${PATTERN:=Sherlock}" "${TREE_PATTERN:=no_such_identifier}" "${RINGWELL:=$root/ringwell}"

fail() {
  printf '%s: %s\n' "${0##*/}" "$1" >&2
  exit 2
}

# Lines of words, other ones in every MiB, of about the lengths that prose has.
make_file() {
  mkdir -p "$(dirname -- "$FILE")"
  awk -v mib="$SIZE_MIB" 'BEGIN {
    srand(42)
    count = split("the of and to in that was his it he with for as had you not be is at on by which have or from this him but all she they were my are me one their so an said them we who would been will no when there if more out up into do any your what has man could other than our some very time upon about may its only now like little then can should made did us such great before must two these see know over much down after first mr good men", word, " ")
    for (m = 0; m < 64; m++) {
      text = ""
      size = 0
      while (size < 1048576) {
        line = ""
        words = 4 + int(rand() * 12)
        for (w = 0; w < words; w++) line = line word[1 + int(rand() * count)] " "
        line = line int(rand() * 100000)
        print line
        size += length(line) + 1
      }
    }
  }' >"$FILE.part"
  : >"$FILE.new"
  while (($(stat -c %s "$FILE.new") < SIZE_MIB << 20)); do
    cat "$FILE.part" >>"$FILE.new"
  done
  rm "$FILE.part"
  mv "$FILE.new" "$FILE"
}

drop_cache() {
  sync
  echo 3 >/proc/sys/vm/drop_caches
}

# Runs the contenders, one command a line of $1 as NAME|COMMAND, in turn; $2 is cold or warm.
row() {
  local title=$1 state=$2 contenders=$3 scratch round name command start first=$((1 - WARM_UP))
  scratch=$(mktemp -d)
  [[ $state == warm ]] || first=1
  for ((round = first; round <= ROUNDS; round++)); do
    while IFS='|' read -r -u 9 name command; do
      [[ $state == cold ]] && drop_cache
      start=${EPOCHREALTIME/./}
      # Exit code 1: nothing matched.
      $command >/dev/null 2>"$scratch/said" </dev/null || (($? == 1)) || fail "$command: $(head -n 1 "$scratch/said")"
      ((round < 1)) || echo "$((${EPOCHREALTIME/./} - start))" >>"$scratch/$name"
    done 9<<<"$contenders"
  done
  printf '%s (%s)\n' "$title" "$state"
  while IFS='|' read -r -u 9 name command; do
    sort -n "$scratch/$name" | awk -v name="$name" '{ v[NR] = $1 / 1000 }
      END { printf "%s %.1f %.1f %.1f\n", name, v[int((NR + 1) / 2)], v[1], v[NR] }'
  done 9<<<"$contenders" | awk '
    { name[NR] = $1; median[NR] = $2; least[NR] = $3; most[NR] = $4 }
    $1 ~ /^rg/ && (!best || $2 < best) { best = $2 }
    END { for (i = 1; i <= NR; i++)
      printf "  %-22s %9.1f ms (%.1f-%.1f)  %5.2f x rg, %+.1f ms\n", name[i], median[i], least[i], most[i], best / median[i], median[i] - best }'
  rm -rf "$scratch"
}

# Contenders: ours by each route named, with each number of threads, and rg.
contenders() { # pattern path routes jobs
  local route jobs
  for jobs in ${JOBS:-$4}; do
    for route in ${ROUTES:-$3}; do
      echo "ringwell-$route-j$jobs|$RINGWELL search -F -j $jobs --route $route $1 $2"
    done
    echo "rg-mmap-j$jobs|rg --no-config -F -j $jobs --mmap $1 $2"
    echo "rg-no-mmap-j$jobs|rg --no-config -F -j $jobs --no-mmap $1 $2"
  done
}

# The rate at which the device can be read in order.
fio_contender() {
  type -P fio >/dev/null || return 0
  echo "fio|fio --name=read --filename=$COLD_FILE --rw=read --bs=1M --ioengine=io_uring --iodepth=8 --direct=1 --readonly"
}

in_process() { # title routes jobs pattern path...
  local out=$root/target/bench
  . "$root/scripts/jdk.sh"
  find_jdk
  (cd "$root" && JAVA_HOME=$jdk mvn -q -B -o -Pplain -DskipTests -Dbuild.dir="$out" package -pl ringwell-bench -am) \
    >"$out.log" 2>&1 || fail "the build failed: $out.log"
  printf '%s, in one JVM after five passes (warm)\n' "$1"
  local routes=${ROUTES:-$2} jobs=${JOBS:-$3}
  shift 3
  # shellcheck disable=SC2086 # JAVA_OPTS is a list.
  "$jdk/bin/java" --enable-native-access=ALL-UNNAMED -Droutes="${routes// /,}" -Djobs="${jobs// /,}" \
    -Drounds="$ROUNDS" ${JAVA_OPTS:-} -cp "$out/ringwell-bench/dist/lib/*" io.ringwell.bench.SearchComparison "$@"
}

type -P rg >/dev/null || fail "needs rg: apt-get install ripgrep"
# A pattern with a space would be two words of a command.
[[ $PATTERN$TREE_PATTERN != *' '* ]] || fail "patterns without a space, please"
(($#)) || set -- file-warm file-cold tree-warm file-in tree-in
printf 'machine: Linux %s, %d processors (%s); %s; load %s\n' "$(uname -r)" "$(nproc)" \
  "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" "$(rg --version | sed -n 1p)" \
  "$(cut -d ' ' -f 1 /proc/loadavg)"
"$RINGWELL" --version >/dev/null
[[ $* != *file* || -e $FILE ]] || make_file
for name in "$@"; do
  case $name in
    file-warm)
      cat "$FILE" "$FILE" >/dev/null
      row "one file, whole process" warm "$(contenders "$PATTERN" "$FILE" "auto pread ring direct map" 2)"
      ;;
    file-cold)
      row "one file, whole process" cold \
        "$(contenders "$PATTERN" "$COLD_FILE" "auto pread ring direct map" 2 && fio_contender)"
      ;;
    tree-warm)
      grep -rc "$TREE_PATTERN" "$TREE" >/dev/null || true
      row "tree, whole process" warm "$(contenders "$TREE_PATTERN" "$TREE" "auto pread ring map" "1 2 4")"
      ;;
    file-in) in_process "one file" "auto pread ring direct map" 2 "$PATTERN" "$FILE" ;;
    tree-in) in_process "tree" "auto pread ring map" "1 2 4" "$TREE_PATTERN" "$TREE" ;;
    *) fail "no row '$name'" ;;
  esac
done
