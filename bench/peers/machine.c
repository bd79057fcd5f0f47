#include "machine.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	int id;
} registers[] = {
	{ "rax", UC_X86_REG_RAX }, { "rcx", UC_X86_REG_RCX }, { "rdx", UC_X86_REG_RDX }, { "rbx", UC_X86_REG_RBX },
	{ "rsp", UC_X86_REG_RSP }, { "rbp", UC_X86_REG_RBP }, { "rsi", UC_X86_REG_RSI }, { "rdi", UC_X86_REG_RDI },
	{ "r8", UC_X86_REG_R8 },   { "r9", UC_X86_REG_R9 },   { "r10", UC_X86_REG_R10 }, { "r11", UC_X86_REG_R11 },
	{ "r12", UC_X86_REG_R12 }, { "r13", UC_X86_REG_R13 }, { "r14", UC_X86_REG_R14 }, { "r15", UC_X86_REG_R15 },
	{ "rip", UC_X86_REG_RIP }, { "rflags", UC_X86_REG_RFLAGS },
};
enum { REGISTERS = sizeof(registers) / sizeof(registers[0]) };

static void fail(const char *what, const char *detail)
{
	fprintf(stderr, "unicorn: %s: %s\n", what, detail);
	exit(1);
}

void must(uc_err error, const char *what)
{
	if (error != UC_ERR_OK)
		fail(what, uc_strerror(error));
}

static int register_id(const char *name)
{
	for (int i = 0; i < REGISTERS; i++)
		if (strcmp(registers[i].name, name) == 0)
			return registers[i].id;
	fail("no such register", name);
	return UC_X86_REG_INVALID;
}

static void add_page(struct machine *machine, uint64_t address, const char *file)
{
	if (machine->pages == MAX_PAGES)
		fail("too many pages", file);
	uint8_t *bytes = aligned_alloc(PAGE, PAGE);
	if (bytes == NULL)
		fail("no memory", file);
	memset(bytes, 0, PAGE);
	if (*file != '\0') {
		FILE *in = fopen(file, "rb");
		if (in == NULL || fread(bytes, 1, PAGE, in) == 0)
			fail("cannot read", file);
		fclose(in);
	}
	machine->page[machine->pages++] = (struct page){ address, *file != '\0', bytes };
}

static uc_engine *add_cpu(struct machine *machine)
{
	if (machine->cpus == MAX_CPUS)
		fail("too many", "CPUs");
	uc_engine *engine;
	must(uc_open(UC_ARCH_X86, UC_MODE_64, &engine), "uc_open");
	for (int i = 0; i < machine->pages; i++) {
		const struct page *page = &machine->page[i];
		uint32_t rights = UC_PROT_READ | (page->text ? UC_PROT_EXEC : UC_PROT_WRITE);
		must(uc_mem_map_ptr(engine, page->address, PAGE, rights, page->bytes), "uc_mem_map_ptr");
	}
	machine->cpu[machine->cpus++] = engine;
	return engine;
}

struct machine read_machine(const char *file)
{
	struct machine machine = { 0 };
	uc_engine *engine = NULL;
	char line[512], word[16], path[400];
	uint64_t value;
	FILE *in = fopen(file, "r");

	if (in == NULL)
		fail("cannot read", file);
	while (fgets(line, sizeof(line), in) != NULL) {
		*path = '\0';
		int fields = sscanf(line, "%15s %" SCNx64 " %399[^\n]", word, &value, path);
		if (fields == 1 && strcmp(word, "cpu") == 0)
			engine = add_cpu(&machine);
		else if (fields == 3 && strcmp(word, "text") == 0)
			add_page(&machine, value, path);
		else if (fields == 2 && strcmp(word, "data") == 0)
			add_page(&machine, value, "");
		else if (fields == 2 && engine != NULL)
			must(uc_reg_write(engine, register_id(word), &value), word);
		else
			fail("cannot understand", line);
	}
	fclose(in);
	if (machine.cpus == 0)
		fail("no CPU", file);
	return machine;
}

void print_state(const struct machine *machine)
{
	printf("{\"cpus\": [");
	for (int cpu = 0; cpu < machine->cpus; cpu++) {
		printf("%s{", cpu == 0 ? "" : ", ");
		for (int i = 0; i < REGISTERS; i++) {
			uint64_t value = 0;
			must(uc_reg_read(machine->cpu[cpu], registers[i].id, &value), registers[i].name);
			printf("%s\"%s\": \"%" PRIx64 "\"", i == 0 ? "" : ", ", registers[i].name, value);
		}
		printf("}");
	}
	printf("], \"data\": {");
	for (int i = 0, printed = 0; i < machine->pages; i++) {
		const struct page *page = &machine->page[i];
		if (page->text)
			continue;
		printf("%s\"%" PRIx64 "\": \"", printed++ == 0 ? "" : ", ", page->address);
		for (int at = 0; at < PAGE; at++)
			printf("%02x", page->bytes[at]);
		printf("\"");
	}
	printf("}}\n");
}
