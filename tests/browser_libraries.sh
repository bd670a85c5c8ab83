#!/bin/sh
# Debian and Ubuntu: the browser in which the server's console is tested, and nginx for the test of the proxy.
# As root they are installed; otherwise the tests that want them are skipped, and say so.
set -eu
command -v dpkg-query >/dev/null 2>&1 || exit 0
missing=""
command -v chromedriver >/dev/null 2>&1 || missing="$missing chromium chromium-driver"
command -v nginx >/dev/null 2>&1 || missing="$missing nginx-light"
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ]; then
    echo "Installing for the tests:$missing"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing; } \
        >/dev/null || echo "They could not be installed. The tests that want them are skipped." >&2
else
    echo "Some tests are skipped. For them: sudo apt-get install --no-install-recommends$missing" >&2
fi
