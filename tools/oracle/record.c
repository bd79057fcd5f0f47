/*
 * record: executes single instructions, or short programs, on this machine's CPU and prints what they did.
 *
 * stdin, one test a line (numbers in hex):
 *   <mode> <bytes> <rip> <rflags> <rax rcx rdx rbx rsp rbp rsi rdi r8 .. r15> <fs_base> <gs_base> <xmm0 .. xmm15>
 *   [<address>:<bytes> ...]
 * mode is how the end is noticed:
 *   s  one single step (RFLAGS.TF): for everything that jumps
 *   r  single steps while RIP stays: a repeated string instruction, iteration by iteration
 *   p  single steps until RIP is behind the bytes: a program, instruction by instruction
 *   b  an INT3 behind the bytes; TF is clear: for PUSHF, which shows TF, for undisturbed REP, and for programs
 * stdout, one result a line:
 *   <vector|-> <error> <cr2> <rip> <rflags> <16 registers> <bases> <16 xmm> [<address>:<changed bytes> ...]  or: lost
 * '-' means that the instruction completed. A test that ends the process or does not end itself is 'lost'.
 *
 * Eight pages of data at 0x20000000 are mapped read+write, zero where the test says nothing; one page of code at
 * 0x10001000 is read+execute. DS, ES, FS and GS are null selectors.
 * x86-64 Linux with FSGSBASE. Build: gcc -O2 -Wall -fno-stack-protector -o record record.c
 */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>
#include "test-lines.h"

enum {
  TEST_SECONDS = 2,
  TF = 0x100,
  RF = 0x10000,
  INT3 = 0xcc,
  HWCAP2_FSGSBASE_BIT = 2,
  VECTOR_DB = 1,
  VECTOR_BP = 3,
};

/* The kernel's order of registers in a signal frame, in the instruction encoding's order. */
static const int FRAME_REGISTER[GPRS] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
                                         REG_R8,  REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};

/* What enter_test loads; read by absolute position, so no register is needed to find it. */
struct registers oracle_state __attribute__((used));
uint64_t oracle_stack __attribute__((used)), oracle_fs_base __attribute__((used));
void enter_test(void);
void leave_test(void);

/* IRETQ at the same privilege level loads RIP, RSP and RFLAGS in one go; TF traps after the instruction behind it. */
__asm__(
    ".text\n.globl enter_test, leave_test\n"
    "enter_test:\n"
    "  push %rbx\n push %rbp\n push %r12\n push %r13\n push %r14\n push %r15\n"
    "  mov %rsp, oracle_stack(%rip)\n"
    "  xor %eax, %eax\n"
    "  mov %ss, %eax\n push %rax\n"
    "  push oracle_state+0x20(%rip)\n push oracle_state+0x88(%rip)\n"
    "  mov %cs, %eax\n push %rax\n"
    "  push oracle_state+0x80(%rip)\n"
    "  rdfsbase %rax\n mov %rax, oracle_fs_base(%rip)\n"
    "  mov oracle_state+0x90(%rip), %rax\n wrfsbase %rax\n"
    "  mov oracle_state+0x98(%rip), %rax\n wrgsbase %rax\n"
    ".irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15\n"
    "  movdqu oracle_state+0xa0+16*\\n(%rip), %xmm\\n\n"
    ".endr\n"
    "  mov oracle_state+0x00(%rip), %rax\n mov oracle_state+0x08(%rip), %rcx\n"
    "  mov oracle_state+0x10(%rip), %rdx\n mov oracle_state+0x18(%rip), %rbx\n"
    "  mov oracle_state+0x28(%rip), %rbp\n mov oracle_state+0x30(%rip), %rsi\n"
    "  mov oracle_state+0x38(%rip), %rdi\n mov oracle_state+0x40(%rip), %r8\n"
    "  mov oracle_state+0x48(%rip), %r9\n mov oracle_state+0x50(%rip), %r10\n"
    "  mov oracle_state+0x58(%rip), %r11\n mov oracle_state+0x60(%rip), %r12\n"
    "  mov oracle_state+0x68(%rip), %r13\n mov oracle_state+0x70(%rip), %r14\n"
    "  mov oracle_state+0x78(%rip), %r15\n"
    "  iretq\n"
    "leave_test:\n"
    "  pop %r15\n pop %r14\n pop %r13\n pop %r12\n pop %rbp\n pop %rbx\n"
    "  ret\n");

static uint8_t *code_alias;
static struct test *current;
static struct result *current_result;

/* The kernel hands the bases on to the handler; libc's data is behind FS. Null selectors may have become others. */
static void take_bases(struct registers *after) {
  __asm__ volatile("rdfsbase %0\n rdgsbase %1" : "=r"(after->fs_base), "=r"(after->gs_base));
  __asm__ volatile("mov %0, %%ds\n mov %0, %%es\n mov %0, %%fs\n mov %0, %%gs" ::"r"(0) : "memory");
  __asm__ volatile("wrfsbase %0\n wrgsbase %1" ::"r"(oracle_fs_base), "r"(0UL) : "memory");
}

/* What is stepped next needs the test's bases. */
static void enter_again(const struct registers *after) {
  __asm__ volatile("wrfsbase %0\n wrgsbase %1" ::"r"(after->fs_base), "r"(after->gs_base) : "memory");
}

