# What bin/demo and bin/test share; they source it. Bash alone, so that neither needs curl.
# shellcheck shell=bash

# Finds cargo where rustup puts it, even when the shell's PATH does not say so; fails without it.
find_cargo() {
  command -v cargo >/dev/null || PATH=$PATH:${CARGO_HOME:-$HOME/.cargo}/bin
  command -v cargo >/dev/null || {
    echo "Rust is missing: cargo was not found. Install it with rustup (https://rustup.rs), then run this again." >&2
    return 1
  }
  command -v cc >/dev/null || command -v gcc >/dev/null || command -v clang >/dev/null || {
    echo "A C compiler is missing; on Debian or Ubuntu: apt-get install gcc libc6-dev" >&2
    return 1
  }
}

# Prints the folder that cargo builds into, wherever its settings say that is.
target_folder() {
  cargo metadata --no-deps --format-version 1 | sed 's/.*"target_directory":"\([^"]*\)".*/\1/'
}

# Whether anything listens on port $1 of this machine.
listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Prints the status code that a GET of path $2 at port $1 is answered with; nothing without an answer.
http_status() {
  (
    exec 3<>"/dev/tcp/127.0.0.1/$1"
    printf 'GET %s HTTP/1.1\r\nHost: 127.0.0.1:%s\r\nConnection: close\r\n\r\n' "$2" "$1" >&3
    read -r -t 5 _ code _ <&3
    echo "$code"
  ) 2>/dev/null || true
}
