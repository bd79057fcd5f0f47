/* SPDX-License-Identifier: MIT */
/* A static position-independent program: code that finds its data through addresses that were relocated. */
	.text
	.globl	pie_work
pie_work:
	mov	pointer(%rip), %rax		/* the address of `numbers` */
	mov	(%rax), %rax
	add	8+numbers(%rip), %rax
	call	*table(%rip)
	cmpq	$0, optional@GOTPCREL(%rip)	/* weak, and 0 */
	jne	1f
	ret
1:	ud2
seven:	add	$7, %rax
	ret
	.weak	optional

	.data
	.balign	8
table:	.quad	seven
pointer:
	.quad	numbers
numbers:
	.quad	100, 20
	.bss
	.globl	pie_memory
pie_memory:
	.zero	64
