#!/bin/sh
# Installs the course from this folder, without a connection, into the folder "nst_jax class" of your home,
# and opens it.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
home="$HOME/nst_jax class"
python=
for version in @PYTHONS@; do
    if "python$version" -c "import venv" > /dev/null 2>&1; then python="python$version"; fi
    if python3 -c "import sys, venv; sys.exit('%d.%d' % sys.version_info[:2] != '$version')" > /dev/null 2>&1; then
        python=python3
    fi
done
if [ -z "$python" ]; then
    echo "This needs one of these versions of Python: @PYTHONS@. Install one, then start again." >&2
    exit 2
fi
mkdir -p "$home/notebooks"
package=$(echo "$here"/wheels/nst_jax-*.whl)
if ! cmp -s "$package" "$home/installed"; then # another package than the one installed, or none
    echo "Installing, once: a few minutes."
    rm -f "$home/installed"
    rm -rf "$home/venv"
    "$python" -m venv "$home/venv"
    "$home/venv/bin/python" -m pip install --quiet --no-index --find-links "$here/wheels" "nst_jax[notebook]"
    settings="$home/venv/share/jupyter/lab/settings" # JupyterLab asks whether to fetch news, and looks for updates
    mkdir -p "$settings"
    echo '{"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": false}}' \
        > "$settings/overrides.json"
    if [ -d "$here/data" ]; then cp -R "$here/data" "$home/"; fi
    cp "$package" "$home/installed"
fi
for folder in notebooks teacher; do # what was worked on is kept
    place="$home/notebooks"
    if [ $folder = teacher ]; then place="$home/notebooks/teacher"; fi
    for file in "$here/$folder"/*.ipynb "$here/$folder"/*.md; do
        if [ -e "$file" ] && [ ! -e "$place/$(basename "$file")" ]; then
            mkdir -p "$place"
            cp "$file" "$place/"
        fi
    done
done
rm -f "$home/notebooks/class-word.txt"
if [ -f "$here/notebooks/class-word.txt" ]; then cp "$here/notebooks/class-word.txt" "$home/notebooks/"; fi
export NST_JAX_DATA="$home/data"
cd "$home/notebooks"
exec "$home/venv/bin/python" -m jupyter lab 00_quickstart.ipynb "$@"
