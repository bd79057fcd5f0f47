/* SPDX-License-Identifier: MIT */
/* The other object: C code of a kernel module. */
extern unsigned long calls;
extern const unsigned long scale;
unsigned long last_sum; /* common */
unsigned long outside(unsigned long n);

static const char *const names[] = {"one", "seven"};

__attribute__((weak)) unsigned long module_target(void)
{
	return names[calls & 1][0] + last_sum;
}

unsigned long helper(void)
{
	return scale / 250;
}

unsigned long (*const handlers[])(void) = {module_target, helper};