static void on_signal(int signal_number, siginfo_t *info, void *context) {
  /* The test may have set AC, NT or ID; the kernel hands them on to the handler. */
  __asm__ volatile("pushq $0x202\n popfq" ::: "cc", "memory");
  (void)signal_number;
  (void)info;
  ucontext_t *frame = context;
  greg_t *registers = frame->uc_mcontext.gregs;
  struct registers after;
  take_bases(&after);
  struct test *test = current;
  if (test == NULL) _exit(99);
  struct result *result = current_result;
  uint64_t vector = (uint64_t)registers[REG_TRAPNO], rip = (uint64_t)registers[REG_RIP];
  uint64_t next = test->before.rip + test->length;
  int goes_on = (test->mode == 'r' && rip == test->before.rip) || (test->mode == 'p' && rip != next);
  if (vector == VECTOR_DB && goes_on) {
    enter_again(&after);
    return;
  }
  int stepped = vector == VECTOR_DB && test->mode != 'b';
  int stopped = vector == VECTOR_BP && test->mode == 'b' && rip == next + 1;
  result->completed = stepped || stopped;
  result->vector = vector;
  result->error = (uint64_t)registers[REG_ERR];
  result->cr2 = (uint64_t)registers[REG_CR2];
  after.rip = stopped ? next : rip;
  after.rflags = (uint64_t)registers[REG_EFL] & ~(uint64_t)(TF | RF);
  for (int i = 0; i < GPRS; i++) after.gpr[i] = (uint64_t)registers[FRAME_REGISTER[i]];
  memcpy(after.xmm, frame->uc_mcontext.fpregs->_xmm, sizeof after.xmm);
  result->after = after;
  current = NULL;
  registers[REG_RIP] = (greg_t)(uintptr_t)leave_test;
  registers[REG_RSP] = (greg_t)oracle_stack;
  registers[REG_EFL] = 0x202;
}

static void die(const char *what) {
  perror(what);
  exit(1);
}

static void prepare_process(void) {
  int file = memfd_create("code", 0);
  if (file < 0 || ftruncate(file, PAGE) != 0) die("memfd");
  code_alias = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  void *code = mmap((void *)CODE_BASE, PAGE, PROT_READ | PROT_EXEC, MAP_SHARED | MAP_FIXED_NOREPLACE, file, 0);
  void *data = mmap((void *)DATA_BASE, DATA_SIZE, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
  if (code_alias == MAP_FAILED || code != (void *)CODE_BASE || data != (void *)DATA_BASE) die("mmap");
  stack_t stack = {.ss_size = 64 * 1024};
  stack.ss_sp = malloc(stack.ss_size);
  if (stack.ss_sp == NULL || sigaltstack(&stack, NULL) != 0) die("sigaltstack");
  struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK};
  const int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP};
  for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) sigaction(signals[i], &action, NULL);
}

static void run_test(struct test *test, struct result *result) {
  uint8_t *data = (uint8_t *)DATA_BASE;
  memset(code_alias, 0, PAGE);
  uint8_t *code = code_alias + (test->before.rip - CODE_BASE);
  memcpy(code, test->bytes, test->length);
  if (test->mode == 'b') code[test->length] = INT3;
  memset(data, 0, DATA_SIZE);
  for (uint32_t i = 0; i < test->run_count; i++) {
    memcpy(data + (test->runs[i].address - DATA_BASE), test->contents + test->runs[i].offset, test->runs[i].length);
  }
  oracle_state = test->before;
  if (test->mode != 'b') oracle_state.rflags |= TF;
  current_result = result;
  current = test;
  enter_test();
  memcpy(result->data, data, DATA_SIZE);
  result->done = 1;
}

int main(void) {
  if ((getauxval(AT_HWCAP2) & HWCAP2_FSGSBASE_BIT) == 0) {
    fputs("record: programs cannot set FS and GS bases here (no FSGSBASE)\n", stderr);
    exit(3);
  }
  struct test *tests = NULL;
  size_t count = 0, room = 0, line_room = 0;
  char *line = NULL;
  for (ssize_t length; (length = getline(&line, &line_room, stdin)) > 0;) {
    if (line[length - 1] == '\n') line[length - 1] = 0;
    if (count == room) tests = realloc(tests, (room = room ? 2 * room : 1024) * sizeof *tests);
    if (tests == NULL) die("realloc");
    memset(&tests[count], 0, sizeof *tests);
    parse_test(line, &tests[count++]);
  }
  struct result *results = mmap(NULL, (count + 1) * sizeof *results, PROT_READ | PROT_WRITE,
                                MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (results == MAP_FAILED) die("mmap");
  volatile size_t *progress = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (progress == MAP_FAILED) die("mmap");
  while (*progress < count) {
    pid_t child = fork();
    if (child < 0) die("fork");
    if (child == 0) {
      prepare_process();
      for (; *progress < count; ++*progress) {
        alarm(TEST_SECONDS);
        run_test(&tests[*progress], &results[*progress]);
      }
      _exit(0);
    }
    int status;
    waitpid(child, &status, 0);
    if (*progress < count) ++*progress; /* This test took the child with it. */
  }
  for (size_t i = 0; i < count; i++) print_result(&tests[i], &results[i]);
  return 0;
}
