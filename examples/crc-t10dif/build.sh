#!/bin/sh
# SPDX-License-Identifier: MIT
# Builds the example. `build.sh FILE` writes FILE instead of crc-t10dif.elf. Building twice gives identical bytes.
# The committed file was built with:
#   gcc (Debian 12.2.0-14+deb12u1) 12.2.0
#   GNU ld (GNU Binutils for Debian) 2.40
set -eu
case "${1-}" in
  '' | /*) output=${1-} ;;
  *) output=$PWD/$1 ;;
esac
cd "$(dirname "$0")"
gcc -std=gnu11 -Wall -Wextra -Werror -O2 -fno-align-functions \
  -ffreestanding -mgeneral-regs-only -mcmodel=kernel -fno-pic -fno-pie -mno-red-zone \
  -fno-stack-protector -fcf-protection=none -fno-asynchronous-unwind-tables \
  -nostdlib -static -no-pie -Wl,--build-id=none -Wl,-z,separate-code -Wl,-z,max-page-size=4096 -Wl,-z,noexecstack \
  -Wl,-T,link.ld -o "${output:-crc-t10dif.elf}" crc-t10dif.c
