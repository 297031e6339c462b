#!/usr/bin/env bash
# Runs `ringwell bench` and fio in alternation on the same file, with the same mode, block, depth, batch and
# cache state, and prints ratios. Needs fio, fincore (util-linux), bash and awk.
#
#   bench/vs-fio.sh [ROW...]       all rows when none is named; --list shows them
#
# PAIRS=7             runs of each side and row; every second pair starts with fio
# SECONDS_PER_RUN=5   of measuring; ours warms up for a second before
# FILE=...            made where it is missing, beside it FILE.cold, FILE.write and FILE.write-fio
#                     (default target/bench/vs-fio.dat of the repository: name one on the disk to measure)
# SIZE=1g             of FILE; must fit the page cache.  COLD_SIZE=8g  of FILE.cold
# FIO_OPTIONS=        added to every fio run.  RINGWELL=...  the command
# RAW=...             a file that gets a line for each run: row, pair, side, operations/s, CPU us/operation
#
# A ratio is ours / fio's of one pair. CPU: ours is the whole process with its kernel workers, fio's is what it
# reports as usr and sys of its jobs, without kernel workers.
set -euo pipefail
export LC_ALL=C

root=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
: "${PAIRS:=7}" "${SECONDS_PER_RUN:=5}" "${FILE:=$root/target/bench/vs-fio.dat}" "${SIZE:=1g}" "${COLD_SIZE:=8g}"
: "${FIO_OPTIONS:=}" "${RINGWELL:=$root/ringwell}" "${RAW:=}"

# row|state|file|size|ours|fio|what the ratio is to reach at least|what the ratio of CPU may be at most
rows() {
  local actor='--api actor --handoff always --batch 16' uring='--ioengine=io_uring --registerfiles=1 --fixedbufs=1'
  uring+=' --iodepth_batch_submit=16 --iodepth_batch_complete_min=1 --iodepth_batch_complete_max=16'
  cat <<ROWS
ring|warm|$FILE|$SIZE|randread --block 4k --api ring --depth 32 --batch 16|--rw=randread --bs=4k --iodepth=32 $uring|1.15|
actor|warm|$FILE|$SIZE|randread --block 4k $actor --depth 32|--rw=randread --bs=4k --iodepth=32 $uring|0.95|
auto|warm|$FILE|$SIZE|randread --block 4k --api actor --handoff auto --depth 32 --batch 16 --jobs 2|--rw=randread --bs=4k --ioengine=psync --numjobs=2|0.90|
direct32|direct|$FILE|$SIZE|randread --block 4k $actor --depth 32 --direct|--rw=randread --bs=4k --iodepth=32 --direct=1 $uring|0.95|1.6
direct64|direct|$FILE|$SIZE|randread --block 4k $actor --depth 64 --direct|--rw=randread --bs=4k --iodepth=64 --direct=1 $uring|0.95|1.6
vthread-cold|cold|$FILE.cold|$COLD_SIZE|randread --block 4k --api vthread --jobs 256 --cold --ticks|--rw=randread --bs=4k --iodepth=256 $uring|0.85|
vthread-direct|direct|$FILE|$SIZE|randread --block 4k --api vthread --jobs 256 --direct --ticks|--rw=randread --bs=4k --iodepth=256 --direct=1 $uring|0.95|
seqwrite|direct|$FILE.write|$SIZE|seqwrite --block 1m $actor --depth 8 --direct|--rw=write --bs=1m --iodepth=8 --direct=1 $uring|0.95|
ROWS
}

fail() {
  printf '%s: %s\n' "${0##*/}" "$1" >&2
  exit 2
}

# ---- picking figures ---------------------------------------------------------------------------------------

# The number or string $2 of the one-line object in $1.
ours_pick() {
  sed -n "s/.*\"$2\": *\"\{0,1\}\([^,}\"]*\).*/\1/p" "$1"
}

