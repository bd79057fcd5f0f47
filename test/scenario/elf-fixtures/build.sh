#!/bin/sh
# SPDX-License-Identifier: MIT
# Builds the fixtures of the ELF tests into a directory, by default this one. The committed files were built with:
#   gcc (Debian 12.2.0-14+deb12u1) 12.2.0
#   GNU ld (GNU Binutils for Debian) 2.40
set -eu
output=${1-$(dirname "$0")}
cd "$(dirname "$0")"
gcc -c -o "$output/module.o" module.S
gcc -c -std=gnu11 -Wall -Wextra -Werror -O2 -ffreestanding -mgeneral-regs-only -mcmodel=kernel -fno-pic -mno-red-zone \
  -fno-stack-protector -fcf-protection=none -fno-asynchronous-unwind-tables -fcommon -o "$output/helper.o" helper.c
gcc -c -o "$output/pie.tmp.o" pie.S
ld -pie --no-dynamic-linker -z noseparate-code -z max-page-size=4096 -z norelro --build-id=none -e pie_work \
  -o "$output/pie.elf" "$output/pie.tmp.o"
rm "$output/pie.tmp.o"
