# Finds a JDK that is new enough; sourced by the launcher, .ci/run and bench/run.sh, which bring fail().
# Sets jdk, its folder, and java_runtime. Reads release files and starts no JVM.
NEEDED_JAVA=25
java_runtime= # as in 25.0.3+9-LTS, with the vendor; names what was built for this JVM alone
newest_seen=

# Whether $1 holds a JDK that is new enough, as its release file says.
is_jdk() {
  [[ -r $1/release && -x $1/bin/java && -x $1/bin/javac ]] || return 1
  local key value version= runtime= vendor=
  while IFS='=' read -r key value; do
    value=${value%$'\r'}
    value=${value//\"/}
    case $key in
      JAVA_VERSION) version=$value ;;
      JAVA_RUNTIME_VERSION) runtime=$value ;;
      IMPLEMENTOR) vendor=$value ;;
    esac
  done <"$1/release"
  local major=${version%%[!0-9]*}
  [[ -n $major ]] || return 1
  if ((major < NEEDED_JAVA)); then
    newest_seen=${newest_seen:-"; found JDK $version in $1"}
    return 1
  fi
  java_runtime=${runtime:-$version}-$vendor
  java_runtime=${java_runtime//[!A-Za-z0-9.+-]/_}
}

java_on_path() {
  local java link
  java=$(type -P java) || return 1
  while [[ -L $java ]]; do
    link=$(readlink "$java")
    [[ $link == /* ]] || link=${java%/*}/$link
    java=$link
  done
  [[ $java == */bin/java ]] && printf '%s' "${java%/bin/java}"
}

find_jdk() {
  if [[ -n ${JAVA_HOME:-} ]] && is_jdk "$JAVA_HOME"; then
    jdk=$JAVA_HOME
    return
  fi
  jdk=$(java_on_path) && is_jdk "$jdk" && return
  for jdk in /usr/lib/jvm/* "${HOME:-/root}"/.sdkman/candidates/java/* "${HOME:-/root}"/.jdks/* \
      /Library/Java/JavaVirtualMachines/*/Contents/Home /opt/java/*; do
    is_jdk "$jdk" && return
  done
  fail "needs JDK $NEEDED_JAVA or later$newest_seen; get one from https://adoptium.net or with 'sdk install java 25-tem', or set JAVA_HOME"
}
