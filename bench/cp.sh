#!/usr/bin/env bash
# Runs `ringwell cp` and other programs that copy in alternation, whole processes, and prints medians of the time each took
# and of the processor time. Needs bash, awk; for the rows of S3 aws and rclone where they are.
#
#   bench/cp.sh [ROW...]           local (cp of coreutils), s3-up, s3-down. All of them when none is named.
#
# DIR=...       where files are made and deleted     SIZE_MIB=2048 of the local file     S3_MIB=1024 of the object
# ROUNDS=5      of every contender in each row, after one that does not count
# RINGWELL=...  the command
#
# The store is `ringwell s3-local` over a folder in DIR, the same for all; parts of 8 MiB, 4 in flight. Files are in the
# page cache, copies are not synced.
set -euo pipefail
export LC_ALL=C

root=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
: "${DIR:=$root/target/bench/cp}" "${SIZE_MIB:=2048}" "${S3_MIB:=1024}" "${ROUNDS:=5}" "${RINGWELL:=$root/ringwell}"
server=

fail() {
  printf '%s: %s\n' "${0##*/}" "$1" >&2
  exit 2
}

# Bytes that do not compress.
make_file() { # file MiB
  [[ -e $1 ]] || head -c "$(($2 << 20))" /dev/urandom >"$1"
  cat "$1" >/dev/null
}

# Runs the contenders, one a line of $3 as NAME|COMMAND, in turn; $2 is what each of them makes, which is removed before.
row() { # title target contenders
  local scratch round name command
  scratch=$(mktemp -d)
  for ((round = 0; round <= ROUNDS; round++)); do
    while IFS='|' read -r -u 9 name command; do
      rm -f -- "$2"
      TIMEFORMAT='%R %U %S'
      # shellcheck disable=SC2086 # The command is a list of words.
      { time $command >/dev/null 2>"$scratch/said" </dev/null; } 2>"$scratch/time" ||
        fail "$command: $(tail -n 1 "$scratch/said")"
      ((round == 0)) || cat "$scratch/time" >>"$scratch/$name"
    done 9<<<"$3"
  done
  printf '%s\n' "$1"
  while IFS='|' read -r -u 9 name command; do
    sort -n "$scratch/$name" | awk '{ real[NR] = $1; print $2 + $3 > "/dev/stderr" }
      END { printf "%.2f %.2f %.2f", real[int((NR + 1) / 2)], real[1], real[NR] }' 2>"$scratch/cpu" >"$scratch/real"
    read -r median least most <"$scratch/real" || true
    printf '  %-12s %6.2f s (%.2f-%.2f), processor time %.2f s\n' "$name" "$median" "$least" "$most" \
      "$(sort -n "$scratch/cpu" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }')"
  done 9<<<"$3"
  rm -rf "$scratch"
}

start_server() {
  [[ -z $server ]] || return 0
  mkdir -p "$DIR/store"
  "$RINGWELL" s3-local "$DIR/store" >"$DIR/server.log" 2>&1 &
  server=$!
  # It prints what others find it by, the last line of which comes when it listens.
  until grep -q AWS_SECRET_ACCESS_KEY "$DIR/server.log"; do
    kill -0 "$server" 2>/dev/null || fail "the store did not start: $(tail -n 1 "$DIR/server.log")"
    sleep 0.1
  done
  # shellcheck disable=SC1090 # Lines of export.
  . <(grep '^export ' "$DIR/server.log")
  "$RINGWELL" mb s3://bench >/dev/null
  export AWS_CONFIG_FILE=$DIR/aws-config
  printf '[default]\ns3 =\n  multipart_chunksize = 8MB\n  max_concurrent_requests = 4\n' >"$AWS_CONFIG_FILE"
}

s3_contenders() { # from to
  echo "ringwell|$RINGWELL cp $1 $2"
  if type -P aws >/dev/null; then
    echo "awscli|aws --endpoint-url $AWS_ENDPOINT_URL s3 cp --quiet $1 $2"
  fi
  if type -P rclone >/dev/null; then
    local remote=":s3,provider=Other,env_auth=true,endpoint='$AWS_ENDPOINT_URL',force_path_style=true,chunk_size=8Mi,upload_concurrency=4:"
    echo "rclone|env -u AWS_CA_BUNDLE rclone copyto --multi-thread-streams 4 ${1/#s3:\/\//$remote} ${2/#s3:\/\//$remote}"
  fi
}

(($#)) || set -- local s3-up s3-down
trap '[[ -z $server ]] || kill "$server"; rm -rf "$DIR"' EXIT
mkdir -p "$DIR"
"$RINGWELL" --version >/dev/null
for name in "$@"; do
  case $name in
    local)
      make_file "$DIR/local" "$SIZE_MIB"
      row "$SIZE_MIB MiB to a new file" "$DIR/local.copy" "ringwell|$RINGWELL cp $DIR/local $DIR/local.copy
coreutils|cp $DIR/local $DIR/local.copy"
      rm -f "$DIR"/local*
      ;;
    s3-up | s3-down)
      start_server
      make_file "$DIR/object" "$S3_MIB"
      if [[ $name == s3-up ]]; then
        row "$S3_MIB MiB to S3" "$DIR/none" "$(s3_contenders "$DIR/object" s3://bench/object)"
      else
        "$RINGWELL" cp "$DIR/object" s3://bench/object
        row "$S3_MIB MiB from S3" "$DIR/object.back" "$(s3_contenders s3://bench/object "$DIR/object.back")"
        cmp "$DIR/object" "$DIR/object.back"
      fi
      ;;
    *) fail "no such row: $name" ;;
  esac
done
