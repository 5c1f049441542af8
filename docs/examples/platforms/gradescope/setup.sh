#!/usr/bin/env bash
# Runs once, as root, when Gradescope builds the image. Ubuntu 22.04, its default, has Python 3.11 beside its own.
set -euo pipefail

apt-get update
apt-get install -y python3.11 python3.11-venv bubblewrap

python3.11 -m venv /autograder/venv
wheel=$(echo /autograder/source/gradcheck-*.whl)
/autograder/venv/bin/pip install "gradcheck[platforms] @ file://$wheel"

# Deriving takes seconds, so it is done here and not for every student.
GRADCHECK_CACHE=/autograder/cache /autograder/venv/bin/gradcheck build softmax-regression
