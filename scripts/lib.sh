# shellcheck shell=bash
# Shared by the scripts beside it; sourced, never run.
# After it: the working directory is the repository, $ROOT names it, our tools are on PATH.

set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
cd "$ROOT"

# Tools the shop needs but the user may not want in ~/.cargo/bin at exactly our versions.
TOOLS=${SHOPFRONT_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/shopfront/tools}
CARGO_LEPTOS_VERSION=0.3.11
BINARYEN_VERSION=132.0.0

say() { printf '\033[2m→ %s\033[0m\n' "$*" >&2; }
[ -t 2 ] || say() { printf '→ %s\n' "$*" >&2; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# The version of wasm-bindgen that Cargo.lock holds: its command line tool has to be the very same.
wasm_bindgen_version() {
  [ -f Cargo.lock ] || return 1
  awk '/^name = "wasm-bindgen"$/ { getline; gsub(/[",]/, ""); print $3; exit }' Cargo.lock
}

WASM_BINDGEN_VERSION=$(wasm_bindgen_version || true)
PATH="$TOOLS/cargo-leptos-$CARGO_LEPTOS_VERSION/bin:$TOOLS/wasm-bindgen-$WASM_BINDGEN_VERSION/bin:$TOOLS/binaryen-$BINARYEN_VERSION/bin:${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"
export PATH

# leptos bakes this name in with option_env!. cargo-leptos sets it; a plain cargo without it
# would rebuild leptos and everything above it each time the two take turns.
export LEPTOS_OUTPUT_NAME=shopfront
# Naming a version keeps cargo-leptos from asking the network for a newer one; ours is on PATH.
export LEPTOS_WASM_OPT_VERSION=version_${BINARYEN_VERSION%%.*}
# Queries are checked against .sqlx/ when building; only `make check` asks a database.
export SQLX_OFFLINE=true
# The scripts find what cargo made under ./target.
unset CARGO_TARGET_DIR CARGO_BUILD_TARGET_DIR

# Settings from .env, where the environment doesn't have them already.
if [ -f .env ]; then
  while IFS='=' read -r key value; do
    [[ $key =~ ^[A-Za-z_][A-Za-z0-9_]*$ ]] && [ -z "${!key+set}" ] || continue
    value=${value%$'\r'}
    case $value in \"*\") value=${value#\"} value=${value%\"} ;; \'*\') value=${value#\'} value=${value%\'} ;; esac
    export "$key=$value"
  done <.env
fi

# Where a PostgreSQL of at least version 15 with its contrib extensions keeps its programs.
# With an argument, one of exactly that major version (a data folder belongs to one).
postgres_bin() {
  local want=${1:-} dir major share
  for dir in $(ls -d /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql@*/bin /usr/local/opt/postgresql@*/bin 2>/dev/null | sort -rV) \
    "$(pg_config --bindir 2>/dev/null || true)" "$(dirname "$(readlink -f "$(command -v initdb)" 2>/dev/null)" 2>/dev/null || true)"; do
    [ -x "$dir/initdb" ] && [ -x "$dir/pg_ctl" ] && [ -x "$dir/postgres" ] && [ -x "$dir/psql" ] || continue
    major=$("$dir/postgres" --version | sed -E 's/^[^0-9]*([0-9]+).*/\1/')
    [ "$major" -ge 15 ] && { [ -z "$want" ] || [ "$major" = "$want" ]; } || continue
    share=$("$dir/pg_config" --sharedir 2>/dev/null || echo "/usr/share/postgresql/$major")
    [ -f "$share/extension/pg_trgm.control" ] && [ -f "$share/extension/unaccent.control" ] && [ -f "$share/extension/citext.control" ] || continue
    printf '%s\n' "$dir"
    return
  done
  return 1
}

# Whether http://HOST:PORT/PATH answers 200. No curl: a fresh machine has none.
answers() {
  local host=$1 port=$2 path=$3 status
  { exec 7<>"/dev/tcp/$host/$port"; } 2>/dev/null || return 1
  printf 'GET %s HTTP/1.1\r\nHost: %s:%s\r\nConnection: close\r\n\r\n' "$path" "$host" "$port" >&7
  IFS=' ' read -r -t 5 -u 7 _ status _ || status=0
  exec 7>&- 7<&-
  [ "$status" = 200 ]
}

# A private database for this script, stopped when the script leaves unless something else uses it too.
# With --test, the throw-away one. Sets and exports DATABASE_URL.
database_up() {
  DATABASE_KIND=${1:-}
  trap database_down EXIT
  scripts/postgres "$@" start --for $$
  DATABASE_URL=$(scripts/postgres "$@" url)
  export DATABASE_URL
}
database_down() {
  trap - EXIT
  # shellcheck disable=SC2086
  [ -z "${DATABASE_KIND+set}" ] || scripts/postgres $DATABASE_KIND release --for $$
}

# Without a mail server, letters are kept for reading in the browser, so that codes can be had at all.
# The shop refuses that for an address that others can reach. Sets MAIL_PATH if there is such a page.
mail_up() {
  MAIL_PATH=
  case ${SHOPFRONT_ADDR:-127.0.0.1:3000} in 127.* | "[::1]"*) ;; *) return 0 ;; esac
  case ${SHOPFRONT_BASE_URL:-} in https:*) return 0 ;; esac
  [ -z "${SHOPFRONT_SMTP_URL+set}${SHOPFRONT_MAIL_DIR+set}" ] || return 0
  case ${SHOPFRONT_DEV_MAIL=1} in 0 | false | no | off | n | f | "") ;; *) MAIL_PATH=/dev/mail ;; esac
  export SHOPFRONT_DEV_MAIL
}

# What checks and tests write to. Never DATABASE_URL: that may be a real shop. TEST_DATABASE_URL names
# another server for them, with a role that may create databases.
test_database_up() {
  if [ -n "${TEST_DATABASE_URL:-}" ]; then
    export DATABASE_URL=$TEST_DATABASE_URL
  else
    scripts/setup --database
    database_up --test
  fi
}
