// SPDX-License-Identifier: MIT
/*
 * Two implementations of one checksum, and one call site that a patcher moves from the first to the second while other
 * CPUs run through it. The setting is the 2018 mailing list thread "[RFC PATCH 0/9] patchable function pointers for
 * pluggable crypto routines", whose example is CRC-T10DIF too; the code below is our own.
 *
 * CRC-T10DIF: polynomial x^16 + x^15 + x^11 + x^9 + x^8 + x^7 + x^5 + x^4 + x^2 + x + 1 (0x8bb7), initial value 0,
 * most significant bit first, no final XOR. The check value, the CRC of "123456789", is 0xd0db.
 */

#include "crc-t10dif-table.h"

#define POLYNOMIAL 0x8bb7u
#define WORKERS 8
#define MESSAGES 4

/* Compiled as if called from anywhere: no inlining, no copies for known arguments, no private calling convention. */
#define OUT_OF_LINE __attribute__((noipa))

struct message {
	const unsigned char *bytes;
	unsigned long length;
	unsigned long crc; /* what both implementations must find */
};

static const unsigned char ascending[32] = {
	0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
	16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
};

const struct message messages[MESSAGES] = {
	{ (const unsigned char *)"123456789", 9, 0xd0db },
	{ (const unsigned char *)"T10 DIF", 7, 0x9c0d },
	{ (const unsigned char *)"\x01", 1, POLYNOMIAL },
	{ ascending, sizeof(ascending), 0x0224 },
};

/* What each worker has done so far. Only worker `i` writes element `i`. */
unsigned long computed[WORKERS];
unsigned long mismatches[WORKERS];

/* Set to anything but 0 to end every worker after its current round. */
volatile unsigned long stop;

/* The OLD target: one bit at a time. 80 instructions a byte. */
OUT_OF_LINE unsigned int crc_t10dif_bitwise(unsigned int crc, const unsigned char *bytes, unsigned long length)
{
	for (const unsigned char *end = bytes + length; bytes != end; bytes++) {
		crc ^= (unsigned int)*bytes << 8;
		for (int bit = 0; bit < 8; bit++)
			crc = crc & 0x8000 ? (crc << 1) ^ POLYNOMIAL : crc << 1;
	}
	return crc & 0xffff;
}

/* The NEW target: one byte at a time, by table. 11 instructions a byte. */
OUT_OF_LINE unsigned int crc_t10dif_table(unsigned int crc, const unsigned char *bytes, unsigned long length)
{
	for (const unsigned char *end = bytes + length; bytes != end; bytes++)
		crc = (crc << 8 & 0xffff) ^ crc_t10dif_bytes[(crc >> 8 ^ *bytes) & 0xff];
	return crc;
}

/*
 * The CRC of one message, through the only call that is ever patched. The call is spelled out so that it has a name,
 * `crc_call_site`, and is always the five bytes `e8 rel32`; its constraints say what an ordinary call of the System V ABI
 * changes. The linker script places this section so that the call straddles a cache line, hence also an
 * aligned 8 bytes.
 */
__attribute__((section(".text.call_site"))) OUT_OF_LINE
unsigned int crc_t10dif(const unsigned char *bytes, unsigned long length)
{
	unsigned long crc = 0;
	unsigned long result;

	asm volatile(".globl crc_call_site\n"
		     "crc_call_site:\n\t"
		     "call crc_t10dif_bitwise"
		     : "=a"(result), "+D"(crc), "+S"(bytes), "+d"(length)
		     :
		     : "rcx", "r8", "r9", "r10", "r11", "cc", "memory");
	return result;
}

/*
 * Where every worker CPU starts: `cpu` (0 to 7, in RDI) names its counters and its first message, `rounds` (in RSI) is how
 * many CRCs it computes before it halts. There is nothing to return to.
 */
__attribute__((noreturn)) void worker(unsigned long cpu, unsigned long rounds)
{
	for (unsigned long round = 0; round != rounds && !stop; round++) {
		const struct message *message = &messages[(cpu + round) % MESSAGES];

		if (crc_t10dif(message->bytes, message->length) != message->crc)
			mismatches[cpu]++;
		computed[cpu]++;
	}
	for (;;)
		asm volatile("hlt");
}
