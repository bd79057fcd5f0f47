/*
 * Executes the first CPUs of a machine under Unicorn: unicorn MACHINE HOW CPUS STEPS
 *
 *	state	steps the CPUs in turn, one instruction each, and prints the state that this leads to
 *	logged	the same, with every access of memory noted by hooks
 *	step	the same as state, but prints the seconds of CPU time, after a first round of as many steps
 *	log	the same as step, with the hooks
 *	free	one CPU, all steps in one call
 *	version	prints Unicorn's version
 */
#include "machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static struct access {
	uint64_t address;
	uint32_t size, type;
} accesses[1024];
static unsigned int logged;

static void note_access(uc_engine *engine, uc_mem_type type, uint64_t address, int size, int64_t value, void *data)
{
	(void)engine, (void)value, (void)data;
	accesses[logged++ % 1024] = (struct access){ address, (uint32_t)size, type };
}

static void log_accesses(uc_engine *engine)
{
	uc_hook hook;

	must(uc_hook_add(engine, &hook, UC_HOOK_MEM_READ | UC_HOOK_MEM_WRITE, (void *)note_access, NULL, 1, 0),
	     "uc_hook_add");
}

static void start(uc_engine *engine, uint64_t count)
{
	uint64_t rip;

	must(uc_reg_read(engine, UC_X86_REG_RIP, &rip), "rip");
	must(uc_emu_start(engine, rip, 0, 0, count), "uc_emu_start");
}

static void step_in_turn(struct machine *machine, uint64_t steps)
{
	for (uint64_t i = 0; i < steps; i++)
		start(machine->cpu[i % machine->cpus], 1);
}

static void run_free(struct machine *machine, uint64_t steps)
{
	start(machine->cpu[0], steps);
}

static double cpu_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void measure(struct machine *machine, void (*run)(struct machine *, uint64_t), uint64_t steps)
{
	run(machine, steps);
	double before = cpu_seconds();
	run(machine, steps);
	printf("%.6f\n", cpu_seconds() - before);
}

int main(int argc, char **argv)
{
	const char *how = argc > 2 ? argv[2] : "";

	if (argc == 2 && strcmp(argv[1], "version") == 0) {
		unsigned int major, minor, version = uc_version(&major, &minor);
		printf("%u.%u.%u\n", major, minor, version >> 8 & 0xff);
		return 0;
	}
	if (argc != 5) {
		fprintf(stderr, "usage: unicorn version | unicorn MACHINE state|logged|step|log|free CPUS STEPS\n");
		return 2;
	}
	struct machine machine = read_machine(argv[1]);
	int cpus = atoi(argv[3]);
	uint64_t steps = strtoull(argv[4], NULL, 10);

	if (cpus < 1 || cpus > machine.cpus) {
		fprintf(stderr, "unicorn: the machine has not %s CPUs\n", argv[3]);
		return 2;
	}
	machine.cpus = cpus;

	bool logs = strcmp(how, "log") == 0 || strcmp(how, "logged") == 0;
	for (int cpu = 0; logs && cpu < machine.cpus; cpu++)
		log_accesses(machine.cpu[cpu]);

	if (strcmp(how, "state") == 0 || strcmp(how, "logged") == 0) {
		step_in_turn(&machine, steps);
		print_state(&machine);
	} else if (strcmp(how, "step") == 0 || strcmp(how, "log") == 0) {
		measure(&machine, step_in_turn, steps);
	} else if (strcmp(how, "free") == 0) {
		measure(&machine, run_free, steps);
	} else {
		fprintf(stderr, "unicorn: no such mode: %s\n", how);
		return 2;
	}
	if (logs && logged == 0) {
		fprintf(stderr, "unicorn: the hooks noted no access\n");
		return 1;
	}
	return 0;
}