# Operations/s, CPU microseconds an operation and operations of fio's only (grouped) job in $1, direction $2 (read, write).
fio_pick() {
  awk -v dir="$2" '
    function number() { sub(/.*: */, ""); sub(/,.*/, ""); return $0 + 0 }
    /^ *"(read|write|trim|sync)" : *\{/ { section = $1; gsub(/"/, "", section) }
    section == dir && /"iops" :/ && !rated { rate = number(); rated = 1 }
    section == dir && /"total_ios" :/ && !counted { ios = number(); counted = 1 }
    /"job_runtime" :/ { millis = number() }
    /"usr_cpu" :/ { cpu += number() }
    /"sys_cpu" :/ { cpu += number() }
    END { if (!rate || !ios) exit 1; printf "%.1f %.4f %d\n", rate, cpu / 100 * millis * 1000 / ios, ios }' "$1"
}

# Median, least and greatest of the numbers in column $2 of file $1.
spread() {
  awk -v c="$2" '{ print $c }' "$1" | sort -g |
    awk '{ v[NR] = $1 } END { m = NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2; print m, v[1], v[NR] }'
}

# ---- running -----------------------------------------------------------------------------------------------

# Runs a command with its output in $1; shows what it said and ends the script where it fails.
run_to() {
  local out=$1
  shift
  "$@" >"$out" 2>"$scratch/said" || { cat "$scratch/said" "$out" >&2; fail "failed: $*"; }
}

drop_cache() {
  sync
  echo 1 >/proc/sys/vm/drop_caches
}

# Sees to the page cache before a run, in the same way for both sides.
prepare() {
  case $1 in
    warm) cat "$2" >/dev/null ;;
    cold) drop_cache ;;
    direct) : ;;
  esac
}

resident_bytes() {
  fincore --bytes --noheadings --output RES "$1" | awk '{ printf "%.0f\n", $1 }'
}

# A warm run of a file that was not cached, or a cold one that read a few blocks over and over, is a figure of
# something else. N independent random reads of B blocks visit B (1 - e^(-N/B)) of them, and those are in the
# cache afterwards, with what was read ahead; a tenth less is allowed for what the kernel took back.
check_cache() { # state file size operations side
  local resident
  [[ $1 != direct ]] || return 0
  resident=$(resident_bytes "$2")
  awk -v state="$1" -v resident="$resident" -v bytes="$(numfmt --from=iec "${3^^}")" -v n="$4" 'BEGIN {
    blocks = bytes / 4096
    expected = state == "warm" ? bytes : 4096 * blocks * (1 - exp(-n / blocks))
    exit resident < 0.9 * expected }' ||
    fail "$5, $1: $((resident >> 20)) MiB of $2 are cached after $4 reads, too few for what this row means"
}

# Prints operations/s and CPU; leaves the JSON in $scratch/ours.
run_ours() { # state file size arguments...
  local state=$1 file=$2 size=$3 engine
  shift 3
  prepare "$state" "$file"
  run_to "$scratch/ours" "$RINGWELL" bench "$@" --file "$file" --size "$size" --seconds "$SECONDS_PER_RUN" --json
  engine=$(ours_pick "$scratch/ours" engine)
  [[ $engine == io_uring ]] || fail "measured '$engine' where io_uring was meant (see $RINGWELL doctor)"
  check_cache "$state" "$file" "$size" "$(ours_pick "$scratch/ours" ops)" ours
  printf '%s %s\n' "$(ours_pick "$scratch/ours" iops)" "$(ours_pick "$scratch/ours" cpu_us_per_op)"
}

run_fio() { # state file size arguments...
  local state=$1 file=$2 size=$3 dir=read
  shift 3
  if [[ " $* " == *' --rw=write '* ]]; then dir=write file=$file-fio; fi
  prepare "$state" "$file"
  # shellcheck disable=SC2086 # FIO_OPTIONS is a list.
  run_to "$scratch/fio" fio --name=row --filename="$file" --size="$size" "$@" --time_based \
    --runtime="$SECONDS_PER_RUN" --invalidate=0 --norandommap --randrepeat=0 --group_reporting \
    --output-format=json $FIO_OPTIONS
  fio_pick "$scratch/fio" "$dir" >"$scratch/figures" ||
    fail "no figures in fio's output: $(head -c 300 "$scratch/fio")"
  check_cache "$state" "$file" "$size" "$(cut -d ' ' -f 3 "$scratch/figures")" fio
  cut -d ' ' -f 1,2 "$scratch/figures"
}

# Makes the row's file with our command, whole and without holes; fio writes into a copy of it, since our
# command does not overwrite what it did not write.
make_file() { # file size row
  mkdir -p "$(dirname -- "$1")"
  run_to "$scratch/made" "$RINGWELL" bench randread --file "$1" --size "$2" --seconds 0.1 --warmup 0
  if [[ $3 == seqwrite && ! -e $1-fio ]]; then
    cp --reflink=never --sparse=never "$1" "$1-fio"
    sync "$1-fio"
  fi
}

