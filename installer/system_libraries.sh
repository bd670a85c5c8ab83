#!/bin/sh
# Debian and Ubuntu: the system libraries that Qt, its screenshots and the tests need.
# As root they are installed; otherwise the one command to type is printed.
# Found by running the window and the tests on a new Debian 12 with only Python, pip, venv and make.
set -eu

packages="libegl1 libgl1 libglib2.0-0 libdbus-1-3 libfontconfig1 libfreetype6 libxkbcommon0 libxkbcommon-x11-0
libx11-xcb1 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0
libxcb-shape0 libxcb-xinerama0 libxcb-xkb1 libxcb-sync1 libxcb-xfixes0 strace"

command -v dpkg-query >/dev/null 2>&1 || exit 0

missing=""
for package in $packages; do
    status=$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null || true)
    case $status in
        *"ok installed"*) ;;
        *) missing="$missing $package" ;;
    esac
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
    echo "Installing system libraries:$missing"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
    echo "System libraries are missing. Type this, then run make again:" >&2
    echo "  sudo apt-get update && sudo apt-get install --no-install-recommends$missing" >&2
    case $missing in
        " strace") exit 0 ;; # only one test wants it, and says so when it is not there
    esac
    exit 1
fi
