/* A machine as run.js describes it: pages that all CPUs share, and one Unicorn engine for each CPU. */
#ifndef MACHINE_H
#define MACHINE_H

#include <stdbool.h>
#include <stdint.h>
#include <unicorn/unicorn.h>

enum { MAX_CPUS = 2, MAX_PAGES = 4, PAGE = 4096 };

struct page {
	uint64_t address;
	bool text;
	uint8_t *bytes;
};

struct machine {
	int cpus;
	uc_engine *cpu[MAX_CPUS];
	int pages;
	struct page page[MAX_PAGES];
};

/*
 * Reads a description, one thing a line, numbers in hexadecimal:
 *
 *	text ADDRESS FILE	an executable page with the bytes of a file
 *	data ADDRESS		a writable page of zeros
 *	cpu			another CPU; what follows are its registers
 *	NAME VALUE		a register
 *
 * All pages come first. Exits with a message when anything is wrong.
 */
struct machine read_machine(const char *file);

/* Ends the program with a message unless an operation went well. */
void must(uc_err error, const char *what);

/* Prints the registers of every CPU and the bytes of every writable page, as JSON. */
void print_state(const struct machine *machine);

#endif
