#!/bin/sh
# UNTRIED: nobody has run this on macOS yet.
# Builds the one folder, then a signed and notarised bundle. IDENTITY is the Developer ID; PROFILE the notarytool profile.
set -eu
cd "$(dirname "$0")/../.."
.venv/bin/python -m PyInstaller --noconfirm --clean installer/wellbeing.spec
bundle="dist/Wellbeing Desktop.app"
mkdir -p "$bundle/Contents/MacOS"
cp -R dist/wellbeing-desktop/. "$bundle/Contents/MacOS/"
codesign --force --deep --options runtime --sign "${IDENTITY:?name the signing identity}" "$bundle"
ditto -c -k --keepParent "$bundle" dist/wellbeing-desktop.zip
xcrun notarytool submit dist/wellbeing-desktop.zip --keychain-profile "${PROFILE:?name the profile}" --wait
xcrun stapler staple "$bundle"