run_row() {
  local row=$1 state=$2 file=$3 size=$4 target=$7 cpu_limit=$8 pair side ours fio
  local -a our_args fio_args
  read -ra our_args <<<"$5"
  read -ra fio_args <<<"$6"
  if [[ $state == cold && ! -w /proc/sys/vm/drop_caches ]]; then
    printf '%-15s left out: dropping the page cache takes root\n' "$row"
    return
  fi
  make_file "$file" "$size" "$row"
  local results=$scratch/$row.results
  : >"$results"
  for ((pair = 1; pair <= PAIRS; pair++)); do
    for side in $( ((pair % 2)) && echo ours fio || echo fio ours); do
      if [[ $side == ours ]]; then
        ours=$(run_ours "$state" "$file" "$size" "${our_args[@]}")
        printf '%s %s\n' "$(ours_pick "$scratch/ours" ticks_percent)" \
          "$(ours_pick "$scratch/ours" platform_threads)" >>"$scratch/$row.threads"
      else
        fio=$(run_fio "$state" "$file" "$size" "${fio_args[@]}")
      fi
    done
    echo "$ours $fio" | awk '{ print $1, $2, $3, $4, $1 / $3, ($4 > 0 ? $2 / $4 : 0) }' >>"$results"
    if [[ -n $RAW ]]; then
      printf '%s %d ours %s\n%s %d fio %s\n' "$row" "$pair" "$ours" "$row" "$pair" "$fio" >>"$RAW"
    fi
    printf '%s %d/%d: ours %s, fio %s\n' "$row" "$pair" "$PAIRS" "$ours" "$fio" >&2
  done
  print_row "$row" "$state" "$target" "$cpu_limit" "$results"
}

print_row() {
  local row=$1 state=$2 target=$3 cpu_limit=$4 results=$5 ratio least most ours fio cpu fio_cpu cpu_ratio verdict
  read -r ratio least most <<<"$(spread "$results" 5)"
  read -r ours _ <<<"$(spread "$results" 1)"
  read -r cpu _ <<<"$(spread "$results" 2)"
  read -r fio _ <<<"$(spread "$results" 3)"
  read -r fio_cpu _ <<<"$(spread "$results" 4)"
  read -r cpu_ratio _ <<<"$(spread "$results" 6)"
  verdict=$(awk -v r="$ratio" -v t="$target" -v c="$cpu_ratio" -v l="$cpu_limit" 'BEGIN {
    printf "%s %s", t, (r >= t ? "met" : "NOT MET")
    if (l) printf ", cpu <= %s %s", l, (c <= l ? "met" : "NOT MET") }')
  printf '%-15s %-6s %10.0f %10.0f   %5.2f (%.2f-%.2f) %8.2f %8.2f %5.2f   %s\n' "$row" "$state" \
    "$ours" "$fio" "$ratio" "$least" "$most" "$cpu" "$fio_cpu" "$cpu_ratio" "$verdict"
  if [[ $row == vthread-* ]]; then
    local ticks threads
    read -r ticks _ <<<"$(spread "$scratch/$row.threads" 1)"
    read -r _ _ threads <<<"$(spread "$scratch/$row.threads" 2)"
    printf '%-15s        timer of 1 kHz beside it: %s %% of its ticks (median); %s platform threads at most\n' \
      '' "$ticks" "$threads"
  fi
}

print_machine() {
  printf 'machine: Linux %s, %d processors (%s), %s on %s; %s\n' "$(uname -r)" "$(nproc)" \
    "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" \
    "$(df --output=fstype "$1" | tail -n 1)" "$(df --output=source "$1" | tail -n 1)" "$(fio --version)"
  printf 'runs: %d pairs of %s s; %s; load %s\n' "$PAIRS" "$SECONDS_PER_RUN" "$("$RINGWELL" --version 2>/dev/null | head -n 1)" \
    "$(cut -d ' ' -f 1 /proc/loadavg)"
}

if [[ ${1:-} == --list || ${1:-} == --help ]]; then
  rows | while IFS='|' read -r row state _ _ ours fio target _; do
    printf '%s (%s, ratio to reach %s)\n  ringwell bench %s\n  fio %s\n' "$row" "$state" "$target" "$ours" "$fio"
  done
  exit
fi

type -P fio >/dev/null || fail "needs fio: apt-get install fio"
type -P fincore >/dev/null || fail "needs fincore of util-linux, to know what is cached"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
for name in "$@"; do
  rows | grep -q "^$name|" || fail "no row '$name': see --list"
done
mkdir -p "$(dirname -- "$FILE")"
print_machine "$(dirname -- "$FILE")"
printf '%-15s %-6s %10s %10s   %-17s %8s %8s %5s   %s\n' row state 'ours op/s' 'fio op/s' 'ratio (min-max)' \
  'cpu us' 'fio cpu' 'ratio' 'to reach'
while IFS='|' read -r -u 8 row state file size ours fio target cpu_limit; do
  if (($# == 0)) || [[ " $* " == *" $row "* ]]; then
    run_row "$row" "$state" "$file" "$size" "$ours" "$fio" "$target" "$cpu_limit"
  fi
done 8< <(rows)
