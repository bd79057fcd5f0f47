/* SPDX-License-Identifier: MIT */
/*
 * A module as the tests of the linker want it: every relocation that a module may have, a weak call that nothing resolves,
 * a call site across a 64-byte line, common and zeroed memory.
 */
	.text
	.globl	module_work
	.type	module_work, @function
/* module_work(rdi = n): calls outside(n), unless n is 0; adds what the constants and the counters say; rax = the sum. */
module_work:
	push	%rbx
	mov	scale@GOTPCREL(%rip), %rax	/* REX_GOTPCRELX: a constant of ours */
	mov	(%rax), %rbx
	test	%rdi, %rdi
	jz	1f
	call	outside				/* PLT32 */
	add	%rax, %rbx
1:	cmpq	$0, optional@GOTPCREL(%rip)	/* GOTPCREL: weak, and 0 here */
	je	2f
	call	optional
2:	call	*helper@GOTPCREL(%rip)		/* GOTPCRELX */
	add	%rax, %rbx
	mov	$constants, %rcx		/* 32S */
	add	8(%rcx), %rbx
	add	pointer(%rip), %rbx		/* PC32 */
	sub	$constants, %rbx
	incq	calls(%rip)			/* .bss */
	mov	%rbx, last_sum(%rip)		/* COMMON */
	mov	%rbx, %rax
	pop	%rbx
	ret
	.size	module_work, . - module_work

	.balign	64
	.skip	62, 0x90
	.globl	module_site
module_site:
	call	module_target			/* across the line, in the other object */
	ret
	.weak	optional

	.section .rodata
	.balign	16
	.globl	scale
scale:	.quad	1000
constants:
	.quad	0, 70
	.quad	module_work, helper + 4		/* 64 */
	.quad	outside - .			/* PC64 */
	.long	small, module_site - .		/* 32, PC32 */

	.data
	.balign	8
pointer:
	.quad	constants			/* 64 against a section */

	.bss
	.balign	32
	.globl	calls
calls:	.zero	8
	.comm	last_sum, 8, 16
