#!/bin/sh
# Finds (or installs) the machine's Python and hands over to it: sh install/bootstrap.sh run|test|…
# Everything else is done by the Python package beside this file.
set -eu
cd "$(dirname "$0")/.."

# The installer itself runs on any Python from 3.11 on; which one the product gets, it decides.
ready() {
    for python in python3 python3.12 python3.11; do
        if command -v $python >/dev/null 2>&1 && $python -c \
            'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            return 0
        fi
    done
    return 1
}

if ! ready; then
    if ! command -v apt-get >/dev/null 2>&1; then
        echo "缺少 Python 3.11 或更高版本（含 venv）。本机不是 Debian 或 Ubuntu，请自行安装后重试。尚未改动本机任何内容。"
        exit 1
    fi
    if [ "$(id -u)" != 0 ]; then
        echo "缺少 Python（含 venv）。请以 root 运行，或请管理员先执行："
        echo "    apt-get install --no-install-recommends python3 python3-venv"
        exit 1
    fi
    mkdir -p var/log
    begun=$(date +%s)
    echo "[0] Python：开始"
    if ! { apt-get update &&
        DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
            python3 python3-venv; } >>var/log/install.log 2>&1 </dev/null; then
        tail -n 12 var/log/install.log
        echo "[0] Python：失败，全部输出见 var/log/install.log"
        exit 1
    fi
    echo "[0] Python：完成，$(($(date +%s) - begun)) 秒"
    HOTLINE_APT_FRESH=1
    export HOTLINE_APT_FRESH
    if ! ready; then
        echo "本机的 Python 版本过低，需要 3.11 或更高（Debian 12、Ubuntu 24.04 自带）。"
        exit 1
    fi
fi
exec $python -m install "$@"
